"""What QEMU and the guest print: the logs of a run, as they grow."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.scrollbar import ScrollTo, ScrollUp
from textual.selection import Selection

from qemutui.core.text import clean
from qemutui.ui import glyphs, needle
from qemutui.ui.actions import pane_bindings
from qemutui.ui.glyphs import Span
from qemutui.ui.printed import Entry, Printed, Source, count, entry_of
from qemutui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from qemutui.host.log import Line

_TIMES_FROM = 70
"""Cells from which each line has its time."""
_TIME_CELLS = 10
_DRAWN = 4
"""Characters that are made safe for each cell of a row: more are never seen."""


class OutputList(RowList):
    """Follows its end until the cursor moves away, and again from End.

    What runs now prints into `live`; the output of an earlier run may be seen in its place.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*pane_bindings("output")]

    empty_text = "Nothing printed yet."

    class Changed(Message):
        """It began or stopped following its end, or has another number of lines to say so."""

    def __init__(self) -> None:
        super().__init__(id="output")
        self.live = Printed()
        self.printed = self.live
        """What is seen."""
        self.wraps = False
        self.times: bool | None = None
        """Whether lines have their time; None: where there is room for it."""
        self.needle = ""
        """What is searched for."""
        self.following = True
        self.new = 0
        """Lines that came since it stopped following."""
        self._had_head = 0

    @property
    def entries(self) -> list[Entry]:
        """The lines that are kept of what is seen."""
        return self.printed.entries

    # What comes

    def rule(self, text: str) -> None:
        """Begins a run: `── run 7 · pid 4242 ──`."""
        self.add([Entry(text, is_rule=True)])

    def name_run(self, rule: Entry) -> None:
        """Replaces the rule of the run that came last, which a little more is known of now."""
        if self.live.name_run(rule):
            self.rows_changed()

    def note(self, text: str, severity: str = "") -> None:
        """Adds a sentence of our own."""
        self.add([Entry(text, now(), severity)])

    def add_lines(self, source: Source, lines: Sequence["Line"]) -> None:
        """Adds what was read of a log; an unfinished line is replaced when it goes on."""
        if not lines:
            return
        goes_on = self.live.go_on(source, lines[0])
        source.is_open = not lines[-1].complete
        time = now() if source.is_dated else ""
        self.add([entry_of(line, time, source) for line in lines[goes_on:]])

    def leapt(self, source: Source, lines: Sequence["Line"]) -> None:
        """Shows the last lines of a log in place of all that are shown of it."""
        self.live.forget(lambda entry: entry.source is source)
        source.is_open, source.fills = False, True
        self.add_lines(source, lines)

    def add_earlier(self, source: Source, lines: Sequence["Line"]) -> None:
        """Adds lines of a log before those that are shown of it."""
        rows = self.live.add_first(source, [entry_of(line, "", source) for line in lines])
        self._show_added(rows)

    def add(self, entries: Sequence[Entry]) -> None:
        """Adds rows at the end."""
        self.live.add(entries)
        if not self.keeps_up:
            self.new += len(entries)
        self._show_added(0)

    def _show_added(self, above: int) -> None:
        gone = self.live.trim() if self.keeps_up else 0
        if self.printed is self.live:
            self._show_rows(above - gone)

    @property
    def keeps_up(self) -> bool:
        """Whether nobody reads what new lines would push out."""
        return self.following or self.printed is not self.live

    @property
    def has_room(self) -> bool:
        """Whether lines may come without pushing out what somebody reads."""
        return self.keeps_up or not self.live.is_overfull

    def counted(self) -> None:
        """Shows that more of the lines that are only in the log are counted."""
        self._show_rows(0)

    def _show_rows(self, moved: int) -> None:
        """Draws the rows anew; those that are seen have moved down by so many."""
        self.printed.lay_out(self._cells(), self.wraps)
        moved += self._head_rows - self._had_head
        self._had_head = self._head_rows
        cursor, top = self.cursor, self.scroll_offset.y
        self.rows_changed()
        if self.following:
            self.cursor = self.row_count - 1
        elif moved:
            self.cursor = max(0, cursor + moved)
            self.scroll_to(y=max(0, top + moved), animate=False, force=True)

    def _cells(self) -> int:
        return self._room() - (_TIME_CELLS if self.has_times else 0)

    # Following

    def follow(self) -> None:
        """Goes to the end, and follows it."""
        self.following, self.new = True, 0
        self.live.trim()
        self._show_rows(0)
        self.post_message(self.Changed())

    def pause(self) -> None:
        """Stays where it is, whatever comes."""
        if self.following:
            self.following, self.new = False, 0
            self.post_message(self.Changed())

    def _move(self, index: int) -> None:
        super()._move(index)
        if self.cursor >= 0 and self.row_group(self.cursor).stop >= self.row_count:
            if not self.following:
                self.follow()
        else:
            self.pause()

    # Textual calls its own handlers of these too.

    def _on_mouse_scroll_up(self, _: events.MouseScrollUp) -> None:
        if self.max_scroll_y:
            self.pause()

    def _on_mouse_scroll_down(self, _: events.MouseScrollDown) -> None:
        if not self.following and self.scroll_offset.y >= self.max_scroll_y:
            self.follow()

    def _on_scroll_up(self, _: ScrollUp) -> None:
        self.pause()

    def _on_scroll_to(self, _: ScrollTo) -> None:
        self.pause()

    def selection_updated(self, selection: Selection | None) -> None:
        """Shows what is selected, and keeps it in its place."""
        if selection is not None:
            self.pause()
        super().selection_updated(selection)

    # What is seen

    def show(self, printed: Printed) -> None:
        """Shows the output of another run; `live` is that of the present one."""
        self.printed, self._had_head = printed, 0
        self.following, self.new = True, 0
        self._show_rows(0)
        self.post_message(self.Changed())

    @property
    def has_times(self) -> bool:
        """Whether lines have their time."""
        return self.size.width >= _TIMES_FROM if self.times is None else self.times

    def turn_times(self) -> None:
        """Shows times, or hides them."""
        self.times = not self.has_times
        self._show_laid_out()

    def turn_wrap(self) -> None:
        """Wraps long lines, or cuts them."""
        self.wraps = not self.wraps
        self._show_laid_out()

    def _show_laid_out(self) -> None:
        """Draws all rows in another layout; the cursor stays on its line."""
        entry, following = self.entry, self.following
        self.printed.lay_out(self._cells(), self.wraps)
        self.rows_changed()
        found = self.printed.find(lambda other: other is entry)
        if entry is None and not following:
            self.cursor = 0
        elif following or not found:
            self.cursor = self.row_count - 1
        else:
            self.cursor = self._head_rows + found[0]

    def on_resize(self) -> None:
        """Wraps lines at the new width."""
        self._show_laid_out()

    def clear(self) -> None:
        """Begins anew with a marker; the log keeps what was printed."""
        self.live.clear()
        self.show(self.live)
        self.rule(f"cleared {now()}")

    # Moving to lines

    @property
    def entry(self) -> Entry | None:
        """The line of the cursor."""
        at = self.cursor - self._head_rows
        return self.printed.rows[at].entry if 0 <= at < len(self.printed.rows) else None

    def mark_last_error(self) -> None:
        """Marks the last line that QEMU printed as the error that it most likely is."""
        self.live.mark_last_error()
        self._show_rows(0)

    def errors(self) -> list[str]:
        """Returns the error lines of the run that came last, the first one first."""
        return self.live.errors()

    def go_to_error(self) -> None:
        """Moves the cursor to the last error line of what runs now."""
        if self.printed is not self.live:
            self.show(self.live)
        found = self.live.find(lambda entry: entry.severity == "error")
        if found:
            self.pause()
            self.cursor = self._head_rows + found[-1]

    def step_to(self, matches: Callable[[Entry], bool], step: int) -> tuple[int, int]:
        """Moves to the next line that matches, round the end; returns which of how many it is."""
        found = self.printed.find(matches)
        if not found:
            return 0, 0
        here = self.cursor - self._head_rows
        if step > 0:
            at = next((i for i, row in enumerate(found) if row > here), 0)
        else:
            at = next((i for i in reversed(range(len(found))) if found[i] < here), len(found) - 1)
        self.pause()
        self.cursor = self._head_rows + found[at]
        return at + 1, len(found)

    def search(self, text: str) -> None:
        """Marks what is searched for; capitals count only where there are some."""
        self.needle = text
        self.rows_changed()

    def matches(self, entry: Entry) -> bool:
        """Whether a line has what is searched for."""
        return bool(self.needle) and needle.find(self.needle, entry.raw) >= 0

    # Rows

    @property
    def _head_rows(self) -> int:
        return 1 if self.printed.rows and self.printed.hidden else 0

    @property
    def row_count(self) -> int:
        rows = len(self.printed.rows)
        return rows + self._head_rows

    def is_selectable(self, index: int) -> bool:
        at = index - self._head_rows
        return at < 0 or not self.printed.rows[at].continues

    def row_group(self, index: int) -> range:
        at = index - self._head_rows
        if not 0 <= at < len(self.printed.rows):
            return range(index, index + 1)
        first, last = self.printed.group(at)
        return range(first + self._head_rows, last + self._head_rows)

    def row_mark(self, index: int) -> Span:
        palette = self.palette
        at = index - self._head_rows
        row = self.printed.rows[at] if at >= 0 else None
        severity = "" if row is None or row.continues else row.entry.severity
        if severity == "error":
            return glyphs.ERROR, palette.error
        return (glyphs.WARNING, palette.warning) if severity else ("", palette.text)

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        palette = self.palette
        at = index - self._head_rows
        if at < 0:
            more = "" if self.printed.is_counted else "over "
            number = count(self.printed.hidden)
            words = f"{more}{number} earlier lines are in the log. s saves all."
            if self.printed.hidden == 1:
                words = "1 earlier line is in the log. s saves all."
            return [(words, palette.muted)]
        row = self.printed.rows[at]
        entry = row.entry
        if entry.is_rule:
            ends = glyphs.RULE * 2
            return [(f"{ends} ", palette.rule), (clean(entry.raw), palette.muted),
                    (f" {ends}", palette.rule)]  # fmt: skip
        style = palette.of_severity(entry.severity, palette.muted if entry.ours else palette.text)
        spans: list[Span] = []
        if self.has_times:
            spans.append((f"{'' if row.continues else entry.time:8}  ", palette.muted))
        end = row.end
        if self._painting:
            end = min(end, row.start + _DRAWN * width)
        text = clean(entry.raw[row.start : end])
        pieces = needle.marked(self.needle, text, style, palette.match)
        if entry.more and row.end == len(entry.raw):
            room = max(0, width - glyphs.span_cells(spans) - len(entry.more))
            pieces = glyphs.fit_spans(pieces, room) if self._painting else pieces
            pieces.append((entry.more, palette.muted))
        return [*spans, *pieces]


def now() -> str:
    """Returns the time as lines have it."""
    return f"{datetime.now():%H:%M:%S}"
