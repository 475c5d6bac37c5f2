"""Runs programs that only answer: without a terminal, in bounded time and memory, none left over.

A child has a session of its own, and the kernel kills its process group when this process is gone,
however it ended: the child holds one end of a pipe whose other end is ours alone, and whose closing
is signalled to the group (F_SETOWN, F_SETSIG and O_ASYNC of fcntl(2)). Unlike PR_SET_PDEATHSIG that
needs no code between fork and exec, and does not end with a thread.
"""

import fcntl
import os
import resource
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import IO

MOST_OUTPUT = 32 << 20
"""Bytes that a program may print; the largest answers of a real QEMU are a sixth of it."""
_MOST_ERRORS = 4096
_CHUNK = 1 << 16
_TICK = 0.1

Lane = Iterator["Child"]
"""Children of which one runs after another; it goes on when the last one has been closed."""


class TooMuchError(Exception):
    """A program printed more than `MOST_OUTPUT`."""


class StoppedError(Exception):
    """Nobody waits for the answer any more."""


class Child:
    """A program that runs."""

    def __init__(self, argv: Sequence[str], text: bytes | None = None) -> None:
        """Starts it.

        Args:
            argv: The absolute path of the program, and its arguments.
            text: What it reads from its standard input, which then stays open; None for nothing.

        Raises:
            OSError: It cannot be run.
            ValueError: A NUL is in a word.
        """
        self.output = bytearray()
        self.errors = b""
        """The end of what it printed to standard error."""
        self.status: int | None = None
        """How it ended, as `subprocess` tells; None if it was we who ended it, or not yet."""
        self._pending = bytearray(text or b"")
        life, self._life = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - whoever asks has asked whether it may
                argv,
                stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd="/",
                start_new_session=True,
                pass_fds=(life,),
            )
            with suppress(OSError):  # it has ended already
                resource.prlimit(self._process.pid, resource.RLIMIT_CORE, (0, 0))
                fcntl.fcntl(life, fcntl.F_SETOWN, -self._process.pid)
                fcntl.fcntl(life, fcntl.F_SETSIG, signal.SIGKILL)
                fcntl.fcntl(life, fcntl.F_SETFL, os.O_ASYNC)
        except BaseException:
            os.close(self._life)
            raise
        finally:
            os.close(life)

    def send(self, text: bytes) -> None:
        """Adds to what it reads."""
        self._pending += text

    def received(self) -> bool:
        """Is called when `output` has grown; returns whether that is enough."""
        return False

    def close(self) -> None:
        """Ends it if it has not ended, and all that it has started in its group."""
        process = self._process
        self.status = process.poll()
        with suppress(OSError):  # nobody is left in the group
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if self._life >= 0:
            os.close(self._life)
            self._life = -1
        for stream in self._streams():
            stream.close()

    def _streams(self) -> list[IO[bytes]]:
        process = self._process
        return [one for one in (process.stdin, process.stdout, process.stderr) if one is not None]

    def register(self, selector: selectors.BaseSelector) -> None:
        """Lets a selector wait for what it prints, and for when it reads."""
        for stream in self._streams():
            os.set_blocking(stream.fileno(), False)
            if stream is not self._process.stdin:
                selector.register(stream, selectors.EVENT_READ, self)
        self._register_stdin(selector)

    def _register_stdin(self, selector: selectors.BaseSelector) -> None:
        stdin = self._process.stdin
        if stdin is None:
            return
        registered = stdin in selector.get_map()
        if self._pending and not registered:
            selector.register(stdin, selectors.EVENT_WRITE, self)
        elif registered and not self._pending:
            selector.unregister(stdin)

    def unregister(self, selector: selectors.BaseSelector) -> None:
        """Undoes `register`."""
        for stream in self._streams():
            if stream in selector.get_map():
                selector.unregister(stream)

    def ready(self, stream: object, selector: selectors.BaseSelector) -> bool:
        """Reads or writes what is waited for; returns whether the child is no longer needed.

        Raises:
            TooMuchError: It printed too much.
        """
        process = self._process
        over = False
        if process.stdin is not None and stream is process.stdin:
            self._write(process.stdin)
        elif process.stdout is not None and stream is process.stdout:
            over = self._read(process.stdout)
        elif process.stderr is not None and not self._drain():
            selector.unregister(process.stderr)
        if not over:
            self._register_stdin(selector)
        return over

    def _read(self, stdout: IO[bytes]) -> bool:
        data = os.read(stdout.fileno(), _CHUNK)
        if not data:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_TICK)  # it is about to end with a status of its own
            with suppress(BlockingIOError):
                while self._drain():
                    pass
            return True
        self.output += data
        if len(self.output) > MOST_OUTPUT:
            raise TooMuchError
        return self.received()

    def _drain(self) -> bool:
        """Reads from standard error; returns whether there may be more."""
        stderr = self._process.stderr
        data = os.read(stderr.fileno(), _CHUNK) if stderr is not None else b""
        self.errors = (self.errors + data)[-_MOST_ERRORS:]
        return bool(data)

    def _write(self, stdin: IO[bytes]) -> None:
        try:
            del self._pending[: os.write(stdin.fileno(), self._pending[:_CHUNK])]
        except BrokenPipeError:  # it reads no more; what it still prints is of interest
            self._pending.clear()


def run(lanes: Sequence[Lane], deadline: float, stopped: Callable[[], bool]) -> None:
    """Runs the children of all lanes to their ends, the lanes side by side.

    Args:
        lanes: What is to be run.
        deadline: When all must be over, of `time.monotonic()`.
        stopped: Is asked now and then whether nobody waits any more.

    Raises:
        TimeoutError: Something still runs at the deadline.
        TooMuchError: A child printed too much.
        StoppedError: Nobody waits any more.
        OSError: A child cannot be run.
    """
    running: dict[Child, Lane] = {}
    with selectors.DefaultSelector() as selector:

        def go_on(lane: Lane) -> None:
            child = next(lane, None)
            if child is not None:
                running[child] = lane
                child.register(selector)

        try:
            for lane in lanes:
                go_on(lane)
            while running:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                if stopped():
                    raise StoppedError
                for key, _ in selector.select(min(left, _TICK)):
                    child: Child = key.data
                    if child in running and child.ready(key.fileobj, selector):
                        child.unregister(selector)
                        child.close()
                        go_on(running.pop(child))
        finally:
            for child in running:
                child.close()


def ended(
    argv: Sequence[str],
    seconds: float,
    text: bytes | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Child:
    """Runs one child to its end, which has to come within some seconds.

    Its words and text are those of `Child`, and so is what is raised; the rest is as in `run`.
    """
    children: list[Child] = []

    def lane() -> Lane:
        children.append(Child(argv, text))
        yield children[0]

    run([lane()], time.monotonic() + seconds, stopped)
    return children[0]
