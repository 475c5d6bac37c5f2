"""What becomes of a failure of our own: it is said, and the app goes on where it can.

Textual ends the app at any exception, and the loop of the widget that raised it with it. Here an
exception is caught before it leaves the handler that failed, so that the loop lives.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import WorkerFailed

if TYPE_CHECKING:
    from types import TracebackType

AT_ONCE = 1.0
"""Seconds in which the same failure is a second of the same kind: going on makes it no better."""
_MANY = 5
_SOON = 10.0
"""So many failures in so many seconds end the app."""

_LIVES_ON = frozenset({"_tick", "_flush_next_callbacks", "_display", "_refresh_layout"})
"""The functions of Textual that report an exception and go on; after all others a loop is over."""


class Contained(MessagePump):
    """A screen or widget whose handlers may fail without ending it."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except asyncio.CancelledError:
            # Where it is not this loop that is cancelled, but something that it waited for, Textual
            # would end the loop all the same, and the app stand still.
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
        except Exception as error:
            app = self.app
            # What is not mounted yet has nothing to go on with.
            if isinstance(message, (events.Compose, events.Mount)) or not (
                isinstance(app, ContainedApp) and app.contain(error)
            ):
                raise


class ContainedApp(Contained, App[int]):
    """An app that says what failed in it, once it is seen."""

    def __init__(self) -> None:
        super().__init__()
        self._is_seen = False
        self._last_place = ""
        self._failed_at: deque[float] = deque(maxlen=_MANY)

    def on_mount(self) -> None:
        """Takes note, after the first frame, that there is a screen to say a failure on."""

        def seen() -> None:
            self._is_seen = True

        self.call_after_refresh(seen)

    async def on_event(self, event: events.Event) -> None:
        """Gives an event its way; an action that fails does not take the others with it."""
        try:
            await super().on_event(event)
        except Exception as error:
            if not self._is_seen:
                raise
            if not self.contain(error):
                super()._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        first = cause.__traceback__
        lives_on = cause is not error or (
            first is not None and first.tb_frame.f_code.co_name in _LIVES_ON
        )
        if not (lives_on and isinstance(cause, Exception) and self.contain(cause)):
            super()._handle_exception(error)

    def contain(self, error: Exception) -> bool:
        """Shows a failure; False where the app has to end: it repeats, or nothing is seen yet."""
        if os.environ.get("QEMUTUI_DEBUG") or not self._is_seen or self._exit:
            return False
        now, place = time.monotonic(), _place(error)
        last = self._failed_at[-1] if self._failed_at else now - AT_ONCE
        many = len(self._failed_at) == _MANY and now - self._failed_at[0] < _SOON
        self._failed_at.append(now)
        repeats = place == self._last_place and now - last < AT_ONCE
        self._last_place = place
        if repeats or many:
            return False
        from qemutui.ui.screens.fault import show_fault

        self.call_later(show_fault, self, error)
        return True


def _place(error: Exception) -> str:
    at: TracebackType | None = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    line = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at is not None else ""
    return f"{type(error).__name__} {line}"
