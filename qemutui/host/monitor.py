"""QMP with one run, on qemu.qmp: one client, one connection."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from qemu.qmp import ConnectError, EventListener, ExecuteError, QMPClient, QMPError
from qemu.qmp.message import Message
from qemu.qmp.protocol import Runstate

from qemutui.core.events import MonitorEvent
from qemutui.core.guest import Status

PATIENCE = 5.0
"""Seconds that a command has for its answer."""
_GREETING = 1.0
"""Seconds that QEMU has for its greeting. It has none for a second client, which waits in line."""
_UNREAD = 4096
"""Events that are kept for a reader who does not come."""


class MonitorError(Exception):
    """QEMU refused a command, or could not be asked; the message is one line."""


class NoMonitorError(MonitorError):
    """There is no connection: QEMU is not there, or has another client, or has gone away."""


class NoGreetingError(NoMonitorError):
    """Somebody listens and says nothing: another program may have the monitor."""


class _Inbox(EventListener):
    """Holds the events that nobody has read yet, the last ones; qemu.qmp's own keeps all for good.

    It takes what comes at once, so that a slow reader never holds up an answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self._unread: asyncio.Queue[Message] = asyncio.Queue(_UNREAD)

    async def put(self, event: Message) -> None:
        if self._unread.full():
            self._unread.get_nowait()
        self._unread.put_nowait(event)

    async def get(self) -> Message:
        return await self._unread.get()

    def empty(self) -> bool:
        return self._unread.empty()


class _Client(QMPClient):
    """Takes an event before the greeting for an event, and skips what is no JSON object."""

    def __init__(self, inbox: _Inbox) -> None:
        super().__init__("run")
        self.events.event_filter = lambda _event: False  # the one that keeps all
        self.register_listener(inbox)
        self._early: list[Message] = []

    async def _recv(self) -> Message:
        message = await super()._recv()
        while self.runstate == Runstate.CONNECTING and "event" in message:
            self._early.append(message)
            message = await super()._recv()
        return message

    async def _do_recv(self) -> Message:
        while True:
            with suppress(QMPError):
                return await super()._do_recv()

    async def _establish_session(self) -> None:
        await super()._establish_session()
        early, self._early = self._early, []
        for message in early:
            await self._event_dispatch(message)


class Monitor:
    """A session with the monitor of one run. For one event loop."""

    def __init__(self) -> None:
        self._inbox = _Inbox()
        self._client = _Client(self._inbox)
        self._connecting: asyncio.Future[None] | None = None
        self._lost: asyncio.Future[None] | None = None
        self._closing: asyncio.Future[None] | None = None

    async def connect(self, path: Path | str) -> None:
        """Connects, and negotiates capabilities.

        Raises:
            NoMonitorError: Nobody listens (yet).
            NoGreetingError: No greeting came within a second.
        """
        # In a task of its own: qemu.qmp leaves its socket open where it is cancelled twice.
        self._connecting = asyncio.ensure_future(self._client.connect(str(path)))
        try:
            await asyncio.wait((self._connecting,), timeout=_GREETING)
        except asyncio.CancelledError:
            self._connecting.cancel()
            raise
        if not self._connecting.done():
            await self._give_up()
            raise NoGreetingError("The monitor does not answer; another program may have it.")
        try:
            await self._connecting
        except ConnectError as error:
            said = str(error.exc) or "it closed at once"
            raise NoMonitorError(f"The monitor cannot be reached: {said}.") from error
        except AssertionError:
            # qemu.qmp 0.0.6 asserts that it still stands; a QEMU that ends at once is gone by then.
            raise NoMonitorError("The monitor closed as it was reached.") from None
        self._lost = asyncio.ensure_future(self._watch_connection())

    async def _give_up(self) -> None:
        """Ends an attempt to connect, which cleans up after itself."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait((self._connecting,))
            if not self._connecting.cancelled():
                self._connecting.exception()  # of no interest any more

    async def _watch_connection(self) -> None:
        while self._client.runstate == Runstate.RUNNING:
            await self._client.runstate_changed()

    @property
    def is_connected(self) -> bool:
        """Whether the connection stands."""
        return self._client.runstate == Runstate.RUNNING

    @property
    def version(self) -> str:
        """QEMU's version by its greeting, as `7.2.22`; empty where it does not tell."""
        greeting = self._client.greeting
        version = greeting.QMP.version.get("qemu") if greeting is not None else None
        if not isinstance(version, dict):
            return ""
        parts = [version.get(part) for part in ("major", "minor", "micro")]
        return ".".join(map(str, parts)) if None not in parts else ""

    async def execute(
        self,
        command: str,
        arguments: Mapping[str, object] | None = None,
        patience: float = PATIENCE,
    ) -> Any:
        """Sends a command and returns what QEMU returns for it.

        Raises:
            NoMonitorError: The connection is gone.
            MonitorError: QEMU refused, in its own words; or has not answered in time.
        """
        if not self.is_connected:
            raise NoMonitorError("The monitor has closed.")
        # A write to a QEMU that has just ended throws away what it reported before: that first.
        for _ in range(2):
            await asyncio.sleep(0)
        try:
            async with asyncio.timeout(patience):
                return await self._client.execute(command, arguments)
        except TimeoutError:
            raise MonitorError(f"QEMU has not answered {command} in {patience:g} s.") from None
        except ExecuteError as error:
            raise MonitorError(str(error)) from error
        except (QMPError, OSError, EOFError) as error:
            raise NoMonitorError("The monitor has closed.") from error

    async def status(self) -> Status:
        """Asks whether the guest runs. Raises MonitorError."""
        reply = await self.execute("query-status")
        if not isinstance(reply, dict):
            raise MonitorError("QEMU answers query-status with no object.")
        return Status(str(reply.get("status", "")), reply.get("running") is True)

    async def events(self) -> AsyncIterator[MonitorEvent]:
        """Yields what QEMU reports, from the connection on, until the connection is gone."""
        lost = self._lost
        while lost is not None:
            if self._inbox.empty():
                waiting = asyncio.ensure_future(self._inbox.get())
                try:
                    await asyncio.wait((waiting, lost), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not waiting.done():
                        waiting.cancel()
                if waiting.cancelled() or not waiting.done():
                    if self._inbox.empty():
                        return
                    continue
                message = waiting.result()
            else:
                message = await self._inbox.get()
            yield _event(message)

    async def close(self) -> None:
        """Closes the connection; the run is not touched by it. May be called again, at any time."""
        # qemu.qmp fails an assertion where two close it at once.
        self._closing = self._closing or asyncio.ensure_future(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        if self._lost is not None:
            self._lost.cancel()
        await self._give_up()
        if self._client.runstate != Runstate.IDLE:
            with suppress(QMPError, OSError, EOFError):
                await self._client.disconnect()


def _event(message: Message) -> MonitorEvent:
    data, stamp = message.get("data"), message.get("timestamp")
    return MonitorEvent(
        str(message["event"]),
        cast("dict[str, object]", data) if isinstance(data, dict) else {},
        _time(stamp if isinstance(stamp, dict) else {}),
    )


def _time(stamp: Mapping[str, object]) -> float:
    """Returns seconds since the epoch; QEMU sends -1 for both parts where it has no clock."""
    match stamp.get("seconds"), stamp.get("microseconds"):
        case int(seconds), int(micro) if seconds >= 0 and micro >= 0:
            return seconds + micro / 1_000_000
    return 0.0
