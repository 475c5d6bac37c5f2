"""However the app ends, the VM runs on, nothing typed is lost, and the terminal is as it was."""

import os
import signal
from pathlib import Path

import pytest

from qemutui.host import runs
from tests.samples import quiet
from tests.terminal.conftest import Open
from tests.terminal.terminal import CTRL_C, CTRL_Q, F5, Terminal, app

PROFILE = f"# kept\n{quiet()}"


def running_and_changed(terminal: Open, home: Path) -> Terminal:
    """The app with a VM that runs and a name that was not saved."""
    path = home / "quiet.toml"
    path.write_text(PROFILE)
    screen = terminal(app(str(path)))
    screen.until("▶ Launch F5")
    screen.type(F5)
    screen.until("● running")
    screen.type("12\r-changed")
    screen.until("quiet-changed ●")
    return screen


def vm() -> int:
    """The pid of the only VM whose end was not noted, if it lives."""
    (record,) = runs.open_runs().records
    process = runs.find(record)
    assert process is not None, "the VM does not live"
    assert process.pid == record.pid
    return process.pid


def draft(home: Path) -> str:
    """The only draft there is."""
    (path,) = (home / "state/qemutui/drafts").glob("*.toml")
    return path.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal(terminal: Open, qemu: str, home: Path, number: signal.Signals) -> None:
    screen = running_and_changed(terminal, home)
    screen.process.send_signal(number)
    assert screen.ended() == 128 + number
    screen.assert_left_as_found()
    assert 'name = "quiet-changed"' in draft(home)
    assert draft(home).startswith("# kept\n")
    assert str(home / "state/qemutui/drafts") in screen.text.replace("\n", "")
    vm()


def test_a_dropped_connection(terminal: Open, qemu: str, home: Path) -> None:
    screen = running_and_changed(terminal, home)
    screen.hang_up()
    assert screen.ended() == 128 + signal.SIGHUP
    assert 'name = "quiet-changed"' in draft(home)
    vm()


def test_sigkill(terminal: Open, qemu: str, home: Path) -> None:
    screen = running_and_changed(terminal, home)
    screen.process.kill()
    assert screen.ended() == -signal.SIGKILL
    pid = vm()
    assert os.getsid(pid) == pid


def test_sigkill_loses_at_most_the_last_second(terminal: Open, home: Path) -> None:
    path = home / "quiet.toml"
    path.write_text(PROFILE)
    screen = terminal(app(str(path)))
    screen.until("▶ Launch F5")
    screen.type("12\r-typed")
    drafts = home / "state/qemutui/drafts"
    screen.until(lambda: any("-typed" in file.read_text() for file in drafts.glob("*.toml")))
    screen.process.kill()
    screen.ended()
    again = terminal(app(str(path)))
    again.until("Unsaved changes from ")
    again.type("r")
    again.until("quiet-typed ●")
    assert draft(home).startswith("# kept\n")
    assert path.read_text() == PROFILE


def test_quitting_leaves_the_vm_running_if_asked_to(terminal: Open, qemu: str, home: Path) -> None:
    screen = running_and_changed(terminal, home)
    screen.type(CTRL_C)
    screen.until("Ctrl+Q quits.")
    screen.type(CTRL_Q)
    screen.until("1 unsaved change.")
    screen.type("x")
    screen.until("is still running (pid")
    screen.type("l")
    assert screen.ended() == 0
    screen.assert_left_as_found()
    assert (home / "quiet.toml").read_text() == PROFILE
    vm()
