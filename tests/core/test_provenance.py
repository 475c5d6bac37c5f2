"""Each part of a command says truly which field it came from, and no field is missing from it."""

import json
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from qemutui.core import argv, edit, keyval
from qemutui.core.argv import Argument, Builder, Token
from qemutui.core.groups import BY_NAME, GROUPS
from qemutui.core.keyval import Path, Value
from qemutui.core.profile import Item, Profile, read
from tests.core import strategies

RAW = {"binary", "cpu", "extra", "launch"}
"""Fields that QEMU, or whoever runs it, takes as they are."""
NOT_ESCAPED = {("boot", name) for name in ("bios", "kernel", "initrd", "dtb", "append")}
PASSED_IF_NOT_EMPTY = {
    ("name",),
    ("binary",),
    ("cpu", "model"),
    ("launch", "wrapper"),
    ("machine", "type"),
    ("qmp", "type"),
}


def tokens(command: tuple[Argument, ...]) -> Iterator[tuple[Argument, Token]]:
    return ((argument, token) for argument in command for token in argument.tokens)


def leaves(path: Path, value: Value) -> Iterator[Path]:
    """The path of every scalar under a value."""
    if isinstance(value, tuple):
        for index, element in enumerate(value):
            yield from leaves((*path, index), element)
    elif isinstance(value, dict):
        for key, element in value.items():
            yield from leaves((*path, key), element)
    else:
        yield path


def passed(profile: Profile) -> Iterator[Path]:
    """The path of everything that is set and meant for the command."""
    for name in ("binary", "name", "extra"):
        if name in profile.written:
            yield from leaves((name,), getattr(profile, name))
    if profile.launch.wrapper is not None:
        yield from leaves(("launch", "wrapper"), profile.launch.wrapper)
    for name in ("machine", "cpu", "memory", "smp", "boot", "qmp"):
        for key, value in getattr(profile, name).written.items():
            if key == "accel" and name == "machine":
                yield from [("machine", "accel")] if value != () else []
            elif name != "cpu" or key in ("model", "features"):
                yield from leaves((name, key), value)
    for group in GROUPS:
        for index, item in enumerate(profile.items(group.name)):
            if not item.off:
                yield from passed_of_item(group.name, index, item)


def passed_of_item(name: str, index: int, item: Item) -> Iterator[Path]:
    whole = argv.is_json(BY_NAME[name], item)
    for key, value in item.root.items():
        if not key.startswith("_") and (key not in ("type", "id") or value != ""):
            path = (name, index, key)
            yield from [path] if whole else leaves(path, value)


def is_passed(profile: Profile, path: Path) -> bool:
    """Whether a path is one that an empty text or qemutui's own key does not keep away."""
    own = len(path) > 1 and path[0] != "launch" and str(path[1]).startswith("_")
    if path[0] == "cpu" and path[1] == "model":
        return edit.get(profile, path) != "" or bool(argv.words_of(profile.cpu.features))
    return not own and not (path in PASSED_IF_NOT_EMPTY and edit.get(profile, path) == "")


def is_json(profile: Profile, path: Path) -> bool:
    item = edit.get(profile, path[:2])
    return isinstance(item, Item) and argv.is_json(BY_NAME[str(path[0])], item)


def written(profile: Profile, path: Path) -> list[str]:
    """How a field's value may end its token, after a key or alone."""
    value = edit.get(profile, path)
    if is_json(profile, path):
        if path[2] in ("type", "id"):
            value = keyval.text(value)
        if path[0] == "netdev" and isinstance(value, tuple):
            value = [v if isinstance(v, tuple | dict) else {"str": keyval.text(v)} for v in value]
        return [json.dumps(value, ensure_ascii=False, separators=(",", ":"))]
    text = ":".join(argv.words_of(value))
    if path[0] in RAW or path in NOT_ESCAPED:
        return [text]
    return [keyval.escape(text), text] if path[0] == "qmp" else [keyval.escape(text)]


def stands(form: str, text: str) -> bool:
    return text == form or (text.endswith(form) and text.removesuffix(form)[-1:] in ("=", ":"))


@given(strategies.profiles())
def test_tokens_lie_in_their_words_and_name_what_stands_there(data: strategies.Data) -> None:
    profile = read(data)
    command = argv.build(profile)
    for argument in command:
        ends: dict[int, int] = {}
        for token in argument.tokens:
            assert ends.get(token.word, 0) <= token.start <= token.end
            assert token.end <= len(argument.words[token.word])
            ends[token.word] = token.end
    for argument, token in tokens(command):
        value = edit.get(profile, token.path)
        assert value is not None, token.path
        text = argument.words[token.word][token.start : token.end]
        assert any(stands(form, text) for form in written(profile, token.path)), (text, value)
        assert argument.words[-1].startswith("{") >= is_json(profile, token.path)
        assert token.path[: len(argument.path)] == argument.path or argument.path[0] == "extra"


@given(strategies.profiles())
def test_everything_that_is_set_stands_in_the_command_once(data: strategies.Data) -> None:
    profile = read(data)
    found = [token.path for _, token in tokens(argv.build(profile))]
    assert sorted(map(repr, found)) == sorted(
        repr(path) for path in passed(profile) if is_passed(profile, path)
    )


def test_what_qemutui_adds_is_last_and_marked() -> None:
    added = Argument(("-qmp", "unix:path=/run/x"), ("launch", "monitor"), (), "qemutui")
    command = argv.build(read({"extra": ["-S"], "device": [{"type": "x"}]}), [added])
    assert [argument.origin for argument in command] == ["profile", "profile", "extra", "qemutui"]
    assert argv.words(command)[-2:] == list(added.words)


def test_option_of_extra_stands_with_its_value() -> None:
    command = argv.build(read({"extra": ["-S", "-rtc", "base=utc", "disk.img", "-m"]}))[1:]
    assert [argument.words for argument in command] == [
        ("-S",),
        ("-rtc", "base=utc"),
        ("disk.img",),
        ("-m",),
    ]
    assert [argument.path for argument in command] == [("extra", n) for n in (0, 1, 3, 4)]
    assert command[1].tokens == (Token(0, 0, 4, ("extra", 1)), Token(1, 0, 8, ("extra", 2)))


@settings(max_examples=30)
@given(strategies.profiles(), st.data())
def test_builder_that_remembers_gives_what_build_gives(
    data: strategies.Data, draw: st.DataObject
) -> None:
    profile = read(data)
    builder = Builder()
    for _ in range(6):
        assert builder.build(profile) == argv.build(profile)
        profile = draw.draw(edited(profile))
    assert builder.build(profile) == argv.build(profile)


def edited(profile: Profile) -> st.SearchStrategy[Profile]:
    """The profile after one more edit of a group."""
    inserted = st.tuples(st.sampled_from(sorted(BY_NAME)), strategies.items()).map(
        lambda pair: edit.insert(
            profile, (pair[0], 0), read({pair[0]: [pair[1]]}).items(pair[0])[0]
        )
    )
    paths: list[Path] = [
        (name, index) for name in BY_NAME for index in range(len(profile.items(name)))
    ]
    if not paths:
        return inserted
    place = st.sampled_from(paths)
    return st.one_of(
        inserted,
        place.map(lambda path: edit.remove(profile, path)),
        place.map(lambda path: edit.move(profile, path, 0)),
        place.map(lambda path: edit.duplicate(profile, path)),
        place.map(lambda path: edit.switch(profile, path)),
        st.tuples(place, strategies.scalars()).map(
            lambda pair: edit.set_value(profile, (*pair[0], "x"), pair[1])
        ),
    )
