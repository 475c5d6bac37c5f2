"""What QEMU and the guest print: the logs of a run, as they grow."""

from collections.abc import Sequence
from datetime import datetime
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from textual.binding import Binding, BindingType

from qemutui.core.errors import severity_of
from qemutui.core.text import clean_line
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from qemutui.host.log import Batch, Line

KEPT = 10_000
"""Lines that are kept for drawing; all others are in the log."""
_TIME_FROM = 60
"""Cells from which each line has its time."""
_TIME_CELLS = 10


class Entry(NamedTuple):
    """One row: a line of a log, or a rule or note of our own."""

    text: str
    time: str = ""
    severity: str = ""
    ours: bool = False
    stream: str = ""
    complete: bool = True
    whole: str = ""
    """The whole line, where this row is a part of one that was wrapped."""
    continues: bool = False
    """Whether it goes on with the line of the row above."""

    @property
    def line(self) -> str:
        """The line that the row is of."""
        return self.whole or self.text


class OutputList(RowList):
    """Follows its end until the cursor moves away, and again from End."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("end", "follow", "follow", show=False, id="output.follow")
    ]

    empty_text = "Nothing printed yet."

    def __init__(self) -> None:
        super().__init__(id="output")
        self.entries: list[Entry] = []
        self.following = True
        self.new = 0
        """Lines that came since the cursor left the end."""
        self._dropped = 0

    def rule(self, text: str) -> None:
        """Begins a run: `── run 7 · pid 4242 ──`."""
        self.add([Entry(f"{glyphs.RULE * 2} {text} {glyphs.RULE * 2}", ours=True)])

    def note(self, text: str, severity: str = "") -> None:
        """Adds a sentence of our own."""
        self.add(self._rows(Entry(text, _now(), severity, ours=True)))

    def add_batch(self, stream: str, batch: "Batch") -> None:
        """Adds what was read of one log; an unfinished line is replaced when it goes on."""
        if not batch.lines and not batch.skipped:
            return
        self._dropped += batch.skipped
        time = _now()
        lines = list(batch.lines)
        for at in range(len(self.entries) - 1, max(-1, len(self.entries) - 4), -1):
            entry = self.entries[at]
            if entry.stream == stream and not entry.complete and lines:
                self.entries[at] = _entry(lines.pop(0), entry.time, stream)
                break
        self.add([row for line in lines for row in self._rows(_entry(line, time, stream))])

    def _rows(self, entry: Entry) -> list[Entry]:
        """Returns the rows of a line: an error is wrapped, for its reason stands at its end."""
        cells = self._room() - (_TIME_CELLS if self.size.width >= _TIME_FROM else 0)
        if entry.severity != "error" or cells < 20 or cell_len(entry.text) <= cells:
            return [entry]
        parts = wrap(entry.text, cells, break_on_hyphens=False)
        return [
            entry._replace(text=part, whole=entry.text, continues=number > 0)
            for number, part in enumerate(parts)
        ]

    def add(self, entries: list[Entry]) -> None:
        """Adds rows at the end."""
        self.entries += entries
        excess = len(self.entries) - KEPT
        if excess > 0:
            del self.entries[:excess]
            self._dropped += excess
        cursor = self.cursor
        if self.following:
            self.rows_changed()
            self.cursor = self.row_count - 1
        else:
            self.new += len(entries)
            self.rows_changed()
            self.cursor = max(0, cursor - max(0, excess))

    def mark_last_error(self) -> None:
        """Marks the last line that QEMU printed as the error that it most likely is."""
        for at in range(len(self.entries) - 1, -1, -1):
            entry = self.entries[at]
            if entry.ours:
                return
            if entry.stream == "stderr" and entry.text:
                if not entry.continues and entry.severity != "error":
                    self.entries[at : at + 1] = self._rows(entry._replace(severity="error"))
                    self.rows_changed()
                return

    def errors(self) -> list[str]:
        """Returns the error lines of the run that came last, the first one first."""
        found: list[str] = []
        for entry in reversed(self.entries):
            if entry.ours and entry.text.startswith(glyphs.RULE):
                break
            if entry.severity == "error" and not entry.ours and not entry.continues:
                found.append(entry.line)
        return found[::-1]

    @property
    def entry(self) -> Entry | None:
        """The row of the cursor."""
        at = self.cursor - self._head_rows
        return self.entries[at] if 0 <= at < len(self.entries) else None

    def go_to_error(self) -> None:
        """Moves the cursor to the last error line."""
        for at in range(len(self.entries) - 1, -1, -1):
            if self.entries[at].severity == "error" and not self.entries[at].continues:
                self.cursor = self._head_rows + at
                self.following = False
                return

    def action_follow(self) -> None:
        """Goes to the end, and follows it."""
        self.following, self.new = True, 0
        self.action_move_last()

    def watch_cursor(self, old: int, new: int) -> None:
        """Stops following where the cursor leaves the end."""
        super().watch_cursor(old, new)
        at_end = new >= 0 and self.row_group(new).stop >= self.row_count
        if at_end:
            self.new = 0
        self.following = at_end

    @property
    def _head_rows(self) -> int:
        return 1 if self._dropped else 0

    def is_selectable(self, index: int) -> bool:
        at = index - self._head_rows
        return at < 0 or not self.entries[at].continues

    def row_group(self, index: int) -> range:
        at, entries = index - self._head_rows, self.entries
        if not 0 <= at < len(entries):
            return range(index, index + 1)
        first = last = at
        while first > 0 and entries[first].continues:
            first -= 1
        while last + 1 < len(entries) and entries[last + 1].continues:
            last += 1
        return range(first + self._head_rows, last + self._head_rows + 1)

    @property
    def row_count(self) -> int:
        return len(self.entries) + self._head_rows if self.entries else 0

    def row_mark(self, index: int) -> Span:
        palette = self.palette
        at = index - self._head_rows
        severity = self.entries[at].severity if at >= 0 and not self.entries[at].continues else ""
        if severity == "error":
            return glyphs.ERROR, palette.error
        return (glyphs.WARNING, palette.warning) if severity else ("", palette.text)

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        palette = self.palette
        at = index - self._head_rows
        if at < 0:
            count = f"{self._dropped:,}".replace(",", " ")
            return [(f"{count} earlier lines are in the log.", palette.muted)]
        entry = self.entries[at]
        plain = palette.muted if entry.ours else palette.text
        style = palette.of_severity(entry.severity, plain)
        spans: list[Span] = []
        if self.size.width >= _TIME_FROM:
            spans.append((f"{'' if entry.continues else entry.time:8}  ", palette.muted))
        spans.append((entry.text, style))
        return spans


def _now() -> str:
    return f"{datetime.now():%H:%M:%S}"


def _entry(line: "Line", time: str, stream: str) -> Entry:
    text = clean_line(line.text)
    if line.dropped:
        text += f" {glyphs.ELLIPSIS} {max(1, line.dropped // 1024)} KB more"
    return Entry(text, time, severity_of(text), stream=stream, complete=line.complete)
