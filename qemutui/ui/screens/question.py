"""A question with a few answers, each a key. Escape is always harmless."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.faults import Contained
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.row_list import RowList


class Choice(NamedTuple):
    """One answer: its key, what it does, and the value that it gives."""

    key: str
    label: str
    value: str


class _Choices(RowList):
    ground = "surface"

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.choices = choices

    @property
    def row_count(self) -> int:
        return len(self.choices)

    def render_row(self, index: int, width: int) -> list[Span]:
        choice = self.choices[index]
        return [
            (glyphs.pad(choice.key, 6), self.palette.key),
            (clean(choice.label), self.palette.text),
        ]


class Question(Contained, ModalScreen[str]):
    """Asks; gives the value of the answer, or an empty text for Escape.

    The fact is the title; the first choice is the one that Enter takes.
    """

    DEFAULT_CSS = """
    Question { align: center middle; }
    Question > Vertical {
        width: 66; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $accent; padding: 0 1;
    }
    Question Static { height: auto; background: $surface; color: $text; }
    Question RowList { height: auto; max-height: 12; }
    """

    def __init__(self, fact: str, choices: Sequence[Choice], detail: Sequence[str] = ()) -> None:
        super().__init__()
        self.fact = clean(fact)
        self.detail = [clean(line) for line in detail]
        self.choices = (*choices, Choice("Esc", "stay", ""))

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(self.fact), id="fact")
            for line in self.detail:
                yield Static(Content(line))
            yield _Choices(self.choices)

    def on_mount(self) -> None:
        choices = self.query_one(_Choices)
        choices.styles.height = len(self.choices)
        choices.rows_changed()
        choices.focus()

    def on_key(self, event: events.Key) -> None:
        """Takes the answer whose key was pressed."""
        if event.key == "escape":
            event.stop()
            self.dismiss("")
            return
        for choice in self.choices:
            if event.character == choice.key:
                event.stop()
                self.dismiss(choice.value)
                return

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        self.dismiss(self.choices[event.index].value)
