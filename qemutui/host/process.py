"""Runs QEMU without a terminal, watches it, finds it again, stops it.

What is started here needs nothing of ours to live: its own session, standard input at `/dev/null`,
output into files. It goes on when this program is killed or its terminal closed.
"""

import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, suppress

from qemutui.core.events import Exited, Moved, Started
from qemutui.host import pids, runs
from qemutui.host.record import Record, RecordError
from qemutui.host.spawn import Launch, NotStartedError, PassedFile, spawn

__all__ = ["Launch", "NotStartedError", "PassedFile", "Running", "attach", "start"]

_POLL = 0.1
"""Seconds between two looks at a process where the kernel has no pidfd."""


class Running:
    """A run that has started: our child, or a process of which only the identity is known.

    For one thread at a time.
    """

    def __init__(
        self, record: Record, pid: int, identity: pids.Identity | None, *, child: bool
    ) -> None:
        self.record = record
        self.warning = ""
        """One line where the record could not be written; the run itself is not touched by it."""
        self._leader = record.pid if record.stdout else None
        self._began: float | None = time.monotonic()
        if identity is not None and not child:
            self._began = time.monotonic() - pids.age(identity)
        self._exited: Exited | None = None
        self._pidfd: int | None = None
        self._hold(pid, identity, child)

    def _hold(self, pid: int, identity: pids.Identity | None, child: bool) -> None:
        self.pid = pid
        self._identity, self._child = identity, child
        self.close()
        if hasattr(os, "pidfd_open"):
            try:
                self._pidfd = os.pidfd_open(pid)
            except OSError:  # gone, an old kernel, or a container that forbids it
                self._pidfd = None

    @property
    def is_child(self) -> bool:
        """Whether the process was started here, so that its end is seen."""
        return self._child

    @property
    def started(self) -> Started:
        """The event of its start."""
        return Started(self.pid)

    def close(self) -> None:
        """Lets go of the process without touching it."""
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None

    def poll(self) -> Exited | None:
        """Looks whether the run is over; never waits. None while it is not.

        QEMU may live on in another process than the one that was started (`-daemonize`); then
        `pid` changes, and how it ends will not be known.
        """
        if self._exited is not None:
            return self._exited
        end = self._reap() if self._child else self._look()
        if end is None:
            return None
        if successor := runs.find(self.record):
            self._hold(successor.pid, successor, child=False)
            self.note_process()
            return None
        how = end
        self._write(lambda: runs.finish(self.record, how))
        if not end.known and self.record.how in ("exited", "signal"):
            end = Exited(self.record.status, self.record.signal, end.seconds)
        self.close()
        self._exited = end
        return end

    def _reap(self) -> Exited | None:
        try:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:  # reaped for us, where our parent had us ignore SIGCHLD
            return Exited(None, None, self._seconds())
        if pid == 0:
            return None
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            return Exited(None, -code, self._seconds())
        return Exited(code, None, self._seconds())

    def _look(self) -> Exited | None:
        if self._identity is not None and pids.alive(self._identity):
            return None
        return Exited(None, None, self._seconds())

    def _seconds(self) -> float | None:
        return None if self._began is None else time.monotonic() - self._began

    def note_process(self) -> None:
        """Writes into the record which process it is."""
        self._write(lambda: runs.started(self.record, self.pid, self._identity))

    def note_stop(self, step: str) -> None:
        """Writes into the record that qemutui ends the run, and by what."""
        self._write(lambda: runs.stopping(self.record, step))

    def _write(self, change: Callable[[], Record]) -> None:
        try:
            self.record = change()
        except RecordError as error:
            self.warning = str(error)

    async def watch(self) -> AsyncIterator[Moved | Exited]:
        """Reports what happens to the process until it is over; may be cancelled at any time."""
        pid = self.pid
        while (exited := self.poll()) is None:
            if self.pid != pid:
                pid = self.pid
                yield Moved(pid)
            await self._change()
        yield exited

    async def ended(self) -> Exited:
        """Waits until the run is over; may be cancelled at any time."""
        while (exited := self.poll()) is None:
            await self._change()
        return exited

    async def _change(self) -> None:
        """Waits until the process may have ended."""
        import asyncio

        if self._pidfd is None:
            await asyncio.sleep(_POLL)
            return
        # A descriptor of its own for each that waits: the loop knows one reader of each.
        descriptor = os.dup(self._pidfd)
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        try:
            loop.add_reader(descriptor, readable.set)
            await readable.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)

    def send(self, number: signal.Signals) -> bool:
        """Signals the run; False if it is over. Raises PermissionError.

        All of its process group, which is its own: where a wrapper or a script started QEMU as a
        child, a signal to the wrapper alone would leave QEMU behind. A process that is not our
        child is known by its start time, looked at in `poll` just before.
        """
        if self.poll() is not None:
            return False
        try:
            if self._leader is not None and os.getpgid(self.pid) == self._leader:
                os.killpg(self._leader, number)
            elif self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, number)
            else:
                os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True


def start(launch: Launch, record: Record) -> Running:
    """Starts a run whose record was made, and returns once it is the program asked for.

    Takes some 10 ms, and longer where a passed file is slow to open; a screen that cannot wait
    calls it in a thread. Raises NotStartedError, after noting that in the record.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        with ExitStack() as opened:
            stdio = []
            for path, mode in (
                (os.devnull, os.O_RDONLY),
                (record.folder / record.stdout, flags),
                (record.folder / record.stderr, flags),
            ):
                try:
                    descriptor = os.open(path, mode, 0o600)
                except OSError as error:
                    raise NotStartedError(f"{path} cannot be written: {error.strerror}.") from error
                opened.callback(os.close, descriptor)
                stdio.append(descriptor)
            pid = spawn(launch, str(record.folder), (stdio[0], stdio[1], stdio[2]))
    except NotStartedError as error:
        with suppress(RecordError):  # what matters to the user is why QEMU did not start
            runs.finish(record, error.event)
        raise
    known = record.model_copy(update={"pid": pid})
    running = Running(known, pid, pids.identify(pid), child=True)
    running.note_process()
    return running


def attach(record: Record) -> Running | None:
    """Finds the living process of a recorded run; None if it does not run on this computer."""
    identity = runs.find(record)
    return identity and Running(record, identity.pid, identity, child=False)
