"""What the main screen takes as text: the whole command, edited, and options that are pasted."""

from typing import TYPE_CHECKING, cast

from textual import events

from qemutui.core.profile import Profile
from qemutui.ui.screens.copying import CopyingView
from qemutui.ui.screens.waiting import Took, Waiting, press
from qemutui.ui.widgets.footer_line import Hint

if TYPE_CHECKING:
    from qemutui.core.pasting import Pasted
    from qemutui.ui.run import Run
    from qemutui.ui.screens.command_text import Applied, Dropped
    from qemutui.ui.screens.main import MainScreen
    from qemutui.ui.session import Session

_LONGEST = 1 << 18
"""Characters of a text that is looked at: what takes longer would make the next key wait."""


class TextsView(CopyingView):
    """The main screen with its command as text."""

    def __init__(self, session: "Session", run: "Run | None" = None) -> None:
        super().__init__(session, run)
        self._dropped: Dropped | None = None
        """The text of a command that was given up, for `redo`."""

    # The command

    def action_edit_command(self) -> None:
        """Opens the whole command as text."""
        self.settle()
        self._open_text(None)

    def _open_text(self, text: str | None) -> None:
        from qemutui.core.shell import CannotPassError
        from qemutui.ui.screens.command_text import CommandTextScreen

        try:
            screen = CommandTextScreen(cast("MainScreen", self), text)
        except CannotPassError as error:
            self.footer.say(str(error), "error")
            return
        self._dropped = None

        async def left(_: None) -> None:
            await self._text_left(screen.left)

        self.app.push_screen(screen, left)

    async def _text_left(self, left: "Applied | Dropped | None") -> None:
        from qemutui.ui.screens.command_text import Applied

        if not isinstance(left, Applied):
            self.session.change(self.session.settled, "")  # only read, and never kept
            self._dropped = left
            if left is not None:
                self.footer.say("Dropped. U brings it back.")
            return
        changed = left.profile is not self.session.settled
        self.change(left.profile, "edit of the command")
        self.refresh_profile()
        if changed and not left.then:
            self.footer.say("The command is applied. u undoes.")
        if left.then:
            await self.run_action(left.then)

    def action_redo(self) -> None:
        """Does again what was undone, or opens the command that was dropped once more."""
        dropped = self._dropped
        if dropped is None or self.is_editing or dropped.base is not self.session.settled:
            super().action_redo()
        else:
            self._open_text(dropped.text)

    # Pasting

    def on_paste(self, event: events.Paste) -> None:
        """Asks whether options that were pasted into a list are to be added; seeks other text."""
        event.stop()
        if self.is_editing:
            return  # an editor has taken it
        if self.filter_pasted(event.text):
            return
        self.stop_waiting()
        if len(event.text) > _LONGEST:
            size = f"{len(event.text):,}".replace(",", " ")
            self.footer.say(f"{size} characters are no command; nothing changed.", "error")
            return
        self._ask_to_add(event.text.replace("\r\n", "\n").replace("\r", "\n"))

    def _ask_to_add(self, text: str) -> None:
        from qemutui.core.command_lines import joined
        from qemutui.core.command_text import NoCommandError, read
        from qemutui.core.pasting import add_options

        try:
            command = read(joined(text))
        except NoCommandError as error:
            self.footer.say(f"Nothing was pasted: {error.message}", "error")
            return
        base = self.session.settled
        pasted = add_options(base, command)
        if pasted.profile is base:
            self.footer.say("All of what was pasted is there already.")
            return

        def take(key: str, character: str | None) -> Took:
            if key == "enter":
                self.stop_waiting()
                self._add(base, pasted, left_out)
                return "done"
            if key == "escape":
                self.footer.say("Nothing was added.")
                return "done"
            self.stop_waiting()
            return "pass"

        left_out = next((one.message for one in command.remarks if "left out" in one.message), "")
        hints = (Hint("Enter", "adds,", press("enter")), Hint("Esc", "drops.", press("escape")))
        self.wait_for(Waiting(f"{pasted.question} ", hints, take))

    def _add(self, base: Profile, pasted: "Pasted", remark: str) -> None:
        if self.session.settled is not base:
            return
        self.change(pasted.profile, f"paste of {pasted.what}")
        first = pasted.first or ("binary",)
        self.reveal(first)
        is_item = bool(self.sections.section.groups) and len(first) == 2
        self.set_focus(self.items if is_item else self.properties)
        done = "Added" if pasted.added else "Replaced"
        self.footer.say(f"{done} {pasted.what}. u undoes. {remark}".rstrip())
