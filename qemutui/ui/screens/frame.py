"""What the main screen shows of its session, and where."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import Reactive
from textual.widget import Widget

from qemutui.core import edit
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.ui import forms, glyphs, headings
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.screens.sized import SizedScreen
from qemutui.ui.session import Session
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.command_view import CommandView
from qemutui.ui.widgets.footer_line import FooterLine
from qemutui.ui.widgets.header_line import HeaderLine, Part
from qemutui.ui.widgets.item_list import ItemList
from qemutui.ui.widgets.output_list import OutputList
from qemutui.ui.widgets.problem_list import ProblemList
from qemutui.ui.widgets.property_list import PropertyList
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.section_list import SectionList
from qemutui.ui.widgets.title import Tab, TabTitle, Title

SHORT = 34
"""Rows from which items and properties are both seen."""
NORMAL = 110
"""Columns from which the header has a path and findings a column of their own."""
WIDTHS = [(0, "-tiny"), (60, "-narrow"), (NORMAL, "-normal"), (170, "-wide")]
HEIGHTS = [(0, "-short"), (SHORT, "-mid"), (50, "-tall")]
OUTPUT, PROBLEMS = 4, 7
"""The digits of the dock's tabs."""


class _SectionsTitle(Title):
    ground = "surface"


class MainFrame(SizedScreen):
    """Header, sections, items, properties, command, dock and footer of one session."""

    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS: ClassVar[str] = "#sections"
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """The lists draw their own focus; a repaint of the whole screen for it would be wasted."""

    def __init__(self, session: Session) -> None:
        width, height = self.app.size
        tab = OUTPUT if height >= SHORT else None
        # Each class that is set later restyles the whole screen.
        classes = [_class_of(width, WIDTHS), _class_of(height, HEIGHTS), "-fields", "-at-sections"]
        super().__init__(classes=" ".join([*classes, *(["-docked"] if tab else [])]))
        self.session = session
        self.marks = Marks()
        self.tab: int | None = tab
        self._items_height: int | None = None
        self._item_of: dict[str, Path] = {}
        self._section = ""

    def compose(self) -> ComposeResult:
        self.header = HeaderLine()
        self.sections, self.items, self.properties = SectionList(), ItemList(), PropertyList()
        self.command, self.output, self.problems = CommandView(), OutputList(), ProblemList()
        self.command.expect(self.app.size.width - _sections_width(self.app.size.width))
        self.sections_title = _SectionsTitle(id="sections-title")
        self.items_title = Title(id="items-title")
        self.properties_title = Title(id="properties-title")
        self.command_title = Title(id="command-title")
        self.tabs = TabTitle(id="tabs")
        self.footer = FooterLine()
        yield self.header
        with Horizontal(id="body"):
            yield Vertical(self.sections_title, self.sections, id="left")
            with Vertical(id="work"):
                yield self.items_title
                yield self.items
                yield self.properties_title
                yield self.properties
                yield self.command_title
                yield self.command
                yield self.tabs
                yield self.output
                yield self.problems
        yield self.footer

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show_all())
        self.open_tab(self.tab)
        self.show_all()

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
        self.set_class(not section.groups, "-fields")
        if section.groups:
            self.items.show(self.session.profile, section, self.marks)
            if is_other and section.name in self._item_of:
                self.items.go_to(self._item_of[section.name])
            self._size_items()
        if is_other or (section.groups and not self.items.paths):
            self.remove_class("-inside")
        self.show_properties(self.session.profile)

    def _size_items(self) -> None:
        short = self.app.size.height < SHORT
        height = None if short else max(1, min(6, len(self.items.paths)))
        if height != self._items_height:
            self._items_height = height
            self.items.styles.height = height

    def show_properties(self, profile: Profile) -> None:
        """Shows the fields, or the properties of the item under the cursor."""
        section = self.sections.section
        item = self.item
        if item is not None:
            self._item_of[section.name] = item
        shown = item is not None or not section.groups
        self.set_class(not shown, "-empty")
        rows = forms.rows(profile, section, item) if shown else []
        self.properties.show(rows, self.marks)
        self.show_titles()
        self.mark_field()

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
        count = headings.item_count(profile, paths)
        self.items_title.set(2, section.name, section.option, count)
        item = self.item
        if item is None:
            self.properties_title.set(2, section.name, section.option)
        else:
            name, kind = headings.item_title(profile, item)
            if edit.get(profile, (*item, "_off")) is True:
                kind = f"{glyphs.OFF} off {kind}".rstrip()
            at = f"{self.items.cursor + 1} of {len(paths)}"
            if self.app.size.height < SHORT:
                self.properties_title.set(2, f"{section.name} {glyphs.STEP} {name}", kind, at)
            else:
                self.properties_title.set(None, name, kind, at)
        copy = [("y", palette.key), (" copy", palette.muted)]
        self.command_title.set(3, "Command", headings.option_count(self.session), copy)

    def show_header(self) -> None:
        """Shows name, summary, binary, findings, the run's state and the button."""
        palette = palette_of(self.app)
        wide = self.app.size.width >= NORMAL
        right = headings.right_parts(self.session.profile, self.marks, palette)
        left = headings.left_parts(self.session, palette, wide)
        self.header.show(left, [*right, *self.run_parts()])

    def show_hints(self) -> None:
        """Shows the keys that do something where the focus is."""
        focus = self.focused
        row = self.properties.row
        name = "" if focus is None else focus.id or ""
        if name.endswith("-editor"):
            self.footer.show(headings.editor_hints(long=name == "text-editor"))
        elif focus is self.properties and row is not None:
            self.footer.show(headings.property_hints(row, self.marks))
        else:
            rows = focus.row_count if isinstance(focus, RowList) else 0
            self.footer.show(headings.list_hints(name, rows))

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
        """Marks the token of the field under the cursor, and says what can be done there."""
        row = self.properties.row
        self.command.mark(row.path if row is not None else self.item)
        self.show_hints()

    def open_tab(self, digit: int | None) -> None:
        """Opens a tab of the dock, or closes it."""
        self.tab = digit
        self.set_class(digit is not None, "-docked")
        self.output.display = digit == OUTPUT
        self.problems.display = digit == PROBLEMS
        self.show_tabs()

    def on_resize(self) -> None:
        self._size_items()
        self.show_header()
        self.show_titles()


def _class_of(size: int, steps: list[tuple[int, str]]) -> str:
    return [name for least, name in steps if size >= least][-1]


def _sections_width(width: int) -> int:
    """Returns the cells that app.tcss gives to the sections, before there is a layout."""
    return 0 if width < 60 else 18 if width < NORMAL else 24 if width < 170 else 28
