"""Titles of panes: rules with a name, not boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span, fit_spans, span_cells
from qemutui.ui.themes import Ground, palette_of


class _Rule(Widget):
    """One line: a bar, something, a rule that fills the line, something at the right."""

    DEFAULT_CSS = """
    _Rule { height: 1; }
    """

    ALLOW_SELECT = False

    ground: ClassVar[Ground] = "background"
    """What the title stands on."""

    active: reactive[bool] = reactive(False, init=False)
    """Whether the focus is in the pane of this title; the owner says so."""

    asked: reactive[bool] = reactive(False, init=False)
    """Whether a digit is waited for; the owner says so."""

    _right: Sequence[Span] = ()

    def _left(self, room: int) -> list[Span]:
        """Return what stands left of the rule, from column 1 on, at most `room` cells."""
        raise NotImplementedError

    def _least(self) -> int:
        """Return how many cells the left part needs at least, to tell what it is."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Return the line. The right part drops out whole where there is no room."""
        palette = palette_of(self.app)
        width = self.size.width
        bar = glyphs.BAR if self.active else " "
        right = [span for span in self._right if span[0]]
        if right:
            right = [(" ", palette.text), *right, (" ", palette.text)]
        if width - span_cells(right) < self._least() + 1:
            right = []
        # The cell at the very right stays free, as it does above scrollbars.
        room = width - 1 - (span_cells(right) or 1)
        left = self._left(max(0, room))
        line: list[Span] = [(bar, palette.accent), *left]
        gap = room - span_cells(left)
        if gap > 3:
            line += [("  ", palette.text), (glyphs.RULE * (gap - 2), palette.rule)]
        else:
            line.append((" " * gap, palette.text))
        line += right
        on = palette.on
        spans = [(text, on(style, self.ground)) for text, style in line]
        return Strip(glyphs.segments(spans, width, on(palette.text, self.ground)), width)


class Title(_Rule):
    """The title of a pane: `▌2 Devices -device ───── 3 + 1 off`."""

    class Clicked(Message):
        """The title was clicked: what stands at its right end, or the rest of it."""

        def __init__(self, title: Title, at_right: bool) -> None:
            super().__init__()
            self.title = title
            self.at_right = at_right

        @property
        def control(self) -> Title:
            """The title, for the selector of `on`."""
            return self.title

    _digit = ""
    _text = ""
    _given: tuple[str | Sequence[Span], str | Sequence[Span]] = ("", "")
    _detail: Sequence[Span] = ()

    def set(
        self,
        digit: int | None,
        name: str,
        detail: str | Sequence[Span] = "",
        right: str | Sequence[Span] = "",
    ) -> None:
        """Show another title.

        Args:
            digit: The key that goes to this pane, where it has one.
            name: What the pane shows.
            detail: What follows the name; muted where it is one text.
            right: What follows the rule; muted where it is one text.
        """
        self._digit = "" if digit is None else f"{digit} "
        self._text = name
        self._given = detail, right
        self.refresh()

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        right = span_cells(self._right)
        at_right = bool(right) and event.x >= self.size.width - right - 2
        self.post_message(self.Clicked(self, at_right))

    def render_line(self, y: int) -> Strip:
        """Return the line, in the colours of now: nobody sets a dialog's title a second time."""
        muted = palette_of(self.app).muted
        self._detail, self._right = (
            [(text, muted)] if isinstance(text, str) else text for text in self._given
        )
        return super().render_line(y)

    def _least(self) -> int:
        return span_cells([(self._digit, palette_of(self.app).text)]) + len(self._text)

    def _left(self, room: int) -> list[Span]:
        palette = palette_of(self.app)
        digit_style = palette.accent if self.active else palette.muted
        if self.asked:
            digit_style = palette.match
        name_style = palette.key if self.active else palette.title
        spans = [(self._digit, digit_style), (self._text, name_style)]
        spans = fit_spans(spans, room)
        rest = room - span_cells(spans) - 1
        if rest > 3 and any(text for text, _ in self._detail):
            spans += [(" ", palette.text), *fit_spans(self._detail, rest)]
        return spans


class Tab(NamedTuple):
    """A tab of the dock."""

    digit: int
    """The key that opens it."""
    name: str
    findings: Sequence[Span] = ()
    """What follows the name, such as the numbers of problems."""


class TabTitle(_Rule):
    """The titles of panes that share a place: `4 Output  7 Problems ✗1 !1 ── ■ exited 1`."""

    class TabChosen(Message):
        """A tab was clicked."""

        def __init__(self, title: TabTitle, digit: int) -> None:
            super().__init__()
            self.title = title
            self.digit = digit

        @property
        def control(self) -> TabTitle:
            """The title, for the selector of `on`."""
            return self.title

    _tabs: Sequence[Tab] = ()
    _open: int | None = None

    def set(
        self, tabs: Sequence[Tab], open_digit: int | None, right: str | Sequence[Span] = ""
    ) -> None:
        """Show other tabs.

        Args:
            tabs: From left to right.
            open_digit: The tab whose pane is shown, if any is.
            right: What follows the rule; muted where it is one text.
        """
        self._tabs = tuple(tabs)
        self._open = open_digit
        self._right = [(right, palette_of(self.app).muted)] if isinstance(right, str) else right
        self.refresh()

    def _tab_spans(self, tab: Tab) -> list[Span]:
        palette = palette_of(self.app)
        is_open = tab.digit == self._open
        digit = palette.accent if is_open else palette.muted
        spans = [
            (f"{tab.digit}", palette.match if self.asked else digit),
            (" ", palette.text),
            (tab.name, palette.token if is_open else palette.text),
        ]
        return [*spans, (" ", palette.text), *tab.findings] if tab.findings else spans

    def _least(self) -> int:
        # All tabs, and two cells between them.
        tabs = self._tabs
        return sum(span_cells(self._tab_spans(tab)) + 2 for tab in tabs) - 2 * bool(tabs)

    def _left(self, room: int) -> list[Span]:
        gap = ("  ", palette_of(self.app).text)
        spans: list[Span] = []
        for tab in self._tabs:
            spans += [*([gap] if spans else []), *self._tab_spans(tab)]
        return fit_spans(spans, room)

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        start = 1
        for tab in self._tabs:
            end = start + span_cells(self._tab_spans(tab))
            if start <= event.x < end:
                self.post_message(self.TabChosen(self, tab.digit))
                return
            start = end + 2
