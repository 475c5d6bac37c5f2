"""What the app tells its screens."""

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from qemutui.ui.run import Run


class RunChanged(Message):
    """A run has started, goes on, is being stopped, or has ended."""

    def __init__(self, run: "Run") -> None:
        super().__init__()
        self.run = run
