"""What is added to a command so that a run can be watched."""

import pytest

from qemutui.core.argv import words
from qemutui.core.private_monitor import added, command
from qemutui.core.profile import Profile, read

MONITOR = [
    "-chardev", "socket,id=qemutui-mon,path=/r/a,,b,server=on,wait=off",
    "-mon", "chardev=qemutui-mon,mode=control",
]  # fmt: skip


def of(**data: object) -> Profile:
    return read(data)


def test_it_is_appended_marked_and_escaped() -> None:
    arguments = command(of(extra=["-nodefaults"]), "/r/a,b", ["-S"])
    assert words(arguments)[-5:] == ["-S", *MONITOR]
    assert [one.origin for one in arguments[-3:]] == ["qemutui"] * 3


@pytest.mark.parametrize("value", [False, "off", "no", "perhaps"])
def test_a_profile_switches_it_off(value: object) -> None:
    assert added(of(launch={"monitor": value}), "/r/a") == ()


def test_its_id_is_free() -> None:
    taken = {"type": "null", "id": "qemutui-mon"}
    extra = ["-nodefaults", "-chardev", "null,id=qemutui-mon2"]
    assert "id=qemutui-mon3," in words(added(of(chardev=[taken], extra=extra), "/r/a"))[1]


@pytest.mark.parametrize(
    ("extra", "more"),
    [
        (["-nodefaults"], []),
        (["--nodefaults"], []),
        (["-display", "none"], []),
        ([], ["-monitor", "vc:80Cx24C"]),
        (["-nographic"], ["-serial", "mon:stdio"]),
        (["-nographic", "-serial", "null"], ["-monitor", "stdio"]),
        (["-nographic", "-serial", "mon:stdio"], []),
        (["-nographic", "-monitor", "none"], []),
        (["-qmp", "unix:path=/x,server=on"], []),
    ],
)
def test_the_monitor_that_qemu_has_by_default_is_given_back(
    extra: list[str], more: list[str]
) -> None:
    assert words(added(of(extra=extra), "/r/a"))[4:] == more
