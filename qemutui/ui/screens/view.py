"""How one moves in the main screen: between panes, and to the field that something speaks of."""

from textual import events, on
from textual.widget import Widget

from qemutui.core.keyval import Path
from qemutui.ui import sections
from qemutui.ui.panes import OUTPUT, PROBLEMS
from qemutui.ui.screens.frame import MainFrame
from qemutui.ui.widgets.command_view import CommandView
from qemutui.ui.widgets.footer_line import FooterLine
from qemutui.ui.widgets.header_line import HeaderLine
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import TabTitle


class MainView(MainFrame):
    """The main screen with its ways from pane to pane."""

    def go_to(self, path: Path) -> None:
        """Moves to a field, through its section and item, and focuses its row."""
        found = self.reveal(path)
        if self.sections.section.groups and (len(path) < 2 or self.item != path[:2]):
            self.set_focus(self.items)
            return
        self.enter_properties()
        self.mark_field()
        if not found:
            self.footer.say("No field shows this; it is in the file.")

    def reveal(self, path: Path) -> bool:
        """Moves the cursors to a field, and no focus; tells whether a row shows it."""
        self.sections.cursor = sections.section_index(sections.section_of(path))
        self.show_section()
        if self.sections.section.groups:
            if len(path) < 2 or not self.items.go_to(path):
                return False
            self.show_properties(self.session.profile)
        found = self.properties.go_to(path)
        self.show_titles()
        self.mark_field()
        return found

    # The focus is set at once, never by Widget.focus, which leaves it for later: what a key opens
    # has to have it before the next key comes.

    def enter_properties(self) -> None:
        """Goes from an item into its properties."""
        self.inside = True
        self.set_focus(self.properties)

    def action_leave(self) -> None:
        """Goes one step up: from properties to items, from items to sections."""
        focus = self.focused
        if focus is self.properties and self.sections.section.groups:
            self.inside = False
            self.set_focus(self.items)
        else:
            self.enter_sections()

    def enter_sections(self) -> None:
        """Goes to the sections, which take the whole screen where it is tiny."""
        self.set_focus(self.sections)

    def action_pane(self, digit: int) -> None:
        """Goes to a pane by its digit; the digit of the open tab closes it."""
        if digit in (OUTPUT, PROBLEMS):
            pane = self.output if digit == OUTPUT else self.problems
            if self.tab == digit and self.focused is pane:
                self.open_tab(None)
                self.enter_sections()
            else:
                self.open_tab(digit)
                self.set_focus(pane)
            return
        if digit == 1:
            self.enter_sections()
            return
        if digit not in (2, 3):
            return
        inside = self.inside or not self.sections.section.groups
        if digit == 3 and self.has_class("-short"):
            self.open_tab(None)
        second = self.properties if inside else self.items
        self.set_focus(self.command if digit == 3 else second)

    def action_item(self, step: int) -> None:
        """Goes to the previous or next item, from within its properties too."""
        if self.item is not None:
            self.items.cursor += step
            self.show_properties(self.session.profile)
            self.show_titles()

    def action_choose(self) -> None:
        """Does what Enter does in the list that has the focus."""
        if isinstance(self.focused, RowList):
            self.focused.action_choose()

    @on(RowList.Moved, "#sections")
    def _section_moved(self) -> None:
        self.show_section()

    @on(RowList.Chosen, "#sections")
    def _section_chosen(self) -> None:
        self.set_focus(self.items if self.sections.section.groups else self.properties)

    @on(RowList.Moved, "#items")
    def _item_moved(self) -> None:
        self.show_properties(self.session.profile)

    @on(RowList.Chosen, "#items")
    def _item_chosen(self) -> None:
        self.enter_properties()

    @on(RowList.Moved, "#properties")
    def _property_moved(self) -> None:
        self.mark_field()

    @on(CommandView.Followed)
    def _token_followed(self, event: CommandView.Followed) -> None:
        self.go_to(event.path)

    @on(RowList.Chosen, "#problems")
    def _problem_chosen(self) -> None:
        if self.problems.finding is not None:
            self.go_to(self.problems.finding.path)

    @on(TabTitle.TabChosen)
    def _tab_chosen(self, event: TabTitle.TabChosen) -> None:
        self.action_pane(event.digit)

    @on(HeaderLine.Pressed)
    @on(FooterLine.Pressed)
    async def _pressed(self, event: HeaderLine.Pressed | FooterLine.Pressed) -> None:
        await self.run_action(event.action)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._focus_moved(event.widget)

    def _focus_moved(self, widget: Widget) -> None:
        if self.pane is self.command is not widget:
            self.mark_field()
        if isinstance(widget, RowList):
            self.pane = widget
            self.at_sections = widget is self.sections
            if widget is self.properties:
                self.inside = True
            elif widget is self.items:
                self.inside = False
        self.place()
        self.show_titles()
        self.show_help()
        self.show_hints()

    def on_key(self) -> None:
        self.footer.key_pressed()
