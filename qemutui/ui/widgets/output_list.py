"""What QEMU and the guest print: the logs of a run, as they grow."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, NamedTuple

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


class Entry(NamedTuple):
    """One row: a line of a log, or a rule or note of our own."""

    text: str
    time: str = ""
    severity: str = ""
    ours: bool = False
    stream: str = ""
    complete: bool = True


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
        self.add([Entry(text, _now(), severity, ours=True)])

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
        self.add([_entry(line, time, stream) for line in lines])

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
                self.entries[at] = entry._replace(severity="error")
                self.row_changed(self._head_rows + at)
                return

    def errors(self) -> list[str]:
        """Returns the error lines of the run that came last, the first one first."""
        found: list[str] = []
        for entry in reversed(self.entries):
            if entry.ours and entry.text.startswith(glyphs.RULE):
                break
            if entry.severity == "error" and not entry.ours:
                found.append(entry.text)
        return found[::-1]

    @property
    def entry(self) -> Entry | None:
        """The row of the cursor."""
        at = self.cursor - self._head_rows
        return self.entries[at] if 0 <= at < len(self.entries) else None

    def go_to_error(self) -> None:
        """Moves the cursor to the last error line."""
        for at in range(len(self.entries) - 1, -1, -1):
            if self.entries[at].severity == "error":
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
        at_end = new >= self.row_count - 1
        if at_end:
            self.new = 0
        self.following = at_end

    @property
    def _head_rows(self) -> int:
        return 1 if self._dropped else 0

    @property
    def row_count(self) -> int:
        return len(self.entries) + self._head_rows if self.entries else 0

    def row_mark(self, index: int) -> Span:
        palette = self.palette
        at = index - self._head_rows
        severity = self.entries[at].severity if at >= 0 else ""
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
        style = {"error": palette.error, "warning": palette.warning}.get(
            entry.severity, palette.muted if entry.ours else palette.text
        )
        spans: list[Span] = []
        if self.size.width >= _TIME_FROM:
            spans.append((f"{entry.time:8}  ", palette.muted))
        spans.append((entry.text, style))
        return spans


def _now() -> str:
    return f"{datetime.now():%H:%M:%S}"


def _entry(line: "Line", time: str, stream: str) -> Entry:
    text = clean_line(line.text)
    if line.dropped:
        text += f" {glyphs.ELLIPSIS} {max(1, line.dropped // 1024)} KB more"
    return Entry(text, time, severity_of(text), stream=stream, complete=line.complete)
