"""Puts the widgets of the main screen where `panes` says."""

from collections.abc import Callable

from textual.geometry import NULL_OFFSET, NULL_SPACING, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.layouts.vertical import VerticalLayout
from textual.widget import Widget

from qemutui.ui import panes

_BASE = "default"
"""The layer of the panes."""


class Placing(Layout):
    """A layout by id. What has no place is not seen, unless it says itself where it stands."""

    name = "panes"

    def __init__(self, view: Callable[[], panes.View]) -> None:
        self._view = view
        self._others = VerticalLayout()

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Returns the places of those widgets that are seen."""
        parent.pre_layout(self)
        width, height = size
        places = panes.places(self._view()._replace(width=width, height=height))
        placed = [
            WidgetPlacement(places[child.id], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id in places
        ]
        free = [child for child in children if child.layer != _BASE or _is_absolute(child)]
        return [*placed, *self._others.arrange(parent, free, size, greedy)]


def _is_absolute(widget: Widget) -> bool:
    return widget.styles.position == "absolute"
