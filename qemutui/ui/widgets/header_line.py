"""The first line: what is edited, whether it is saved, what runs, and the button."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.themes import palette_of


class Part(NamedTuple):
    """A part of the header: what it says, what a click on it does, and what it gives way to."""

    spans: Sequence[Span]
    action: str = ""
    rank: int = 0
    """Parts with a higher rank drop out first where there is no room."""


class HeaderLine(Widget):
    """One line, drawn: parts at the left, parts at the right, the button at the very right."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "HeaderLine { height: 1; background: $panel; }"

    class Pressed(Message):
        """A part that does something was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self) -> None:
        super().__init__(id="header")
        self._left: Sequence[Part] = ()
        self._right: Sequence[Part] = ()
        self._spots: list[tuple[int, int, str]] = []

    def show(self, left: Sequence[Part], right: Sequence[Part]) -> None:
        """Shows other parts; texts are clean already."""
        self._left, self._right = left, right
        self.refresh()

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app)
        width = self.size.width
        left, right = list(self._left), list(self._right)
        while self._cells(left) + self._cells(right) > width:
            droppable = [part for part in (*left, *right) if part.rank]
            if not droppable:
                break
            last = max(droppable, key=lambda part: part.rank)
            left = [part for part in left if part is not last]
            right = [part for part in right if part is not last]
        excess = self._cells(left) + self._cells(right) - width
        if excess > 0 and left:
            # The button is worth more than the end of a long name.
            text, style = left[0].spans[0]
            name = glyphs.fit(text, max(2, glyphs.span_cells(left[0].spans) - excess))
            left[0] = left[0]._replace(spans=[(name, style)])
        gap = max(0, width - self._cells(left) - self._cells(right))
        spans: list[Span] = []
        self._spots = []
        for part in (*left, Part([(" " * gap, palette.text)]), *right):
            start = glyphs.span_cells(spans)
            spans += part.spans
            if part.action:
                self._spots.append((start, glyphs.span_cells(spans), part.action))
        on = palette.on
        line = [(text, on(style, "panel")) for text, style in spans]
        return Strip(glyphs.segments(line, width, on(palette.text, "panel")), width)

    @staticmethod
    def _cells(parts: Sequence[Part]) -> int:
        return sum(glyphs.span_cells(part.spans) for part in parts)

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        for start, end, action in self._spots:
            if start <= event.x < end:
                self.post_message(self.Pressed(action))
