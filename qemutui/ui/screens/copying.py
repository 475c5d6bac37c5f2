"""What the main screen copies, through the terminal (OSC 52)."""

from qemutui.ui.screens.on_disk import OnDiskView


class CopyingView(OnDiskView):
    """The main screen with what can be taken from it."""

    def action_copy(self) -> None:
        """Copies the command as one line for a shell, through the terminal (OSC 52)."""
        from qemutui.core import shell

        try:
            text = shell.one_line(self.session.profile, self.session.own_command)
        except shell.CannotPassError as error:
            self.footer.say(str(error), "error")
            return
        self.app.copy_to_clipboard(text)
        self.footer.say(f"Copied {len(text)} characters.")
