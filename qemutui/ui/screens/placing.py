"""Puts the widgets of the main screen where `panes` says."""

from collections.abc import Callable

from textual.geometry import NULL_OFFSET, NULL_SPACING, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.layouts.vertical import VerticalLayout
from textual.widget import Widget

from qemutui.ui import panes


class Placing(Layout):
    """A layout by id; what has no place is not seen. Widgets of another layer place themselves."""

    name = "panes"

    def __init__(self, view: Callable[[], panes.View]) -> None:
        self._view = view
        self._others = VerticalLayout()

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Returns the places of those widgets that are seen."""
        if any(child.styles.position == "absolute" or not child.id for child in children):
            return self._others.arrange(parent, children, size, greedy)
        parent.pre_layout(self)
        width, height = size
        places = panes.places(self._view()._replace(width=width, height=height))
        return [
            WidgetPlacement(places[child.id], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id in places
        ]
