"""The part of the app that asks, before it ends, what becomes of changes and of VMs."""

from typing import TYPE_CHECKING

from textual import work

from qemutui.ui.files_app import FilesApp
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.sized import SizedScreen

if TYPE_CHECKING:
    from qemutui.ui.session import Session


class QuittingApp(FilesApp):
    """Ends when its user says so, and nothing is lost by it."""

    def __init__(self, sessions: "list[Session]") -> None:
        super().__init__(sessions)
        self._is_quitting = False

    async def action_quit(self) -> None:
        """Quits, after asking what becomes of changes and of VMs."""
        self.ask_to_quit()

    def ask_to_quit(self) -> None:
        """Quits, after asking what becomes of changes and of VMs."""
        if self._is_quitting:
            return
        screen = self.screen
        if isinstance(screen, SizedScreen) and not screen.let_quit():
            return
        self._is_quitting = True
        self._quit_asking()

    @work(group="quit")
    async def _quit_asking(self) -> None:
        try:
            await self._quit()
        finally:
            self._is_quitting = False

    async def _quit(self) -> None:
        from qemutui.ui.screens.question import Choice, Question

        dropped: list[Session] = []
        for session in [session for session in self.sessions if session.has_changes]:
            changes = session.changes
            fact = f"{session.title} has {changes} unsaved change{'s' * (changes != 1)}."
            choices = (Choice("s", "save", "save"), Choice("x", "drop them", "drop"))
            answer = await self.push_screen_wait(Question(fact, choices))
            if answer == "save":
                if not await self._save(session):
                    return
            elif answer != "drop":
                return
            else:
                dropped.append(session)
        for run in [run for run in self.runs if run.is_alive and not run.was_found]:
            fact = f"{run.title} is still running (pid {run.pid})."
            choices = (
                Choice("l", "leave it running", "leave"),
                Choice("s", "stop it, then quit", "stop"),
            )
            answer = await self.push_screen_wait(Question(fact, choices))
            if answer == "stop":
                self.stop(run)
                self.say(f"Quits when {run.title} (pid {run.pid}) has ended. F6 stops it harder.")
                if run.running is not None:
                    await run.running.ended()
            elif answer != "leave":
                return
        for session in self.sessions:
            if session in dropped or not session.has_changes:
                self.drafting.drop(session)
        self.sessions = []
        self.keep_import()
        self.exit(0)

    async def _save(self, session: "Session") -> bool:
        shown = self.screen
        if isinstance(shown, MainScreen) and shown.session is session:
            return await shown.save()
        screen = MainScreen(session)
        await self.switch_screen(screen)
        return await screen.save()
