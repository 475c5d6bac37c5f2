"""Gives the terminal back whatever becomes of the app: even SIGKILL, which the app cannot answer.

`restore.py` waits for the end of the app in a process of its own, out of reach of the terminal's
signals. It is started and not forked: a fork would have every page of this process copied while it
starts.
"""

import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import F_DUPFD_CLOEXEC, fcntl
from pathlib import Path

_RESTORE = Path(__file__).with_name("restore.py")
_PIPE = 3


@contextmanager
def guarded() -> Iterator[None]:
    """Has the terminal put back if this process is killed within; costs a millisecond."""
    read, write = os.pipe()
    try:
        # Above what it becomes: a descriptor that is moved onto itself stays closed.
        high = fcntl(read, F_DUPFD_CLOEXEC, _PIPE + 1)
        try:
            child = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", str(_RESTORE), *_modes()],
                os.environ,
                file_actions=[(os.POSIX_SPAWN_DUP2, high, _PIPE)],
                setsid=True,
            )
        finally:
            os.close(high)
    except (OSError, termios.error):  # without it the app is as good as any other
        os.close(read)
        os.close(write)
        yield
        return
    os.close(read)
    with suppress(OSError):
        # It must not slow the start; what it is there for can wait a moment.
        os.sched_setscheduler(child, os.SCHED_IDLE, os.sched_param(0))
    try:
        yield
    finally:
        with suppress(OSError):  # it was killed itself
            os.write(write, b".")
        os.close(write)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def _modes() -> list[str]:
    """Returns the modes of the terminal as `restore.py` takes them."""
    *numbers, control = termios.tcgetattr(sys.stdin.fileno())
    characters = b"".join(one if isinstance(one, bytes) else bytes([one]) for one in control)
    return [*map(str, numbers), characters.hex()]
