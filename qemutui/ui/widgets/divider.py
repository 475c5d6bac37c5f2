"""The line between panes that stand side by side."""

from textual.strip import Strip
from textual.widget import Widget

from qemutui.ui import glyphs
from qemutui.ui.themes import palette_of


class Divider(Widget):
    """One column, drawn."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="divider")

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app)
        style = palette.on(palette.rule, "background")
        return Strip(glyphs.segments([(glyphs.DIVIDER, style)], self.size.width, style))
