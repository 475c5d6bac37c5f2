"""What stands over the screen, at a place of its own that changes."""

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget


class Overlay(Widget):
    """A widget that is painted where it is, and gone where it was, after each layout.

    Textual paints what a layout has moved by comparing it with the layout before. That one is
    made anew, unseen, when a widget is asked for its region after something out of sight was
    refreshed (`Compositor.full_map`): the move is not found then, and nothing is painted.

    It is the last base of a class: Textual takes styles and bindings from the first alone.
    """

    _painted = Region()

    def on_mount(self) -> None:
        """Listens for layouts."""
        self.screen.screen_layout_refresh_signal.subscribe(self, self._laid_out, immediate=True)

    def _laid_out(self, screen: Screen[object]) -> None:
        place = self.region if self.display else Region()
        if place != self._painted:
            screen.refresh(*(region for region in (self._painted, place) if region))
            self._painted = place
