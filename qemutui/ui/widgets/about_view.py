"""What the marked profile of the library is: its command and its last error."""

from collections.abc import Sequence

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.row_list import RowList

_SEEN = 4
"""Characters for each cell of a row that are looked at of a word: it is cut at the row's end."""


class AboutView(RowList, can_focus=False):
    """Words in their styles, wrapped; the rows cannot be chosen."""

    def __init__(self) -> None:
        super().__init__(id="about")
        self._parts: Sequence[Sequence[Span]] = ()
        self._lines: list[list[Span]] = []

    def show(self, parts: Sequence[Sequence[Span]]) -> None:
        """Shows other paragraphs, each a row of words; texts are made safe here."""
        self._parts = parts
        self.on_resize()

    def on_resize(self) -> None:
        """Wraps anew."""
        width = max(20, self.size.width - self.text_column - 1)
        self._lines = []
        for words in self._parts:
            self._lines += _wrapped(words, width)
        self.rows_changed()

    @property
    def row_count(self) -> int:
        return len(self._lines)

    def is_selectable(self, index: int) -> bool:
        return False

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        return self._lines[index]


def _wrapped(words: Sequence[Span], width: int) -> list[list[Span]]:
    lines: list[list[Span]] = [[]]
    taken = 0
    for text, style in words:
        shown = clean(text[: _SEEN * width])
        cells = glyphs.span_cells([(shown, style)])
        if lines[-1] and taken + cells > width:
            lines.append([])
            taken = 0
        lines[-1].append((shown + " ", style))
        taken += cells + 1
    return lines
