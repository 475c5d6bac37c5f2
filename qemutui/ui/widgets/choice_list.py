"""The list under an open editor: what its field can be set to."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.geometry import Region

from qemutui.core.choice import Choice
from qemutui.core.text import clean
from qemutui.ui import glyphs, ranking
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.filtered_list import marked
from qemutui.ui.widgets.overlay import Overlay
from qemutui.ui.widgets.row_list import RowList

_ROWS = 8
"""Lines that are seen at once, at most."""
_LEAST = 30
"""Cells of the narrowest list, with its border."""
_VALUE = 32
"""Cells of the longest value that has a column of its own."""
_BORDER = 2
_ONLY_DESCRIBED = ranking.LETTERS + 1
"""The rank of what only a description holds."""
_MEASURED = 200
"""Lines whose width is looked at."""


class ChoiceList(RowList, Overlay, can_focus=False):
    """What fits what is typed, the best first. The focus stays in the editor."""

    DEFAULT_CSS = """
    ChoiceList {
        position: absolute; layer: over; display: none; border: round $accent;
        &.-open { display: block; }
    }
    """
    ground = "surface"

    def __init__(self) -> None:
        super().__init__(id="choices")
        self._shown: Sequence[Choice] = ()
        self._query = ""
        self.has_fixes = False
        """Whether what mends a finding is among them."""
        self._value = 0
        self._needed = 0
        self._widest = _LEAST

    def show(
        self, choices: Sequence[Choice], query: str = "", fixes: Sequence[Choice] = ()
    ) -> None:
        """Shows the choices that fit, below what mends a finding; none of them is chosen."""
        self._query = query.strip().lower()
        fixing = {fix.value for fix in fixes}
        fitting = fit(choices, self._query)
        self.has_fixes = bool(fixes)
        self._shown = (*fixes, *(one for one in fitting if one.value not in fixing))
        seen = self._shown[:_MEASURED]
        longest = max((cell_len(clean(one.value)) for one in seen), default=0)
        self._value = min(_VALUE, longest) + 2
        self._needed = self._value + max(
            (glyphs.span_cells(self._about(one)) for one in seen), default=0
        )
        self.rows_changed()
        self.cursor = -1
        self.scroll_to(y=0, animate=False, force=True)
        if not self._shown:
            self.remove_class("-open")

    def close(self) -> None:
        """Goes out of sight."""
        self._shown = ()
        self._widest = _LEAST
        self.remove_class("-open")

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose."""
        return bool(self._shown)

    @property
    def choice(self) -> Choice | None:
        """What is chosen; None where it is what is typed."""
        return self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else None

    @property
    def page(self) -> int:
        """How many lines a page goes on by; all where all are seen."""
        height = self.size.height
        return self.row_count if self.row_count <= height else max(1, height - 1)

    def choose(self, value: str) -> None:
        """Chooses the line of a value, where there is one."""
        self.cursor = next((at for at, one in enumerate(self._shown) if one.value == value), -1)

    def move(self, step: int) -> bool:
        """Chooses another line; above the first is none. False: there was nowhere to go."""
        to = max(-1, min(self.cursor + step, self.row_count - 1))
        if self.cursor < 0 and step < 0:
            return False
        self.cursor = to
        return True

    def place(self, cell: Region, form: Region, last: int) -> None:
        """Comes into sight below or above the cell of the editor, in the form where that has room.

        `last` is the last row of the screen that is the cell's, with what is said of it below.
        """
        wanted = min(_ROWS, self.row_count) + _BORDER
        below, above = form.bottom - last - 1, cell.y - form.y
        if max(below, above) < min(wanted, _BORDER + 2):
            # The form is too low for any list: over what stands below or above it.
            below, above = self.screen.size.height - last - 2, cell.y - 1
        fits_below = below >= wanted or below >= above
        height = min(wanted, max(below if fits_below else above, _BORDER + 1))
        y = last + 1 if fits_below else cell.y - height
        needed = self._needed + self.text_column + 1 + _BORDER
        # It never shrinks under the mouse while somebody types.
        self._widest = max(self._widest, needed)
        width = min(self._widest, form.width)
        # The values stand under what is typed, unless there is no room for what they are.
        x = max(form.x, min(cell.x - self.text_column - 1, form.right - width))
        self.styles.offset = (x, y)
        self.styles.width, self.styles.height = width, height
        self.add_class("-open")
        self.call_after_refresh(self.scroll_to_row, self.cursor)

    def clicked(self, index: int, column: int) -> None:
        """Chooses a line, and keeps it, by one click."""
        self.cursor = index
        self.action_choose()

    # What a list answers

    def validate_cursor(self, index: int) -> int:
        return -1 if index < 0 else super().validate_cursor(index)

    def rows_changed(self) -> None:
        before = self.cursor
        super().rows_changed()
        self.cursor = before

    @property
    def row_count(self) -> int:
        return len(self._shown)

    def row_mark(self, index: int) -> Span:
        choice, palette = self._shown[index], self.palette
        if choice.creates:
            return glyphs.ADDED, palette.generated
        if choice.is_fix:
            return glyphs.OK, palette.ok
        return (glyphs.WARNING, palette.warning) if choice.deprecated else ("", palette.text)

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        choice, palette = self._shown[index], self.palette
        style = palette.muted if choice.reason else palette.text
        value = clean(choice.value) or '""'
        about = self._about(choice)
        if not about:
            return [(value, style)]
        # What is said of the values gives way to them, but not all of it.
        room = min(self._value, max(8, width // 2, width - self._needed + self._value))
        return [(glyphs.pad(value, room - 2) + "  ", style), *about]

    def shown_row(self, index: int, width: int) -> Sequence[Span]:
        spans = self.render_row(index, width)
        words = self._query.split()
        return marked(spans, words, self.palette.match) if words else spans

    def _about(self, choice: Choice) -> list[Span]:
        """Returns what is said of a choice: that it is the default, why not, what it is."""
        palette = self.palette
        parts: list[Span] = []
        if choice.is_default:
            parts.append(("default", palette.option))
        if choice.deprecated:
            parts.append((f"{glyphs.WARNING} deprecated", palette.warning))
        if choice.reason:
            parts.append((clean(choice.reason), palette.muted))
        if choice.description:
            style = palette.accent if choice.edits or choice.is_fix else palette.muted
            parts.append((clean(choice.description), style))
        gap: Span = (f" {glyphs.DOT} ", palette.muted)
        return [span for part in parts for span in (gap, part)][1:]


def fit(choices: Sequence[Choice], query: str) -> Sequence[Choice]:
    """Returns the choices that fit what is typed in lower case, the best first; what is of no use
    comes last among its equals."""
    if not query:
        return choices
    ranked: list[tuple[int, bool, Choice]] = []
    for choice in choices:
        # The sign of a CPU feature is no part of its name.
        rank = ranking.best(query, (choice.value, choice.value.lstrip("+-")))
        if rank is None and query in choice.description.lower():
            rank = _ONLY_DESCRIBED
        if rank is not None:
            ranked.append((rank, bool(choice.reason or choice.deprecated), choice))
    ranked.sort(key=lambda one: one[:2])
    return [choice for _, _, choice in ranked]
