"""The editor of the whole command, and what there is to say about it below."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.text_reading import Said
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.marked_text import MarkedText
from qemutui.ui.widgets.section_list import sign_of

_INDENT = "    "
"""What an option stands behind, on a line of its own."""
_PLACE = 30
"""Cells of the place of a remark."""


class CommandEditor(MarkedText):
    """A command as a shell reads it. Enter applies it, but for one that follows a backslash."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "apply; after a backslash a new line", show=False,
                priority=True, id="command-text.enter"),
        Binding("tab", "screen.apply", "apply", show=False, id="command-text.apply"),
        # Keys of the screen that TextArea would take for selecting.
        Binding("f6", "screen.stop", show=False),
        Binding("f7", "noop", show=False),
    ]  # fmt: skip

    class Entered(Message):
        """Enter was pressed where it begins no line."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "command-text")

    def action_enter(self) -> None:
        """Begins a line after a backslash, as in a shell; else has the command applied."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        before = line[:column]
        backslashes = len(before) - len(before.rstrip("\\"))
        if self.selection.start != self.selection.end or backslashes % 2 == 0:
            self.post_message(self.Entered())
            return
        goes_on = row + 1 < self.document.line_count and not line[column:].strip()
        end = (row, len(line)) if goes_on else (row, column)
        self.replace(f"\n{_INDENT}" + " \\" * goes_on, (row, column), end)
        self.move_cursor((row + 1, len(_INDENT)))

    def action_noop(self) -> None:
        """Does nothing."""

    @property
    def place(self) -> int:
        """The character of the text before which the cursor stands."""
        row, column = self.cursor_location
        lines = (len(self.document.get_line(index)) + 1 for index in range(row))
        return sum(lines) + column


class SaidList(Widget):
    """What there is to say about a command, a row each; a click goes to the words."""

    DEFAULT_CSS = "SaidList { height: auto; background: $surface; }"
    ALLOW_SELECT = False

    class Clicked(Message):
        """A row was clicked."""

        def __init__(self, said: Said) -> None:
            super().__init__()
            self.said = said

    def __init__(self) -> None:
        super().__init__(id="command-said")
        self._said: Sequence[Said] = ()
        self._rows = 0

    def show(self, said: Sequence[Said], most: int) -> None:
        """Shows at most so many rows."""
        rows = min(len(said), most)
        if (said, rows) != (self._said, self._rows):
            self._said = said
            if rows != self._rows:
                self._rows = rows
                self.styles.height = rows
            self.refresh()

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app)
        width = self.size.width
        on = palette.on
        rest = on(palette.text, "surface")
        if y >= len(self._said):
            return Strip.blank(width, rest)
        left = len(self._said) - y
        if y == self._rows - 1 and left > 1:
            spans: list[Span] = [(f"   {left} more. F8 goes through them.", palette.muted)]
        else:
            one = self._said[y]
            style = palette.of_severity(one.severity, palette.accent)
            widest = max(cell_len(clean(one.place)) for one in self._said[: self._rows])
            cells = min(widest + 2, _PLACE, width // 3)
            spans = [
                (f" {sign_of(one.severity)} ", style),
                (glyphs.pad(clean(one.place), cells - 1) + " ", palette.title),
                (clean(one.message), palette.text),
            ]
        return Strip(
            glyphs.segments([(text, on(style, "surface")) for text, style in spans], width, rest),
            width,
        )

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y < len(self._said):
            self.post_message(self.Clicked(self._said[event.y]))
