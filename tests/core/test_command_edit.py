"""A command that is edited as text changes what was edited, and nothing else."""

from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from qemutui.core import argv, command_text, edit, options, pasting
from qemutui.core.change_words import changes
from qemutui.core.command_edit import Laid, Overlay, lay_over
from qemutui.core.command_lines import joined
from qemutui.core.groups import GROUPS
from qemutui.core.parse import parse, understand
from qemutui.core.profile import Profile, dump, read
from qemutui.core.shell import CannotPassError
from tests.core import strategies
from tests.core.command_lines import CORPUS
from tests.core.judge import differences

TABLES = ("machine", "cpu", "memory", "smp", "boot", "qmp")
UNSAID = ("notes", "fd", "check", "format")

PROFILE: dict[str, Any] = {
    "name": "vm",
    "notes": "mine",
    "extra": ["-nodefaults", "-m", "2G", "-rtc", "base=utc"],
    "machine": {"accel": "kvm:tcg", "_why": "slow", "type": "q35", "smm": False},
    "memory": {"size": 1024, "_note": 1},
    "cpu": {"features": "+avx2", "model": "max"},
    "boot": {"kernel": "bzImage", "append": "quiet"},
    "device": [
        {"type": "first", "_off": True},
        {"id": "net0", "type": "virtio-net-pci", "_mine": "x", "mac": "1", "netdev": "n0"},
        {"type": "off", "id": "b", "_off": True},
        {"type": "virtio-rng-pci", "bus": "5"},
        {"type": "VGA", "id": "", "_json": True},
    ],
    "blockdev": [{"type": "qcow2", "id": "d", "file": {"driver": "file", "filename": "a"}}],
    "netdev": [{"type": "user", "id": "n0", "hostfwd": ["tcp::1-:1", "tcp::2-:2"]}],
    "fd": [{"path": "/dev/net/tun", "mode": "r+"}],
    "launch": {"wrapper": "nice", "environment": {"A": 1}, "directory": "d", "powerdown": 3},
    "check": {"ignore": ["x"]},
    "other": {"unknown": 1},
}


def laid(profile: Profile, text: str) -> Laid:
    overlay = Overlay(profile)
    return overlay.lay(text, overlay.read(text))


def edited(*replaced: tuple[str, str], data: dict[str, Any] = PROFILE) -> dict[str, Any]:
    """What the profile becomes when parts of its text are replaced."""
    profile = read(data)
    text = Overlay(profile).text
    for old, new in replaced:
        assert text.count(old) == 1, text
        text = text.replace(old, new)
    return dump(laid(profile, text).profile)


def changed(*path_and_value: Any, data: dict[str, Any] = PROFILE) -> dict[str, Any]:
    *path, value = path_and_value
    return dump(edit.set_value(read(data), tuple(path), value))


def meaning(profile: Profile) -> Profile:
    """All that the options of a command say."""
    return understand(argv.words(argv.build(profile))).profile.with_key("launch", None)


@given(strategies.profiles())
@example(PROFILE)
def test_a_text_that_was_not_changed_changes_nothing(data: strategies.Data) -> None:
    profile = read(data)
    try:
        text = Overlay(profile).text
    except CannotPassError:
        assume(False)
    for same in (text, text.replace("\\\n    -", "  \\\n -"), f"{text} \\\n", f"{text}\n"):
        assert laid(profile, same).profile is profile, same


@given(strategies.profiles())
@example(PROFILE)
def test_what_reads_as_before_stays_the_object_that_it_was(data: strategies.Data) -> None:
    profile = read(data)
    words = argv.words(argv.build(profile))
    program = len(argv.words_of(profile.launch.wrapper)) if profile.launch.wrapper != "" else 0
    command = command_text.Command((), program, {}, "", (), ())
    word = command_text.Word("-new", 0, 0)
    said = tuple(command_text.Word(text, 0, 0) for text in words)
    more = lay_over(profile, command._replace(words=(*said, word)))
    assert argv.words_of(more.extra) == (*argv.words_of(profile.extra), "-new")
    for name in (*TABLES, *UNSAID, "launch"):
        assert getattr(more, name) is getattr(profile, name), name
    for group in GROUPS:
        pairs = zip(more.items(group.name), profile.items(group.name), strict=True)
        assert all(one is other for one, other in pairs), group.name
    back = lay_over(more, command._replace(words=said))
    assert argv.words(argv.build(back)) == words
    assert back.with_key("extra", None) == profile.with_key("extra", None)


@given(strategies.profiles(), strategies.profiles(), st.data())
def test_any_other_command_says_what_it_says_and_keeps_what_it_does_not(
    one: strategies.Data, other: strategies.Data, draw: st.DataObject
) -> None:
    profile = read(one)
    taken = [key for key in {**one, **other} if draw.draw(st.booleans())]
    mixed = {key: (other if key in taken else one).get(key) for key in {**one, **other}}
    new = read({key: value for key, value in mixed.items() if value is not None})
    words = argv.words(argv.build(new))
    wrapper = () if new.launch.wrapper == "" else argv.words_of(new.launch.wrapper)
    said = tuple(command_text.Word(text, 0, 0) for text in words)
    after = lay_over(profile, command_text.Command(said, len(wrapper), {}, "", (), ()))
    options = argv.words(argv.build(after.with_key("launch", None)))
    assert meaning(after.with_key("launch", None)) == meaning(new.with_key("launch", None)), options
    assert [getattr(after, name) for name in UNSAID] == [getattr(profile, n) for n in UNSAID]
    assert after.others == profile.others
    for group in GROUPS:
        off = [item for item in profile.items(group.name) if item.off]
        assert [item for item in after.items(group.name) if item.off] == off


def test_a_value_changes_where_it_stands() -> None:
    assert edited(("-m 1024", "-m 2048")) == changed("memory", "size", 2048)
    assert edited(("smm=off", "smm=on")) == changed("machine", "smm", True)
    assert edited(("mac=1", "mac=2")) == changed("device", 1, "mac", 2)
    assert edited(("hostfwd=tcp::2-:2", "hostfwd=udp::2-:2")) == changed(
        "netdev", 0, "hostfwd", 1, "udp::2-:2"
    )
    assert edited(("filename=a", "filename=b")) == changed("blockdev", 0, "file", "filename", "b")
    assert edited((" base=utc", " base=localtime")) == changed("extra", 4, "base=localtime")
    assert edited(("-m 2G", "-m 3G")) == changed("extra", 2, "3G")
    assert edited(("-append quiet", "")) == changed("boot", "append", None)


def test_items_are_added_removed_and_moved_and_what_is_off_stays_behind_its_neighbour() -> None:
    ids = [item.get("type") for item in PROFILE["device"]]
    rng, net = "-device virtio-rng-pci,bus=5", "-device virtio-net-pci,mac=1,netdev=n0"
    text = Overlay(read(PROFILE)).text
    net = next(line for line in text.split(" \\\n") if "net0" in line).strip()

    def types(*replaced: tuple[str, str]) -> list[Any]:
        return [item["type"] for item in edited(*replaced)["device"]]

    assert types((rng, f"-device new {rng}")) == [*ids[:3], "new", *ids[3:]]
    assert types((rng, "")) == [*ids[:3], *ids[4:]]
    assert types((net, "")) == ["first", "off", *ids[3:]]
    assert types((f"{net} \\\n", ""), (rng, f"{rng} {net}")) == [
        "first", "virtio-rng-pci", "virtio-net-pci", "off", "VGA",
    ]  # fmt: skip


def test_what_goes_before_the_program_is_taken_where_the_text_says_it() -> None:
    assert edited(("nice qemu-system-x86_64", "qemu-system-x86_64")) == changed(
        "launch", "wrapper", None
    )
    assert edited(("nice qemu-system-x86_64", "cd /x && env A=1 B=2 sudo qemu-system-arm")) == (
        changed("binary", "qemu-system-arm")
        | {
            "launch": {
                "wrapper": ["sudo"],
                "environment": {"A": 1, "B": "2"},
                "directory": "/x",
                "powerdown": 3,
            }
        }
    )
    assert edited((" base=utc", " base=utc 3<>/dev/net/tun 4<x"))["fd"] == [
        {"path": "/dev/net/tun", "mode": "r+"},
        {"path": "x"},
    ]
    # A program of any name is the QEMU of its profile.
    assert edited(("-m 1", "-m 2"), data={"binary": "./v", "memory": {"size": "1"}}) == {
        "binary": "./v",
        "memory": {"size": 2},
    }


def test_a_line_without_its_backslash_goes_on_with_the_one_before() -> None:
    text = "\n".join(line.removesuffix(" \\") for line in Overlay(read(PROFILE)).text.split("\n"))
    assert laid(read(PROFILE), text.replace("-m 1024", "-m 1024 # MiB")).profile == read(PROFILE)
    assert joined("-append 'a\n-m 1") == "-append 'a\n-m 1"
    quoted = "qemu-system-x86_64 -append 'a\n-m 1'"
    assert laid(Profile(), quoted).profile.boot.append == "a\n-m 1"


def test_keys_have_the_order_of_the_text_and_the_others_keep_their_place() -> None:
    for old, new in (
        ("q35,accel=kvm:tcg,smm=off", "q35,smm=off,accel=kvm:tcg"),
        ("q35,accel=kvm:tcg,smm=off", "q35,accel=kvm:tcg,graphics=off,smm=off"),
        ("id=net0,mac=1,netdev=n0", "netdev=n0,id=net0,mac=1,bus=x"),
        ("id=net0,mac=1,netdev=n0", "mac=1,netdev=n0"),
        ("-m 1024", "-m 1024,maxmem=4G,slots=2"),
    ):
        profile = read(PROFILE)
        text = Overlay(profile).text
        assert old in text, text
        text = text.replace(old, new)
        after = laid(profile, text).profile
        words = [word.text for word in Overlay(profile).read(text).words]
        assert argv.words(argv.build(after)) == words
    moved = edited(("id=net0,mac=1,netdev=n0", "netdev=n0,mac=1,id=net0"))["device"][1]
    assert [*moved] == ["type", "netdev", "_mine", "mac", "id"]


def test_an_item_that_is_spelled_otherwise_gets_the_spelling_of_the_text() -> None:
    data = {"blockdev": [{"type": "raw", "file.filename": "a", "_mine": 1}], "extra": ["-x", 5]}
    assert edited(("filename=a", "filename=b"), data=data) == data | {
        "blockdev": [{"type": "raw", "file": {"filename": "b"}, "_mine": 1}]
    }
    assert edited(("-x 5", "-x 5 -y"), data=data)["extra"] == ["-x", 5, "-y"]


def test_a_field_that_no_text_reads_as_one_goes_with_its_option() -> None:
    data = {"name": "x", "qmp": {"host": "", "_mine": 1}}
    assert edited(("-name x", "-name y"), data=data) == data | {"name": "y"}
    assert edited((" \\\n    -qmp host=", ""), data=data) == data | {"qmp": {"_mine": 1}}


def test_where_the_order_of_extra_means_something_all_is_read_anew() -> None:
    data = {"extra": ["-m", "2G"]}
    # The field would come before what stands in Extra, and lose.
    after = edited(("-m 2G", "-m 2G -m 3G"), data=data)
    assert after == {"memory": {"size": "2G"}, "extra": ["-m", "3G"]}
    assert edited(("-m 2G", "-m 1G -m 2G"), data=data) == {"memory": {"size": "1G"}, **data}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("-m 1024", "-m 1024", "Nothing changes."),
        ("-m 1024", "-m 7", "1 field changes."),
        ("-m 1024", "-m 7,slots=2 -smp 3 -S", "3 fields change, 1 argument goes to Extra."),
        ("base=utc", "base=localtime", "1 field changes."),
        ("-nodefaults", "-device a -device b", "2 items are added, 1 leaves Extra."),
        ("bus=5", "bus=6", "1 field changes."),
    ],
)
def test_how_much_changes_is_said(old: str, new: str, sentence: str) -> None:
    before = read(PROFILE)
    after = laid(before, Overlay(before).text.replace(old, new)).profile
    assert changes(before, after).sentence == sentence
    assert (after is before) == (sentence == "Nothing changes.")


def test_fields_and_remarks_have_their_place_in_the_text() -> None:
    profile = read(PROFILE)
    text = Overlay(profile).text + " -append 'x y' -device 'VGA,id=a b' -wrong"
    one = laid(profile, text)

    def at(*path: str | int) -> str:
        span = one.places.of(path)
        return "" if span is None else text[slice(*span)]

    assert at("memory", "size") == "1024"
    assert at("memory", "maxmem") == "-m 1024"
    assert at("device", 1, "netdev") == "netdev=n0"
    assert at("device", 5, "id") == "id=a b"
    assert at("extra", 2) == "2G"
    assert at("launch", "wrapper") == "nice"
    assert at("smp", "cpus") == ""
    local = read({"qmp": {"type": "tcp", "host": "tcp", "port": 1}})
    assert laid(local, Overlay(local).text).places.of(("qmp", "host")) == (34, 37)
    assert [text[r.start : r.end] for r in one.remarks] == ["-append 'x y'", "-wrong"]


def added(text: str) -> pasting.Pasted:
    return pasting.add_options(read(PROFILE), command_text.read(text))


def test_options_that_are_pasted_are_added() -> None:
    one = added("-device a,id=x -m 2G -smp 2 -S")
    assert one.question == "Add 4 options, replacing 1 value?"
    assert one.first == ("device", 5)
    new = read({"device": [{"type": "a", "id": "x"}]}).device[0]
    assert dump(one.profile) == changed("device", 5, new) | {
        "memory": {"size": "2G", "_note": 1},
        "smp": {"cpus": 2},
        "extra": [*PROFILE["extra"], "-S"],
    }  # fmt: skip
    assert added("-rtc base=utc").question == "Add 1 option?"
    assert added("-netdev user,id=n0,hostfwd=x").first == ("netdev", 1)
    assert added("qemu-system-arm -nodefaults").question == "Replace 1 value?"
    again = added("-m 1024 -nodefaults -netdev user,id=n0,hostfwd=tcp::1-:1,hostfwd=tcp::2-:2")
    assert dump(again.profile) == PROFILE
    assert again.added == 0


def test_an_option_of_any_command_goes_and_comes_back() -> None:
    for name, command in CORPUS.items():
        profile = parse(command)
        overlay = Overlay(profile)
        assert overlay.lay(overlay.text, overlay.read(overlay.text)).profile is profile, name
        all_words = argv.words(argv.build(profile))
        first = all_words.index(argv.binary(profile)) + 1
        # One option of each command; of all commands, options at all places.
        found = options.read(all_words[first:])
        if not found:
            continue
        gone = found[len(name) % len(found)]
        start = first + gone.place
        words = all_words[:start] + all_words[start + gone.size :]

        def said(words: list[str], program: int = first - 1) -> command_text.Command:
            typed = tuple(command_text.Word(word, 0, 0) for word in words)
            return command_text.Command(typed, program, {}, "", (), ())

        less = lay_over(profile, said(words))
        assert differences(words, argv.words(argv.build(less))) == [], name
        assert differences(command, argv.words(argv.build(lay_over(less, said(all_words))))) == []
