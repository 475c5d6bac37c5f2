"""What differs between two states of a profile, a row a field."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from qemutui.core.difference import Change
from qemutui.core.keyval import Path
from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.faults import Contained
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import Title

_PLACE = 28


class _Changes(RowList):
    ground = "surface"
    empty_text = "Nothing differs. Esc closes."

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(id="changes")
        # Two rows where a value became another, so that long values stand below each other.
        self.lines: list[tuple[str, Change, str]] = []
        for change in changes:
            if change.old is not None:
                self.lines.append(("-", change, change.old))
            if change.new is not None:
                self.lines.append(("+", change, change.new))

    @property
    def row_count(self) -> int:
        return len(self.lines)

    def row_mark(self, index: int) -> Span:
        sign = self.lines[index][0]
        return sign, self.palette.error if sign == "-" else self.palette.ok

    def render_row(self, index: int, width: int) -> list[Span]:
        _, change, value = self.lines[index]
        again = index > 0 and self.lines[index - 1][1] is change
        place = "" if again else clean(f" {glyphs.STEP} ".join(change.place))
        cells = min(_PLACE, max(8, width // 2))
        shown = clean(value) if value else '""'
        return [
            (glyphs.pad(place, cells - 1) + " ", self.palette.token),
            (shown, self.palette.text),
        ]


class Difference(Contained, ModalScreen[Path | None]):
    """Shows what differs; gives the field that Enter was pressed on, None for Escape."""

    DEFAULT_CSS = """
    Difference { align: center middle; }
    Difference > Vertical {
        width: 100; max-width: 100%; height: auto; max-height: 90%;
        background: $surface; border: round $accent;
    }
    Difference RowList { height: auto; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,D,q", "dismiss(None)", "close", show=False, id="difference.close"),
    ]

    def __init__(self, title: str, changes: Sequence[Change]) -> None:
        super().__init__()
        self._title, self._found = title, changes

    def compose(self) -> ComposeResult:
        with Vertical():
            title = Title()
            count = len(self._found)
            title.set(None, self._title, "", f"{count} differ{'s' * (count == 1)} {glyphs.DOT} Esc")
            yield title
            yield _Changes(self._found)

    def on_mount(self) -> None:
        changes = self.query_one(_Changes)
        changes.styles.height = max(1, min(changes.row_count, self.app.size.height - 6))
        changes.rows_changed()
        self.set_focus(changes)

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        self.dismiss(self.query_one(_Changes).lines[event.index][1].path)
