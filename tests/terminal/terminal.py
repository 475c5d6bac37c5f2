"""A terminal with a program on it: what is typed, what is seen, and what the program leaves."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import pyte

from tests.cli.command import COMMAND, environment

F5, F6, ESCAPE, CTRL_C, CTRL_Q, CTRL_S, CTRL_U = (
    "\x1b[15~", "\x1b[17~", "\x1b", "\x03", "\x11", "\x13", "\x15",
)  # fmt: skip

_SET = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
_UNSET = {"COLUMNS", "LINES", "NO_COLOR", "LC_ALL", "LC_CTYPE", "QEMUTUI_THEME", "QEMUTUI_DEBUG"}

PATIENCE = 10.0  # seconds until something that does not come fails the test

_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_ON = {b"7", b"25"}
"""The private modes that a terminal has on to begin with: wrapping, and the cursor."""


class Process(Protocol):
    """What a terminal asks of the program on it."""

    pid: int

    def poll(self) -> int | None: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...
    def wait(self) -> int: ...


def surroundings() -> dict[str, str]:
    """The environment of a program on a terminal."""
    return {name: text for name, text in environment().items() if name not in _UNSET} | _SET


class Terminal:
    """Runs a program on a pseudo-terminal that is its controlling one, and draws what it writes.

    The program is a command, or what starts one on a terminal of this name.
    """

    def __init__(
        self,
        command: Sequence[str] | Callable[[str], Process],
        columns: int = 80,
        rows: int = 24,
        **variables: str,
    ) -> None:
        self.written = b""
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.modes = termios.tcgetattr(slave)
        if isinstance(command, Sequence):
            # util-linux: makes the standard input the controlling terminal, without a fork.
            self.process: Process = subprocess.Popen(
                ["setsid", "--ctty", *command],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=surroundings() | variables,
            )
        else:
            self.process = command(os.ttyname(slave))
        os.close(slave)

    def type(self, keys: str) -> None:
        """Sends keys, as the terminal would."""
        os.write(self._master, keys.encode())

    @property
    def text(self) -> str:
        """All that is on the screen."""
        return "\n".join(self.screen.display)

    def until(self, condition: str | Callable[[], object]) -> None:
        """Waits until a text is on the screen, or something else is true; fails with the screen."""
        deadline = time.monotonic() + PATIENCE
        while not (condition in self.text if isinstance(condition, str) else condition()):
            self._read(0.02)
            assert time.monotonic() < deadline, f"{condition} did not come:\n{self.text}"

    def looks(self, text: str, *attributes: str) -> bool:
        """Says whether the text is somewhere on the screen with the attributes in every cell."""
        for row, line in enumerate(self.screen.display):
            # No wide characters are written here, so that a character is a cell.
            for found in re.finditer(re.escape(text), line):
                cells = [self.screen.buffer[row][column] for column in range(*found.span())]
                if all(getattr(cell, name) for cell in cells for name in attributes):
                    return True
        return False

    def ended(self) -> int:
        """Waits for the end of the program; returns its status, negative for a signal."""
        self.until(lambda: self.process.poll() is not None)
        while self._read(0):
            pass
        return self.process.wait()

    def assert_left_as_found(self) -> None:
        """Fails if the program has left the terminal in another state than it found it in."""
        assert b"1049" in self._private_modes(), "the alternate screen was never used"
        self.assert_usable()
        pushed, popped = re.findall(rb"\x1b\[>\d*u", self.written), self.written.count(b"\x1b[<u")
        assert len(pushed) == popped, "the keyboard protocol was not given back"

    @property
    def is_usable(self) -> bool:
        """Whether a shell can go on here, though the program may have died early."""
        private = self._private_modes().items()
        return self.modes_now == self.modes and all(on == (mode in _ON) for mode, on in private)

    def assert_usable(self) -> None:
        """Fails where a shell could not go on."""
        assert self.modes_now == self.modes
        wrong = {mode: on for mode, on in self._private_modes().items() if on != (mode in _ON)}
        assert not wrong, f"private modes left: {wrong}"

    def _private_modes(self) -> dict[bytes, bool]:
        return {
            mode: setting == b"h"
            for numbers, setting in _MODE.findall(self.written)
            for mode in numbers.split(b";")
        }

    def resize(self, columns: int, rows: int) -> None:
        """Gives the terminal another size; the program is told by a signal."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def cook(self) -> None:
        """Sets the modes that it began with, as a shell does that takes it back."""
        termios.tcsetattr(self._master, termios.TCSANOW, self.modes)

    def hang_up(self) -> None:
        """Takes the terminal away, as a dropped connection does."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Ends the program and whatever it started on this terminal."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def wait(self, seconds: float) -> None:
        """Lets the program go on for some time, and draws what it writes."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._read(0.01)

    @property
    def modes_now(self) -> list[object]:
        """The modes of the terminal, as termios has them."""
        return termios.tcgetattr(self._master)

    def _read(self, seconds: float) -> bool:
        if self._master < 0:
            time.sleep(seconds)
            return False
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: nobody has the terminal open any more
            return False
        self.written += data
        with suppress(TypeError):  # pyte, at a sequence that a kill has cut off
            self._stream.feed(data)
        return True


def app(*arguments: str) -> list[str]:
    """The command of the app."""
    return [*COMMAND, *arguments]
