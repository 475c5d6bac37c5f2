"""A program for a terminal: an overlay is moved in the way that Textual does not notice."""

import asyncio

from textual import events
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from qemutui.ui.widgets.overlay import Overlay


class Over(Static, Overlay):
    """The overlay, a word wide."""

    DEFAULT_CSS = "Over { position: absolute; layer: over; width: 8; height: 1; }"


class MovingApp(App[None]):
    """Moves its overlay a line down by each key, which is the turns of the loop until it asks."""

    CSS = "Screen { layers: base over; } VerticalScroll { scrollbar-size: 0 0; }"

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static("\n".join(["ground"] * 100))
            yield Static("out of sight", id="below")
        yield Over("overlaid")

    async def on_key(self, event: events.Key) -> None:
        """Moves it as a form does that has drawn what nobody sees, and asks where its rows are."""
        turns = int(event.key)
        over = self.query_one(Over)
        over.styles.offset, over.styles.width = (0, turns + 1), 9 + turns
        self.screen._compositor.update_widgets({self.query_one("#below")})
        for _ in range(turns):
            await asyncio.sleep(0)
        assert self.query_one(VerticalScroll).region


if __name__ == "__main__":
    MovingApp().run()
