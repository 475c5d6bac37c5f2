"""What the app tells its screens."""

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from qemutui.ui.catalogs import Asked
    from qemutui.ui.run import Run


class RunChanged(Message):
    """A run has started, goes on, is being stopped, or has ended."""

    def __init__(self, run: "Run", sentence: str = "", severity: str = "information") -> None:
        super().__init__()
        self.run = run
        self.sentence = sentence
        """What is to be said of it; empty where its state says enough."""
        self.severity = severity


class CatalogCame(Message):
    """It is known what a QEMU offers, or that it is not."""

    def __init__(self, asked: "Asked") -> None:
        super().__init__()
        self.asked = asked
