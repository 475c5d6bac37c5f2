"""A text of many lines that is typed or pasted, and of which parts can be marked."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import TextArea

from qemutui.core.text import clean
from qemutui.ui.faults import Contained

MOST = 1 << 20
"""Characters that are taken at most; a screen that held more would lag."""
LONGEST = 1 << 16
"""Characters that a line has at most: each key wraps its line anew."""


class Marked(NamedTuple):
    """A part of the text, from one character to before another, and how it looks."""

    start: int
    end: int
    style: Style


class MarkedText(Contained, TextArea):
    """An editor for a command. Control characters are drawn as pictures and kept as they are."""

    DEFAULT_CSS = """
    MarkedText {
        border: none; padding: 0 1 0 3; background: $background; color: $text;
        &:focus { border: none; }
    }
    """

    MOST: ClassVar[int] = MOST

    class TooMuch(Message):
        """Something was pasted that does not fit; the text is as it was."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    class Pasted(Message):
        """Something was pasted into the empty text."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(
            text, id=name, compact=True, tab_behavior="focus", highlight_cursor_line=False,
            soft_wrap=True, show_line_numbers=False,
        )  # fmt: skip
        self.cursor_blink = False
        self._marks: dict[int, list[Marked]] = {}

    def get_line(self, line_index: int) -> Text:
        """Returns a line, safe to draw; it has as many characters as the real one."""
        line = Text(clean(self.document.get_line(line_index)), end="", no_wrap=True)
        for mark in self._marks.get(line_index, ()):
            line.stylize(mark.style, mark.start, mark.end)
        return line

    def mark(self, marks: Sequence[Marked]) -> None:
        """Marks other parts of the text."""
        starts = self._starts() if marks else [0]
        self._marks = {}
        for start, end, style in marks:
            first = bisect_right(starts, start) - 1
            last = bisect_right(starts, max(start, end - 1)) - 1
            for line in range(first, last + 1):
                at = starts[line]
                self._marks.setdefault(line, []).append(
                    Marked(max(0, start - at), max(1, end - at), style)
                )
        self._line_cache.clear()
        self.refresh()

    def go_to(self, place: int) -> None:
        """Moves to a character of the text, by its number."""
        starts = self._starts()
        line = bisect_right(starts, place) - 1
        self.move_cursor((line, place - starts[line]))

    def _starts(self) -> list[int]:
        starts = [0]
        for index in range(self.document.line_count - 1):
            starts.append(starts[-1] + len(self.document.get_line(index)) + 1)
        return starts

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = unified(event.text)
        refused = too_much(text, len(self.text))
        if refused:
            self.post_message(self.TooMuch(refused))
            return
        was_empty = not self.text.strip()
        result = self.replace(text, *sorted(self.selection))
        self.move_cursor(result.end_location)
        if was_empty:
            self.post_message(self.Pasted())


def unified(text: str) -> str:
    """Returns a text with line feeds alone as line ends: a terminal pastes carriage returns."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def too_much(text: str, before: int = 0) -> str:
    """Says why a text cannot be taken beside so many characters; nothing where it can."""
    if len(text) + before > MOST:
        size = (len(text) + before) / MOST
        return f"{size:.1f} million characters are more than fit here. Use qemutui import < FILE."
    if len(text) > LONGEST and max(map(len, text.split("\n"))) > LONGEST:
        return "A line is longer than 65 536 characters. Use qemutui import < FILE."
    return ""
