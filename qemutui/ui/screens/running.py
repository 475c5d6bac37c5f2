"""How the main screen launches, watches and stops the VM."""

import sys
from typing import TYPE_CHECKING, cast

from textual import work

from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.messages import RunChanged
from qemutui.ui.panes import NORMAL
from qemutui.ui.places import place_of
from qemutui.ui.run import Run, duration
from qemutui.ui.screens.frame import OUTPUT
from qemutui.ui.screens.output import OutputView
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.header_line import Part

if TYPE_CHECKING:
    from qemutui.ui.app import QemutuiApp
    from qemutui.ui.session import Session


class RunningView(OutputView):
    """The main screen with the run of its profile, if there is one."""

    def __init__(self, session: "Session", run: Run | None = None) -> None:
        super().__init__(session, run)
        self._clock = -1
        self._over: Run | None = None
        """The run whose end has been told."""

    def on_mount(self) -> None:
        if self.run is not None:
            self._follow(self.run)

    @property
    def is_idle(self) -> bool:
        return self.run is None or not self.run.is_alive

    def run_parts(self) -> list[Part]:
        palette = palette_of(self.app)
        run = self.run
        launch = Part([(f"  {glyphs.LAUNCH} Launch F5  ", palette.button)], "launch")
        if run is None:
            return [launch]
        wide = self.app.size.width >= NORMAL
        if not run.is_alive:
            if wide:
                return [Part([*self._ended(run), ("  ", palette.text)], "pane(4)", rank=1), launch]
            return [launch]
        if run.phase == "starting":
            state = [(f" {glyphs.STARTING} starting {run.age():.1f} s ", palette.muted)]
            button = "Cancel F6"
        elif run.phase == "stopping":
            state = [(f" {glyphs.STARTING} stopping {run.step}/2 ", palette.warning)]
            button = "Harder F6"
        else:
            delta = f" {glyphs.CHANGED}" if run.profile != self.session.settled else ""
            state = [(f" {glyphs.RUNNING} running{delta} ", palette.ok)]
            state.append((f"{duration(run.age())} ", palette.muted))
            button = "Stop F6"
        parts = [Part(state, "pane(4)")]
        if wide and run.pid is not None:
            parts.append(Part([(f"pid {run.pid} ", palette.muted)], rank=1))
        stop = Part([(f"  {glyphs.STOPPED} {button}  ", palette.button_neutral)], "stop")
        return [*parts, stop]

    def _ended(self, run: Run) -> list[Span]:
        palette = palette_of(self.app)
        words = run.words()
        if words.severity == "error":
            return [(f" {glyphs.ERROR} {words.state}", palette.error)]
        return [(f" {glyphs.STOPPED} {words.state}", palette.muted)]

    def tab_state(self) -> list[Span]:
        run = self.run
        if run is None:
            return []
        palette = palette_of(self.app)
        if not run.is_alive:
            return self._ended(run)
        if self.output.new:
            return [(f"Paused {glyphs.DOT} {self.output.new} new {glyphs.DOT} End follows",
                     palette.warning)]  # fmt: skip
        return [(f"{glyphs.RUNNING} {run.phase}", palette.ok)]

    @property
    def qemutui(self) -> "QemutuiApp":
        """The app, by its own type."""
        return cast("QemutuiApp", self.app)

    # Launching

    def action_launch(self) -> None:
        """Launches what is on the screen, saved or not; asks where something speaks against it."""
        self.settle()
        self.check()
        self._launch()

    @work(group="launch", exclusive=True)
    async def _launch(self) -> None:
        from qemutui.ui.screens.question import Choice, Question

        run = self.run
        if run is not None and run.is_alive:
            fact = f"{run.title} runs already (pid {run.pid})."
            choices = (Choice("o", "shows it", "show"), Choice("l", "launches another", "launch"))
            answer = await self.app.push_screen_wait(Question(fact, choices))
            if answer == "show":
                self.open_tab(OUTPUT)
                self.set_focus(self.output)
            if answer != "launch":
                return
        elif (pid := self._runs_elsewhere()) is not None:
            fact = f"{self.session.title} runs already (pid {pid}), from an earlier time."
            another = Choice("l", "launches another", "launch")
            if await self.app.push_screen_wait(Question(fact, [another])) != "launch":
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
        self._follow(self.qemutui.launch(self.session))

    def _runs_elsewhere(self) -> int | None:
        """Returns the process of a VM of this profile that another app started, if one lives.

        At once, in some milliseconds: were the launch to wait here, the next F5 would replace it
        instead of asking whether a second VM is meant.
        """
        from qemutui.host import runs

        document = self.session.document
        if document is None:
            return None
        own = {run.pid for run in self.qemutui.runs}
        for record in reversed(runs.of_profile(document.path).records):
            if record.ended is None and record.pid not in own and runs.living(record):
                return record.pid
        return None

    def _follow(self, run: Run) -> None:
        """Follows a run: its logs, its state."""
        self.close_logs()
        self.run = run
        self.on_run_changed(RunChanged(run))

    def look(self) -> None:
        """Reads what the logs have more, and moves the clock on."""
        self.read_logs()
        run = self.run
        if run is not None and run.is_alive and int(run.age() * 2) != self._clock:
            self._clock = int(run.age() * 2)
            self.show_header()

    def on_run_changed(self, event: RunChanged) -> None:
        """Shows the new state of the run of this screen."""
        run = event.run
        if run is not self.run:
            return
        if self._begun is not run:
            self.begin_logs(run)
        if not run.is_alive and self._over is not run:
            self._over = run
            self._show_end(run)
        self.show_header()
        self.show_tabs()

    def _show_end(self, run: Run) -> None:
        self.read_logs(reads=sys.maxsize)
        self.close_logs()
        words = run.words()
        sentence = words.sentence
        if run.failed and run.running is not None:
            self.output.mark_last_error()
            path = self.blamed(run)
            if path is not None:
                sentence = f"QEMU refused {place_of(self.session.profile, path)}. Enter goes there."
                self.output.go_to_error()
            if self.tab is None:
                self.open_tab(OUTPUT)
        self.output.note(sentence, words.severity)
        if run.failed and self.output.errors():
            self.output.go_to_error()
        self.footer.say(sentence, words.severity or "information")

    def action_stop(self) -> None:
        """Stops the VM; while it is being stopped, goes on to the next step."""
        if self.run is None or not self.run.is_alive:
            self.footer.say("Nothing runs here.")
        else:
            self.qemutui.stop(self.run)
