"""Killed at any moment, the app loses no VM, leaves none unknown, and no terminal raw."""

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from qemutui import cli
from qemutui.host import pids, runs
from qemutui.host.record import load
from qemutui.host.spawn import RUN_VARIABLE
from tests.samples import quiet
from tests.terminal.conftest import Open
from tests.terminal.forks import Forked, forks
from tests.terminal.terminal import F5, Terminal, app, surroundings

KILLS, AT_ONCE = 200, 8
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
AFTER_SHELL = "qemutui has left"


def app_of(screen: Terminal) -> int:
    """The child of the shell that has the terminal."""
    shell = screen.process.pid
    children = Path(f"/proc/{shell}/task/{shell}/children")
    screen.until(lambda: children.read_text().split())
    return int(children.read_text().split()[0])


def in_a_shell(terminal: Open, path: Path) -> Terminal:
    """The app as people start it: from a shell, which has the terminal again afterwards."""
    command = " ".join(app(str(path)))
    return terminal(["sh", "-c", f"{command}; echo {AFTER_SHELL} $?; sleep 60"])


def until_back(screen: Terminal) -> None:
    """Waits until the shell has the terminal, and what drew on it has put it back."""
    screen.until(lambda: AFTER_SHELL.encode() in screen.written)
    # What guards the terminal acts a moment after the shell has seen the app's end.
    screen.until(lambda: screen.is_usable)
    screen.assert_usable()


def test_a_killed_app_leaves_the_terminal_as_it_was(terminal: Open, home: Path) -> None:
    path = home / "quiet.toml"
    path.write_text(quiet())
    screen = in_a_shell(terminal, path)
    screen.until("▶ Launch F5")
    assert screen.modes_now != screen.modes
    os.kill(app_of(screen), signal.SIGKILL)
    until_back(screen)
    assert f"{AFTER_SHELL} 137".encode() in screen.written


def test_two_hundred_kills_at_random_moments(
    terminal: Open, qemu: str, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(20)
    path = home / "quiet.toml"
    path.write_text(quiet())
    with forks(surroundings()) as loaded:

        def forked(name: str) -> Forked:
            return loaded.start(name, path, AFTER_SHELL)

        for batch in range(KILLS // AT_ONCE):
            # Some are killed while they start, some while they launch, some while they watch.
            starts = batch % 4 == 0
            screens = [
                in_a_shell(terminal, path) if starts else terminal(forked) for _ in range(AT_ONCE)
            ]
            victims = [app_of(screen) for screen in screens]
            for screen in () if starts else screens:
                screen.until("F5")
                screen.type(f"{F5}l")  # another one is launched where one runs already
            began = time.monotonic()
            moments = sorted((chance.uniform(0, 0.6), at) for at in range(AT_ONCE))
            for moment, at in moments:
                while time.monotonic() < began + moment:
                    for screen in screens:
                        screen.wait(0.002)
                os.kill(victims[at], chance.choice(SIGNALS))
            for screen in screens:
                until_back(screen)
                assert b"Traceback" not in screen.written, screen.written.decode(errors="replace")[
                    -3000:
                ]
                screen.close()
            capfd.readouterr()
            assert cli.main(["ps", "--json"]) == 0
            end_vms(home, capfd.readouterr().out)


def end_vms(home: Path, known: str) -> None:
    """Kills each VM that lives, once it is seen that its run is one of those that `ps` knows."""
    listed = {row["run"] for row in json.loads(known)}
    for run, process, _ in pids.with_environment(RUN_VARIABLE):
        # What is about to become a QEMU is not one yet, and ends with whoever started it.
        if Path(run).is_relative_to(home) and pids.alive(process):
            record = load(Path(run).name)
            assert record.id in listed, f"pid {process.pid} is unknown to ps"
            assert runs.find(record) is not None
            os.kill(process.pid, signal.SIGKILL)
