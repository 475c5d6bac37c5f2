"""Where a profile opens: at its first error, else where it was left."""

from typing import TYPE_CHECKING

from textual import work

from qemutui.ui import sections
from qemutui.ui.screens.texts import TextsView

if TYPE_CHECKING:
    from qemutui.host.left import Place
    from qemutui.ui.run import Run
    from qemutui.ui.session import Session


class ReturningView(TextsView):
    """The main screen that comes back to its place."""

    def __init__(self, session: "Session", run: "Run | None" = None) -> None:
        super().__init__(session, run)
        self.is_placed = False
        """Whether it has been decided where the profile opens."""

    def on_mount(self) -> None:
        if self.session.place is not None:
            self.is_placed = True
            # Once the screen shows what there is to go to.
            self.call_next(self._return_to, self.session.place)

    def checked(self) -> None:
        """Goes to the first error, or to where the profile was left, once that can be told."""
        super().checked()
        if self.is_placed:
            return
        self.is_placed = True
        errors = [one for one in self.marks.ordered() if one.severity == "error"]
        if not self._is_untouched():
            return
        if errors:
            self.go_to(errors[0].path)
        elif self.session.document is not None:
            self.is_placed = False
            self._recall()

    def _is_untouched(self) -> bool:
        """Returns whether nobody has gone anywhere yet."""
        at_start = self.focused is self.sections and self.sections.cursor == 0
        return at_start and self.is_current and self.waiting is None

    @work(group="places")
    async def _recall(self) -> None:
        import asyncio

        from qemutui.host import left

        document = self.session.document
        if document is not None:
            place = await asyncio.to_thread(left.recall, document.path)
            if place is not None and self._is_untouched():
                self._return_to(place)
        self.is_placed = True

    def _return_to(self, place: "Place") -> None:
        names = [section.name for section in sections.SECTIONS if section is not None]
        if place.section not in names:
            return
        self.sections.cursor = sections.section_index(place.section)
        self.show_section()
        if place.field:
            self.reveal(place.field)
        panes = {"items": self.items, "properties": self.properties}
        pane = panes.get(place.pane, self.sections)
        if pane is self.items and not self.sections.section.groups:
            pane = self.properties
        if pane is self.properties and not self.properties.rows:
            pane = self.items
        self.set_focus(pane)

    def on_unmount(self) -> None:
        """Keeps where the profile is left, for the next time."""
        from qemutui.host import left

        section = self.sections.section
        pane = (self.pane.id or "") if self.pane is not None else ""
        field = self.properties.path if self.inside or not section.groups else self.item
        place = left.Place(section.name, field or (), pane)
        self.session.place = place
        if self.session.document is not None:
            left.remember(self.session.document.path, place)
