"""What the main screen shows of its session, and where."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.layout import Layout
from textual.reactive import Reactive
from textual.widget import Widget

from qemutui.core import edit
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.ui import forms, glyphs, headings, panes
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.screens.placing import Placing
from qemutui.ui.screens.waiting import WaitingScreen
from qemutui.ui.session import Session
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.command_view import CommandView
from qemutui.ui.widgets.divider import Divider
from qemutui.ui.widgets.field_help import FieldHelp
from qemutui.ui.widgets.footer_line import FooterLine
from qemutui.ui.widgets.header_line import HeaderLine, Part
from qemutui.ui.widgets.item_list import ItemList
from qemutui.ui.widgets.output_list import OutputList
from qemutui.ui.widgets.problem_list import ProblemList
from qemutui.ui.widgets.property_list import PropertyList
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.section_list import SectionList
from qemutui.ui.widgets.title import Tab, TabTitle, Title

if TYPE_CHECKING:
    from qemutui.core.catalog import Catalog
    from qemutui.ui.app import QemutuiApp

OUTPUT, PROBLEMS = 4, 7
"""The digits of the dock's tabs."""


class _SectionsTitle(Title):
    ground = "surface"


class MainFrame(WaitingScreen):
    """Header, sections, items, properties, command, dock and footer of one session."""

    HORIZONTAL_BREAKPOINTS = panes.WIDTHS
    VERTICAL_BREAKPOINTS = panes.HEIGHTS
    AUTO_FOCUS: ClassVar[str] = "#sections"
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """The lists draw their own focus; a repaint of the whole screen for it would be wasted."""

    def __init_subclass__(cls, whole: bool = False) -> None:
        """Makes a part of the main screen, or with `whole` the screen itself.

        Textual collects anew for each class what all that it is derived from has; no part is ever
        shown, and there are many.
        """
        if whole:
            super().__init_subclass__()

    def __init__(self, session: Session) -> None:
        width, height = self.app.size
        # A class that is set later would restyle the whole screen.
        super().__init__(classes=f"{panes.width_class(width)} {panes.height_class(height)}")
        self.session = session
        self.marks = Marks()
        self.tab: int | None = OUTPUT if height >= panes.MID else None
        """The digit of the open tab of the dock, if one is."""
        self.inside = False
        """Whether the properties of an item have been gone into."""
        self.at_sections = True
        """Whether the focus is in the sections, which on a tiny screen have it all then."""
        self.is_enlarged = False
        """Whether the pane with the focus has the whole body."""
        self.is_going = False
        """Whether the letters of the sections and the digits of the panes are shown."""
        self.pane: Widget | None = None
        """The pane that has the focus, or had it before an editor or a question."""
        self.catalog: Catalog | None = None
        """What the QEMU of the profile offers; None as long as nobody knows."""
        self.programs: tuple[str, ...] = ()
        """The QEMUs on PATH, as far as known."""
        self._placing = Placing(self.view)
        self._places: panes.Places = {}
        self._item_of: dict[str, Path] = {}
        self._section = ""

    def compose(self) -> ComposeResult:
        self.header = HeaderLine()
        self.sections, self.items, self.properties = SectionList(), ItemList(), PropertyList()
        self.command, self.output, self.problems = CommandView(), OutputList(), ProblemList()
        self.command.expect(panes.command_width(self.app.size.width))
        self.sections_title = _SectionsTitle(id="sections-title")
        self.items_title = Title(id="items-title")
        self.properties_title = Title(id="properties-title")
        self.command_title = Title(id="command-title")
        self.field_help = FieldHelp()
        self.tabs = TabTitle(id="tabs")
        self.footer = FooterLine()
        yield self.header
        yield self.sections_title
        yield self.sections
        yield self.items_title
        yield self.items
        yield self.properties_title
        yield self.properties
        yield self.field_help
        yield self.command_title
        yield self.command
        yield self.tabs
        yield self.output
        yield self.problems
        yield self.footer
        if self.app.size.width >= panes.WIDE:
            yield Divider()

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

    @property
    def qemutui(self) -> "QemutuiApp":
        """The app, by its own type."""
        return cast("QemutuiApp", self.app)

    # What the editor answers

    @property
    def is_editing(self) -> bool:
        """Whether an editor is open over a row."""
        return False

    @property
    def arrows(self) -> str:
        """What the arrows do in the open editor, in a word; empty where they keep and go on."""
        return ""

    def settle(self) -> None:
        """Keeps what is being typed, if something is."""

    def let_quit(self) -> bool:
        """Keeps what is being typed."""
        self.settle()
        return True

    # What is shown

    @property
    def item(self) -> Path | None:
        """The path of the item whose properties are shown; None in a section of fields."""
        return self.items.item if self.sections.section.groups else None

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

    def _rows(self, profile: Profile, section: forms.Section, item: Path | None) -> list[forms.Row]:
        return forms.rows(profile, section, item, self.catalog, self.programs)

    def show_titles(self) -> None:
        """Shows the titles of the panes: where one is, and how much there is."""
        section, profile = self.sections.section, self.session.profile
        palette = palette_of(self.app)
        focus = self.focused
        self.sections_title.active = focus is self.sections
        self.items_title.active = focus is self.items
        self.properties_title.active = focus is self.properties
        self.command_title.active = focus is self.command
        self.tabs.active = focus in (self.output, self.problems)
        self.sections_title.set(1, "Sections")
        paths = self.items.paths if section.groups else []
        count = headings.found(self.items) or headings.item_count(profile, paths)
        self.items_title.set(2, section.name, section.option, count)
        set_count = headings.found(self.properties) or headings.set_count(self.properties.rows)
        item = self.item
        if item is None:
            self.properties_title.set(2, section.name, section.option, set_count)
        else:
            catalog = self.catalog if self.app.size.height >= panes.MID else None
            name, kind = headings.item_title(profile, item, catalog)
            if edit.get(profile, (*item, "_off")) is True:
                kind = f"{glyphs.OFF} off {kind}".rstrip()
            if self.app.size.height < panes.MID:
                at = headings.found(self.properties) or f"{paths.index(item) + 1} of {len(paths)}"
                self.properties_title.set(2, f"{section.name} {glyphs.STEP} {name}", kind, at)
            else:
                self.properties_title.set(None, name, kind, set_count)
        copy = [("y", palette.key), (" copy", palette.muted)]
        self.command_title.set(3, "Command", headings.option_count(self.session), copy)

    def show_header(self) -> None:
        """Shows name, summary, binary, findings, the run's state and the button."""
        self.header.show(*self.header_parts())

    def header_parts(self, marks: Marks | None = None) -> tuple[list[Part], list[Part]]:
        """Returns what stands at the left and at the right end of the header."""
        palette = palette_of(self.app)
        wide = self.app.size.width >= panes.NORMAL
        profile = self.session.profile
        # Nobody has asked a binary that is only typed so far.
        catalog = self.catalog if profile.binary == self.session.settled.binary else None
        right = headings.right_parts(profile, marks or self.marks, palette, wide, catalog)
        left = headings.left_parts(self.session, palette, wide)
        return left, [*right, *self.run_parts()]

    def show_hints(self) -> None:
        """Shows the keys that do something where the focus is."""
        if self.waiting is not None:
            super().show_hints()
            return
        focus = self.focused
        wide = self.app.size.width >= panes.NORMAL
        row = self.properties.row
        name = "" if focus is None else focus.id or ""
        if name.endswith("-editor"):
            self.footer.show(headings.editor_hints(name == "text-editor", self.arrows))
        elif focus is self.properties and row is not None:
            in_item = self.item is not None
            self.footer.show(headings.property_hints(row, self.marks, in_item, wide))
        else:
            rows = focus.row_count if isinstance(focus, RowList) else 0
            self.footer.show(headings.list_hints(name, rows, wide))

    def show_command(self) -> None:
        """Shows the command of the session."""
        self.command.show(self.session.command, self.marks, self.properties.path)

    def run_parts(self) -> list[Part]:
        """Returns the run's state and the button, for the right end of the header."""
        return []

    def show_tabs(self) -> None:
        """Shows the titles of the dock."""
        palette = palette_of(self.app)
        counts = headings.finding_counts(self.marks, palette)
        tabs = (Tab(OUTPUT, "Output"), Tab(PROBLEMS, "Problems", tuple(counts)))
        self.tabs.set(tabs, self.tab, self.tab_state())

    def tab_state(self) -> list[Span]:
        """Returns what the right end of the dock's title says of the run."""
        return []

    def mark_field(self) -> None:
        """Marks the token of the field under the cursor, and says what can be done there.

        In the command itself the cursor is another: that of the token chosen there.
        """
        row = self.properties.row
        if self.focused is not self.command:
            self.command.mark(row.path if row is not None else self.item)
        self.show_help()
        self.show_hints()

    def show_help(self) -> None:
        """Shows what the field under the cursor is, with all its findings."""
        row = self.properties.row
        found = self.marks.at(row.path) if row is not None and not row.adds else []
        self.field_help.show(row, found, 1 if self.properties.shows_finding else 0)

    def open_tab(self, digit: int | None) -> None:
        """Opens a tab of the dock, or closes it."""
        self.tab = digit
        self.show_tabs()
        self.place()

    def on_resize(self) -> None:
        if self.app.size.width >= panes.WIDE and not self.query("#divider"):
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
