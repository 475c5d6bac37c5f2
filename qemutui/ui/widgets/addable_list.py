"""What can be added, as rows: name, category, bus, and what it is."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.strip import Strip
from textual.widget import Widget

from qemutui.core.addable import Addable, Problem, addables, needs_words, unlisted
from qemutui.core.catalog import Catalog
from qemutui.core.text import clean
from qemutui.ui import addable_search, glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.themes import Palette, palette_of
from qemutui.ui.widgets.filtered_list import marked
from qemutui.ui.widgets.row_list import RowList

_NAME, _CATEGORY, _BUS = 32, 11, 8
"""Cells of the columns, each with a blank at its end."""
_DESCRIBED = 12
"""Cells that a description needs at least."""
_AS_TYPED = "as typed"


class _Columns(NamedTuple):
    """Cells of the columns; 0 for one that is not shown."""

    name: int
    category: int
    bus: int
    description: int


class AddableList(RowList):
    """What fits what is typed, the best first; what QEMU does not list can be added as well."""

    ground = "surface"
    can_focus = False

    def __init__(self, groups: Sequence[str], recent: Sequence[str]) -> None:
        super().__init__(id="addables")
        self._groups, self._recent = groups, recent
        self._catalog: Catalog | None = None
        self._problem: Problem | None = None
        self._offered: Sequence[Addable] = ()
        self._searched: Sequence[addable_search.Searched] = ()
        self._sought = addable_search.read("")
        self._shown: list[Addable] = []
        self._typed: Addable | None = None
        """What is typed, where nothing that is offered has this very name."""
        self._found = 0

    def offer(self, catalog: Catalog | None, problem: Problem | None) -> None:
        """Offers what a QEMU does; what was added lately of what it does not list, too.

        The cursor stays on what somebody has moved it to.
        """
        chosen = self.addable if self.cursor > 0 else None
        self._catalog, self._problem = catalog, problem
        offered = addables(catalog, self._groups, problem)
        names = {one.name for one in offered}
        others = [name for name in self._recent if name not in names]
        group = self._groups[0]
        self._offered = (*offered, *(unlisted(catalog, group, name, problem) for name in others))
        self._searched = addable_search.searched(self._offered)
        self._find()
        if chosen is not None:
            names_shown = [one.name for one in self._shown]
            self.cursor = names_shown.index(chosen.name) if chosen.name in names_shown else 0

    def seek(self, text: str) -> None:
        """Shows what fits a text, with the cursor on what fits best."""
        self._sought = addable_search.read(text)
        self._find()

    def _find(self) -> None:
        name = self._sought.name
        shown = addable_search.found(self._searched, self._sought, self._recent)
        self._found = len(shown)
        self._typed = None
        if name and not any(name in (one.name, one.alias) for one in self._offered):
            catalog, group = self._catalog, self._groups[0]
            self._typed = unlisted(catalog, group, name, self._problem)
            if catalog is None or (group == "device" and name in catalog.devices):
                shown.insert(0, self._typed)
            elif shown:
                shown.append(self._typed)
        self._shown = shown
        self.empty_text = self._nothing()
        self.rows_changed()
        self.cursor = 0

    def _nothing(self) -> str:
        catalog, typed = self._catalog, self._typed
        if catalog is None:
            return "Type a name; Enter adds it."
        if typed is not None:
            words = f"QEMU {clean(catalog.release)} lists nothing like “{clean(typed.name)}”."
            return f"{words} Enter adds it all the same."
        if self._offered:
            return "Nothing fits these filters."
        return f"QEMU {clean(catalog.release)} names none. Type a name; Enter adds it."

    @property
    def counted(self) -> tuple[int, int]:
        """How many fit, and how many there are."""
        return self._found, len(self._offered)

    @property
    def addable(self) -> Addable | None:
        """What Enter adds."""
        return self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else self._typed

    @property
    def row_count(self) -> int:
        return len(self._shown)

    def columns(self, width: int) -> _Columns:
        """Returns the widths of the columns; what has no room, or nothing to say, is left out."""
        name = min(_NAME, width)
        rest = width - name
        category = _CATEGORY if rest >= _CATEGORY and any(o.category for o in self._offered) else 0
        rest -= category
        bus = _BUS if rest >= _BUS and any(o.bus for o in self._offered) else 0
        rest -= bus
        return _Columns(name, category, bus, rest if rest >= _DESCRIBED else 0)

    def heading(self, width: int) -> list[Span]:
        """Returns the names of the columns."""
        columns = self.columns(width)
        names = ("name", "category", "bus", "what it is")
        text = "".join(
            glyphs.pad(name, cells) for name, cells in zip(names, columns, strict=True) if cells
        )
        return [(text, self.palette.muted)]

    def shows_all_of(self, one: Addable, width: int) -> bool:
        """Tells whether the description of a type is seen whole in its row."""
        return not one.problem and len(one.description) <= self.columns(width).description

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        one = self._shown[index]
        palette = self.palette
        columns = self.columns(width)
        told, told_style = self._about(one)
        muted = one.problem or not one.is_listed
        cells = [
            (clean(one.name), palette.muted if muted else palette.option),
            (clean(one.category), palette.muted),
            (clean(one.bus), palette.muted),
            (clean(told), told_style),
        ]
        return [
            (glyphs.pad(text, room - 1) + " ", style)
            for (text, style), room in zip(cells, columns, strict=True)
            if room
        ]

    def _about(self, one: Addable) -> Span:
        """Returns what a type is; of most backends QEMU tells no more than what they need."""
        palette = self.palette
        if one is self._typed:
            return _AS_TYPED, palette.muted
        if one.description and not one.problem:
            return one.description, palette.text
        about = one.problem or (f"alias {one.alias}" if one.alias else "")
        if not about and one.group != "device":
            about = needs_words(self._catalog, one.group, one.name)
        return about, palette.muted

    def shown_row(self, index: int, width: int) -> Sequence[Span]:
        """Returns a row with what was sought marked in it."""
        spans = list(self.render_row(index, width))
        words = self._sought.words
        line = marked(spans, words, self.palette.match) if words else spans
        if len(line) == len(spans) and spans and words:
            # No word stands there: the letters of one are in the name, in this order.
            line = [*_lettered(spans[0], "".join(words), self.palette), *spans[1:]]
        return line


def _lettered(span: Span, letters: str, palette: Palette) -> list[Span]:
    """Returns a text with letters marked in it that stand there in this order."""
    text, style = span
    line: list[Span] = []
    wanted = iter(letters)
    letter = next(wanted, "")
    for sign in text:
        hit = letter and sign.lower() == letter
        line.append((sign, palette.match if hit else style))
        if hit:
            letter = next(wanted, "")
    return line if not letter else [span]


class DrawnLines(Widget):
    """Lines of a dialog, asked for whenever they are drawn."""

    ALLOW_SELECT = False

    def __init__(self, draw: Callable[[int], list[list[Span]]], name: str) -> None:
        super().__init__(id=name)
        self._draw = draw

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app)
        width = self.size.width
        lines = self._draw(max(0, width - RowList.text_column - 1))
        line = lines[y] if y < len(lines) else []
        blank = palette.on(palette.text, "surface")
        spans = [(text, palette.on(style, "surface")) for text, style in line]
        room = max(0, width - 1)
        spans = glyphs.fit_spans([(" " * RowList.text_column, blank), *spans], room)
        return Strip(glyphs.segments(spans, width, blank), width)
