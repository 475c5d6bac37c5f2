"""Stops a run step by step, each harder than the one before."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, suppress

from qemutui.core.events import Refused, Stepped, Stopping, Stuck
from qemutui.core.guest import can_power_down
from qemutui.core.stopping import LAST, SHORT, Step
from qemutui.host.monitor import Monitor, MonitorError
from qemutui.host.process import Running

_COMMANDS = {1: "system_powerdown", 2: "quit"}
_SIGNALS = {3: signal.SIGTERM, 4: signal.SIGKILL}
_ANSWER = 1.0
"""Seconds that QEMU has to say that it has understood."""


class Ladder:
    """One run that is being stopped."""

    def __init__(
        self,
        running: Running,
        session: Callable[[], AbstractAsyncContextManager[Monitor]],
        patience: float,
        first: Step = 1,
    ) -> None:
        """Begins below `first`; `climb` takes the steps.

        Args:
            running: The run.
            session: Gives a session with its monitor, or raises NoMonitorError.
            patience: Seconds that the guest has to power down.
            first: The step to begin with.
        """
        self._running, self._session, self._patience = running, session, patience
        self.step: int = first - 1
        """The step that was taken last; 0 before the first."""
        self._hurry = asyncio.Event()

    def harder(self) -> None:
        """Goes on to the next step without waiting for this one."""
        self._hurry.set()

    async def climb(self) -> AsyncGenerator[Stopping, None]:
        """Takes the steps, and reports each; a step that cannot be taken is left out.

        The last report is Exited, or why there is none: Refused, Stuck. Closing it early leaves
        the run with what it was told.
        """
        while self.step < LAST:
            self.step += 1
            self._hurry.clear()
            try:
                taken = await self._take()
            except PermissionError:
                text = f"pid {self._running.pid} belongs to another user and cannot be signalled."
                yield Refused(text)
                return
            if not taken and self.step < LAST and self._running.poll() is None:
                continue
            patience = self._patience if self.step == 1 else SHORT
            yield Stepped(self.step, patience)
            if await self._ends_within(patience):
                yield await self._running.ended()
                return
        yield Stuck(self._running.pid)

    async def _take(self) -> bool:
        if self.step in _SIGNALS:
            number = _SIGNALS[self.step]
            sent = self._running.send(number)
            if sent:
                self._running.note_stop(number.name)
            return sent
        return await self._tell(_COMMANDS[self.step])

    async def _tell(self, command: str) -> bool:
        """Sends a command over the monitor; False where that is of no use."""
        try:
            async with self._session() as monitor, asyncio.timeout(_ANSWER):
                if self.step == 1 and not can_power_down(await monitor.status()):
                    return False
                # Noted before: who watches may read it as soon as QEMU ends.
                self._running.note_stop(command)
                await monitor.execute(command)
        except (MonitorError, TimeoutError):
            # It may have gone away because it obeys.
            return self._running.poll() is not None
        return True

    async def _ends_within(self, patience: float) -> bool:
        """Waits until the run is over, or its time is, or somebody hurries."""
        ended = asyncio.ensure_future(self._running.ended())
        hurried = asyncio.ensure_future(self._hurry.wait())
        try:
            done, _ = await asyncio.wait(
                (ended, hurried), timeout=patience, return_when=asyncio.FIRST_COMPLETED
            )
            return ended in done
        finally:
            for task in (ended, hurried):
                if not task.done():
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task
