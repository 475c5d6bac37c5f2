"""How the main screen follows what its run prints."""

from typing import TYPE_CHECKING

from textual import on
from textual.timer import Timer

from qemutui.core.keyval import Path
from qemutui.ui import glyphs
from qemutui.ui.run import Run
from qemutui.ui.screens.frame import OUTPUT
from qemutui.ui.screens.items import ItemsView
from qemutui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from qemutui.host.log import Follower
    from qemutui.ui.session import Session

_POLL = 0.05
"""Seconds between two looks at the logs: what is printed is drawn at most 20 times a second."""
READS = 8
"""Reads of one log at one look; more would make a key wait."""


class OutputView(ItemsView):
    """The main screen with the logs of its run."""

    def __init__(self, session: "Session", run: Run | None = None) -> None:
        super().__init__(session)
        self.run = run
        self._followers: dict[str, Follower] = {}
        self._poll: Timer | None = None
        self._begun: Run | None = None
        """The run whose logs are in Output."""

    def on_unmount(self) -> None:
        self.close_logs()

    def begin_logs(self, run: Run) -> None:
        """Begins to follow the logs of a run, once it has some."""
        from qemutui.host.log import Follower

        if run.running is None:
            return
        self._begun = run
        record = run.running.record
        self.output.rule(f"run {record.number} {glyphs.DOT} {record.binary} {glyphs.DOT} "
                         f"pid {run.running.pid}")  # fmt: skip
        for stream, name in (("stdout", record.stdout), ("stderr", record.stderr)):
            if name:
                self._followers[stream] = Follower(record.folder / name)
        self._poll = self.set_interval(_POLL, self.look)
        if self.tab is None:
            self.open_tab(OUTPUT)

    def close_logs(self) -> None:
        """Follows no log any more."""
        if self._poll is not None:
            self._poll.stop()
            self._poll = None
        for follower in self._followers.values():
            follower.close()
        self._followers.clear()

    def look(self) -> None:
        """Reads what the logs have more."""
        self.read_logs()

    def read_logs(self, reads: int = READS) -> None:
        """Shows what the logs have more, at most so many pieces of each."""
        new = self.output.new
        for stream, follower in self._followers.items():
            for _ in range(reads):
                try:
                    batch = follower.read()
                except OSError as error:
                    self.output.note(f"The log cannot be read: {error.strerror}.", "error")
                    self.close_logs()
                    return
                self.output.add_batch(stream, batch)
                if not batch.more:
                    break
        if new != self.output.new:
            self.show_tabs()

    def blamed(self, run: Run) -> Path | None:
        """Returns the field that a run which failed complains of, if one can be named."""
        from qemutui.core.errors import field_of
        from qemutui.core.events import NotStarted

        if isinstance(run.end, NotStarted):
            return run.end.field or None
        for line in self.output.errors():
            path = field_of(line, run.command)
            if path is not None:
                return path
        return None

    @on(RowList.Chosen, "#output")
    def _line_chosen(self) -> None:
        entry = self.output.entry
        if entry is None or self.run is None:
            return
        from qemutui.core.errors import field_of

        path = self.blamed(self.run) if entry.ours else field_of(entry.line, self.run.command)
        if path is None:
            self.footer.say("This line names no field.")
        else:
            self.go_to(path)
