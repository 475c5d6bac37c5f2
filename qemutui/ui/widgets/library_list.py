"""The rows of the library. What they say is read elsewhere, once they are seen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.style import Style
from textual.message import Message

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.library_rows import Row, day
from qemutui.ui.widgets.filtered_list import FilteredList

if TYPE_CHECKING:
    from qemutui.host.about import About
    from qemutui.ui.files_app import Subject


_SIGNS = {
    "starting": glyphs.STARTING,
    "running": glyphs.RUNNING,
    "paused": glyphs.PAUSED,
    "stopping": glyphs.STARTING,
}
"""Of the states of a VM that lives."""


class Columns(NamedTuple):
    """Cells of the columns; the last takes the rest."""

    name: int
    machine: int
    last: int

    @classmethod
    def of(cls, width: int) -> "Columns":
        """Returns the columns of a list of some width."""
        if width >= 100:
            return cls(18, 26, 28)
        return cls(18, 22, 22) if width >= 60 else cls(16, 0, 20)


class LibraryList(FilteredList):
    """One row a profile."""

    class Wanted(Message):
        """Rows are seen of which nothing was read yet."""

    def __init__(self) -> None:
        super().__init__(id="profiles")
        self.all: Sequence[Row] = ()
        self.rows: Sequence[Row] = ()
        self.about: dict[Path, About] = {}
        """What was read, by file."""
        self.wanted_paths: list[Path] = []
        """What is to be read, as rows were drawn."""
        self.states: Mapping[Subject, str] = {}
        """Of profiles that are open, and of runs: `running 00:12:07`, `paused`, `not saved`."""
        self.no_rows = ""

    def show(self, rows: Sequence[Row], states: "Mapping[Subject, str]") -> None:
        """Shows other rows; the cursor stays on the profile that it is on."""
        chosen = self.chosen
        self.all, self.states = rows, states
        self.lay_out()
        self.rows_changed()
        if chosen is not None:
            self.go_to(chosen.subject)

    def go_to(self, subject: "Subject") -> None:
        """Moves to the row of a profile or run, if there is one."""
        self.cursor = self._place(subject, self.cursor)

    def place_of(self, chosen: object) -> int:
        """Returns the row of the same profile or run; the first one where there is none."""
        return self._place(chosen.subject, 0) if isinstance(chosen, Row) else 0

    def _place(self, subject: "Subject", otherwise: int) -> int:
        found = (at for at, one in enumerate(self.rows) if one.subject == subject)
        return next(found, otherwise)

    def lay_out(self) -> None:
        if not self.sought:
            self.rows = self.all
        else:
            self.rows = [row for row in self.all if self.wanted(*self._texts(row))]
        self.empty_text = self.nothing if self.sought else self.no_rows

    def _texts(self, row: Row) -> tuple[str, ...]:
        about = self.about.get(row.path) if row.path is not None else None
        path = str(row.path) if row.kind in ("elsewhere", "library") else row.kind
        return (row.name, path, about.words if about is not None else "")

    def unread(self) -> list[Path]:
        """Returns the files that a search has not looked into yet."""
        paths = [row.path for row in self.all if row.path is not None]
        return [path for path in paths if path not in self.about]

    def take(self, about: "Mapping[Path, About]") -> None:
        """Shows what was read."""
        self.about.update(about)
        chosen = self.chosen
        if self.sought:
            self.lay_out()
        self.rows_changed()
        if self.sought and chosen is not None:
            self.go_to(chosen.subject)

    @property
    def total(self) -> int:
        return len(self.all)

    @property
    def chosen(self) -> Row | None:
        """The profile under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def row_count(self) -> int:
        return len(self.rows)

    def _about(self, row: Row) -> "About | None":
        if row.path is None:
            return None
        about = self.about.get(row.path)
        if about is None:
            if not self.wanted_paths:
                self.post_message(self.Wanted())
            self.wanted_paths.append(row.path)
        return about

    def is_alive(self, row: Row) -> bool:
        """Tells whether a VM of this row lives."""
        return self._state(row).split(" ")[0] in _SIGNS

    def _state(self, row: Row) -> str:
        otherwise = "not saved" if row.kind in ("open", "draft") else ""
        return self.states.get(row.subject, otherwise)

    def _style(self, state: str) -> Style:
        return self.palette.ok if state.startswith("running") else self.palette.warning

    def row_mark(self, index: int) -> Span:
        row, palette = self.rows[index], self.palette
        state = self._state(row)
        about = self.about.get(row.path) if row.path is not None else None
        if (sign := _SIGNS.get(state.split(" ")[0])) is not None:
            return sign, self._style(state)
        if about is not None and about.problem:
            return glyphs.WARNING, palette.warning
        if about is not None and about.last.severity == "error":
            return glyphs.ERROR, palette.error
        return "", palette.text

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        row, palette = self.rows[index], self.palette
        columns = Columns.of(width)
        about = self._about(row)
        name = (glyphs.pad(clean(row.name), columns.name - 1) + " ", palette.title)
        if about is not None and about.problem:
            return [name, (problem_words(about.problem).split("\n")[0], palette.warning)]
        machine = f" {glyphs.DOT} ".join(about.machine) if about is not None else ""
        spans = [name]
        if columns.machine:
            shown = glyphs.pad(clean(machine), columns.machine - 1) + " "
            spans.append((shown, palette.option))
        text, style = self._last(row, about)
        spans.append((glyphs.pad(text, columns.last - 1) + " ", style))
        room = width - glyphs.span_cells(spans)
        where = glyphs.fit_middle(_where(row), room) if room >= 7 else ""
        gap = max(0, room - glyphs.span_cells([(where, palette.muted)]))
        return [*spans, (" " * gap, palette.text), (where, palette.muted)]

    def _last(self, row: Row, about: "About | None") -> Span:
        palette = self.palette
        state = self._state(row)
        if state:
            return state, self._style(state)
        if row.kind == "example":
            return "", palette.muted
        if about is None:
            return glyphs.ELLIPSIS, palette.muted
        last = about.last
        if last.at is None:
            return "never run", palette.muted
        text = f"{last.state} {glyphs.DOT} {day(last.at, datetime.now().astimezone())}"
        return text, palette.error if last.severity == "error" else palette.muted


def problem_words(problem: str) -> str:
    """Returns why a file cannot be read, and the keys that help."""
    if "It is left untouched." in problem:
        return problem
    keys = f"e edits it {glyphs.DOT} r reads it again"
    first, *rest = problem.split("\n")
    return "\n".join([f"{first.rstrip('.')}. {keys}", *rest])


def _where(row: Row) -> str:
    if row.kind == "elsewhere":
        from qemutui.ui.headings import short

        return clean(short(row.path)) if row.path is not None else ""
    return {"example": "example", "library": "library", "run": "no file"}.get(row.kind, "")
