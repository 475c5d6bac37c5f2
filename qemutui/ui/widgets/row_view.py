"""Rows drawn on demand: the part of a list that knows no keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypedDict, Unpack

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from qemutui.ui import glyphs
from qemutui.ui.faults import Contained
from qemutui.ui.glyphs import Span
from qemutui.ui.themes import Ground, Palette, palette_of

_CACHED_ROWS = 2048
"""Drawn rows that are kept; a few screens of scrolling."""


class WidgetOptions(TypedDict, total=False):
    """What every widget takes by keyword."""

    name: str | None
    id: str | None
    classes: str | None


class RowView(Contained, ScrollView, inherit_bindings=False):
    """Rows of one line, asked for when they are seen, with a cursor that somebody else moves.

    Column 0 is the cursor bar, column 1 the mark, text begins in `text_column`.
    """

    DEFAULT_CSS = """
    RowView {
        background: $background;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        &.-surface {
            background: $surface;
            scrollbar-background: $surface;
            scrollbar-background-hover: $surface;
            scrollbar-background-active: $surface;
        }
    }
    """
    ground: ClassVar[Ground] = "background"
    """What the rows stand on: `background`, or `surface` as in Sections and dialogs."""

    text_column: ClassVar[int] = 3
    """The column in which the text of a row begins, at least 2."""

    empty_text = ""
    """What stands in a list without rows: what is missing, and the key that helps.

    It is wrapped at spaces.
    """

    cursor: reactive[int] = reactive(-1, repaint=False, init=False)
    """The row of the cursor; -1 where no row can be selected.

    Setting it moves the cursor to the nearest row that can be selected, scrolls it into
    view and posts nothing; `Moved` is for what the user does.
    """

    def __init__(self, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        if self.ground == "surface":
            self.add_class("-surface")
        self._strips: dict[tuple[int, Ground, bool], Strip] = {}
        self._drawn_with: tuple[str, int] = ("", 0)
        self._palette: Palette | None = None
        self._painting = False

    # What a subclass answers

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return 0

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        """Return the text of a row, from `text_column` on.

        What is wider than `width` cells is cut with `…`; the column of the scrollbar is
        never part of them, so that columns stay where they are when it comes and goes.
        Texts hold no control characters; styles come from `palette` and have no background
        of their own.
        """
        raise NotImplementedError

    def shown_row(self, index: int, width: int) -> Sequence[Span]:
        """Return the text of a row as it is drawn: the same text, some of it in other styles."""
        return self.render_row(index, width)

    def row_mark(self, index: int) -> Span:
        """Return the sign in column 1, one cell wide or empty, and its style."""
        return "", self.palette.text

    def is_selectable(self, index: int) -> bool:
        """Return whether the cursor can stand on a row: no heading, blank or continuation."""
        return True

    @property
    def shows_cursor(self) -> bool:
        """Whether the cursor is drawn."""
        return True

    def row_group(self, index: int) -> range:
        """Return the rows that are highlighted together with row `index`.

        That is a row that can be selected, and its continuations before or behind; each of
        them has to give the same answer.
        """
        return range(index, index + 1)

    # What the owner calls

    @property
    def palette(self) -> Palette:
        """The styles of the theme that is shown."""
        palette = self._palette
        if palette is None or palette.name != self.app.theme:
            palette = self._palette = palette_of(self.app)
        return palette

    def rows_changed(self) -> None:
        """Draw everything anew: other rows, or another number of them.

        The cursor keeps its index where it can. The owner sets `cursor` afterwards where it
        belongs to something that moved.
        """
        self._strips.clear()
        size = Size(1, max(1, self.row_count))
        if size != self.virtual_size:
            # Set plainly, it would have the whole screen laid out and painted anew.
            self.set_reactive(RowView.virtual_size, size)
            self._scroll_update(size)
        self.cursor = max(0, self.cursor)
        self.refresh()

    def row_changed(self, index: int) -> None:
        """Draw one row anew."""
        for key in [key for key in self._strips if key[0] == index]:
            del self._strips[key]
        self.refresh_line(index)

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint. Only here lines go without the offsets that `render_line` adds."""
        self._painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._painting = False

    def render_line(self, y: int) -> Strip:
        """Return line `y` of what is seen.

        Textual calls this for painting, and for finding the text under the mouse. Only the
        latter needs an offset in the style of each piece, which makes each style a new one.
        """
        index = self.scroll_offset.y + y
        strip = self._strip(index)
        selection = self.text_selection
        if selection is not None:
            strip = self._with_selection(strip, selection, index)
        return strip if self._painting else strip.apply_offsets(0, index)

    def _strip(self, index: int) -> Strip:
        width = self.size.width
        drawn_with = (self.app.theme, width)
        if drawn_with != self._drawn_with or len(self._strips) > _CACHED_ROWS:
            self._strips.clear()
            self._drawn_with = drawn_with
        ground, bar = self.ground, False
        if self.cursor >= 0 and self.shows_cursor and index in self.row_group(self.cursor):
            ground, bar = ("cursor" if self.has_focus else "idle"), True
        key = (index, ground, bar)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = Strip(self._line(index, ground, bar, width), width)
        return strip

    def _line(self, index: int, ground: Ground, bar: bool, width: int) -> list[Segment]:
        palette = self.palette
        on = palette.on
        blank = on(palette.text, ground)
        room = self._room()
        spans: list[Span] = []
        if index < self.row_count:
            sign, style = self.row_mark(index)
            if bar:
                spans.append((self._bar(), on(palette.accent, ground)))
            else:
                spans.append((" ", blank))
            spans.append((sign or " ", on(style, ground)))
            spans.append((" " * (self.text_column - 2), blank))
            spans += [(text, on(style, ground)) for text, style in self.shown_row(index, room)]
        elif not self.row_count:
            lines = glyphs.wrap(self.empty_text, room)
            if index < len(lines):
                spans.append((" " * self.text_column, blank))
                spans.append((lines[index], on(palette.muted, ground)))
        spans = glyphs.fit_spans(spans, self.text_column + room)
        return glyphs.segments(spans, width, blank)

    def _room(self) -> int:
        """Return how many cells the text of a row has: the scrollbar's column is never its own."""
        return max(0, self.size.width - self.text_column - 1)

    def _bar(self) -> str:
        return glyphs.BAR if self.has_focus else glyphs.BAR_IDLE

    # Selected text

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, without the columns before `text_column`."""
        first = selection.start.y if selection.start is not None else 0
        last = selection.end.y if selection.end is not None else self.row_count - 1
        room = self._room()
        lines = []
        for index in range(max(0, first), min(last, self.row_count - 1) + 1):
            span = selection.get_span(index)
            if span is not None:
                text = "".join(text for text, _ in self.render_row(index, room))
                start = max(0, span[0] - self.text_column)
                end = len(text) if span[1] < 0 else max(0, span[1] - self.text_column)
                lines.append(text[start:end].rstrip())
        return "\n".join(lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Show what is selected."""
        self.refresh()

    def _with_selection(self, strip: Strip, selection: Selection, index: int) -> Strip:
        span = selection.get_span(index)
        if span is None:
            return strip
        start = max(span[0], self.text_column)
        end = len(strip.text.rstrip()) if span[1] < 0 else span[1]
        selected = self.palette.selected
        pieces: list[Segment] = []
        at = 0
        for text, style, _ in strip:
            # Offsets of a selection count characters, not cells.
            cuts = [min(max(cut - at, 0), len(text)) for cut in (start, max(start, end))]
            shown = style or Style.null()
            parts = (text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] :])
            for part, look in zip(parts, (shown, selected(shown), shown), strict=True):
                if part:
                    pieces.append(Segment(part, look))
            at += len(text)
        return Strip(pieces, strip.cell_length)
