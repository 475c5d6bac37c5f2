"""A screen that says so where the terminal is too small for it."""

from typing import TYPE_CHECKING, cast

from rich.console import RenderableType
from rich.text import Text
from textual.screen import Screen

from qemutui.ui.faults import Contained
from qemutui.ui.widgets.footer_line import FooterLine

if TYPE_CHECKING:
    from qemutui.ui.app import QemutuiApp

SMALLEST = (40, 12)
"""Columns and rows below which nothing of use can be drawn."""


class SizedScreen(Contained, Screen[None]):
    """Hides its widgets below `SMALLEST`; they keep what they show."""

    DEFAULT_CSS = """
    SizedScreen.-too-small > * { display: none; }
    """

    footer: FooterLine
    """The last line, which every screen of this kind has."""

    @property
    def qemutui(self) -> "QemutuiApp":
        """The app, by its own type."""
        return cast("QemutuiApp", self.app)

    @property
    def is_too_small(self) -> bool:
        """Whether nothing can be drawn but that."""
        width, height = self.app.size
        return width < SMALLEST[0] or height < SMALLEST[1]

    def let_quit(self) -> bool:
        """Keeps what is being typed; tells whether the app may end now."""
        return True

    def on_resize(self) -> None:
        too_small = self.is_too_small
        if too_small != self.has_class("-too-small"):
            self.set_class(too_small, "-too-small")
        if too_small:
            self.refresh()

    def render(self) -> RenderableType:
        if self.has_class("-too-small"):
            width, height = self.app.size
            least = "×".join(map(str, SMALLEST))
            return Text(f"Too small: {width}×{height}. qemutui needs {least}.")
        return super().render()
