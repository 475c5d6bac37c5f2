"""Every edit makes a new profile, says no more than it was told, and can be undone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qemutui.core import edit, keyval
from qemutui.core.edit import History, Insert, Remove, Set, Step
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import Item, Profile, dump, read
from tests.core import strategies

LISTS = [*BY_NAME, "fd"]


def paths(value: Any, path: Path = ()) -> list[Path]:
    """The path of everything that a dumped profile holds."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[Path] = []
    for key, element in inner:
        found.append((*path, key))
        if isinstance(element, dict | list):
            found += paths(element, (*path, key))
    return found


@st.composite
def places(draw: st.DrawFn) -> tuple[Profile, Path]:
    """A profile, and the path of one item or passed file of it."""
    name = draw(st.sampled_from(LISTS))
    item = strategies.items() if name in BY_NAME else st.just({"path": "x"})
    items = draw(st.lists(item, min_size=1, max_size=4))
    profile = read({"name": "x", name: items, "machine": {"smm": True}})
    return profile, (name, draw(st.integers(0, len(items) - 1)))


@given(strategies.profiles())
def test_what_stands_there_is_found(data: strategies.Data) -> None:
    profile = read(data)
    for path in paths(dump(profile)):
        assert edit.get(profile, path) is not None, path


@given(strategies.profiles(), st.data(), strategies.scalars())
def test_set_is_read_back_and_leaves_the_rest(
    data: strategies.Data, draw: st.DataObject, value: Any
) -> None:
    profile = read(data)
    table = draw.draw(st.sampled_from(["machine", "memory", "boot", "qmp", "launch", "cpu"]))
    key = draw.draw(st.sampled_from(["type", "size", "kernel", "model", "host", "new"]))
    before = dump(profile)
    changed = edit.set_value(profile, (table, key), value)
    assert dump(changed)[table][key] is value
    assert dump(profile) == before
    cleared = edit.set_value(changed, (table, key), None)
    assert edit.get(cleared, (table, key)) is None
    assert key not in dump(cleared)[table]
    before.setdefault(table, {}).pop(key, None)
    assert dump(cleared) == before


@given(places())
def test_remove_and_insert_are_inverse(place: tuple[Profile, Path]) -> None:
    profile, path = place
    before = dump(profile)
    element = edit.get(profile, path)
    removed = edit.remove(profile, path)
    assert len(edit.get(removed, path[:1])) == len(edit.get(profile, path[:1])) - 1
    assert dump(profile) == before
    assert edit.insert(removed, path, element) == profile


@given(places(), st.integers(0, 3))
def test_move_and_move_back_are_inverse(place: tuple[Profile, Path], to: int) -> None:
    profile, path = place
    to = min(to, len(edit.get(profile, path[:1])) - 1)
    moved = edit.move(profile, path, to)
    assert edit.get(moved, (path[0], to)) is edit.get(profile, path)
    assert edit.move(moved, (path[0], to), int(path[1])) == profile


@given(places())
def test_duplicate_follows_under_a_free_id(place: tuple[Profile, Path]) -> None:
    profile, (name, index) = place
    doubled = edit.duplicate(profile, (name, index))
    one, other = (edit.get(doubled, (name, at)) for at in (index, int(index) + 1))
    assert edit.remove(doubled, (name, int(index) + 1)) == profile
    if isinstance(one, Item) and one.id:
        ids = [item.id for item in profile.items(str(name))]
        assert other.id not in ids
        assert list(one.root) == list(other.root)
        assert Item.of({**other.root, "id": one.root["id"]}) == one
    else:
        assert other == one


@given(places())
def test_switching_twice_changes_nothing_else(place: tuple[Profile, Path]) -> None:
    profile, path = place
    off = edit.get(profile, path).off
    once = edit.switch(profile, path)
    twice = edit.switch(once, path)
    assert edit.get(once, path).off is not off
    assert edit.get(twice, path).off is off
    assert edit.remove(twice, (*path, "_off")) == edit.remove(profile, (*path, "_off"))


@given(st.lists(st.tuples(st.sampled_from("dur"), strategies.scalars()), max_size=20))
def test_undo_and_redo_are_inverse(steps: list[tuple[str, Any]]) -> None:
    profile = read({})
    history = History((), Step(profile, ""))
    states, at = [profile], 0
    for step, value in steps:
        if step == "d":
            profile = edit.set_value(history.now.profile, ("name",), value)
            history = history.done(profile, "name")
            states, at = [*states[: at + 1], profile], at + 1
        elif step == "u":
            history, at = history.undone(), max(0, at - 1)
        else:
            history, at = history.redone(), min(len(states) - 1, at + 1)
        assert history.now.profile is states[at]
        assert len(history.past) == at
        assert len(history.future) == len(states) - 1 - at


NETS: dict[str, list[dict[str, Any]]] = {
    "device": [{"type": "a", "id": "net0"}, {"type": "b", "x": ["1", "2"], "t": {"k": 1}}]
}


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("device", 0, "mac"), "m", {"type": "a", "id": "net0", "mac": "m"}),
        (("device", 0, "type"), "z", {"type": "z", "id": "net0"}),
        (("device", 0, "type"), None, {"id": "net0"}),
        (("device", 1, "x", 0), "9", {"type": "b", "x": ["9", "2"], "t": {"k": 1}}),
        (("device", 1, "x", 2), "3", {"type": "b", "x": ["1", "2", "3"], "t": {"k": 1}}),
        (("device", 1, "x", 1), None, {"type": "b", "x": ["1"], "t": {"k": 1}}),
        (("device", 1, "t", "k"), None, {"type": "b", "x": ["1", "2"], "t": {}}),
        (("device", 1, "t", "n", "m"), 5, {**NETS["device"][1], "t": {"k": 1, "n": {"m": 5}}}),
        (("device", 1, "_off"), True, {**NETS["device"][1], "_off": True}),
        (("device", 2, "type"), "new", {"type": "new"}),
        (("device", 9, "type"), "new", {"type": "new"}),
        (("fd", 0, "path"), "/p", {"path": "/p"}),
    ],
)
def test_set(path: Path, value: Any, expected: Any) -> None:
    changed = dump(edit.set_value(read(NETS), path, value))
    items = changed[str(path[0])]
    assert items[min(int(path[1]), len(items) - 1)] == expected
    assert read(changed) == edit.set_value(read(NETS), path, value)


@pytest.mark.parametrize(
    "path",
    [
        ("device", 0, "nope"),
        ("device", 0, "type", "x"),
        ("device", 0, "nope", "x", 3),
        ("device", 7),
        ("device", 7, "id"),
        ("device", -1),
        ("nope",),
        ("nope", "x"),
        ("machine", "type"),
        ("fd", 0, "_off"),
        ("extra", 0),
    ],
)
def test_unsetting_what_is_not_there_changes_nothing(path: Path) -> None:
    profile = read(NETS)
    assert edit.remove(profile, path) == profile
    assert dump(edit.remove(profile, path)) == NETS
    assert edit.get(profile, path) is None


def test_a_list_that_loses_its_last_is_unset() -> None:
    data = {"extra": ["-S"], "device": [{"x": ["1"]}], "cpu": {"features": ["+a"]}}
    profile = read(data)
    for path in (("extra", 0), ("device", 0, "x", 0), ("cpu", "features", 0)):
        profile = edit.remove(profile, path)
    assert dump(profile) == {"device": [{}], "cpu": {}}
    assert dump(edit.remove(profile, ("device", 0))) == {"cpu": {}}


def test_one_text_becomes_a_list_when_another_follows() -> None:
    profile = read({"extra": "-S"})
    assert dump(edit.set_value(profile, ("extra", 1), "-h")) == {"extra": ["-S", "-h"]}
    assert dump(edit.insert(profile, ("extra", 0), "-h")) == {"extra": ["-h", "-S"]}
    assert dump(edit.move(profile, ("extra", 0), 0)) == {"extra": ["-S"]}


def test_a_key_that_is_set_again_comes_last() -> None:
    profile = read({"machine": {"a": 1, "type": "q35", "b": 2}})
    again = edit.set_value(edit.remove(profile, ("machine", "a")), ("machine", "a"), 3)
    assert list(dump(again)["machine"].items()) == [("type", "q35"), ("b", 2), ("a", 3)]


def test_unknown_off_is_not_the_switch() -> None:
    profile = read({"fd": [{"off": 1, "_off": True}]})
    assert edit.get(profile, ("fd", 0, "off")) == 1
    assert dump(edit.remove(profile, ("fd", 0, "off"))) == {"fd": [{"_off": True}]}


def test_edits_are_applied_in_order() -> None:
    item = edit.new_item(type="user", id_="n0")
    edits = (Insert(("netdev", 0), item), Set(("netdev", 0, "x"), 1), Remove(("device", 0)))
    changed = dump(edit.apply(read(NETS), edits))
    assert changed == {
        "device": NETS["device"][1:],
        "netdev": [{"type": "user", "id": "n0", "x": 1}],
    }


@pytest.mark.parametrize(
    ("group", "like", "expected"),
    [
        ("device", "net1", "net1"),
        ("device", "net0", "net1"),
        ("device", "a", "a0"),
        ("netdev", "net0", "net0"),
        ("blockdev", "disk", "disk0"),
        ("drive", "node", "node0"),
    ],
)
def test_free_id(group: str, like: str, expected: str) -> None:
    data = {
        "device": [{"id": "net0"}, {"id": "a"}],
        "drive": [{"id": "disk"}],
        "blockdev": [{"id": "node"}],
    }
    assert edit.free_id(read(data), group, like) == expected


@pytest.mark.parametrize(
    ("text", "before", "value"),
    [
        ("12", None, 12),
        ("-3", 1, -3),
        ("007", None, "007"),
        ("0x10", 1, "0x10"),
        ("12", "1", "12"),
        ("on", True, True),
        ("off", True, False),
        ("yes", True, "yes"),
        ("on", None, "on"),
        ("1" * 18, None, int("1" * 18)),
        ("1" * 19, None, "1" * 19),
        ("１", None, "１"),
        ("-0", None, "-0"),
        ("", 1, ""),
        ("1.5", 1, "1.5"),
    ],
)
def test_typed_text_is_what_a_file_would_hold(text: str, before: Any, value: Any) -> None:
    typed = edit.typed(text, before)
    assert (type(typed), typed) == (type(value), value)
    assert keyval.scalar_text(typed) == text
