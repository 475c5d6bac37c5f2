"""What was printed, as the rows that show it: the last lines of some logs, and words of our own.

A flood may bring more lines than anybody sees: what a line looks like is found out when its row
is drawn, not when it comes.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from qemutui.core.severity import severity_of
from qemutui.core.text import clean
from qemutui.ui import glyphs

if TYPE_CHECKING:
    from qemutui.host.log import Line

KEPT = 10_000
"""Lines that are kept for drawing; all others are in the log."""
KEPT_CHARACTERS = 4 << 20
"""Characters of them all: of long lines fewer are kept."""
_LEAST_WRAPPED = 20
"""Cells below which no line is wrapped."""
_WIDE = (
    "[\u1100-\u115f\u231a-\u23ff\u25fd-\u2b55\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
    "\uff00-\uff60\uffe0-\uffe6\U00016fe0-\U0001b2ff\U0001f000-\U0003ffff]"
)
"""What may take two cells."""


class Source:
    """One log whose lines are shown. Not frozen: the pane is its only owner."""

    def __init__(self, name: str) -> None:
        self.name = name
        """`stdout` or `stderr`."""
        self.total = 0
        """Complete lines of the log, as far as they are counted."""
        self.shown = 0
        """Complete lines of it that are kept."""
        self.gap = 0
        """Bytes whose lines are not counted yet."""
        self.fills = True
        """Whether the lines before the first that is kept may come too."""
        self.is_open = False
        """Whether the last line was not complete when it came."""
        self.is_dated = True
        """Whether lines come as they are printed: the time when they come is theirs."""


class Entry(NamedTuple):
    """A line of a log, or a rule or note of our own."""

    raw: str
    """As it was printed, but tabs are spaces; not safe to draw."""
    time: str = ""
    severity: str = ""
    source: Source | None = None
    """None for what is our own."""
    complete: bool = True
    dropped: int = 0
    """Bytes of the line that follow and are only in the log."""
    is_rule: bool = False

    @property
    def text(self) -> str:
        """The whole of it, safe to draw."""
        return clean(self.raw) + self.more

    @property
    def more(self) -> str:
        """What is said of the rest of a long line."""
        if not self.dropped:
            return ""
        return f" {glyphs.ELLIPSIS} {count(max(1, self.dropped // 1024))} KB more"

    @property
    def ours(self) -> bool:
        """Whether it is a sentence of our own."""
        return self.source is None

    @property
    def stream(self) -> str:
        """The name of the log that it is of."""
        return "" if self.source is None else self.source.name


class Row(NamedTuple):
    """One row: an entry, or a part of it, from character `start` up to `end`."""

    entry: Entry
    start: int
    end: int
    continues: bool = False
    """Whether it goes on with the entry of the row above."""


def count(number: int) -> str:
    """Returns a number as it is read easily: `18 204`."""
    return f"{number:,}".replace(",", " ")


def rule_of(number: int, binary: str, pid: int | None, *more: str) -> Entry:
    """Returns what a run begins with: `run 7 · 7.2.22 · pid 4242`.

    Args:
        number: Of the run.
        binary: Its version where that is known, else the path.
        pid: None where there was no process.
        more: What else is said, such as when it began.
    """
    name = binary.rsplit("/", 1)[-1].removeprefix("qemu-system-")
    parts = [f"run {number}", name, *([f"pid {pid}"] if pid is not None else []), *more]
    return Entry(f" {glyphs.DOT} ".join(parts), is_rule=True)


def entry_of(line: "Line", time: str, source: Source) -> Entry:
    """Returns the entry of a line of a log."""
    raw = line.text.rstrip("\r\n")
    if "\t" in raw:
        raw = raw.expandtabs(8)
    return Entry(raw, time, severity_of(raw), source, line.complete, line.dropped)


class Printed:
    """The last lines, in rows. Whatever is added or dropped, the rest is not touched."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.sources: list[Source] = []
        self._cells = 0
        self._wraps = False
        self._lines = 0
        self._characters = 0

    @property
    def entries(self) -> list[Entry]:
        """All lines, rules and notes."""
        return [row.entry for row in self.rows if not row.continues]

    @property
    def lines(self) -> int:
        """How many entries there are."""
        return self._lines

    @property
    def is_full(self) -> bool:
        """Whether the next line pushes the first one out."""
        return self._lines >= KEPT or self._characters >= KEPT_CHARACTERS

    @property
    def is_overfull(self) -> bool:
        """Whether so much came while nothing was to be pushed out that no more is taken."""
        return self._lines >= 2 * KEPT or self._characters >= 2 * KEPT_CHARACTERS

    @property
    def hidden(self) -> int:
        """How many lines are only in the logs."""
        return sum(max(0, source.total - source.shown) for source in self.sources)

    @property
    def is_counted(self) -> bool:
        """Whether `hidden` is all of them."""
        return not any(source.gap for source in self.sources)

    def source(self, name: str) -> Source:
        """Adds a log."""
        self.sources.append(Source(name))
        return self.sources[-1]

    # Rows

    def lay_out(self, cells: int, wraps: bool) -> None:
        """Gives rows another width; long lines are wrapped, or cut but for errors."""
        if (cells, wraps) != (self._cells, self._wraps):
            self._cells, self._wraps = cells, wraps
            self.rows = [row for entry in self.entries for row in self._rows_of(entry)]

    def _rows_of(self, entry: Entry) -> Iterable[Row]:
        raw = entry.raw
        # The reason of an error stands at its end.
        wraps = (self._wraps or entry.severity == "error") and self._cells >= _LEAST_WRAPPED
        if not wraps or 2 * len(raw) <= self._cells or entry.is_rule:
            return (Row(entry, 0, len(raw)),)
        return (
            Row(entry, start, end, continues=start > 0) for start, end in _parts(raw, self._cells)
        )

    def add(self, entries: Sequence[Entry]) -> None:
        """Adds entries at the end."""
        for entry in entries:
            self._note(entry, 1)
            self.rows += self._rows_of(entry)

    def add_first(self, source: Source, entries: Sequence[Entry]) -> int:
        """Adds earlier lines of a log before those it has; returns how many rows."""
        at = next((i for i, row in enumerate(self.rows) if row.entry.source is source), None)
        if at is None:
            at = len(self.rows)
        rows = [row for entry in entries for row in self._rows_of(entry)]
        for entry in entries:
            self._note(entry, 1)
        self.rows[at:at] = rows
        return len(rows)

    def _note(self, entry: Entry, step: int) -> None:
        self._lines += step
        self._characters += step * len(entry.raw)
        if entry.source is not None and entry.complete:
            entry.source.shown += step

    def go_on(self, source: Source, line: "Line") -> bool:
        """Replaces the unfinished line of a log by what it has become; False if there is none."""
        if not source.is_open:
            return False
        for at in range(len(self.rows) - 1, -1, -1):
            entry = self.rows[at].entry
            if entry.source is source:
                if entry.complete:
                    return False
                self._replace(at, entry_of(line, entry.time, source))
                return True
        return False

    def name_run(self, rule: Entry) -> bool:
        """Replaces the last rule; tells whether it is another now."""
        for at in range(len(self.rows) - 1, -1, -1):
            entry = self.rows[at].entry
            if entry.is_rule:
                self._replace(at, rule)
                return entry != rule
        return False

    def _replace(self, at: int, entry: Entry) -> None:
        """Replaces the entry of which row `at` is one."""
        first, last = self.group(at)
        self._note(self.rows[at].entry, -1)
        self._note(entry, 1)
        self.rows[first:last] = self._rows_of(entry)

    def group(self, at: int) -> tuple[int, int]:
        """Returns the first row of the entry that row `at` is of, and the one behind its last."""
        rows = self.rows
        first, last = at, at + 1
        while first > 0 and rows[first].continues:
            first -= 1
        while last < len(rows) and rows[last].continues:
            last += 1
        return first, last

    def trim(self) -> int:
        """Drops the first entries beyond what is kept; returns how many rows."""
        gone = 0
        rows = self.rows
        while self._lines > KEPT or (self._characters > KEPT_CHARACTERS and self._lines > 1):
            entry = rows[gone].entry
            self._note(entry, -1)
            if entry.source is not None:
                entry.source.fills = False
            gone += 1
            while gone < len(rows) and rows[gone].continues:
                gone += 1
        if gone:
            del rows[:gone]
        return gone

    def forget(self, which: Callable[[Entry], bool]) -> None:
        """Drops some entries."""
        kept = []
        for row in self.rows:
            if not which(row.entry):
                kept.append(row)
            elif not row.continues:
                self._note(row.entry, -1)
        self.rows = kept

    def clear(self) -> None:
        """Drops everything."""
        self.forget(lambda _: True)
        for source in self.sources:
            source.fills = False

    # What the lines say

    def mark_last_error(self) -> None:
        """Marks the last line that QEMU printed as the error that it most likely is."""
        for at in range(len(self.rows) - 1, -1, -1):
            entry = self.rows[at].entry
            if entry.is_rule:
                return
            if entry.stream == "stderr" and entry.raw.strip():
                if entry.severity != "error":
                    self._replace(at, entry._replace(severity="error"))
                return

    def errors(self) -> list[str]:
        """Returns the error lines of the run that came last, the first one first."""
        found: list[str] = []
        for row in reversed(self.rows):
            if row.entry.is_rule:
                break
            if row.entry.severity == "error" and not row.entry.ours and not row.continues:
                found.append(row.entry.raw)
        return found[::-1]

    def find(self, matches: Callable[[Entry], bool]) -> list[int]:
        """Returns the first rows of the entries that match."""
        return [at for at, row in enumerate(self.rows) if not row.continues and matches(row.entry)]


def _parts(text: str, cells: int) -> Iterator[tuple[int, int]]:
    """Breaks a line at spaces, else anywhere: by characters, as cells are dear to count."""
    # Compiled when first used: it takes longer than all else that is done here at the start.
    step = cells // 2 if not text.isascii() and re.search(_WIDE, text) else cells
    at = 0
    while len(text) - at > step:
        space = text.rfind(" ", at + step // 2, at + step + 1)
        end = space if space > at else at + step
        yield at, end
        at = end + (space > at)
    yield at, len(text)
