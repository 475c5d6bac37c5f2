"""Gives the terminal back whatever becomes of the app: even SIGKILL, which the app cannot answer.

The app runs in a child. The parent, which does nothing else, waits for it; if the child was killed,
the parent puts the terminal back as it was. If the parent is killed, the child notices, and ends as
on SIGTERM.
"""

import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

_FORWARDED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)

_RESTORE = (
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # the mouse
    b"\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[<u"  # focus, pasting, sizes, keyboard protocol
    b"\x1b[?7h\x1b[?25h\x1b[?1049l\x1b[0m"  # wrapping, the cursor, the screen behind, colours
)
"""Switches off what Textual's Linux driver switches on; what is off already stays so."""


def run(app: Callable[[int], int]) -> int:
    """Runs the app in a child, and returns its exit status, 128 + n after signal n.

    `app` gets a descriptor that can be read once the parent is gone. For a process without threads,
    on a terminal.
    """
    modes = termios.tcgetattr(sys.stdin.fileno())
    alive, parent = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(parent)
        return app(alive)
    os.close(alive)

    def forward(number: int, frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, number)

    before = [(number, signal.signal(number, forward)) for number in _FORWARDED]
    signal.signal(signal.SIGCONT, forward)
    try:
        status = _wait(child)
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    if os.WIFSIGNALED(status):
        _restore(modes)
        return 128 + os.WTERMSIG(status)
    return os.waitstatus_to_exitcode(status)


def _wait(child: int) -> int:
    """Waits for the end of the child; is stopped whenever the child is."""
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return status
        # Our shell looks at us, not at the child. Where both were stopped and both go on by now,
        # as after a SIGSTOP of the whole group, what is told here is over.
        if _is_stopped(child):
            os.kill(os.getpid(), signal.SIGSTOP)


def _is_stopped(child: int) -> bool:
    try:
        with open(f"/proc/{child}/stat", "rb") as file:  # noqa: PTH123 - pathlib is not loaded yet
            return file.read().rpartition(b") ")[2][:1] == b"T"
    except OSError:
        return True


def _restore(modes: list[int | list[bytes | int]]) -> None:
    with suppress(OSError, termios.error):  # the terminal itself may be gone
        os.write(sys.stdout.fileno(), _RESTORE)
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSAFLUSH, modes)
