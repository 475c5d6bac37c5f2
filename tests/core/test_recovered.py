"""A run whose profile is gone says all the same what it executes."""

import pytest

from qemutui.core import private_monitor, recovered
from qemutui.core.argv import words
from qemutui.core.profile import Profile, read

SOCKET = "/run/user/1000/qemutui/a,b-1.qmp"


@pytest.mark.parametrize(
    ("data", "name", "more"),
    [
        ({"name": "alpine", "memory": {"size": "1G"}}, "alpine", ()),
        ({"name": "a=b,c", "extra": ["-nographic", "-m", "1G"]}, None, ()),
        ({"launch": {"wrapper": ["nice", "-n", "5"]}, "binary": "./qemu"}, None, ("-s", "-S")),
        ({"chardev": [{"type": "null", "id": "qemutui-mon"}], "name": "x"}, "x", ("-snapshot",)),
        ({}, None, ()),
    ],
)
def test_the_command_is_the_same(
    data: dict[str, object], name: str | None, more: tuple[str, ...]
) -> None:
    launched = read(data)
    argv = words(private_monitor.command(launched, SOCKET, more))
    binary = str(launched.binary or "qemu-system-x86_64")
    found = recovered.profile(argv, binary, SOCKET)
    assert words(private_monitor.command(found, SOCKET)) == argv
    assert found.name == name
    assert found.memory.size is None


def test_without_a_monitor_none_is_added() -> None:
    argv = ["qemu-system-x86_64", "-m", "1G"]
    found = recovered.profile(argv, argv[0], "")
    assert words(private_monitor.command(found, "")) == argv
    assert found == Profile(binary=argv[0], extra=("-m", "1G"), launch=found.launch.model_copy())
