"""Asks for one line: a name or a path."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from qemutui.core.text import clean
from qemutui.ui.faults import Contained
from qemutui.ui.widgets.editor import Dropped, Kept, LineEditor


class Prompt(Contained, ModalScreen[str]):
    """Gives the line that was typed, or an empty text for Escape."""

    DEFAULT_CSS = """
    Prompt { align: center middle; }
    Prompt > Vertical {
        width: 66; max-width: 100%; height: auto;
        background: $surface; border: round $accent; padding: 0 1;
    }
    Prompt Static { height: auto; background: $surface; color: $text; }
    Prompt #detail { color: $muted; }
    Prompt LineEditor { position: relative; layer: default; display: block; width: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss('')", "stay", show=False, id="prompt.stay"),
    ]

    def __init__(self, fact: str, text: str = "", detail: str = "") -> None:
        super().__init__()
        self.fact, self.text, self.detail = clean(fact), text, clean(detail)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(self.fact), id="fact")
            yield LineEditor()
            yield Static(Content(self.detail or "Enter keeps · Esc stays"), id="detail")

    def on_mount(self) -> None:
        editor = self.query_one(LineEditor)
        editor.open(self.text)
        editor.action_select_all()

    @on(Kept)
    def _kept(self, event: Kept) -> None:
        text = self.query_one(LineEditor).value.strip()
        if event.step == 0 and text:
            self.dismiss(text)

    @on(Dropped)
    def _dropped(self) -> None:
        self.dismiss("")

    def on_click(self, event: events.Click) -> None:
        event.stop()
