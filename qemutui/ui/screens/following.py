"""How the main screen follows what its run prints, however much that is.

QEMU writes into files and never waits for us. One look at them takes a few milliseconds at most;
what does not fit is leapt over, and is counted, and read from the end backwards, once the flood
is over.
"""

import sys
from contextlib import suppress
from pathlib import Path as FilePath
from time import monotonic, perf_counter
from typing import TYPE_CHECKING

from textual import on, work
from textual.timer import Timer

from qemutui.core.keyval import Path
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.panes import OUTPUT
from qemutui.ui.printed import KEPT, Entry, Source, count, rule_of
from qemutui.ui.run import Run
from qemutui.ui.screens.items import ItemsView
from qemutui.ui.themes import palette_of
from qemutui.ui.type_ahead import TypeAhead
from qemutui.ui.widgets.output_list import OutputList

if TYPE_CHECKING:
    from qemutui.host.log import Follower, Line
    from qemutui.host.process import Running
    from qemutui.ui.session import Session

_POLL = 0.05
"""Seconds between two looks at the logs: what is printed is drawn at most 20 times a second."""
_BUDGET = 0.004
"""Seconds that one look takes; more would make a key wait."""
_TYPING = 0.15
"""Seconds after a key in which most looks are left out."""
_LEFT_OUT = 4
"""Of so many looks one is taken while somebody types."""
_PIECE = 4 << 10
"""Bytes of one read: of empty lines, as many as the budget allows."""
_LINES = 2000
"""Lines after which a look ends too; and that are read of a run that is over, at once."""
_AT_END = 32 << 10
"""Bytes that are read at once when a run is over; what is before them is leapt over."""
_NEAR = 256 << 10
"""Bytes behind the end of a log from which it is leapt to."""
_LEAPT = 300
"""Lines that are read after a leap: more than a screen has."""
_SIZES = 100
"""Of so many looks one asks whether a log has become too large."""
_COUNTED = 1 << 20
"""Bytes whose lines are counted at once."""


class FollowingView(ItemsView):
    """The main screen with the logs of its run."""

    def __init__(self, session: "Session", run: Run | None = None) -> None:
        super().__init__(session)
        self.run = run
        self._followed: list[tuple[Source, Follower]] = []
        self._finished: list[tuple[Source, Follower]] = []
        """Logs that do not grow any more, but have lines that are not counted."""
        self._poll: Timer | None = None
        self._finishing: Timer | None = None
        self._looks = 0
        self._untrimmable: set[FilePath] = set()
        """Large logs on file systems without holes."""
        self._begun: Run | None = None
        """The run whose logs are in Output."""

    def on_unmount(self) -> None:
        self.close_logs()
        for _, follower in self._finished:
            follower.close()
        self._finished.clear()

    def begin_logs(self, run: Run) -> None:
        """Begins to follow the logs of a run, once it has some."""
        from qemutui.host.log import Follower

        if run.running is None:
            return
        self._begun = run
        record = run.running.record
        self.output.show(self.output.live)
        self.output.add([_rule(run.running)])
        for stream, name in (("stdout", record.stdout), ("stderr", record.stderr)):
            if name:
                source = self.output.live.source(stream)
                source.is_dated = run.phase == "starting"
                self._followed.append((source, Follower(record.folder / name)))
        self._poll = self.set_interval(_POLL, self.look)
        if self.tab is None:
            self.open_tab(OUTPUT)

    def name_run(self, run: Run) -> None:
        """Says in the rule of a run which QEMU it is, once that is known."""
        if run is self._begun and run.running is not None and run.running.record.version:
            self.output.name_run(_rule(run.running))

    def close_logs(self) -> None:
        """Follows no log any more."""
        if self._poll is not None:
            self._poll.stop()
            self._poll = None
        self.finish(self._followed)
        self._followed = []

    def look(self) -> None:
        """Reads what the logs have more."""
        self.read_logs()

    def read_logs(self, reads: int = 1) -> None:
        """Shows what the logs have more: what a moment allows, or with `sys.maxsize` all of it."""
        to_end = reads == sys.maxsize
        if not to_end and self._is_typing():
            return
        new = self.output.new
        until = perf_counter() + (_BUDGET if not to_end else sys.maxsize)
        for source, follower in self._followed:
            try:
                self._read(source, follower, until, to_end)
            except OSError as error:
                self.output.note(f"The log cannot be read: {error.strerror}.", "error")
                self.close_logs()
                return
        if new != self.output.new:
            self.show_tabs()
        if self._looks % _SIZES == 0:
            self._trim()

    def _trim(self) -> None:
        """Has the middle of a log that is too large given back to the disk."""
        from qemutui.host import log_trim

        for _, follower in self._followed:
            if follower.path not in self._untrimmable and log_trim.is_large(follower.path):
                self._give_back(follower.path)

    @work(group="trim", exclusive=True)
    async def _give_back(self, path: FilePath) -> None:
        import asyncio

        from qemutui.host import log_trim

        if not await asyncio.to_thread(log_trim.trim, path):
            self._untrimmable.add(path)

    def _is_typing(self) -> bool:
        """Whether this look is left out for the sake of the keys."""
        self._looks += 1
        app = self.app
        typed = isinstance(app, TypeAhead) and monotonic() - app.typed_at < _TYPING
        return typed and self._looks % _LEFT_OUT != 0

    def _read(self, source: Source, follower: "Follower", until: float, to_end: bool) -> None:
        if not self.output.has_room and not to_end:
            return
        behind = follower.behind()
        source.is_dated = source.is_dated or not behind
        if behind > (_AT_END if to_end else _NEAR) and (self.output.keeps_up or to_end):
            self.output.leapt(source, follower.leap(_LINES if to_end else _LEAPT).lines)
        elif behind:
            lines: list[Line] = []
            more = True
            while more and len(lines) < _LINES and perf_counter() < until:
                batch = follower.read(_PIECE)
                if lines and batch.lines and not lines[-1].complete:
                    lines.pop()
                lines += batch.lines
                more = batch.more
            self.output.add_lines(source, lines)
        elif follower.gap:
            self._fill(source, follower, until)
        source.total, source.gap = follower.total, follower.gap

    def _fill(self, source: Source, follower: "Follower", until: float) -> None:
        """Reads what was leapt over, from its end backwards, and counts the rest of it."""
        live = self.output.live
        while follower.gap and perf_counter() < until:
            room = min(_LEAPT, KEPT - live.lines)
            fills = source.fills and source in live.sources
            wanted = self.output.keeps_up and fills and not live.is_full
            lines = follower.earlier(room) if wanted and room > 0 else ()
            if lines:
                self.output.add_earlier(source, lines)
            else:
                follower.count(_COUNTED)
        source.total, source.gap = follower.total, follower.gap
        self.output.counted()

    def finish(self, logs: "list[tuple[Source, Follower]]") -> None:
        """Counts the lines of logs that do not grow any more, bit by bit; then closes them."""
        for source, follower in logs:
            if follower.gap and self.is_running:
                self._finished.append((source, follower))
            else:
                follower.close()
        if self._finished and self._finishing is None:
            self._finishing = self.set_interval(_POLL, self._finish)

    def _finish(self) -> None:
        if self._is_typing():
            return
        until = perf_counter() + _BUDGET
        for source, follower in self._finished:
            with suppress(OSError):
                self._fill(source, follower, until)
                continue
            source.gap = 0
        for _, follower in (done := [one for one in self._finished if not one[0].gap]):
            follower.close()
        self._finished = [one for one in self._finished if one not in done]
        if not self._finished and self._finishing is not None:
            self._finishing.stop()
            self._finishing = None

    def tab_state(self) -> list[Span]:
        output = self.output
        is_alive = self.run is not None and self.run.is_alive
        if not is_alive or output.following or output.printed is not output.live:
            return []
        new = f"{count(output.new)} new {glyphs.DOT} " if output.new else ""
        if not output.has_room:
            new = f"over {new}"
        return [(f"Paused {glyphs.DOT} {new}End follows", palette_of(self.app).warning)]

    @on(OutputList.Changed)
    def _output_changed(self) -> None:
        self.show_tabs()
        self.show_hints()

    def blamed(self, run: Run) -> Path | None:
        """Returns the field that a run which failed complains of, if one can be named."""
        from qemutui.core.errors import field_of
        from qemutui.core.events import NotStarted

        if isinstance(run.end, NotStarted):
            return run.end.field or None
        found = (field_of(line, run.command) for line in self.output.errors())
        return next((path for path in found if path is not None), None)


def _rule(running: "Running") -> Entry:
    """Returns what a run begins with in Output."""
    record = running.record
    return rule_of(record.number, record.version or record.binary, running.pid)
