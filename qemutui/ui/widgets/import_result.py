"""What became of a command: remarks first, then each option with its place in the profile."""

from collections.abc import Sequence

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.command_layout import lay_out
from qemutui.ui.glyphs import Span
from qemutui.ui.import_rows import ImportRow
from qemutui.ui.widgets.row_list import RowList

_WRAPPED = 300
"""Rows up to which options are wrapped; in longer lists each is one line, cut where it must be."""
_WIDE = 54


class _Line(list[Span]):
    """A drawn line; a list of its own for each, told apart by the row that it belongs to."""

    def __init__(self, row: int, spans: Sequence[Span] = ()) -> None:
        super().__init__(spans)
        self.row = row


class ImportResult(RowList):
    """The rows of an import, each on as many lines as it needs."""

    empty_text = (
        "Paste or type a command: a line of a shell or a script, of ps or of a log, a JSON list."
    )

    def __init__(self) -> None:
        super().__init__(id="import-result")
        self.rows: Sequence[ImportRow] = ()
        self._lines: list[_Line] = []
        self._starts: list[int] = []

    def show(self, rows: Sequence[ImportRow]) -> None:
        """Shows other rows, the cursor on the first."""
        self.rows = rows
        self._lay_out()
        self.cursor = 0

    def on_resize(self) -> None:
        """Wraps anew."""
        self._lay_out()

    @property
    def chosen(self) -> ImportRow | None:
        """The row under the cursor."""
        return (
            self.rows[self._lines[self.cursor].row] if 0 <= self.cursor < len(self._lines) else None
        )

    def _lay_out(self) -> None:
        width = max(20, self._room())
        self._lines = []
        self._starts = []
        wraps = len(self.rows) <= _WRAPPED
        for index, row in enumerate(self.rows):
            self._starts.append(len(self._lines))
            self._lines += [_Line(index, line) for line in self._drawn(row, width, wraps)]
        self._starts.append(len(self._lines))
        self.rows_changed()

    def _drawn(self, row: ImportRow, width: int, wraps: bool) -> list[list[Span]]:
        palette = self.palette
        if not row.place:
            return [[(line, palette.text)] for line in glyphs.wrap(clean(row.text), width)]
        cells = 20 if width >= _WIDE else 14
        lines: list[list[Span]] = []
        if row.option is None:
            lines.append([(clean(row.text), palette.text)])
        elif wraps:
            lines += [
                [(p.text, palette.option if p.is_option else palette.text) for p in pieces]
                for pieces in lay_out(row.option, max(12, width - cells))
            ]
        else:
            lines.append([(clean(row.text), palette.text)])
        if row.was:
            lines.append([(f"was {clean(row.was)}", palette.muted)])
        place = glyphs.pad(clean(row.place), cells - 1) + " "
        first = (place, palette.muted if row.place == "Extra" else palette.title)
        blank = (" " * cells, palette.text)
        return [[blank if number else first, *line] for number, line in enumerate(lines)]

    @property
    def row_count(self) -> int:
        return len(self._lines)

    def is_selectable(self, index: int) -> bool:
        return self._starts[self._lines[index].row] == index

    def row_group(self, index: int) -> range:
        row = self._lines[index].row
        return range(self._starts[row], self._starts[row + 1])

    def row_mark(self, index: int) -> Span:
        row = self.rows[self._lines[index].row]
        if not self.is_selectable(index):
            return "", self.palette.text
        if not row.place:
            return glyphs.WARNING, self.palette.warning
        return (glyphs.CHANGED if row.was else ""), self.palette.accent

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        return self._lines[index]
