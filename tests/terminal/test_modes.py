"""What the app asks of a terminal, and gives back: the mouse, the clipboard, the screen."""

import base64
import json
import os
import re
import shlex
import signal
from pathlib import Path

import pytest

from tests.cli.command import qemutui
from tests.terminal.conftest import Open
from tests.terminal.terminal import CTRL_C, CTRL_Q, Terminal, app

F9 = "\x1b[20~"
PROFILE = """
name = "vm"
[launch]
monitor = false
[[device]]
type = "virtio-net-pci"
id = "net0"
mac = "52:54:00:12:34:56"
netdev = "a-rather-long-name-of-a-netdev-that-is-wrapped"
"""
_COPIED = re.compile(rb"\x1b\]52;c?;([A-Za-z0-9+/=]*)\x07")


def opened(terminal: Open, home: Path, columns: int = 80, rows: int = 24) -> Terminal:
    (home / "vm.toml").write_text(PROFILE)
    screen = terminal(app(str(home / "vm.toml")), columns, rows)
    screen.until("▶ Launch F5")
    screen.until("netdev")
    return screen


def place(screen: Terminal, text: str) -> tuple[int, int]:
    """Column and row of a text, from 1."""
    row = next(at for at, line in enumerate(screen.screen.display) if text in line)
    return screen.screen.display[row].index(text) + 1, row + 1


def drag(screen: Terminal, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drags the mouse, as a terminal in SGR mode reports it."""
    screen.type(f"\x1b[<0;{start[0]};{start[1]}M")
    for at in (start, end, end):
        screen.type(f"\x1b[<32;{at[0]};{at[1]}M")
    screen.type(f"\x1b[<0;{end[0]};{end[1]}m")


def copied(screen: Terminal) -> str:
    screen.until(lambda: _COPIED.search(screen.written))
    return base64.b64decode(_COPIED.findall(screen.written)[-1]).decode()


def is_on(screen: Terminal, mode: int) -> bool:
    """Whether a private mode is on now."""
    found = re.findall(rb"\x1b\[\?%d([hl])" % mode, screen.written)
    return bool(found) and found[-1] == b"h"


def quits(screen: Terminal) -> None:
    screen.type(CTRL_Q)
    assert screen.ended() == 0
    screen.assert_left_as_found()


def test_what_is_dragged_over_in_the_command_is_a_command(terminal: Open, home: Path) -> None:
    screen = opened(terminal, home, 120, 40)
    screen.until("that-is-wrapped")
    _, first = place(screen, "qemu-system-x86_64 \\")
    drag(screen, (24, first), (119, place(screen, "that-is-wrapped")[1]))
    screen.type(CTRL_C)
    words = shlex.split(copied(screen).replace("\\\n", ""))
    screen.until("Copied ")
    assert words == json.loads(qemutui("argv", home / "vm.toml", "--json").stdout)
    quits(screen)


def test_the_terminal_keeps_its_mouse_over_a_suspension(terminal: Open, home: Path) -> None:
    screen = opened(terminal, home)
    assert is_on(screen, 1000)
    screen.type(F9)
    screen.until("The mouse is the terminal's; select freely. F9 takes it back.")
    assert not is_on(screen, 1000)
    stopped(screen)
    screen.process.send_signal(signal.SIGCONT)
    screen.until(lambda: is_on(screen, 1049))
    screen.until(lambda: is_on(screen, 2004))
    assert not is_on(screen, 1000)
    screen.type(F9)
    screen.until("The mouse is qemutui's again.")
    assert is_on(screen, 1000)
    assert is_on(screen, 1006)
    quits(screen)


def test_without_the_mouse_it_is_never_asked_for(terminal: Open, home: Path) -> None:
    (home / "config/qemutui").mkdir(parents=True)
    (home / "config/qemutui/settings.toml").write_text("mouse = false\n")
    screen = opened(terminal, home)
    assert b"\x1b[?1000h" not in screen.written
    screen.type(F9)
    screen.until("The mouse is qemutui's again.")
    assert is_on(screen, 1000)
    quits(screen)


def stopped(screen: Terminal) -> None:
    """Stops the app as a shell's job control does."""
    screen.process.send_signal(signal.SIGTSTP)
    screen.until(lambda: state_of(screen.process.pid) == "T")
    screen.until(lambda: not is_on(screen, 1004))


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0]


def test_a_suspended_app_gives_the_terminal_back(terminal: Open, home: Path) -> None:
    screen = opened(terminal, home)
    stopped(screen)
    screen.assert_left_as_found()
    screen.resize(120, 40)
    screen.screen.reset()
    screen.process.send_signal(signal.SIGCONT)
    screen.until("8 Runs")
    screen.until("▶ Launch F5")
    assert is_on(screen, 1000)
    screen.type("y")
    screen.until("Copied ")
    quits(screen)


def test_many_sizes_at_once_end_in_the_last_one(terminal: Open, home: Path) -> None:
    screen = opened(terminal, home)
    for step in range(60):
        screen.resize(*((120, 40) if step % 2 else (41 + step, 13)))
    screen.until("8 Runs")
    screen.until("▶ Launch F5")
    quits(screen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(
    ("variables", "kinds"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, {"2"}),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, {"5"}),
        ({"TERM": "screen-256color", "COLORTERM": ""}, {"5"}),
        ({"TERM": "tmux-256color", "COLORTERM": ""}, {"5"}),
        ({"TERM": "linux", "COLORTERM": ""}, {"16"}),
        ({"TERM": "vt100", "COLORTERM": ""}, set()),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, set()),
        ({"TERM": "xterm-256color", "LANG": "C"}, {"2"}),
    ],
)
def test_only_colours_and_signs_that_the_terminal_has(
    terminal: Open, home: Path, size: tuple[int, int], variables: dict[str, str], kinds: set[str]
) -> None:
    (home / "vm.toml").write_text(PROFILE.replace('name = "vm"', 'name = "v\\u001b]0;x\\u0007m"'))
    screen = terminal(app(str(home / "vm.toml")), *size, **variables)
    plain = variables["TERM"] == "linux" or variables.get("LANG") == "C"
    screen.until("> Launch F5" if plain else "▶ Launch F5")
    screen.until("3 Command")
    screen.type("?")
    screen.until("Esc closes")
    screen.type("\x1b")
    screen.until("Command")
    quits(screen)
    assert colours_of(screen.written) == kinds
    assert b"\x1b]0;x" not in screen.written
    assert not plain or not set("✗✓●○■▶▌─") & set(screen.written.decode())


def colours_of(written: bytes) -> set[str]:
    """The kinds of colours that were set: `2` true ones, `5` of the 256, `16`."""
    kinds = set()
    for sequence in re.findall(rb"\x1b\[([0-9;:]*)m", written):
        numbers = [int(number) for number in re.split(rb"[;:]", sequence) if number]
        while numbers:
            number = numbers.pop(0)
            if number in (38, 48):
                kinds.add(str(numbers[0]))
                del numbers[: 4 if numbers[0] == 2 else 2]
            elif 30 <= number <= 37 or 40 <= number <= 47 or 90 <= number <= 107:
                kinds.add("16")
    return kinds


def test_the_environment_of_ssh_is_enough(terminal: Open, home: Path) -> None:
    """Neither COLORTERM nor a locale with a country: basalt in its 256 colours."""
    assert os.environ.get("QEMUTUI_THEME") is None
    (home / "vm.toml").write_text(PROFILE)
    screen = terminal(app(str(home / "vm.toml")), COLORTERM="", LANG="C.UTF-8")
    screen.until("▶ Launch F5")
    screen.until("netdev")
    quits(screen)
    assert b"48;5;233" in screen.written


@pytest.mark.parametrize("left", ["raw", "cooked"])
def test_one_that_was_stopped_unasked_goes_on(terminal: Open, home: Path, left: str) -> None:
    """After SIGSTOP, which cannot be caught; a shell may have set modes of its own meanwhile."""
    screen = opened(terminal, home)
    os.killpg(screen.process.pid, signal.SIGSTOP)
    screen.until(lambda: state_of(screen.process.pid) == "T")
    if left == "cooked":
        screen.cook()
    screen.screen.reset()
    pasting = screen.written.count(b"\x1b[?2004h")
    os.killpg(screen.process.pid, signal.SIGCONT)
    # What is typed before the terminal is taken again is the shell's.
    screen.until(lambda: screen.written.count(b"\x1b[?2004h") > pasting)
    screen.until("▶ Launch F5")
    for _ in range(3):
        screen.type("y")
        screen.until("Copied ")
        screen.type("?")
        screen.until("Esc closes")
        screen.type("\x1b")
        screen.until(lambda: "Esc closes" not in screen.text)
    quits(screen)
