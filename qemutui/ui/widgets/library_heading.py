"""The two lines above the library: what is searched for, and the names of the columns."""

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.library_list import Columns


class LibraryHeading(Widget):
    """A search line, and the head of a table; or, above them, that there is nothing yet."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "LibraryHeading { height: 2; background: $background; }"

    class Pressed(Message):
        """The search line was clicked."""

    def __init__(self) -> None:
        super().__init__(id="library-heading")
        self._sought = ""
        self._is_open = False
        self._found = ""
        self._lead = ""

    def show(self, sought: str, is_open: bool, found: str, lead: str) -> None:
        """Shows another search; `lead` stands in place of the columns, where there are none."""
        shown = (sought, is_open, found, lead)
        if shown != (self._sought, self._is_open, self._found, self._lead):
            self._sought, self._is_open, self._found, self._lead = shown
            self.refresh()

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app)
        width = self.size.width
        on = palette.on
        if y == 0:
            text = clean(self._sought) + (glyphs.BAR_IDLE if self._is_open else "")
            style = palette.text
            if not text:
                text, style = f"name, path, machine, device {glyphs.ELLIPSIS}", palette.muted
            room = max(0, width - 4 - len(self._found))
            line = [
                (" / ", on(palette.key, "surface")),
                (glyphs.pad(text, room), on(style, "surface")),
                (self._found, on(palette.muted, "surface")),
            ]
            return Strip(glyphs.segments(line, width, on(palette.text, "surface")), width)
        columns = Columns.of(max(0, width - 4))
        if self._lead:
            # Where there is no room for all that can be done, the last of it drops out whole.
            lead = self._lead
            if cell_len(lead) + 2 > width:
                lead = lead.rpartition(f" {glyphs.DOT} ")[0] + "."
            text, style = f" {lead}", palette.title
        else:
            machine = glyphs.pad("machine", columns.machine) if columns.machine else ""
            text, style = f"   {glyphs.pad('name', columns.name)}{machine}last run", palette.muted
        blank = on(palette.text, "background")
        return Strip(glyphs.segments([(text, on(style, "background"))], width, blank), width)

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y == 0:
            self.post_message(self.Pressed())
