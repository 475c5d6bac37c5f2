"""The main screen, with what it does to the app."""

from typing import ClassVar

from textual.binding import BindingType

from qemutui.ui.actions import bindings
from qemutui.ui.screens.returning import ReturningView


class MainScreen(ReturningView, whole=True):
    """One profile: described, checked, saved, launched, watched."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

    def action_library(self) -> None:
        """Goes to the library; what is unsaved stays as it is until it is opened again."""
        self.settle()
        self.qemutui.show_library()

    def action_open(self) -> None:
        """Opens another profile by its path."""
        self.settle()
        self.qemutui.ask_to_open()

    def action_new(self) -> None:
        """Begins an empty profile."""
        self.settle()
        self.qemutui.open_new()

    def action_import(self) -> None:
        """Makes another profile of a command."""
        self.settle()
        self.qemutui.import_command()

    def action_quit(self) -> None:
        """Quits, after asking what becomes of changes and of VMs that run."""
        self.settle()
        self.qemutui.ask_to_quit()

    def action_palette(self) -> None:
        """Opens the palette of all actions; they act on what the keys would act on."""
        self.settle()
        self.app.action_command_palette()

    def action_help(self) -> None:
        """Shows the keys, those of the pane that has the focus first."""
        from qemutui.ui.screens.help import Help

        self.app.push_screen(Help(self.focused))

    def action_choose_binary(self) -> None:
        """Opens the editor on the QEMU that runs."""
        self.settle()
        self.go_to(("binary",))
        self.action_edit()

    def action_redraw(self) -> None:
        """Draws everything anew, over whatever another program has written."""
        self.refresh(layout=True, repaint=True)
        self.show_all()

    async def action_mouse(self) -> None:
        """Gives the mouse to the terminal, or takes it back."""
        await self.app.run_action("app.mouse")

    def action_suspend(self) -> None:
        """Gives the terminal back to the shell; `fg` comes back."""
        self.app.action_suspend_process()

    def action_next_problem(self) -> None:
        """Goes to the next finding."""
        self._go_to_problem(1)

    def action_previous_problem(self) -> None:
        """Goes to the previous finding."""
        self._go_to_problem(-1)

    def _go_to_problem(self, step: int) -> None:
        findings = self.marks.ordered()
        if not findings:
            self.footer.say("No problems found.")
            return
        paths = [finding.path for finding in findings]
        here = self.properties.path
        at = paths.index(here) + step if here in paths else (0 if step > 0 else -1)
        finding = findings[at % len(findings)]
        self.go_to(finding.path)
