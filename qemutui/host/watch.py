"""Watches one run until it is over: its process, and QEMU through the private monitor."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress

from qemutui.core.events import (
    Answered,
    Exited,
    MonitorBack,
    MonitorEvent,
    MonitorLost,
    ShutDown,
    StatusChanged,
    Watched,
)
from qemutui.core.guest import Status
from qemutui.host import runs, sockets, turns
from qemutui.host.monitor import Monitor, MonitorError, NoGreetingError, NoMonitorError
from qemutui.host.process import Running
from qemutui.host.record import RecordError

SETTLED_AFTER = 1.0
"""Seconds that a QEMU without a private monitor has to live to count as running."""

_SOON = 0.005
_LATER = 0.5
"""Seconds between two attempts to reach a monitor: at first, and once QEMU has taken its time."""
_PATIENT_AFTER = 2.0
_LAST_WORDS = 0.5
"""Seconds that the monitor has, once the process is over, for what it still holds."""
_ENDS_WITHIN = 0.5
"""Seconds from the end of the monitor to that of the process, where QEMU ends."""
_TURN_AFTER = 5.0
"""Seconds between two turns at a monitor that another program has; each costs that one a moment."""
_ASKS_FOR = frozenset({"STOP", "RESUME", "SUSPEND", "WAKEUP", "GUEST_PANICKED", "RESET"})
"""Events after which the guest's status may be another."""


class Watch:
    """One run that is watched. For one event loop; `reports` is read once."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.monitor: Monitor | None = None
        """The session with QEMU, while there is one."""
        self._reports: asyncio.Queue[Watched] = asyncio.Queue()
        self._status: Status | None = None
        self._told_lost = False
        self._turn = asyncio.Lock()
        self._next_turn = 0.0
        self._gives_way = False
        """Whether the last session was ended for the sake of another program."""
        self._is_held = False
        """Whether the monitor gave no greeting when it was reached last."""

    async def reports(self) -> AsyncGenerator[Watched, None]:
        """Yields what happens to the run; the last report is Exited. May be closed at any time."""
        path = self.running.record.monitor
        asking = asyncio.create_task(self._ask(path) if path else self._settle())
        waiting = asyncio.create_task(self._wait())
        try:
            while True:
                report = await self._reports.get()
                if isinstance(report, Exited):
                    with suppress(TimeoutError, asyncio.CancelledError):
                        await asyncio.wait_for(asking, _LAST_WORDS)
                    while not self._reports.empty():
                        yield self._reports.get_nowait()
                    sockets.remove(path)
                    yield report
                    return
                yield report
        finally:
            for task in (asking, waiting):
                task.cancel()
            await asyncio.gather(asking, waiting, return_exceptions=True)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Monitor]:
        """Gives the session with the monitor; where another program has it, a turn at it.

        Raises:
            NoMonitorError: There is no monitor, or it cannot be reached.
        """
        if self.monitor is not None:
            yield self.monitor
            return
        # Two turns of one program would take away each other's sign.
        async with self._turn, turns.session(self.running.record.monitor) as monitor:
            yield monitor

    async def _wait(self) -> None:
        async for report in self.running.watch():
            self._reports.put_nowait(report)

    async def _settle(self) -> None:
        """Takes a QEMU without a monitor for started when it has lived for a while."""
        await asyncio.sleep(SETTLED_AFTER)
        self._reports.put_nowait(Answered(Status("running", True)))

    async def _ask(self, path: str) -> None:
        """Holds a session with the monitor as long as the run lives, again after each loss."""
        began = time.monotonic()
        while True:
            await turns.passed(path)
            monitor = Monitor()
            self._gives_way = self._is_held = False
            try:
                if turns.listens(path):
                    await monitor.connect(path)
                    await self._session(monitor, path)
            except NoGreetingError:
                self._is_held = True  # a new run, too, may have been found by another program first
            except MonitorError:
                pass  # not there yet, or not there any more: what follows tells which
            finally:
                self.monitor = None
                await monitor.close()
            if await self._ends():
                return
            if not self._gives_way and not await self._has_turn(path):
                self._tell_lost()
            soon = self._status is None and time.monotonic() - began < _PATIENT_AFTER
            # Who let go for somebody is not to miss anything longer than that one needs.
            await asyncio.sleep(_SOON if soon or self._gives_way else _LATER)

    async def _has_turn(self, path: str) -> bool:
        """Asks now and then for the status while another program has the monitor.

        False where that does not let go, or QEMU has not come that far.
        """
        is_new = self._status is None and self.running.is_child
        if not turns.listens(path) or (is_new and not self._is_held):
            return False
        if time.monotonic() < self._next_turn:
            return True
        try:
            async with self.session() as monitor:
                status = await monitor.status()
        except MonitorError:
            return False
        self._next_turn = time.monotonic() + _TURN_AFTER
        self._learn(status)
        return True

    def _tell_lost(self) -> None:
        """Reports once that there is no monitor where there was or should be one."""
        due = self._status is not None or not self.running.is_child
        if due and not self._told_lost:
            self._told_lost = True
            self._reports.put_nowait(MonitorLost())

    async def _ends(self) -> bool:
        """Tells whether the run is over. A QEMU that ends closes its monitor a moment earlier."""
        if self._status is None or self._gives_way:
            return self.running.poll() is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(_ENDS_WITHIN):
                await self.running.ended()
                return True
        return False

    async def _session(self, monitor: Monitor, path: str) -> None:
        """Reports from the first answer to the end of the connection.

        Raises:
            MonitorError: QEMU greets before it has read its command; until that is done there is
                no answer, and if it refuses, there never is.
        """
        status = await monitor.status()
        self.monitor = monitor
        with suppress(RecordError):  # the version is not worth a word
            self.running.record = runs.answered(self.running.record, monitor.version)
        self._learn(status)
        letting_go = asyncio.create_task(self._let_go(monitor, path))
        try:
            async for event in monitor.events():
                await self._take(monitor, event)
        finally:
            letting_go.cancel()

    def _learn(self, status: Status) -> None:
        if self._status is None:
            self._reports.put_nowait(Answered(status))
        elif self._told_lost:
            self._reports.put_nowait(MonitorBack(status))
        elif status != self._status:
            self._reports.put_nowait(StatusChanged(status))
        self._status, self._told_lost = status, False

    async def _let_go(self, monitor: Monitor, path: str) -> None:
        await turns.asked(path)
        self.monitor, self._gives_way = None, True
        await monitor.close()

    async def _take(self, monitor: Monitor, event: MonitorEvent) -> None:
        if event.name == "SHUTDOWN":
            reason = str(event.data.get("reason", ""))
            with suppress(RecordError):  # what is seen now is said all the same
                self.running.record = runs.shut_down(self.running.record, reason)
            self._reports.put_nowait(ShutDown(reason))
        elif event.name in _ASKS_FOR:
            try:
                status = await monitor.status()
            except NoMonitorError:
                return
            if status != self._status:
                self._status = status
                self._reports.put_nowait(StatusChanged(status))
