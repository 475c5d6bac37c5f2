"""A popup that finds what is chosen in it by a few letters: a line to type in above a list."""

from textual import on
from textual.screen import ScreenResultType

from qemutui.ui.dimming import Dimming
from qemutui.ui.widgets.editor import Kept, LineEditor
from qemutui.ui.widgets.row_list import RowList


class SeekingPopup(Dimming[ScreenResultType]):
    """The arrows move in the list while the focus stays in the line; Enter chooses."""

    DEFAULT_CSS = """
    SeekingPopup { align: center middle; }
    SeekingPopup LineEditor {
        position: relative; layer: default; display: block; width: 1fr; margin: 0 3;
    }
    """

    def __init__(self, rows: RowList) -> None:
        super().__init__()
        self.field = LineEditor()
        self._rows = rows

    def choose(self) -> None:
        """Ends the popup with what is under the cursor, if anything is."""
        raise NotImplementedError

    @on(Kept)
    def _kept(self, event: Kept) -> None:
        event.stop()
        if event.step > 0:
            self._rows.action_move_down()
        elif event.step < 0:
            self._rows.action_move_up()
        else:
            self.choose()

    @on(RowList.Chosen)
    def _row_chosen(self) -> None:
        self.choose()

    def action_page(self, step: int) -> None:
        """Moves by a page."""
        (self._rows.action_page_down if step > 0 else self._rows.action_page_up)()
