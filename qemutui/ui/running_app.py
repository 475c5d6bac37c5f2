"""The part of the app that runs VMs: whatever screen is shown, they are watched from here."""

import asyncio
import signal
from typing import TYPE_CHECKING

from textual import work

from qemutui.core.events import NotStarted
from qemutui.ui.messages import RunChanged
from qemutui.ui.run import SETTLED_AFTER, Run, duration
from qemutui.ui.screens.sized import SizedScreen
from qemutui.ui.type_ahead import TypeAhead

if TYPE_CHECKING:
    from qemutui.ui.session import Session
    from qemutui.ui.widgets.run_list import RunRow


class RunningApp(TypeAhead):
    """Owns the runs that it started; its screens are told by `RunChanged`."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []

    def say(self, text: str, severity: str = "information") -> None:
        """Shows a notice in the footer of the screen that is seen."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, SizedScreen):
                screen.footer.say(text, severity)
                return

    def run_rows(self) -> "list[RunRow]":
        """Returns the runs for the list of runs, the last one first."""
        from qemutui.ui.widgets.run_list import RunRow

        rows = []
        for number, run in reversed(list(enumerate(self.runs))):
            clock = duration(run.age())
            if run.failed:
                clock = run.words().state.split(" after ")[0]
            rows.append(
                RunRow(str(number), run.title, "failed" if run.failed else run.phase, clock)
            )
        return rows

    def launch(self, session: "Session") -> Run:
        """Starts the VM of a session; what becomes of it is told by messages."""
        run = Run(session)
        self.runs.append(run)
        self._watch(run)
        return run

    @work(group="runs")
    async def _watch(self, run: Run) -> None:
        from qemutui.host import process, runs
        from qemutui.host.facts import launch_directory
        from qemutui.host.prepare import prepare
        from qemutui.host.record import RecordError

        session = run.session
        document = session.document
        path = document.path if document is not None else session.directory / "profile.toml"
        launch = prepare(run.profile, launch_directory(run.profile, path))
        try:
            record = await asyncio.to_thread(
                runs.create, launch, document.path if document else None, run.title
            )
            run.running = await asyncio.to_thread(process.start, launch, record)
        except process.NotStartedError as error:
            run.ended(error.event)
            self._tell(run)
            return
        except RecordError as error:
            run.ended(NotStarted(str(error)))
            self._tell(run)
            return
        self._tell(run)
        if run.phase == "stopping":
            self.stop(run)
        try:
            async with asyncio.timeout(SETTLED_AFTER):
                end = await run.running.ended()
        except TimeoutError:
            if run.phase == "starting":
                run.phase = "running"
                self._tell(run)
            end = await run.running.ended()
        run.ended(end)
        self._tell(run)

    def _tell(self, run: Run) -> None:
        for screen in self.screen_stack:
            screen.post_message(RunChanged(run))

    def stop(self, run: Run) -> None:
        """Takes the next step of stopping: SIGTERM, then SIGKILL."""
        if run.running is None:
            run.phase = "stopping"
            return
        run.phase = "stopping"
        if run.step == 0:
            run.step = 1
            self._terminate(run)
            self.say("1/2 SIGTERM.")
        else:
            run.step = 2
            run.running.send(signal.SIGKILL)
            self.say("2/2 SIGKILL.")
        self._tell(run)

    @work(group="stopping")
    async def _terminate(self, run: Run) -> None:
        from qemutui.core.events import Refused, Signalled, Stuck
        from qemutui.host.process import terminate

        if run.running is None:
            return
        async for step in terminate(run.running, run.patience):
            if isinstance(step, Signalled) and step.signal == signal.SIGKILL:
                run.step = 2
                self.say("2/2 SIGKILL.")
            elif isinstance(step, Refused):
                self.say(step.message, "error")
            elif isinstance(step, Stuck):
                self.say(f"pid {step.pid} waits inside the kernel and cannot be ended.", "error")
            self._tell(run)
