"""The keys, from the same table that binds them."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from qemutui.ui import glyphs
from qemutui.ui.actions import ACTIONS, LIBRARY, shown
from qemutui.ui.faults import Contained
from qemutui.ui.glyphs import Span
from qemutui.ui.keymap import shown as shown_keys
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import Title

_MOVING = (
    ("↑↓ j k", "move"),
    ("PgUp PgDn Home End", "move further"),
    ("Enter", "edit, go in, go to the field"),
)
_EDITOR = (
    ("Enter", "keep"),
    ("Tab", "keep, and go on"),
    ("↑↓ PgUp PgDn", "choose from the list, count a number; else keep, and go on"),
    ("Esc", "restore; U brings back what was dropped"),
)


def _of(where: str, keymap: Mapping[str, str]) -> list[tuple[str, str]]:
    """Returns the keys of the actions of one kind, below a heading."""
    found = [(shown(one, keymap), one.label) for one in ACTIONS if one.where == where and one.keys]
    return [("", where), *found]


def _of_library(keymap: Mapping[str, str]) -> list[tuple[str, str]]:
    """Returns the keys of the library, below a heading; their ids begin with `library.`."""
    named = [one._replace(name=f"library.{one.name}") for one in LIBRARY]
    return [("", "library"), *((shown(one, keymap), one.label) for one in named)]


def _own(pane: Widget | None, keymap: Mapping[str, str]) -> list[tuple[str, str]]:
    """Returns the keys that only the pane with the focus has, below a heading."""
    if pane is None:
        return []
    every = {binding.action for binding in RowList.BINDINGS if isinstance(binding, Binding)}
    found = [
        (shown_keys(keymap.get(binding.id or "", binding.key)), binding.description)
        for binding in type(pane).BINDINGS
        if isinstance(binding, Binding) and binding.action not in every and binding.description
    ]
    return [("", f"here: {pane.id}"), *found] if found else []


class _Keys(RowList):
    ground = "surface"

    def __init__(self, pane: Widget | None) -> None:
        super().__init__()
        editor = [("", "in an editor"), *_EDITOR]
        keymap = self.app._keymap
        anywhere, panes = _of("anywhere", keymap), _of("panes", keymap)
        lists = [("", "lists"), *_MOVING, *_of("lists", keymap)[1:]]
        output, own = _of("output", keymap), _own(pane, keymap)
        here = (pane.id or "") if pane is not None else ""
        if here != "command":
            lists += _of("command", keymap)
        if here in ("items", "properties", "problems"):
            parts = [lists, panes, anywhere, output, editor]
        elif here == "profiles":
            parts = [_of_library(keymap), [("", "lists"), *_MOVING], editor]
        elif here == "command-text" and pane is not None:
            own += [*_own(pane.screen, keymap)[1:], ("^z ^y", "undo, redo in the text")]
            parts = [own]
        elif here == "import":
            parts = [own, [("", "lists"), *_MOVING]]
        elif here == "output":
            parts = [output, panes, anywhere, lists, editor]
        elif here.endswith("editor"):
            parts = [editor, anywhere, panes, lists, output]
        else:
            parts = [own, anywhere, panes, lists, output, editor]
        self.lines = [line for part in parts for line in part]

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

    def __init__(self, pane: Widget | None = None) -> None:
        """Shows the keys of a pane first."""
        super().__init__()
        self.pane = pane

    def compose(self) -> ComposeResult:
        with Vertical():
            title = Title()
            title.set(None, "Keys", "", "Esc closes")
            yield title
            yield _Keys(self.pane)

    def on_mount(self) -> None:
        keys = self.query_one(_Keys)
        keys.rows_changed()
        keys.focus()
