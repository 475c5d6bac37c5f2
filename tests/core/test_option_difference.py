"""What differs between two commands, by option."""

import shlex
from typing import Any

import pytest
from hypothesis import given, settings

from qemutui.core import argv
from qemutui.core.option_difference import Change, of_commands, of_profiles, words
from qemutui.core.pairing import Mark, merged, moved, pair
from qemutui.core.parse import parse
from qemutui.core.profile import read
from tests.core.strategies import profiles

PROGRAM = "qemu-system-x86_64 "


def between(old: str, new: str) -> list[str]:
    """The lines of a difference; of parsed commands they are those of the commands themselves."""
    argvs = [shlex.split(PROGRAM + text) for text in (old, new)]
    plain = of_commands(*(words(one, 0) for one in argvs))
    parsed = of_profiles(*map(parse, argvs), runs=True)
    assert [change.line() for change in parsed] == [change.line() for change in plain]
    return [change.line() for change in plain]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("-device e1000,netdev=n0,id=net0", "-device e1000,id=net0,netdev=n1",
         ["-device net0: netdev=n0 → n1"]),
        ("-snapshot", "-device virtio-rng-pci,id=rng0",
         ["- -snapshot", "+ -device virtio-rng-pci,id=rng0"]),
        ("-m 1G", "-m size=2G,slots=2", ["-m: size=1G → 2G", "-m: + slots=2"]),
        ("-m 1G,slots=2,", "-m 1G", ["-m: - slots=2"]),
        ("-kernel a,b=c", "-kernel a,b=d", ["-kernel: a,b=c → a,b=d"]),
        ("-append ''", "-append x", ['-append: "" → x']),
        ("-append ''", "-S", ['- -append ""', "+ -S"]),
        ("-cpu max,-a,+b,c=on", "-cpu max,+a,c=on,+b,d",
         ["-cpu: -a → +a", "-cpu: c moved, 4 → 3", "-cpu: + d"]),
        ("-device a,id=x -device b,id=y -device c,id=z", "-device c,id=z -device a,id=x",
         ["-device z: moved, 3 → 1", "- -device b,id=y"]),
        ("-device a -device a,x=1 -device b", "-device a,x=1 -device b", ["- -device a"]),
        ("-device a,x=1 -device a,x=2", "-device a,x=1 -device a,x=3,id=i",
         ["-device i: x=2 → 3", "-device i: + id=i"]),
        ("-serial stdio -serial null", "-serial null", ["- -serial stdio"]),
        ("-serial stdio -serial null", "-serial stdio -serial vc",
         ["-serial 2: null → vc"]),
        ("-netdev user,id=n,hostfwd=a,hostfwd=b", "-netdev user,id=n,hostfwd=a,hostfwd=c",
         ["-netdev n: hostfwd=b → c"]),
        ("-display gtk", "-display none", ["-display: gtk → none"]),
        ("-global a.b=1 -global c.d=1", "-global a.b=1 -global c.d=2", ["-global c.d: 1 → 2"]),
        ("-blockdev '{\"driver\":\"file\",\"node-name\":\"n\",\"a\":{\"b\":true}}'",
         "-blockdev driver=file,node-name=n,a.b=off", ["-blockdev n: a.b=on → off"]),
        ("-device '{\"driver\":\"a\"}'", "-device a", ["-device a: JSON → key=value"]),
        ("a.img", "b.img", ["disk image: a.img → b.img"]),
        ("--S", "-S", []),
        ("-M q35", "-machine q35", []),
        ("-chardev socket,id=c,server,nowait", "-chardev socket,id=c,server=on,wait=off", []),
        ("-machine q35 -machine smm=on", "-machine q35,smm=on", []),
        ("-device a,id=x -device b,id=x", "-device a,id=x -device b,id=x", []),
        ("-S -s", "-s -S", []),
        ("-m", "-m", []),
    ],
)  # fmt: skip
def test_by_option(old: str, new: str, lines: list[str]) -> None:
    assert between(old, new) == lines


def test_program_and_wrapper() -> None:
    old = read({"binary": "a"})
    new = read({"binary": "b", "launch": {"wrapper": ["taskset", "-c", "2"]}})
    assert [change.line() for change in of_profiles(old, new)] == [
        "+ wrapper taskset -c 2",
        "program: a → b",
    ]


OLD: dict[str, Any] = {
    "notes": "x",
    "memory": {"size": 1},
    "device": [
        {"type": "e1000", "id": "net0", "mac": "m"},
        {"type": "VGA", "id": "gpu", "_mine": 1},
        {"type": "usb-tablet", "id": "tablet"},
    ],
    "extra": ["-nodefaults"],
}


def lines(new: dict[str, Any], *, runs: bool = False) -> list[str]:
    return [change.line() for change in of_profiles(read(OLD), read(new), runs=runs)]


def test_what_no_option_says_is_said_by_field() -> None:
    net, gpu, tablet = OLD["device"]
    off = {**tablet, "_off": True}
    new = {**OLD, "notes": "y", "launch": {"directory": "/", "powerdown": 3}, "fd": [{"path": "f"}]}
    new["device"] = [net, {**gpu, "_mine": 2}, off]
    assert lines(new) == [
        "- -device usb-tablet,id=tablet",
        "notes: x → y",
        "device.gpu._mine: 1 → 2",
        "+ device.tablet._off on",
        "+ launch.directory /",
        "+ launch.powerdown 3",
        "+ fd.f path=f",
    ]
    assert lines(new, runs=True) == [
        "- -device usb-tablet,id=tablet", "+ launch.directory /", "+ fd.f path=f",
    ]  # fmt: skip
    assert lines({**OLD, "memory": {"size": "1"}}) == ['memory.size: 1 → "1"']
    assert lines({**OLD, "extra": ["-nodefaults", "-m", "1"]}) == [
        "extra: -nodefaults → -nodefaults -m 1"
    ]


def test_each_change_leads_to_its_field() -> None:
    tablet = OLD["device"][2]
    new = {**OLD, "device": [tablet, {"type": "e1000", "id": "net0"}], "extra": ["-m", "2", "-S"]}
    changes = of_profiles(read(OLD), read(new))
    assert {change.line(): change.path for change in changes} == {
        "-m: size=1 → 2": ("extra", 1),
        "-device tablet: moved, 3 → 1": ("device", 0),
        "-device net0: - mac=m": ("device", 1, "mac"),
        "- -device VGA,id=gpu": ("device",),
        "+ -S": ("extra", 2),
        "- -nodefaults": ("extra",),
    }


@settings(max_examples=40)
@given(profiles(), profiles())
def test_any_two_profiles(one: dict[str, Any], other: dict[str, Any]) -> None:
    old, new = read(one), read(other)
    assert of_profiles(old, old) == ()
    changes = of_profiles(old, new)
    assert all(isinstance(change, Change) and change.line() for change in changes)
    if not changes:
        # Neither a word nor a text is another one; at most they stand in another order.
        assert sorted("".join(argv.words(argv.build(old)))) == sorted(
            "".join(argv.words(argv.build(new)))
        )


def test_pairs_are_ids_then_equals_then_kinds() -> None:
    old = [Mark("", "a", 1), Mark("i", "a", 2), Mark("", "a", 3), Mark("", "b", 4)]
    new = [Mark("", "a", 3), Mark("", "a", 5), Mark("j", "c", 4), Mark("i", "c", 9)]
    pairs = pair(old, new)
    assert pairs == [2, 0, None, 1]
    assert [*merged(pairs, len(old))] == [(2, 0), (3, None), (0, 1), (None, 2), (1, 3)]
    assert moved(pairs) == {0}
    assert pair(old, new, by_place=True) == [2, 0, 3, 1]
