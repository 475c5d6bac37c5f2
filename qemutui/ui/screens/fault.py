"""A failure of our own: what is said of it, its details, and a report that can be sent."""

import platform
import re
import sys
import traceback
from collections.abc import Sequence
from importlib import metadata
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from qemutui import __version__
from qemutui.core.text import clean
from qemutui.ui.faults import Contained
from qemutui.ui.glyphs import Span
from qemutui.ui.screens.question import Choice, Question
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import Title

FACT = "qemutui failed here; the VM and your draft are safe."
_SECRET = re.compile(r"(?i)((?:pass|secret|token|key|credential)[\w-]*['\"]?\s*[=:]\s*)[^\s,]+")


class FaultQuestion(Question):
    """Says that qemutui failed; it goes on in any case."""


class _Lines(RowList):
    ground = "surface"
    text_column = 2

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = lines

    @property
    def row_count(self) -> int:
        return len(self._lines)

    def render_row(self, index: int, width: int) -> list[Span]:
        return [(self._lines[index], self.palette.text)]


class Details(Contained, ModalScreen[None]):
    """The traceback."""

    DEFAULT_CSS = """
    Details { align: center middle; }
    Details > Vertical { width: 100%; height: 90%; background: $surface; border: round $accent; }
    Details RowList { height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "close", show=False, id="details.close"),
        Binding("c,y", "copy", "copy report", show=False, id="details.copy"),
    ]

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def compose(self) -> ComposeResult:
        with Vertical():
            title = Title()
            title.set(None, "Details", "c copies the report", "Esc closes")
            yield title
            room = max(20, self.app.size.width - 6)
            lines = [clean(line) for line in _trace(self._error)]
            yield _Lines(
                [line[at : at + room] for line in lines for at in range(0, len(line) or 1, room)]
            )

    def on_mount(self) -> None:
        lines = self.query_one(_Lines)
        lines.rows_changed()
        lines.cursor = lines.row_count - 1
        lines.focus()

    def action_copy(self) -> None:
        """Copies the report."""
        self.app.copy_to_clipboard(report(self._error))


def show_fault(app: App[Any], error: Exception) -> None:
    """Says that qemutui failed, unless that is being said already."""
    if any(isinstance(screen, FaultQuestion | Details) for screen in app.screen_stack):
        return

    def answered(answer: str | None) -> None:
        if answer == "details":
            app.push_screen(Details(error))
        elif answer == "copy":
            app.copy_to_clipboard(report(error))

    choices = (Choice("d", "details", "details"), Choice("c", "copy report", "copy"))
    app.push_screen(FaultQuestion(FACT, choices), answered)


def report(error: BaseException) -> str:
    """Returns what a person who mends it needs: versions and the traceback, with no values of
    variables, and with what looks like a secret left out."""
    head = (
        f"qemutui {__version__}, textual {metadata.version('textual')}, "
        f"Python {platform.python_version()}, {sys.platform}"
    )
    return _SECRET.sub(r"\1…", "\n".join([head, *_trace(error)])) + "\n"


def _trace(error: BaseException) -> list[str]:
    return "".join(traceback.format_exception(error)).splitlines()
