"""A key that waits for a second one: the footer lists what may follow, Escape leaves it."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from textual import events

from qemutui.ui.screens.sized import SizedScreen
from qemutui.ui.widgets.footer_line import Hint

Took = Literal["done", "more", "pass"]
"""What became of a key: it was the last, more may follow, or it means what it always does."""


class Waiting(NamedTuple):
    """What the keys that follow mean, until one of them is the last."""

    lead: str
    """What the footer begins with: `Copy as …`."""
    hints: tuple[Hint, ...]
    """What may follow; a click on one is its key."""
    take: Callable[[str, str | None], Took]
    """Is given each key: Textual's name of it, and its character."""
    ended: Callable[[], None] | None = None
    """Is called once no key is waited for any more."""


def press(key: str) -> str:
    """Returns the action that a click on the hint of a key runs."""
    return f"press_key({key!r})"


class WaitingScreen(SizedScreen):
    """A screen whose next keys may be taken before anything that has the focus sees them."""

    waiting: Waiting | None = None

    def wait_for(self, waiting: Waiting) -> None:
        """Takes the keys that come next, in place of those that were waited for."""
        self.stop_waiting()
        self.waiting = waiting
        self.footer.forget()
        self.show_hints()

    def stop_waiting(self) -> None:
        """Takes no more keys."""
        waiting, self.waiting = self.waiting, None
        if waiting is None:
            return
        if waiting.ended is not None:
            waiting.ended()
        self.show_hints()

    def show_hints(self) -> None:
        """Shows in the footer what the keys do."""
        if self.waiting is not None:
            self.footer.show(self.waiting.hints, self.waiting.lead)

    def take_key(self, key: str, character: str | None) -> bool:
        """Takes a key, if one is waited for; tells whether it was taken."""
        waiting = self.waiting
        if waiting is None:
            return False
        took = waiting.take(key, character)
        if took == "done" and self.waiting is waiting:
            self.stop_waiting()
        return took != "pass"

    def action_press_key(self, key: str) -> None:
        """Takes the key whose hint was clicked."""
        self.take_key(key, key if len(key) == 1 else None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Waits no more where something else was clicked."""
        if not self.footer.region.contains(event.screen_x, event.screen_y):
            self.stop_waiting()
