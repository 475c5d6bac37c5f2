"""Gives each key to what has the focus once the keys before it have done their work.

Textual gives a key to what has the focus when the key arrives. Keys that arrive together, as over
a slow line, would all go to the same widget: what follows the key that opens an editor would be
taken for commands of the list behind it.
"""

import asyncio
import time
from collections import deque

from textual import events
from textual.message_pump import MessagePump

from qemutui.ui.screens.waiting import WaitingScreen
from qemutui.ui.terminal_app import TerminalApp

_PATIENCE = 0.5
"""Seconds after which a key no longer waits for the one before it."""
_ROUNDS = 4
"""How often the focus may move on after one key."""


class TypeAhead(TerminalApp):
    """An app whose keys wait for each other."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: deque[events.Key] = deque()
        self._typing: asyncio.Task[None] | None = None
        self.typed_at = 0.0
        """When the last key came, on the monotonic clock."""

    async def on_event(self, event: events.Event) -> None:
        """Queues a key that comes from the terminal; all other events go their way."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self.typed_at = time.monotonic()
        self._keys.append(event)
        if self._typing is None or self._typing.done():
            self._typing = asyncio.create_task(self._type())

    async def _type(self) -> None:
        while self._keys:
            event = self._keys.popleft()
            before = None
            screen = self.screen
            if not (
                isinstance(screen, WaitingScreen) and screen.take_key(event.key, event.character)
            ):
                await super().on_event(event)
            # What a key opens or closes has work of its own, which the next key waits for too.
            for _ in range(_ROUNDS):
                target = self.focused or self.screen
                if target is before:
                    break
                before = target
                await self._settled(target)

    async def _settled(self, target: MessagePump) -> None:
        """Waits until a key has gone its way: through its widget, up to the app, and back.

        Each is passed twice at its ends: what a key makes a widget post, or the app focus, stands
        in the queue behind the first mark.
        """
        chain: list[MessagePump] = [target]
        node = target
        while (parent := node._parent) is not None:
            chain.append(parent)
            node = parent
        for pump in (target, *chain, self):
            passed = asyncio.Event()
            if not pump.is_running or not pump.call_later(passed.set):
                continue
            try:
                async with asyncio.timeout(_PATIENCE):
                    await passed.wait()
            except TimeoutError:
                return
