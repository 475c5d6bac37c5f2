"""The last line: which keys do something here, or what has just happened."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.app import App
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.themes import palette_of

NOTICE_SECONDS = 4.0


class Hint(NamedTuple):
    """A key, what it does, and the action that a click on it runs."""

    key: str
    label: str
    action: str


def _remapped(app: App[Any], hint: Hint) -> Hint:
    """Returns a hint with the key that the user gave its action."""
    from qemutui.ui.keymap import shown_key

    return hint._replace(key=shown_key(app, hint.action, hint.key))


class FooterLine(Widget):
    """One line of hints; a notice covers them, an error stays until a key."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "FooterLine { height: 1; background: $panel; }"

    class Pressed(Message):
        """A hint was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self) -> None:
        super().__init__(id="footer")
        self._hints: Sequence[Hint] = ()
        self._lead = ""
        self._notice: tuple[str, str] | None = None
        self._timer: Timer | None = None
        self._spots: list[tuple[int, int, str]] = []

    def show(self, hints: Sequence[Hint], lead: str = "") -> None:
        """Shows other hints, after a text. The last of them is never dropped for want of room."""
        if self.app._keymap:
            hints = [_remapped(self.app, hint) for hint in hints]
        if (hints, lead) != (self._hints, self._lead):
            self._hints, self._lead = hints, lead
            self.refresh()

    def say(self, text: str, severity: str = "information") -> None:
        """Shows a notice in place of the hints: for some seconds, an error until a key."""
        self._notice = (clean(text), severity)
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if severity != "error":
            self._timer = self.set_timer(NOTICE_SECONDS, self.forget)
        self.refresh()

    @property
    def is_silent(self) -> bool:
        """Whether no notice covers the hints."""
        return self._notice is None

    def key_pressed(self) -> None:
        """Lets an error go."""
        if self._notice is not None and self._notice[1] == "error":
            self.forget()

    def forget(self) -> None:
        """Shows the hints again."""
        if self._notice is not None:
            self._notice = None
            self.refresh()

    def unsay(self, text: str) -> None:
        """Shows the hints again where this notice covers them."""
        if text and self._notice is not None and self._notice[0] == clean(text):
            self.forget()

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app)
        width = self.size.width
        on = palette.on
        rest = on(palette.text, "panel")
        self._spots = []
        if self._notice is not None:
            text, severity = self._notice
            style = palette.of_severity(severity, palette.text)
            sign = {"error": glyphs.ERROR, "warning": glyphs.WARNING}.get(severity, "")
            line = [(f" {sign}{' ' if sign else ''}{text}", on(style, "panel"))]
            return Strip(glyphs.segments(line, width, rest), width)
        last = self._hints[-1:]
        room = width - sum(self._cells(hint) for hint in last)
        lead = glyphs.fit(f" {clean(self._lead)}", max(1, room))
        spans: list[Span] = [(lead, on(palette.title, "panel"))]
        room -= glyphs.span_cells(spans)
        shown: list[Hint] = []
        for hint in self._hints[:-1]:
            if self._cells(hint) > room:
                break
            room -= self._cells(hint)
            shown.append(hint)
        for hint in (*shown, *last):
            start = glyphs.span_cells(spans)
            spans.append((hint.key, on(palette.key, "panel")))
            spans.append((f" {hint.label}", on(palette.muted, "panel")))
            self._spots.append((start, glyphs.span_cells(spans), hint.action))
            spans.append((" " if hint.label.endswith(",") else "  ", rest))
        return Strip(glyphs.segments(spans, width, rest), width)

    @staticmethod
    def _cells(hint: Hint) -> int:
        return cell_len(hint.key) + 1 + cell_len(hint.label) + 2

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        for start, end, action in self._spots:
            if start <= event.x < end:
                self.post_message(self.Pressed(action))
