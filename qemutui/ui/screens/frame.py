"""What the main screen shows of its session, and where."""

from typing import ClassVar

from textual.layout import Layout
from textual.widget import Widget

from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.ui import forms, panes
from qemutui.ui.panes import OUTPUT, PROBLEMS
from qemutui.ui.screens.headed import HeadedScreen
from qemutui.ui.screens.placing import Placing
from qemutui.ui.sections import Row, Section
from qemutui.ui.session import Session


class MainFrame(HeadedScreen):
    """Header, sections, items, properties, command, dock and footer, each in its place."""

    HORIZONTAL_BREAKPOINTS = panes.WIDTHS
    VERTICAL_BREAKPOINTS = panes.HEIGHTS
    AUTO_FOCUS: ClassVar[str] = "#sections"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.at_sections = True
        """Whether the focus is in the sections, which on a tiny screen have it all then."""
        self.is_enlarged = False
        """Whether the pane with the focus has the whole body."""
        self.is_going = False
        """Whether the letters of the sections and the digits of the panes are shown."""
        self.pane: Widget | None = None
        """The pane that has the focus, or had it before an editor or a question."""
        self.programs: tuple[str, ...] = ()
        """The QEMUs on PATH, as far as known."""
        self._placing = Placing(self.view)
        self._places: panes.Places = {}
        self._item_of: dict[str, Path] = {}
        self._section = ""

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show_all())
        self.pane = self.sections
        self.open_tab(self.tab)
        self.show_all()

    # Where it stands

    @property
    def layout(self) -> Layout:
        """What places the panes, in place of a style."""
        return self._placing

    @property
    def docked(self) -> Widget | None:
        """The pane of the open tab of the dock."""
        return {OUTPUT: self.output, PROBLEMS: self.problems}.get(self.tab or 0)

    def view(self) -> panes.View:
        """Returns all that decides where the panes stand now."""
        section = self.sections.section
        dock, pane = self.docked, self.pane
        enlarged = self.is_enlarged and not self.is_going
        return panes.View(
            *self.app.size,
            items=len(self.items.paths) if section.groups else None,
            inside=self.inside,
            at_sections=self.at_sections or self.is_going,
            dock=(dock.id or "") if dock is not None else "",
            enlarged=(pane.id or "") if enlarged and pane is not None else "",
        )

    def place(self) -> None:
        """Has the panes placed anew, if that changes anything."""
        places = panes.places(self.view())
        if places != self._places:
            self._places = places
            # Textual forgets the arrangement of what a widget lies in, not its own.
            self._clear_arrangement_cache()
            # What moves is painted by the layout; the rest of the screen stays as it is.
            self.refresh(layout=True, repaint=False)
            self.call_after_refresh(self.show_help)

    # What is typed

    def settle(self) -> None:
        """Keeps what is being typed, if something is."""

    def let_quit(self) -> bool:
        """Keeps what is being typed."""
        self.settle()
        return True

    # What is shown

    def show_all(self) -> None:
        """Shows the profile as it is now, everywhere."""
        self.sections.show(self.session.profile, self.marks)
        self.show_section()
        self.show_command()
        self.problems.show(self.session.profile, self.marks)
        self.show_header()
        self.show_tabs()

    def show_section(self) -> None:
        """Shows the section of the cursor: its fields, or its items and the properties of one."""
        section = self.sections.section
        is_other = section.name != self._section
        self._section = section.name
        if is_other:
            self.items.seek("")
            self.properties.seek("")
        if section.groups:
            self.items.show(self.session.profile, section, self.marks)
            if is_other and section.name in self._item_of:
                self.items.go_to(self._item_of[section.name])
        if is_other or (section.groups and not self.items.paths):
            self.inside = False
        self.show_properties(self.session.profile)
        self.place()

    def show_properties(self, profile: Profile) -> None:
        """Shows the fields, or the properties of the item under the cursor."""
        section = self.sections.section
        item = self.item
        if item is not None:
            self._item_of[section.name] = item
        shown = item is not None or not section.groups
        rows = self._rows(profile, section, item) if shown else []
        self.properties.show(rows, self.marks)
        self.show_titles()
        self.mark_field()

    def _rows(self, profile: Profile, section: Section, item: Path | None) -> list[Row]:
        return forms.rows(profile, section, item, self.catalog, self.programs)

    def open_tab(self, digit: int | None) -> None:
        """Opens a tab of the dock, or closes it."""
        self.tab = digit
        self.show_tabs()
        self.place()

    def on_resize(self) -> None:
        if self.app.size.width >= panes.WIDE and not self.query("#divider"):
            from qemutui.ui.widgets.divider import Divider

            self.mount(Divider(), before=self.footer)
        self.place()
        self.show_header()
        self.show_titles()
        self.show_hints()
        self._keep_focus()

    def _keep_focus(self) -> None:
        """Puts the focus where it is seen: what is hidden has lost it, or should not have it."""
        if self.is_too_small or self.is_editing or self.pane is None:
            return
        if self.pane.id not in panes.places(self.view()):
            self.set_focus(self.sections)
        elif self.focused is None:
            self.set_focus(self.pane)
