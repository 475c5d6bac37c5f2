"""How the library is searched while somebody types."""

from textual import on

from qemutui.ui.screens.library_frame import LibraryFrame
from qemutui.ui.screens.waiting import Took, Waiting, press
from qemutui.ui.widgets.footer_line import Hint
from qemutui.ui.widgets.library_heading import LibraryHeading

_MOVES = ("up", "down", "pageup", "pagedown", "home", "end")


class LibrarySearch(LibraryFrame):
    """The library with the keys that find profiles."""

    @on(LibraryHeading.Pressed)
    def action_search(self) -> None:
        """Takes what is typed from now on as what is searched for."""
        hints = (Hint("Enter", "keeps", press("enter")), Hint("Esc", "clears", press("escape")))
        self.wait_for(Waiting("", hints, self._take))

    def _take(self, key: str, character: str | None) -> Took:
        sought = self.profiles.sought
        if key in _MOVES:
            return "pass"
        if key == "enter":
            return "done"
        if key == "escape":
            self._seek("")
            return "done"
        if key in ("backspace", "ctrl+u"):
            if not sought:
                return "done"
            self._seek(sought[:-1] if key == "backspace" else "")
        elif character is not None and character.isprintable():
            self._seek(sought + character)
        else:
            self.stop_waiting()
            return "pass"
        return "more"

    def _seek(self, text: str) -> None:
        """Shows only the rows that hold a text; reads on in the files that were not read."""
        self.profiles.seek(text)
        self.show_heading()
        self.show_about()
        if text:
            self.read()

    def seek_pasted(self, text: str) -> None:
        """Adds the first line of what was pasted to what is searched for."""
        line = text.strip().partition("\n")[0].partition("\r")[0]
        self._seek(self.profiles.sought + "".join(filter(str.isprintable, line)))

    def stop_waiting(self) -> None:
        """Takes no more keys for the search; what was found stays."""
        super().stop_waiting()
        self.show_heading()

    def action_back(self) -> None:
        """Clears the search where there is one; else goes back to the profile that was open."""
        if self.profiles.sought:
            self._seek("")
            self.show_hints()
        else:
            self.qemutui.back()
