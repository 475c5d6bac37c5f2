"""Running QEMU on a real terminal: what it is given, what it is told, what it leaves behind."""

import json
import os
import pty
import select
import signal
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qemutui.host.record import Record, load
from qemutui.host.spawn import Launch, PassedFile
from tests.host.programs import Programs

RUNNER = """
import fcntl, json, sys
from pathlib import Path
root, argv, folder, files = json.loads(sys.argv[1])
sys.path.insert(0, root)
from qemutui.host import runs
from qemutui.host.foreground import run_foreground
from qemutui.host.spawn import Launch, PassedFile
files = tuple(PassedFile(*file) for file in files)
launch = Launch(tuple(argv), Path(folder), {}, files)
flags = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in range(3)]
events = []
record = runs.create(launch, None, "vm", terminal=True)
code = run_foreground(launch, record, lambda event: events.append([type(event).__name__, *event]))
after = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in range(3)]
Path("result").write_text(json.dumps([code, events, flags == after]))
"""

COUNTS_SIGINT = """
import os, signal, sys, time
count = 0
def interrupted(number, frame):
    global count
    count += 1
    os.write(1, b"interrupt %d\\n" % count)  # print cannot be interrupted by another print
signal.signal(signal.SIGINT, interrupted)
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(40 + count))
os.write(1, b"ready\\n")
while True:
    time.sleep(600)
"""


class Terminal:
    """`run_foreground` as the first program of a terminal of its own."""

    def __init__(self, programs: Programs, launch: Launch) -> None:
        self.programs = programs
        self.output = b""
        data = [
            str(Path(__file__).parents[2]),
            list(launch.argv),
            str(launch.directory),
            [list(file) for file in launch.passed_files],
        ]
        # A handshake: the terminal's modes are known before anything can change them.
        ready, go = os.pipe()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.read(ready, 1)
            os.chdir(programs.folder)
            os.execv(sys.executable, [sys.executable, "-c", RUNNER, json.dumps(data)])
        self.modes = termios.tcgetattr(self.master)
        os.write(go, b"x")
        os.close(ready)
        os.close(go)

    def expect(self, text: bytes) -> None:
        while text not in self.output:
            assert select.select([self.master], [], [], 30)[0], f"{text!r} did not come"
            self.output += os.read(self.master, 4096)
        self.output = self.output.partition(text)[2]

    def until_ready(self) -> int:
        """Waits for QEMU's monitor and its signal handlers; returns QEMU's pid."""
        self.expect(b"(qemu) ")
        pid = self.vm().pid
        assert pid
        self.programs.until_ready(pid)
        return pid

    def vm(self) -> Record:
        self.programs.until(self._record)
        record = self._record()
        assert record
        return record

    def _record(self) -> Record | None:
        runs = Path(os.environ["XDG_STATE_HOME"]) / "qemutui" / "runs" / "vm-1"
        if not (runs / "record.json").exists():
            return None
        record = load("vm-1")
        return record if record.pid else None

    def result(self) -> Any:
        """Exit code, events and whether the flags are as before: as `RUNNER` wrote them."""
        ended = list[int]()

        def over() -> int:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            ended.append(status)
            return pid

        self.programs.until(over)
        assert ended[-1] == 0
        code, events, same_flags = json.loads((self.programs.folder / "result").read_text())
        assert same_flags
        return code, events


@pytest.fixture
def opened() -> Iterator[list[Terminal]]:
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        os.close(terminal.master)


def run(opened: list[Terminal], programs: Programs, launch: Launch) -> Terminal:
    opened.append(Terminal(programs, launch))
    return opened[-1]


def is_raw(terminal: Terminal) -> bool:
    return not termios.tcgetattr(terminal.master)[3] & termios.ICANON


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_terminal_is_left_as_it_was_found(
    opened: list[Terminal], programs: Programs, qemu: str, number: signal.Signals
) -> None:
    terminal = run(opened, programs, programs.qemu(qemu, "-S", "-monitor", "stdio"))
    process = terminal.until_ready()
    assert is_raw(terminal)
    os.kill(process, number)
    code, events = terminal.result()
    assert code == (137 if number == signal.SIGKILL else 0)
    assert [event[0] for event in events] == ["Started", "Exited"]
    assert termios.tcgetattr(terminal.master) == terminal.modes
    record = load("vm-1")
    assert record.how == ("signal" if number == signal.SIGKILL else "exited")


def test_qemu_has_the_keyboard_and_its_files(
    opened: list[Terminal], programs: Programs, qemu: str
) -> None:
    (programs.folder / "disk").write_bytes(b"\0" * 512)
    arguments = ("-add-fd", "fd=4,set=1", "-blockdev", "file,node-name=d,filename=/dev/fdset/1")
    files = (PassedFile("x", off=True), PassedFile("disk", "r+"))
    command = programs.qemu(qemu, *arguments, "-S", "-monitor", "stdio", files=files)
    terminal = run(opened, programs, command)
    terminal.until_ready()
    os.write(terminal.master, b"info status\r")
    terminal.expect(b"paused (prelaunch)")
    os.write(terminal.master, b"quit\r")
    assert terminal.result()[0] == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_are_passed_on_to_qemu(
    opened: list[Terminal], programs: Programs, qemu: str, number: signal.Signals
) -> None:
    terminal = run(opened, programs, programs.qemu(qemu, "-S", "-monitor", "stdio"))
    terminal.until_ready()
    os.kill(terminal.pid, number)
    terminal.expect(f"terminating on signal {number}".encode())
    assert terminal.result()[0] == 0


def test_ctrl_c_reaches_the_program_once(opened: list[Terminal], programs: Programs) -> None:
    terminal = run(opened, programs, programs.python(COUNTS_SIGINT))
    terminal.expect(b"ready")
    os.kill(terminal.pid, signal.SIGINT)
    terminal.expect(b"interrupt 1")
    os.write(terminal.master, b"\x03")
    terminal.expect(b"interrupt 2")
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.result()[0] == 42


def test_a_closed_terminal_ends_qemu(opened: list[Terminal], programs: Programs, qemu: str) -> None:
    terminal = run(opened, programs, programs.qemu(qemu, "-S", "-monitor", "stdio"))
    terminal.until_ready()
    os.close(terminal.master)
    opened.clear()
    code, events = terminal.result()
    assert (code, events[-1][:3]) == (0, ["Exited", 0, None])
    assert load("vm-1").how == "exited"


def test_what_did_not_start_ends_as_in_a_shell(opened: list[Terminal], programs: Programs) -> None:
    def of(launch: Launch) -> tuple[int, str]:
        code, events = run(opened, programs, launch).result()
        ((name, message, _, status),) = events
        assert (name, status) == ("NotStarted", code)
        return code, message

    (programs.folder / "plain").touch()
    assert of(programs.launch("qemu-none")) == (127, "qemu-none is not on PATH.")
    assert of(programs.launch("./plain")) == (
        126,
        "./plain cannot be run: permission denied.",
    )
    missing = programs.launch("true", files=(PassedFile("none"),))
    assert of(missing) == (1, "fd[0].path: none: no such file or directory.")
    assert load("vm-3").how == "not started"
