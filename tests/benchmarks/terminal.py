"""A program on a terminal of its own: what it writes, and when."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import processes

PATIENCE = 30.0  # seconds until a text that does not come ends the benchmark
SIZE = (80, 24)
"""Columns and rows."""


def environment(home: Path) -> dict[str, str]:
    """An environment with a home folder of its own and the terminal that most people have."""
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    return {**kept, **terminal, "HOME": str(home)}


class Terminal:
    """What a program writes is searched as it comes, byte by byte: the same for every program."""

    def __init__(
        self, code: str, arguments: Sequence[str], home: Path, size: tuple[int, int] = SIZE
    ) -> None:
        self.master, slave = pty.openpty()
        columns, rows = size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(home),
            cwd="/",
            start_new_session=True,
        )
        os.close(slave)
        self.written = b""

    def type(self, keys: str) -> None:
        """Sends keys, and forgets what was written before them."""
        self.drain(0)
        self.written = b""
        os.write(self.master, keys.encode())

    def until(self, *texts: str) -> float:
        """Waits until all texts have been written; returns the time of the read that had the last.

        Raises:
            TimeoutError: One of them has not come.
        """
        wanted = [text.encode() for text in texts]
        deadline = time.perf_counter() + PATIENCE
        while not all(text in self.written for text in wanted):
            if not self._read(deadline - time.perf_counter()):
                missing = [text for text in texts if text.encode() not in self.written]
                raise TimeoutError(f"{missing} did not appear: {self.written[-2000:]!r}")
        return time.perf_counter()

    def drain(self, seconds: float) -> None:
        """Reads whatever is written until so many seconds have passed."""
        until = time.perf_counter() + seconds
        while self._read(until - time.perf_counter()):
            pass

    def processor(self, seconds: float) -> float:
        """Returns the part of one core that the program uses while so many seconds pass."""
        before, began = processes.ticks(self.process.pid), time.perf_counter()
        self.drain(seconds)
        used = (processes.ticks(self.process.pid) - before) / os.sysconf("SC_CLK_TCK")
        return used / (time.perf_counter() - began)

    def _read(self, seconds: float) -> bool:
        if not select.select([self.master], [], [], max(0.0, seconds))[0]:
            return False
        try:
            self.written += os.read(self.master, 65536)
        except OSError:  # EIO: the program has ended
            return False
        return True

    def end(self) -> None:
        """Ends the program, however it stands."""
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@contextmanager
def program(
    code: str, arguments: Sequence[str], home: Path, size: tuple[int, int] = SIZE
) -> Iterator[Terminal]:
    """Runs Python code on a terminal, and ends it."""
    terminal = Terminal(code, arguments, home, size)
    try:
        yield terminal
    finally:
        terminal.end()
