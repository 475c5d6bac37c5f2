"""A QEMU that is started, paused, to hear whether it accepts its command.

It is told beforehand to quit as soon as it has answered.
"""

import json
import os
import re
import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from qemutui.host import pids
from qemutui.host.dry_guard import Guard
from qemutui.host.spawn import RUN_VARIABLE, Launch, NotStartedError, spawn
from qemutui.host.stand_ins import StandIns

PATIENCE = 10.0
"""Seconds that QEMU has for its answer."""
_TALKS_AFTER = 3.0
"""Seconds after which QEMU is not waited for that talks with a stand-in, which answers nothing."""
_ENDS_WITHIN = 5.0
"""Seconds that QEMU has to end after its answer."""
_TERM = 1.0
"""Seconds that it has after SIGTERM, before SIGKILL."""
_LOOK = 0.02
"""Seconds between two looks at what wakes nobody: the process, and whether it is cancelled."""
_KEPT = 64 << 10
"""Bytes of what QEMU says that are kept, of its beginning and of its end each."""
_ASKED = (
    {"execute": "qmp_capabilities"},
    {"execute": "x-exit-preconfig"},
    {"execute": "query-status", "id": "verdict"},
    {"execute": "quit"},
)
"""What QEMU is told at once; the second it refuses, unless it waits for it (`-preconfig`)."""
_ANSWER = re.compile(rb'^\{(?=.*"return": )(?=.*"id": "verdict")', re.MULTILINE)
_PIECES = 16
"""Pieces of what QEMU says that are read before something else is looked at."""


class CancelledError(Exception):
    """Somebody has cancelled a dry run. Nothing of it is left."""


class Trial:
    """A QEMU that was started to answer one question."""

    def __init__(self, launch: Launch, folder: Path, monitor: socket.socket, guard: Guard) -> None:
        """Starts it. Raises NotStartedError."""
        self.status: int | None = None
        """How the process that was started has ended, as `subprocess` has it."""
        self.talks_on: str | None = None
        """The name of a socket with whose stand-in QEMU talks."""
        self.began = time.monotonic()
        self._folder, self._wrapped = str(folder), launch.wrapper > 0
        self._monitor = monitor
        self._session: socket.socket | None = None
        self._told, self._has_answered = b"", False
        self._head, self._tail = b"", b""
        errors, write = os.pipe()
        self._errors = errors
        os.set_blocking(errors, False)
        with ExitStack() as ours:
            ours.callback(os.close, write)
            null = os.open(os.devnull, os.O_RDWR)
            ours.callback(os.close, null)
            try:
                self.pid = spawn(launch, str(folder), (null, null, write))
            except NotStartedError:
                os.close(errors)
                raise
        guard.watch(self.pid)
        self._selector = selectors.DefaultSelector()
        self._selector.register(errors, selectors.EVENT_READ, self._read_errors)
        self._selector.register(monitor, selectors.EVENT_READ, self._take)

    @property
    def said(self) -> str:
        """What it wrote to standard error; of a flood, its beginning and its end."""
        return (self._head + self._tail).decode("utf-8", "replace")

    def wait(self, is_cancelled: Callable[[], bool], stand_ins: StandIns) -> float | None:
        """Waits for the answer; returns the seconds until it, or None where there is none.

        None with a `status`: QEMU has ended. Raises CancelledError.
        """
        while (passed := time.monotonic() - self.began) < PATIENCE:
            if is_cancelled():
                raise CancelledError
            self._look()
            if _ANSWER.search(self._told):
                self._has_answered = True
                return time.monotonic() - self.began
            if self._reap() and self._session is None and not self._lives_on():
                self._read_errors()
                return None
            if passed > _TALKS_AFTER and (name := stand_ins.talks_on()):
                self.talks_on = name
                return None
        return None

    def _look(self) -> None:
        for key, _ in self._selector.select(_LOOK):
            key.data()

    def _take(self) -> None:
        """Takes the connection of QEMU's monitor, and asks."""
        session, _ = self._monitor.accept()
        self._selector.unregister(self._monitor)
        self._session = session
        self._selector.register(session, selectors.EVENT_READ, self._read_session)
        with suppress(OSError):
            session.sendall("\n".join(map(json.dumps, _ASKED)).encode())

    def _read_session(self) -> None:
        if self._session is None:
            return
        piece = b""
        with suppress(OSError):
            piece = self._session.recv(_KEPT)
        if piece:
            self._told = self._told[-_KEPT:] + piece
            return
        self._selector.unregister(self._session)
        self._session.close()
        self._session = None

    def _read_errors(self) -> None:
        try:
            for _ in range(_PIECES):  # a flood has no end
                piece = os.read(self._errors, _KEPT)
                if not piece:
                    break
                room = _KEPT - len(self._head)
                self._head += piece[:room]
                self._tail = (self._tail + piece[room:])[-_KEPT:]
            else:
                return
        except BlockingIOError:
            return
        with suppress(KeyError):
            self._selector.unregister(self._errors)

    def _reap(self) -> bool:
        """Whether the process that was started has ended."""
        if self.status is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # reaped for us, where our parent had us ignore SIGCHLD
                self.status = 0
            else:
                self.status = os.waitstatus_to_exitcode(status) if pid else None
        return self.status is not None

    def _lives_on(self) -> bool:
        """Whether a wrapper that is content has left QEMU behind."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, 0)
            return self.status == 0 and not self._has_answered
        return False

    def end(self) -> None:
        """Sees to it that no process is left; one that has answered ends by itself."""
        if not self._has_answered or not self._ends_within(_ENDS_WITHIN):
            self._signal(signal.SIGTERM)
            if not self._ends_within(_TERM):
                self._signal(signal.SIGKILL)
                self._ends_within(_ENDS_WITHIN)
        self._signal(signal.SIGKILL)  # what a wrapper has left behind
        if self._wrapped or not self._has_answered:
            self._end_others()
        self._selector.close()
        os.close(self._errors)
        if self._session is not None:
            self._session.close()

    def _end_others(self) -> None:
        """Ends what has a process group of its own, and waits until it and its like are gone."""
        until = time.monotonic() + _ENDS_WITHIN
        while time.monotonic() < until:
            found = pids.with_environment(RUN_VARIABLE)
            left = [process.pid for run, process, _ in found if run == self._folder]
            if not left:
                return
            for pid in left:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_LOOK)

    def _ends_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not (self._reap() and self._session is None):
            if time.monotonic() > until:
                return False
            self._look()
        return True

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)
