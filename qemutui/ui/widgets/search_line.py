"""The line in which one types what is searched for."""

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from qemutui.core.text import clean
from qemutui.ui.widgets.overlay import Overlay


class SearchLine(Input, Overlay):
    """Stands over the title of a list while somebody types; Enter keeps, Escape clears."""

    DEFAULT_CSS = """
    SearchLine {
        position: absolute; layer: over; height: 1; border: none; padding: 0;
        background: $cursor-row; color: $text;
        &:focus { border: none; background: $cursor-row; background-tint: transparent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,tab,down,up", "settle(True)", "keep", show=False, id="search.keep"),
        Binding("escape", "settle(False)", "clear", show=False, id="search.clear"),
    ]

    class Typed(Message):
        """What is searched for has changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Ended(Message):
        """The search is over, and what was found is to be kept or not."""

        def __init__(self, is_kept: bool) -> None:
            super().__init__()
            self.is_kept = is_kept

    def __init__(self) -> None:
        super().__init__(
            compact=True, id="search-line", placeholder="search", select_on_focus=False
        )
        self.cursor_blink = False

    @property
    def _value(self) -> Text:
        # As many characters as the value, so that the cursor fits.
        return Text(clean(self.value), no_wrap=True, overflow="ignore", end="")

    def _on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    def action_settle(self, is_kept: bool) -> None:
        """Ends the search."""
        self.post_message(self.Ended(is_kept))
