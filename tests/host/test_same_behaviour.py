"""A command that was imported does in QEMU what it did before; `same_behaviour` tries them all."""

from pathlib import Path

import pytest

from tests.core.command_lines import CORPUS
from tests.host.same_behaviour import behaviour, compare, fresh
from tests.host.valid_commands import FILES, commands, shuffled

STARTS = [
    "blogos-exit", "br-pc-ovmf", "gh-fda-dos-pty", "macos-simple-headless", "qemu-iotest-273-mixed",
    "uboot-x86-ubuntu", "unikraft-gitlab", "virt-clone-auto-managed-0",
    "virt-install-q35-defaults-1",
]  # fmt: skip
REFUSED = ["chardev-udp-bad", "qemu-iotest-051-nodename", "ubuntuforum-stdvga"]


@pytest.mark.usefixtures("qemu")
@pytest.mark.parametrize("name", [*STARTS, *REFUSED])
def test_it_does_the_same(name: str) -> None:
    before, after = compare(CORPUS[name], {})
    assert after == before
    assert bool(before.replies) == (name in STARTS), before.said


@pytest.mark.usefixtures("qemu")
@pytest.mark.parametrize("argv", commands(8, seed=4), ids=range(8))
def test_valid_options_in_any_order_do_the_same(argv: list[str]) -> None:
    before, after = compare(argv, FILES)
    assert after == before


@pytest.mark.usefixtures("qemu")
@pytest.mark.parametrize(("one", "other"), shuffled(8, seed=1), ids=range(8))
def test_what_is_judged_the_same_is_the_same_to_qemu(one: list[str], other: list[str]) -> None:
    assert fresh(one, FILES) == fresh(other, FILES)


def test_what_differs_is_seen(qemu: str, tmp_path: Path) -> None:
    """Two devices change places, and with them their slots."""
    board = [qemu, "-machine", "pc,accel=tcg", "-nodefaults", "-display", "none"]
    one, other = ["-device", "virtio-rng-pci"], ["-device", "virtio-balloon-pci"]
    first = behaviour([*board, *one, *other], tmp_path)
    assert first.replies
    assert behaviour([*board, *one, *other], tmp_path) == first
    assert behaviour([*board, *other, *one], tmp_path) != first
