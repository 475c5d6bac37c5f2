"""The form: the fields of a section, or the properties of an item."""

from collections.abc import Sequence
from typing import Literal

from rich.cells import cell_len
from rich.style import Style

from qemutui.core.keyval import Path
from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.sections import Row
from qemutui.ui.widgets.filtered_list import FilteredList
from qemutui.ui.widgets.section_list import sign_of

_HELP_FROM = 84
"""Cells from which help, and findings, have a column of their own."""
_Part = Literal["row", "finding", "heading"]


def _form_of(rows: Sequence[Row]) -> Path:
    """Returns the path of the item whose properties these rows are, else of the first's table."""
    path = rows[0].path if rows else ()
    return path[:2] if len(path) > 2 and isinstance(path[1], int) else path[:1]


class PropertyList(FilteredList):
    """Rows of name, value, type and help; under a row, or beside it, what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(id="properties")
        self.rows: list[Row] = []
        self._marks = Marks()
        self._typing = False
        self._lines: list[tuple[int, _Part]] = []
        """Each line drawn: the row, and whether it is that row's finding, or a heading above it."""
        self._first: dict[int, int] = {}
        self._offered = 0
        """How many of the rows that are shown stand below `Not set`."""
        self._below = True
        """Whether findings stand under their rows."""
        self._beside: Sequence[str] = ()
        self._editor_cells = 0

    def say_beside(self, texts: Sequence[str]) -> None:
        """Says something beside the row of the cursor while it is typed into: the first of the
        texts that has room. A finding goes before it."""
        if texts != self._beside:
            self._beside = texts
            self.row_changed(self.cursor)

    def make_room(self, cells: int) -> None:
        """Has what stands beside the value of the cursor's row begin behind an editor so wide."""
        if cells != self._editor_cells:
            self._editor_cells = cells
            self.row_changed(self.cursor)

    def show(self, rows: list[Row], marks: Marks) -> None:
        """Shows other rows; the cursor stays on the same field where it is still there.

        In another item it goes to the property of the same name, in another form to the first row.
        """
        field, before = self.path, _form_of(self.rows)
        self.rows, self._marks, self._typing = rows, marks, False
        self.lay_out()
        self.rows_changed()
        form = _form_of(rows)
        if field is not None and form and form != before:
            self.cursor = 0
            field = (*form, *field[2:]) if len(form) == 2 and field[:1] == form[:1] else None
        self._keep(field)

    def show_marks(self, marks: Marks) -> None:
        """Shows other findings under an open editor: fixes are for when it is closed."""
        cursor = self.row
        self._marks, self._typing = marks, True
        self.lay_out()
        self.rows_changed()
        self._keep(cursor.path if cursor is not None else None)

    def explain(self, row: Row) -> None:
        """Shows a row of the list as it is now, where it was."""
        for index, old in enumerate(self.rows):
            if old.path == row.path and not old.adds:
                self.rows[index] = row
                if index in self._first:
                    self.row_changed(self._first[index])

    def lay_out(self) -> None:
        """Finds the rows to be shown, and the findings below them."""
        lines: list[tuple[int, _Part]] = []
        self._first = {}
        self._below = not self._has_help
        self._offered = 0
        for index, row in enumerate(self.rows):
            if not self.wanted(row.label, row.value, row.kind, row.help):
                continue
            if row.is_offered:
                self._offered += 1
                if self._offered == 1:
                    lines.append((index, "heading"))
            self._first[index] = len(lines)
            lines.append((index, "row"))
            if self._below and not row.adds and self._marks.at(row.path):
                lines.append((index, "finding"))
        self._lines = lines
        self.empty_text = self.nothing if self.sought else ""

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def chosen(self) -> Path | None:
        return self.path

    def place_of(self, chosen: object) -> int:
        paths = {self.rows[index].path: line for index, line in self._first.items()}
        return next((line for path, line in paths.items() if path == chosen), 0)

    @property
    def _has_help(self) -> bool:
        return self.size.width - self.text_column >= _HELP_FROM - self.text_column

    def on_resize(self) -> None:
        """Moves findings between the help column and rows of their own."""
        if self._below == (not self._has_help):
            return
        row = self.row
        self.lay_out()
        self.rows_changed()
        self._keep(row.path if row is not None else None)

    @property
    def row(self) -> Row | None:
        """The row of the cursor."""
        if 0 <= self.cursor < len(self._lines):
            return self.rows[self._lines[self.cursor][0]]
        return None

    @property
    def path(self) -> Path | None:
        """The field of the cursor."""
        row = self.row
        return row.path if row is not None else None

    def beyond(self, step: int) -> Path | None:
        """Returns the field so many rows below the cursor, or above it; None past the ends."""
        shown = list(self._first)
        here = self.row
        at = next((at for at, index in enumerate(shown) if self.rows[index] is here), -1) + step
        return self.rows[shown[at]].path if here is not None and 0 <= at < len(shown) else None

    def go_to(self, path: Path) -> bool:
        """Moves the cursor to the row of a field, or of what it lies in; False: there is none.

        A filter that leaves the row out is cleared.
        """
        index = self._index_of(path)
        if index is None:
            return False
        if index not in self._first:
            self.seek("")
        self.cursor = self._first[index]
        return True

    def _keep(self, path: Path | None) -> None:
        """Moves the cursor to a field where it is shown."""
        index = self._index_of(path) if path is not None else None
        if index in self._first:
            self.cursor = self._first[index]

    def _index_of(self, path: Path) -> int | None:
        for length in range(len(path), 0, -1):
            for index, row in enumerate(self.rows):
                if row.path == path[:length] and (not row.adds or length == len(path)):
                    return index
        return next(
            (index for index, row in enumerate(self.rows) if row.path[: len(path)] == path), None
        )

    def value_cells(self) -> tuple[int, int]:
        """Returns where in a row the value stands: its first cell, and how many it has."""
        name, value, _ = self._columns(self.size.width - self.text_column)
        return self.text_column + name, value

    def _columns(self, width: int) -> tuple[int, int, int]:
        if self._has_help:
            return 21, 22, 10
        name = min(18, max(8, width // 3))
        return name, name, 0

    @property
    def row_count(self) -> int:
        return len(self._lines)

    def is_selectable(self, index: int) -> bool:
        return self._lines[index][1] == "row"

    def row_group(self, index: int) -> range:
        if not 0 <= index < len(self._lines) or self._lines[index][1] == "heading":
            return range(index, index + 1)
        first = self._first[self._lines[index][0]]
        last = first + 1
        if last < len(self._lines) and self._lines[last][1] == "finding":
            last += 1
        return range(first, last)

    def row_mark(self, index: int) -> Span:
        row, part = self._lines[index]
        found = self._marks.at(self.rows[row].path)
        if part != "row" or not found or self.rows[row].adds:
            return "", self.palette.text
        return sign_of(found[0].severity), self._style_of(found[0].severity)

    def _style_of(self, severity: str) -> Style:
        return self.palette.of_severity(severity, self.palette.muted)

    def _finding(self, row: Row) -> list[Span]:
        finding = self._marks.at(row.path)[0]
        style = self._style_of(finding.severity)
        spans = [(f"{sign_of(finding.severity)} {clean(finding.message)}", style)]
        if finding.fix is not None and not self._typing:
            palette = self.palette
            spans += [(" f", palette.key), (f" {clean(finding.fix.label)}", palette.accent)]
        return spans

    @property
    def shows_finding(self) -> bool:
        """Whether the worst finding of the cursor's row has room beside or below it."""
        row = self.row
        if row is None or row.adds or not self._marks.at(row.path):
            return False
        room = self._room()
        columns = sum(self._columns(room)) if self._has_help else 0
        return glyphs.span_cells(self._finding(row)) <= room - columns

    def _heading(self, name: int, value: int, kind: int) -> list[Span]:
        count = f"Not set {glyphs.DOT} {self._offered}"
        spans = [
            (glyphs.pad(count, name - 1) + " ", self.palette.title),
            (glyphs.pad("default", value - 1) + " ", self.palette.muted),
            (glyphs.pad("type", kind - 1) + " " if kind else "type", self.palette.muted),
        ]
        return [*spans, ("/ filters", self.palette.muted)] if kind else spans

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        at, part = self._lines[index]
        row = self.rows[at]
        palette = self.palette
        name, value, kind = self._columns(width)
        if part == "heading":
            return self._heading(name, value, kind)
        if part == "finding":
            # A sentence that is wider than what is right of the name begins further left.
            finding = self._finding(row)
            indent = max(0, min(name, width - glyphs.span_cells(finding)))
            return [(" " * indent, palette.text), *finding]
        name_style = palette.option if row.is_set else palette.muted
        value_style = palette.text if row.is_set else palette.muted
        if index == self.cursor:
            value = max(value, self._editor_cells)
        spans: list[Span] = [
            (glyphs.pad(clean(row.label), name - 1) + " ", name_style),
            (glyphs.pad(clean(row.value), value - 1) + " ", value_style),
        ]
        is_typed = index == self.cursor and not self._marks.at(row.path)
        beside = self._beside if is_typed else ()
        if not kind:
            return [*spans, self._said(beside, width - name - value, clean(row.kind or row.help))]
        spans.append((glyphs.pad(clean(row.kind), kind - 1) + " ", palette.muted))
        if not row.adds and self._marks.at(row.path):
            return [*spans, *self._finding(row)]
        return [*spans, self._said(beside, width - name - value - kind, clean(row.help))]

    def _said(self, texts: Sequence[str], room: int, otherwise: str) -> Span:
        if not texts:
            return otherwise, self.palette.muted
        text = next((text for text in texts if cell_len(text) <= room), texts[-1])
        is_warning = text.startswith(f"{glyphs.WARNING} ")
        return text, self.palette.warning if is_warning else self.palette.text
