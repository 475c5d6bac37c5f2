"""What stands around the panes of the main screen: header, titles, hints, help."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.reactive import Reactive
from textual.widget import Widget

from qemutui.core import edit
from qemutui.core.keyval import Path
from qemutui.ui import glyphs, headings, panes
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.panes import OUTPUT, PROBLEMS
from qemutui.ui.screens.waiting import WaitingScreen
from qemutui.ui.sections import Row
from qemutui.ui.session import Session
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.command_view import CommandView
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


class _SectionsTitle(Title):
    ground = "surface"


class HeadedScreen(WaitingScreen):
    """The panes of one session, with what is said of them."""

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
        self.catalog: Catalog | None = None
        """What the QEMU of the profile offers; None as long as nobody knows."""

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
            from qemutui.ui.widgets.divider import Divider

            yield Divider()

    @property
    def item(self) -> Path | None:
        """The path of the item whose properties are shown; None in a section of fields."""
        return self.items.item if self.sections.section.groups else None

    @property
    def is_editing(self) -> bool:
        """Whether an editor is open over a row."""
        return False

    @property
    def arrows(self) -> str:
        """What the arrows do in the open editor, in a word; empty where they keep and go on."""
        return ""

    # What is shown

    def show_command(self) -> None:
        """Shows the command of the session."""
        self.command.show(self.session.command, self.marks, self.properties.path)

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
        """Shows what the field under the cursor is, with all its findings.

        Where an item's properties are out of sight, it is the item, with the worst of its own.
        """
        item = self.item
        if item is not None and not self.inside and self.app.size.height < panes.MID:
            name, kind = headings.item_title(self.session.profile, item, self.catalog)
            worst = self.marks.worst(item)
            self.field_help.show(Row(item, name, "", help=kind), [worst] if worst else [], 0)
            return
        row = self.properties.row
        found = self.marks.at(row.path) if row is not None and not row.adds else []
        self.field_help.show(row, found, 1 if self.properties.shows_finding else 0)
