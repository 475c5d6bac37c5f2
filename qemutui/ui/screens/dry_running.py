"""How the main screen asks QEMU itself whether it accepts the command."""

import asyncio
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from textual import work

from qemutui.core import edit
from qemutui.ui.panes import PROBLEMS
from qemutui.ui.screens.running import RunningView
from qemutui.ui.screens.waiting import Took, Waiting, press
from qemutui.ui.widgets.footer_line import Hint

if TYPE_CHECKING:
    from qemutui.core.finding import Finding
    from qemutui.core.keyval import Path
    from qemutui.core.profile import Profile
    from qemutui.core.verdict import Verdict
    from qemutui.ui.run import Run
    from qemutui.ui.session import Session

_ASKS = "This starts QEMU paused, with your disks and ports but not your sockets, and ends it."


class _Said(NamedTuple):
    """What QEMU refused, and what stood there."""

    finding: "Finding"
    path: "Path"
    """The field that it holds of; empty where that is the whole profile."""
    profile: "Profile"

    def holds_of(self, profile: "Profile") -> bool:
        """Tells whether the field is still what QEMU refused."""
        return bool(edit.get(self.profile, self.path) == edit.get(profile, self.path))


class DryRunningView(RunningView):
    """The main screen with what QEMU itself finds in the profile."""

    def __init__(self, session: "Session", run: "Run | None" = None) -> None:
        super().__init__(session, run)
        self._said: _Said | None = None
        self._cancelled: Event | None = None
        """Of the dry run that goes on; to be set to end it."""
        self._is_over = asyncio.Event()

    def own_findings(self, profile: "Profile") -> "tuple[Finding, ...]":
        if self._said is not None and not self._said.holds_of(profile):
            self._said = None
        return super().own_findings(profile) + ((self._said.finding,) if self._said else ())

    def action_dry_run(self) -> None:
        """Has QEMU started with the command, paused, to see whether it accepts it."""
        self.settle()
        if self._cancelled is not None:
            self.footer.say("QEMU is being asked.")
        else:
            self._dry_run()

    @work(group="dry run", exclusive=True)
    async def _dry_run(self) -> None:
        if not self.qemutui.knows_dry_run:
            from qemutui.ui.screens.question import Choice, Question

            question = Question(_ASKS, (Choice("Enter", "checks", "check"),))
            if not await self.app.push_screen_wait(question):
                return
            self.qemutui.knows_dry_run = True
        from qemutui.host.trial import CancelledError

        profile = self.session.settled
        self._cancelled = cancelled = Event()
        self._is_over.clear()
        hint = Hint("Esc", "gives up", press("escape"))
        waiting = Waiting("QEMU is being asked …  ", (hint,), self._given_up)
        self.wait_for(waiting)
        try:
            told = await asyncio.to_thread(self._try, profile, cancelled)
        except CancelledError:
            self.footer.say("QEMU was not asked to the end.")
        else:
            self._show_verdict(told, profile)
        finally:
            cancelled.set()  # where this worker itself was cancelled
            self._cancelled = None
            self._is_over.set()
            if self.waiting is waiting:
                self.stop_waiting()

    async def ask_and_launch(self, more: tuple[str, ...]) -> None:
        if self._cancelled is not None:  # it would hold the disks and ports of the VM
            self._cancelled.set()
            await self._is_over.wait()
        await super().ask_and_launch(more)

    def _given_up(self, key: str, _character: str | None) -> Took:
        if key != "escape" or self._cancelled is None:
            return "pass"
        self._cancelled.set()
        return "done"

    def _try(self, profile: "Profile", cancelled: Event) -> "Verdict":
        from qemutui.host import dry_run

        directory = self.session.launch_directory(profile)
        return dry_run.run(profile, directory, is_cancelled=cancelled.is_set)

    def _show_verdict(self, told: "Verdict", profile: "Profile") -> None:
        from qemutui.core import verdict

        is_refused = isinstance(told, verdict.Refused)
        self._said = None
        if isinstance(told, verdict.Refused):
            self._said = _Said(verdict.finding(told), told.path, profile)
        self.check()
        is_accepted = isinstance(told, verdict.Accepted)
        severity = "error" if is_refused else "information" if is_accepted else "warning"
        if self._said is not None and self.is_current and not self.is_editing:
            if self._said.path:
                self.go_to(self._said.path)
            else:
                self.open_tab(PROBLEMS)
                self.set_focus(self.problems)
                self.problems.cursor = self.problems.place_of(self._said.finding)
        words = verdict.sentence(told)
        if isinstance(told, verdict.Untold) and self.is_untrusted:
            words = f"{words} r asks about it."
        self.footer.say(words, severity)
