"""How the main screen launches, watches and stops the VM."""

import sys
from typing import TYPE_CHECKING

from textual import work

from qemutui.core.text import clean
from qemutui.ui import glyphs, run_parts
from qemutui.ui.glyphs import Span
from qemutui.ui.messages import RunChanged
from qemutui.ui.panes import NORMAL, OUTPUT
from qemutui.ui.places import place_of
from qemutui.ui.run import Run
from qemutui.ui.screens.output import OutputView
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.header_line import Part

if TYPE_CHECKING:
    from qemutui.host.record import Record
    from qemutui.ui.session import Session


class RunningView(OutputView):
    """The main screen with the run of its profile, if there is one."""

    def __init__(self, session: "Session", run: Run | None = None) -> None:
        super().__init__(session, run)
        self._clock = -1
        self._is_same = True
        """Whether what runs, if anything does, is what the screen says."""
        self._over: Run | None = None
        """The run whose end has been told."""

    def on_mount(self) -> None:
        if self.run is not None:
            self._follow(self.run)

    @property
    def is_idle(self) -> bool:
        return self.run is None or not self.run.is_alive

    def own_processes(self) -> frozenset[int]:
        pid = self.run.pid if self.run is not None and self.run.is_alive else None
        return super().own_processes() | ({pid} if pid is not None else frozenset())

    def run_parts(self) -> list[Part]:
        wide = self.app.size.width >= NORMAL
        is_same = self.run is None or self.run.is_of(self.session.settled)
        return run_parts.header(self.run, palette_of(self.app), wide, is_same)

    def check_soon(self) -> None:
        """Checks the profile soon; says so where it has become another than what runs."""
        super().check_soon()
        run = self.run
        is_same = run is None or not run.is_alive or run.is_of(self.session.settled)
        if self._is_same and not is_same:
            self.footer.say("The profile is not what runs. Launch again to use it.")
        self._is_same = is_same

    def tab_state(self) -> list[Span]:
        return super().tab_state() or run_parts.tab(self.run, palette_of(self.app))

    # Launching

    def action_launch(self) -> None:
        """Launches what is on the screen, saved or not; asks where something speaks against it."""
        self.settle()
        self.check()
        self._launch(())

    def action_launch_with(self) -> None:
        """Asks for arguments, and launches with them, for this run alone."""
        self.settle()
        self.check()
        self._launch_with()

    @work(group="launch", exclusive=True)
    async def _launch_with(self) -> None:
        import shlex

        from qemutui.ui.screens.prompt import Prompt

        detail = "For this run alone, as in a shell: -s -S, -snapshot. Enter launches · Esc stays"
        text: str | None = self.session.arguments
        while True:
            prompt = Prompt("Launch with arguments", text or "", detail)
            text = await self.app.push_screen_wait(prompt)
            if not text:
                return
            try:
                words = shlex.split(text)
            except ValueError:
                detail = "A quote is never closed."
                continue
            break
        self.session.arguments = text
        await self.ask_and_launch(tuple(words))

    @work(group="launch", exclusive=True)
    async def _launch(self, more: tuple[str, ...]) -> None:
        await self.ask_and_launch(more)

    async def ask_and_launch(self, more: tuple[str, ...]) -> None:
        """Launches with arguments for this run, after asking where something speaks against it."""
        from qemutui.ui.screens.question import Choice, Question

        run = self._living()
        if run is not None:
            fact = f"{run.title} runs already (pid {run.pid})."
            choices = (Choice("l", "launches another", "launch"), Choice("o", "shows it", "show"))
            answer = await self.app.push_screen_wait(Question(fact, choices))
            if answer == "show":
                self._follow(run)
                self.open_tab(OUTPUT)
                self.set_focus(self.output)
            if answer != "launch":
                return
        errors = [finding for finding in self.marks.ordered() if finding.severity == "error"]
        if errors:
            count = len(errors)
            fact = f"{count} problem{'s' * (count > 1)} will probably stop QEMU."
            choices = (
                Choice("Enter", "shows the first", "first"),
                Choice("l", "launches all the same", "launch"),
            )
            detail = [f"{glyphs.ERROR} {finding.message}" for finding in errors[:4]]
            answer = await self.app.push_screen_wait(Question(fact, choices, detail))
            if answer == "first":
                self.go_to(errors[0].path)
            if answer != "launch":
                return
        self._follow(self.qemutui.launch(self.session, more))
        self.show_command()

    def _living(self) -> Run | None:
        """Returns a run of this profile that lives, whoever started it.

        At once, in some milliseconds: were the launch to wait here, the next F5 would replace it
        instead of asking whether a second VM is meant.
        """
        document = self.session.document
        path = document.path if document is not None else None
        run = self.qemutui.run_of(path, self.session)
        if run is not None and run.is_alive:
            return run
        return self.qemutui.find_run(path) if path is not None else None

    def _follow(self, run: Run) -> None:
        """Follows a run: its logs, its state."""
        if run is self.run and self._begun is run:
            return
        self.close_logs()
        self.run = run
        self._show_changed(RunChanged(run))

    def show_run(self, record: "Record") -> None:
        """Shows a recorded run in Output; one that lives is watched from now on."""
        run = self.qemutui.attach(record) or next(
            (one for one in self.qemutui.runs if one.id == record.id), None
        )
        self.open_tab(OUTPUT)
        self.set_focus(self.output)
        if run is None:
            self.show_earlier(record)
            self.footer.say(f"{record.id} has ended.", "warning")
        else:
            self._follow(run)

    def look(self) -> None:
        """Reads what the logs have more, and moves the clock on."""
        super().look()
        run = self.run
        if run is not None and run.is_alive and int(run.age() * 2) != self._clock:
            self._clock = int(run.age() * 2)
            self.show_header()

    def on_run_changed(self, event: RunChanged) -> None:
        """Shows the new state of the run of this screen."""
        self._show_changed(event)

    # Not the handler itself: other views of this screen have one of that name, too.
    def _show_changed(self, event: RunChanged) -> None:
        run = event.run
        if self.run is None or (run is not self.run and not self.run.is_alive):
            self._take_up(run)
        if run is not self.run:
            return
        if self._begun is not run:
            self.begin_logs(run)
            if run.was_found:
                self._tell(f"Attached to pid {run.pid}, running since {run.since}.", "information")
        self.name_run(run)
        if event.sentence:
            self._tell(event.sentence, event.severity)
        if not run.is_alive and self._over is not run:
            self._over = run
            self._show_end(run)
        self.show_header()
        self.show_tabs()

    def _take_up(self, run: Run) -> None:
        """Shows a run of this profile that somebody else has started."""
        document = self.session.document
        if document is not None and run.path == document.path and run.is_alive:
            self.close_logs()
            self.run = run

    def _tell(self, sentence: str, severity: str) -> None:
        """Says what becomes of the run: in the footer, and among what it prints."""
        self.read_logs()
        self.output.note(clean(sentence), "" if severity == "information" else severity)
        self.footer.say(sentence, severity)

    def _show_end(self, run: Run) -> None:
        self.read_logs(reads=sys.maxsize)
        self.close_logs()
        blamed = ""
        if run.failed and run.running is not None:
            self.output.mark_last_error()
            path = self.blamed(run)
            if path is not None:
                blamed = place_of(self.session.profile, path)
                self.output.go_to_error()
            if self.tab is None:
                self.open_tab(OUTPUT)
        words = run.words(blamed)
        self.output.note(clean(words.sentence), words.severity)
        if run.failed and self.output.errors():
            self.output.go_to_error()
        self.footer.say(words.sentence, words.severity or "information")

    # Controlling

    def action_stop(self) -> None:
        """Stops the VM; while it is being stopped, goes on to the next step."""
        if self.run is None or not self.run.is_alive:
            self.footer.say("Nothing runs here.")
        else:
            self.qemutui.stop(self.run)

    def _alive(self) -> Run | None:
        run = self.run
        if run is None or not run.is_alive:
            self.footer.say("Nothing runs here.")
            return None
        return run

    def action_pause(self) -> None:
        """Stops the guest's CPUs."""
        if (run := self._alive()) is not None:
            self.qemutui.control(run, "stop")

    def action_resume(self) -> None:
        """Lets the guest's CPUs go on."""
        if (run := self._alive()) is not None:
            self.qemutui.control(run, "cont")

    def action_reset(self) -> None:
        """Resets the guest, after asking: what it has not written is lost."""
        if (run := self._alive()) is not None:
            self._reset(run)

    @work(group="control")
    async def _reset(self, run: Run) -> None:
        from qemutui.ui.screens.question import Choice, Question

        fact = f"{run.title} is reset at once; what it has not written is lost."
        if await self.app.push_screen_wait(Question(fact, (Choice("r", "reset", "reset"),))):
            self.qemutui.control(run, "system_reset", done="The guest was reset.")

    def action_screenshot(self) -> None:
        """Asks for a file, and has QEMU write there what the guest's screen shows."""
        if (run := self._alive()) is not None:
            self._screenshot(run)

    @work(group="control")
    async def _screenshot(self, run: Run) -> None:
        from datetime import datetime

        from qemutui.host import paths
        from qemutui.ui.screens.prompt import Prompt

        text = str(paths.typed(f"{run.id}-{datetime.now():%H%M%S}.png"))
        detail, agreed = "Enter writes · Esc stays", ""
        while True:
            prompt = Prompt("Screenshot of the guest", text, detail)
            text = await self.app.push_screen_wait(prompt)
            if not text:
                return
            path = paths.typed(text)
            # QEMU asks nobody.
            if text == agreed or not path.exists():
                break
            detail, agreed = "Exists already. Enter again replaces it.", text
        arguments: dict[str, object] = {"filename": str(path)}
        # The format came with 7.1; without it QEMU writes PPM.
        if path.suffix.lower() == ".png":
            arguments["format"] = "png"
        self.qemutui.control(run, "screendump", arguments, f"Saved {path.name}.")
