"""How the lists of the main screen are filtered while somebody types, and gone through."""

from qemutui.ui.screens.checking import CheckingView
from qemutui.ui.screens.waiting import Took, Waiting, press
from qemutui.ui.session import Session
from qemutui.ui.widgets.filtered_list import FilteredList
from qemutui.ui.widgets.footer_line import Hint

_LONGEST = 1000
"""Characters of a pasted line that are sought."""
_MOVES = ("up", "down", "pageup", "pagedown", "home", "end")


class FilteringView(CheckingView):
    """The main screen with the keys that find rows."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._filtered: FilteredList | None = None
        """The list that is being filtered by what is typed."""

    def action_filter(self) -> None:
        """Shows only the rows that hold what is typed from now on."""
        if self.is_editing:
            return
        if not isinstance(self.focused, FilteredList):
            is_list = bool(self.sections.section.groups) and not self.inside
            self.set_focus(self.items if is_list else self.properties)
        rows = self.focused
        if not isinstance(rows, FilteredList):
            return

        def take(key: str, character: str | None) -> Took:
            return self._take(rows, key, character)

        def ended() -> None:
            self._filtered = None

        hints = (Hint("Enter", "keeps", press("enter")), Hint("Esc", "clears", press("escape")))
        self.wait_for(Waiting(_lead(rows), hints, take, ended))
        self._filtered = rows

    def filter_pasted(self, text: str) -> bool:
        """Adds the first line of what was pasted to what is sought; False where nothing is."""
        rows = self._filtered
        if rows is None:
            return False
        line = text.strip().partition("\n")[0].partition("\r")[0][:_LONGEST]
        self._seek(rows, rows.sought + "".join(filter(str.isprintable, line)))
        self._show_lead(rows)
        return True

    def _take(self, rows: FilteredList, key: str, character: str | None) -> Took:
        if key in _MOVES:
            return "pass"
        if key in ("enter", "escape"):
            if key == "escape":
                self._seek(rows, "")
            return "done"
        if key == "backspace":
            if not rows.sought:
                return "done"
            self._seek(rows, rows.sought[:-1])
        elif key == "ctrl+u":
            self._seek(rows, "")
        elif character is not None and character.isprintable():
            self._seek(rows, rows.sought + character)
        else:
            self.stop_waiting()
            return "pass"
        self._show_lead(rows)
        return "more"

    def _show_lead(self, rows: FilteredList) -> None:
        if self.waiting is not None:
            self.waiting = self.waiting._replace(lead=_lead(rows))
            self.show_hints()

    def _seek(self, rows: FilteredList, text: str) -> None:
        rows.seek(text)
        if rows is self.items:
            self.show_properties(self.session.profile)
            self.place()
        self.show_titles()
        self.mark_field()

    def action_match(self, step: int) -> None:
        """Goes to the next or previous row that was found."""
        rows = self.focused
        if not isinstance(rows, FilteredList) or not rows.sought:
            self.footer.say("Nothing is sought here. / filters.")
            return
        at, count = rows.position
        if not count:
            return
        if step > 0:
            (rows.action_move_first if at == count else rows.action_move_down)()
        else:
            (rows.action_move_last if at == 1 else rows.action_move_up)()
        self.footer.say(f"{rows.position[0]} of {count}")

    def action_leave(self) -> None:
        """Clears the filter where there is one; else goes one step up."""
        rows = self.focused
        if isinstance(rows, FilteredList) and rows.sought:
            self._seek(rows, "")
        else:
            super().action_leave()


def _lead(rows: FilteredList) -> str:
    found = f"{rows.position[1]} of {rows.total}  " if rows.sought else ""
    return f"/ {rows.sought}▏  {found}"
