"""How one gets around in the main screen: by a letter or a digit, from pane to pane, enlarged."""

from textual import on
from textual.widget import Widget

from qemutui.ui import panes, sections
from qemutui.ui.screens.view import MainView
from qemutui.ui.screens.waiting import Took, Waiting, press
from qemutui.ui.widgets.footer_line import Hint
from qemutui.ui.widgets.section_list import LETTERS
from qemutui.ui.widgets.title import Title


class GoingView(MainView):
    """The main screen with the keys that move between its panes."""

    def action_go(self) -> None:
        """Shows letters of the sections and digits of the panes; the next key goes to one."""
        self.settle()
        self._show_letters(True)
        words = "Go to …  press a letter or a digit · "
        hints = (Hint("Esc", "stays here", press("escape")),)
        self.wait_for(Waiting(words, hints, self._go, lambda: self._show_letters(False)))

    def _show_letters(self, shown: bool) -> None:
        self.is_going = shown
        self.sections.show_letters(shown)
        for title in (self.sections_title, self.items_title, self.properties_title,
                      self.command_title, self.tabs):  # fmt: skip
            title.asked = shown
        self.place()

    def _go(self, key: str, character: str | None) -> Took:
        if character in LETTERS:
            self.stop_waiting()
            self.go_to_section(LETTERS[character])
        elif character is not None and character.isdigit():
            self.stop_waiting()
            self.action_pane(int(character))
        return "done"

    def go_to_section(self, index: int) -> None:
        """Goes to a section, and to the first of its panes; to the sections where it has none."""
        self.sections.cursor = index
        self.show_section()
        section = sections.SECTIONS[index]
        self.set_focus(self.items if section and section.groups else self.properties)

    def action_enlarge(self) -> None:
        """Gives the pane with the focus the whole body, or takes it back."""
        self.is_enlarged = not self.is_enlarged
        self.place()

    def action_next_pane(self, step: int) -> None:
        """Goes to the next or previous pane of those that are seen."""
        seen = panes.places(self.view()._replace(at_sections=False, enlarged=""))
        order = [pane for pane in self.tab_order() if pane is self.sections or pane.id in seen]
        at = order.index(self.pane) + step if self.pane in order else 0
        self.set_focus(order[at % len(order)])

    @on(Title.Clicked)
    async def _title_clicked(self, event: Title.Clicked) -> None:
        """Goes to the pane of a title; at the right end of the command's, copies."""
        if event.at_right and event.title is self.command_title:
            self.set_focus(self.command)
            await self.run_action("copy")
            return
        name = (event.title.id or "").removesuffix("-title")
        pane = next((pane for pane in self.tab_order() if pane.id == name), None)
        if pane is not None:
            self.set_focus(pane)

    def tab_order(self) -> list[Widget]:
        """Returns the panes in the order of the key Tab."""
        dock = [self.docked] if self.docked is not None else []
        return [self.sections, self.items, self.properties, self.command, *dock]
