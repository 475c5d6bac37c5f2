"""The palette: everything that can be done or gone to, found by a few letters."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from qemutui.core.text import clean
from qemutui.ui import glyphs, ranking
from qemutui.ui.glyphs import Span
from qemutui.ui.screens.seeking import SeekingPopup
from qemutui.ui.widgets.editor import Dropped, Typed
from qemutui.ui.widgets.filtered_list import marked
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import Title

if TYPE_CHECKING:
    from qemutui.ui.commands import Entry

_LABEL = 40
"""Cells of the labels."""


class EntryList(RowList):
    """The entries that fit what is typed, the best first."""

    ground = "surface"
    can_focus = False

    def __init__(self, entries: "Sequence[Entry]") -> None:
        super().__init__()
        self._entries = list(entries)
        self._query = ""
        self._shown = self._entries

    def add(self, entries: "Sequence[Entry]") -> None:
        """Offers more."""
        self._entries += entries
        self.seek(self._query)

    def seek(self, query: str) -> None:
        """Shows what fits, the best first, else in the order of the palette."""
        self._query = query
        self._shown = self._entries
        if query:
            ranks = [(self._rank(entry), entry) for entry in self._entries]
            fitting = [(rank, entry) for rank, entry in ranks if rank is not None]
            self._shown = [entry for _, entry in sorted(fitting, key=lambda one: one[0])]
        self.empty_text = f"Nothing matches “{clean(query)}”. Esc clears."
        self.rows_changed()
        self.cursor = 0

    def _rank(self, entry: "Entry") -> int | None:
        return ranking.best(self._query, (entry.label, entry.detail, f"{entry.kind} {entry.label}"))

    @property
    def found(self) -> str:
        """How many there are: `23 of 445`."""
        return f"{len(self._shown)} of {len(self._entries)}"

    @property
    def entry(self) -> "Entry | None":
        """The entry under the cursor."""
        return self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else None

    @property
    def row_count(self) -> int:
        return len(self._shown)

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        entry = self._shown[index]
        palette = self.palette
        kind = clean(entry.kind)
        room = max(0, width - len(kind) - 1)
        detail = palette.muted if entry.kind else palette.key
        label = glyphs.pad(clean(entry.label), min(_LABEL, room) - 1)
        spans = [(f"{label} ", palette.text), (clean(entry.detail), detail)]
        words = self._query.lower().split()
        line = marked(spans, words, palette.match) if words else spans
        line = glyphs.fit_spans(line, room)
        gap = " " * (room - glyphs.span_cells(line) + 1)
        return [*line, (gap, palette.text), (kind, palette.muted)]


class Palette(SeekingPopup["Entry | None"]):
    """Gives what is chosen, None for Escape. `more` may wait for a disk."""

    DEFAULT_CSS = """
    Palette > Vertical {
        width: 76; max-width: 100%; height: 90%; max-height: 30;
        background: $surface; border: round $accent;
    }
    Palette EntryList { height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p,ctrl+n", "dismiss(None)", "close", show=False, id="palette.close"),
        Binding("pageup", "page(-1)", "page up", show=False, id="palette.page-up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="palette.page-down"),
    ]

    def __init__(
        self,
        entries: "Sequence[Entry]",
        more: "Callable[[], list[Entry]]",
        title: str = "Palette",
    ) -> None:
        self.list = EntryList(entries)
        super().__init__(self.list)
        self._more, self._title = more, title

    def compose(self) -> ComposeResult:
        self.title_line = Title()
        with Vertical():
            yield self.title_line
            yield self.field
            yield self.list

    def on_mount(self) -> None:
        self.field.open("")
        self.list.seek("")
        self._show_count()
        self._read_more()

    @work(group="palette")
    async def _read_more(self) -> None:
        self.list.add(await asyncio.to_thread(self._more))
        self._show_count()

    def _show_count(self) -> None:
        self.title_line.set(None, self._title, "", self.list.found)

    def on_typed(self, event: Typed) -> None:
        """Shows what fits."""
        event.stop()
        self.list.seek(event.text)
        self._show_count()

    @on(Dropped)
    def _dropped(self, event: Dropped) -> None:
        event.stop()
        if not self.field.typed:
            self.dismiss(None)
            return
        self.field.open("")
        self.list.seek("")
        self._show_count()

    def choose(self) -> None:
        entry = self.list.entry
        if entry is not None:
            self.dismiss(entry)
