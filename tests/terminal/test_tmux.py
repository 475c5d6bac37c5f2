"""The app inside a real tmux, where its users live."""

import os
import shlex
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.terminal.conftest import Open
from tests.terminal.terminal import CTRL_Q, app
from tests.terminal.test_modes import F9, PROFILE, copied, drag, place

CONFIG = """
set -g default-terminal tmux-256color
set -s set-clipboard on
set -s terminal-features 'xterm*:clipboard'
set -g mouse on
set -g escape-time 0
"""


@pytest.fixture
def tmux(home: Path) -> Iterator[list[str]]:
    """The command of a tmux with a server of its own, which does not outlive the test."""
    program = shutil.which("tmux")
    if program is None:
        pytest.skip("tmux is not on PATH")
    (home / "tmux.conf").write_text(CONFIG)
    (home / "vm.toml").write_text(PROFILE)
    yield [program, "-S", str(home / "tmux"), "-f", str(home / "tmux.conf")]
    with suppress(OSError, ValueError):
        os.kill(int((home / "tmux.pid").read_text()), signal.SIGTERM)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_is_drawn_copies_and_leaves_the_mouse(
    terminal: Open, home: Path, tmux: list[str], qemu: str, size: tuple[int, int]
) -> None:
    note = f"echo $PPID > {home}/tmux.pid; exec "
    inside = note + shlex.join(app(str(home / "vm.toml")))
    screen = terminal([*tmux, "new-session", inside], *size, COLORTERM="")
    screen.until("▶ Launch F5")
    screen.until("virtio-net-pci,id=net0")
    assert b"48;5;233" in screen.written
    column, row = place(screen, "-device virtio-net-pci")
    drag(screen, (column, row), (column + 21, row))
    screen.type("\x03")
    assert copied(screen).startswith("-device virtio-net-pc")
    screen.type(F9)
    screen.until("The mouse is the terminal's; select freely. F9 takes it back.")
    screen.type(CTRL_Q)
    assert screen.ended() == 0
