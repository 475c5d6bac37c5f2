"""Has a process of its own put a dry run away where this one is killed."""

import os
import sys
from contextlib import suppress
from fcntl import F_DUPFD_CLOEXEC, fcntl
from pathlib import Path
from typing import Self

_END = Path(__file__).with_name("dry_end.py")


class Guard:
    """The process that puts things away where this one is killed; None where it did not start."""

    def __init__(self, pid: int | None, pipe: int) -> None:
        self._pid, self._pipe = pid, pipe

    def watch(self, pid: int) -> None:
        """Tells it which process group is to end."""
        self._write(str(pid).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Ends it; where we were interrupted, all may not have been put away, and it does that."""
        if kind is None or issubclass(kind, Exception):
            self._write(b".")
        os.close(self._pipe)
        if self._pid is not None:
            with suppress(ChildProcessError):
                os.waitpid(self._pid, 0)

    def _write(self, text: bytes) -> None:
        with suppress(OSError):  # somebody has killed it
            os.write(self._pipe, text)


def start(folder: Path) -> Guard:
    """Starts it, for a dry run whose files are in `folder`."""
    read, write = os.pipe()
    try:
        # Above what it becomes: a descriptor that is moved onto itself stays closed.
        high = fcntl(read, F_DUPFD_CLOEXEC, 3)
        try:
            pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", str(_END), str(folder)],
                os.environ,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, high, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                ],
                setsid=True,
            )
        finally:
            os.close(high)
    except OSError:  # without it all goes well as long as nobody kills us
        return Guard(None, write)
    finally:
        os.close(read)
    return Guard(pid, write)
