"""The part of the app that runs VMs: whatever screen is shown, they are watched from here."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from qemutui.core import events, guest, stopping
from qemutui.core.events import Event, NotStarted
from qemutui.ui.messages import RunChanged
from qemutui.ui.run import Run
from qemutui.ui.screens.sized import SizedScreen
from qemutui.ui.type_ahead import TypeAhead

if TYPE_CHECKING:
    from qemutui.host.process import Running
    from qemutui.host.record import Record
    from qemutui.ui.session import Session
    from qemutui.ui.widgets.run_list import RunRow

_UNANSWERED = 3.0
"""Seconds after which it is said that QEMU has not answered."""
_LOOK = 2.0
"""Seconds between two looks for runs that other programs have started."""


class RunningApp(TypeAhead):
    """Owns the runs that it started or found; its screens are told by `RunChanged`."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self.knows_dry_run = False
        """Whether the user has been told what a dry run does."""
        self._runs_changed = 0
        self._looked_at: set[str] = set()
        """Runs whose records need not be read again to know whether they live."""

    def say(self, text: str, severity: str = "information") -> None:
        """Shows a notice in the footer of the screen that is seen."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, SizedScreen):
                screen.footer.say(text, severity)
                return

    @property
    def is_silent(self) -> bool:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, SizedScreen):
                return screen.footer.is_silent
        return False

    def tell(self, run: Run, sentence: str = "", severity: str = "information") -> None:
        """Tells the screens that a run is another than before, and in words what it is."""
        for screen in self.screen_stack:
            screen.post_message(RunChanged(run, sentence, severity))

    def run_by(self, key: str) -> Run | None:
        """Returns the run of a row of `run_rows`, by its key."""
        return next((run for run in self.runs if run.key == key), None)

    def run_of(self, path: Path | None, session: "Session | None") -> Run | None:
        """Returns the last run of a session or of its file; one that lives before all others."""
        found = [
            run
            for run in self.runs
            if (session is not None and run.session is session)
            or (path is not None and run.path == path)
        ]
        return next((run for run in reversed(found) if run.is_alive), found[-1] if found else None)

    def run_rows(self) -> "list[RunRow]":
        """Returns the runs for the list of runs: those that live, then the others, newest first."""
        from qemutui.ui import run_parts

        newest = reversed(self.runs)
        return [run_parts.row(run) for run in sorted(newest, key=lambda run: not run.is_alive)]

    # Starting

    def launch(self, session: "Session", more: Iterable[str] = ()) -> Run:
        """Starts the VM of a session; what becomes of it is told by messages."""
        run = Run.of_session(session, more)
        self.runs.append(run)
        self._start(run, session, session.socket)
        session.launched()
        return run

    @work(group="runs")
    async def _start(self, run: Run, session: "Session", socket: Path) -> None:
        from qemutui.host import process, runs
        from qemutui.host.prepare import prepare
        from qemutui.host.record import RecordError
        from qemutui.host.watch import Watch

        profile = session.settled if run.profile is None else run.profile
        launch = prepare(profile, run.command, session.launch_directory(profile), socket)
        try:
            record = await asyncio.to_thread(runs.create, launch, run.path, run.title)
            run.running = await asyncio.to_thread(process.start, launch, record)
            run.watch = Watch(run.running)
        except process.NotStartedError as error:
            run.ended(error.event)
            self.tell(run)
            return
        except RecordError as error:
            run.ended(NotStarted(str(error)))
            self.tell(run)
            return
        self.tell(run)
        if run.phase == "stopping":
            self.stop(run)
        self.set_timer(_UNANSWERED, lambda: self._tell_unanswered(run))
        await self._watch(run)

    def _tell_unanswered(self, run: Run) -> None:
        """Says why QEMU has not answered yet, if it has not."""
        if run.phase == "starting" and run.running is not None:
            self.tell(run, _unanswered(run.running), "warning")

    # Watching

    async def _watch(self, run: Run) -> None:
        if run.watch is None:
            return
        async with aclosing(run.watch.reports()) as reports:
            async for report in reports:
                self._take(run, report)

    def _take(self, run: Run, report: Event) -> None:
        sentence, severity = "", "information"
        match report:
            case events.Answered(status):
                was, run.status, run.has_monitor = run.phase, status, True
                if was == "starting":
                    run.phase = "running"
                    sentence = f"Running after {run.age():.1f} s."
                    if not status.running:
                        sentence = guest.sentence(status)
            case events.StatusChanged(status):
                run.status = status
                sentence = guest.sentence(status) or "The guest goes on."
                severity = "error" if guest.is_serious(status) else severity
            case events.MonitorLost():
                run.has_monitor = False
                sentence = "The monitor closed; the VM runs on. Trying again."
                if run.status is None and run.running is not None:
                    sentence = _unanswered(run.running)
                severity = "warning"
            case events.MonitorBack(status):
                run.status, run.has_monitor = status, True
                sentence = "The monitor answers again."
            case events.Exited():
                run.ended(report)
        self.tell(run, sentence, severity)

    # Stopping

    def stop(self, run: Run) -> None:
        """Takes the next step of stopping: power button, quit, SIGTERM, SIGKILL."""
        if not run.is_alive:
            return
        starting = run.phase == "starting"
        run.phase = "stopping"
        if run.ladder is not None:
            run.ladder.harder()
        elif run.running is not None:
            self._stop(run, starting)
        self.tell(run)

    @work(group="stopping")
    async def _stop(self, run: Run, starting: bool) -> None:
        from qemutui.host.ladder import Ladder

        if run.running is None or run.watch is None:
            return
        # A QEMU that has not answered cannot be asked for anything; one that was found may have.
        first: stopping.Step = 3 if starting else 1
        run.ladder = Ladder(run.running, run.watch.session, stopping.powerdown(run.profile), first)
        async for step in run.ladder.climb():
            match step:
                case events.Stepped(number, patience):
                    run.step, run.step_ends = number, time.monotonic() + patience
                    self.tell(run, stopping.SENTENCES[number])
                case events.Refused(message):
                    run.phase = "running"
                    self.tell(run, message, "error")
                case events.Stuck(pid):
                    text = f"pid {pid} waits inside the kernel and cannot be ended."
                    self.tell(run, text, "error")
        run.ladder = None

    # Controlling

    def control(self, run: Run, command: str, arguments: dict[str, object] | None = None,
                done: str = "") -> None:  # fmt: skip
        """Sends QEMU a command, and says what came of it."""
        self._control(run, command, arguments, done)

    @work(group="control")
    async def _control(
        self, run: Run, command: str, arguments: dict[str, object] | None, done: str
    ) -> None:
        from qemutui.host.monitor import MonitorError

        if run.watch is None:
            self.say("QEMU has not answered yet.", "warning")
            return
        try:
            async with run.watch.session() as monitor:
                await monitor.execute(command, arguments)
        except MonitorError as error:
            self.say(f"{command}: {error}", "error")
            return
        if done:
            self.tell(run, done)

    # Finding again

    def watch_for_runs(self) -> None:
        """Finds the VMs that run already, and from now on those that other programs start."""
        self._find_runs()
        self.set_interval(_LOOK, self._look_for_runs)

    def _look_for_runs(self) -> None:
        from qemutui.host import runs

        changed = runs.changed()
        if changed != self._runs_changed:
            self._runs_changed = changed
            self._find_runs()

    @work(group="finding", exclusive=True)
    async def _find_runs(self) -> None:
        """Finds the VMs that run, and notes of others that they ended while nobody watched."""
        from qemutui.host import runs

        listing = await asyncio.to_thread(runs.open_runs, frozenset(self._looked_at))
        for record in listing.records:
            if runs.is_ours(record) or self.attach(await asyncio.to_thread(_settled, record)):
                self._looked_at.add(record.id)
            elif runs.may_be_starting(record):
                self._runs_changed = 0  # look again
            else:
                self._looked_at.add(record.id)

    def find_run(self, path: Path) -> Run | None:
        """Looks at once for a run of a file that lives, and watches it from now on."""
        from qemutui.host import runs

        for record in reversed(runs.of_profile(path).records):
            if record.ended is None and (run := self.attach(record)) is not None:
                return run
        return None

    def attach(self, record: "Record | None") -> Run | None:
        """Watches a run that this app did not start; None if it does not live."""
        from qemutui.host import pids, process
        from qemutui.host.watch import Watch

        if record is None or any(run.id == record.id for run in self.runs):
            return None
        running = process.attach(record)
        if running is None:
            return None
        run = Run(record.name, Path(record.profile) if record.profile else None, None, ())
        run.running, run.watch, run.phase = running, Watch(running), "running"
        identity = pids.identify(running.pid)
        run.began -= pids.age(identity) if identity is not None else 0.0
        self.runs.append(run)
        self._follow(run)
        self.tell(run)
        return run

    @work(group="runs")
    async def _follow(self, run: Run) -> None:
        await self._watch(run)


def _unanswered(running: "Running") -> str:
    """Says that QEMU has not answered, and what it waits for where it tells."""
    from qemutui.host import runs

    socket = guest.waits_on(runs.last_words(running.record))
    return f"QEMU waits for a client on {socket}." if socket else "QEMU has not answered yet."


def _settled(record: "Record") -> "Record | None":
    """Returns the record of a run that lives; of one that does not, its end is noted."""
    from qemutui.host import runs
    from qemutui.host.record import RecordError

    try:
        (now,) = runs.settle((record,))
    except RecordError:
        return None
    return now if now.ended is None else None
