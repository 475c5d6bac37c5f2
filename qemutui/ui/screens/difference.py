"""What differs between a profile and something older, by option."""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from qemutui.core.keyval import Path
from qemutui.core.option_difference import EMPTY, Change
from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.comparison import Comparison
from qemutui.ui.faults import Contained
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.footer_line import FooterLine, Hint
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import Title

_PLACE = 28

Others = Mapping[str, Callable[[], Awaitable[Comparison | None]]]
"""What else can be compared with, by the names of the actions; None where there is nothing."""

_HINTS = {
    "saved": Hint("s", "saved", "compare('saved')"),
    "run": Hint("r", "what runs", "compare('run')"),
    "profile": Hint("o", "another profile", "compare('profile')"),
}


class _Changes(RowList):
    ground = "surface"

    def __init__(self) -> None:
        super().__init__(id="changes")
        self.lines: list[tuple[str, Change, str]] = []

    def show(self, comparison: Comparison) -> None:
        """Shows other changes."""
        # Two rows where a value became another, so that long values stand below each other.
        self.lines = [row for change in comparison.changes for row in _rows(change)]
        self.empty_text = f"{comparison.nothing} Esc closes."
        self.rows_changed()
        self.cursor = 0

    @property
    def row_count(self) -> int:
        return len(self.lines)

    def row_mark(self, index: int) -> Span:
        sign = self.lines[index][0]
        palette = self.palette
        return sign, {"-": palette.error, "+": palette.ok}.get(sign, palette.accent)

    def render_row(self, index: int, width: int) -> list[Span]:
        _, change, value = self.lines[index]
        again = index > 0 and self.lines[index - 1][1] is change
        place = change.place + (f" {glyphs.STEP} {change.key}" if change.key else "")
        cells = min(_PLACE, max(8, width // 2))
        return [
            (glyphs.pad("" if again else clean(place), cells - 1) + " ", self.palette.token),
            (clean(value), self.palette.text),
        ]


def _rows(change: Change) -> list[tuple[str, Change, str]]:
    if change.how == "moved":
        return [(glyphs.CHANGED, change, f"moved, {change.old} → {change.new}")]
    # An option without a value has none to be shown.
    empty = EMPTY if change.how == "changed" or change.key is not None else ""
    rows = [] if change.old is None else [("-", change, change.old or empty)]
    return rows if change.new is None else [*rows, ("+", change, change.new or empty)]


class Difference(Contained, ModalScreen[Path | None]):
    """Shows what differs; gives the field that Enter was pressed on, None for Escape.

    Without anything else to compare with it is part of a question, and leads nowhere.
    """

    DEFAULT_CSS = """
    Difference { align: center middle; }
    Difference > Vertical {
        width: 100; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $accent;
    }
    Difference RowList { height: auto; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,D,q", "dismiss(None)", "close", show=False, id="difference.close"),
        Binding("s", "compare('saved')", "saved", show=False, id="difference.saved"),
        Binding("r", "compare('run')", "what runs", show=False, id="difference.run"),
        Binding("o", "compare('profile')", "another", show=False, id="difference.profile"),
    ]

    def __init__(self, comparison: Comparison, others: Others) -> None:
        super().__init__()
        self.comparison, self._others = comparison, others

    def compose(self) -> ComposeResult:
        self.title_line, self.rows, self.footer = Title(), _Changes(), FooterLine()
        with Vertical():
            yield self.title_line
            yield self.rows
            yield self.footer

    def on_mount(self) -> None:
        self.show(self.comparison)
        self.set_focus(self.rows)

    def show(self, comparison: Comparison) -> None:
        """Shows another comparison."""
        self.comparison = comparison
        count = len(comparison.changes)
        self.title_line.set(
            None, clean(comparison.title), "", f"{count} differ{'s' * (count == 1)}"
        )
        self.rows.show(comparison)
        self._fit()
        go = [Hint("Enter", "go to the field", "choose")] if count and self._others else []
        others = [_HINTS[name] for name in self._others]
        self.footer.show([*go, *others, Hint("Esc", "close", "dismiss(None)")])

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        self.rows.styles.height = max(1, min(self.rows.row_count, self.app.size.height - 6))

    @work(group="comparing", exclusive=True)
    async def action_compare(self, name: str) -> None:
        """Compares with something else."""
        if name in self._others:
            comparison = await self._others[name]()
            if comparison is not None:
                self.show(comparison)

    def action_choose(self) -> None:
        """Does what Enter does."""
        self.rows.action_choose()

    def on_key(self) -> None:
        self.footer.key_pressed()

    @on(FooterLine.Pressed)
    async def _pressed(self, event: FooterLine.Pressed) -> None:
        event.stop()
        await self.run_action(event.action)

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.dismiss(self.rows.lines[event.index][1].path if self._others else None)
