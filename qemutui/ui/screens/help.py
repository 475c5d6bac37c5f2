"""The keys, from the same table that binds them."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from qemutui.ui import glyphs
from qemutui.ui.actions import ACTIONS, shown
from qemutui.ui.faults import Contained
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import Title

_MOVING = (
    ("↑↓ j k", "move"),
    ("Tab", "next pane"),
    ("PgUp PgDn Home End", "move further"),
    ("Enter", "edit, go in, go to the field"),
)
_EDITOR = (
    ("Enter", "keep"),
    ("Tab ↑↓", "keep, and go on"),
    ("Esc", "restore; U brings back what was dropped"),
)


class _Keys(RowList):
    ground = "surface"

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []
        keymap = self.app._keymap
        for where in ("anywhere", "panes", "lists"):
            self.lines.append(("", where))
            if where == "lists":
                self.lines += _MOVING
            self.lines += [
                (shown(action, keymap), action.label)
                for action in ACTIONS
                if action.where == where and action.keys
            ]
        self.lines += [("", "in an editor"), *_EDITOR]

    @property
    def row_count(self) -> int:
        return len(self.lines)

    def is_selectable(self, index: int) -> bool:
        return bool(self.lines[index][0])

    def render_row(self, index: int, width: int) -> list[Span]:
        keys, label = self.lines[index]
        if not keys:
            return [(label, self.palette.title)]
        return [(glyphs.pad(keys, 20), self.palette.key), (label, self.palette.text)]


class Help(Contained, ModalScreen[None]):
    """Every key of the main screen."""

    DEFAULT_CSS = """
    Help { align: center middle; }
    Help > Vertical {
        width: 66; max-width: 100%; height: 90%; background: $surface; border: round $accent;
    }
    Help RowList { height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "dismiss", "close", show=False, id="help.close"),
    ]

    def compose(self) -> ComposeResult:
        with Vertical():
            title = Title()
            title.set(None, "Keys", "", "Esc closes")
            yield title
            yield _Keys()

    def on_mount(self) -> None:
        keys = self.query_one(_Keys)
        keys.rows_changed()
        keys.focus()
