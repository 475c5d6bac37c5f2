"""The VMs that run, and those that ended while the app watched."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.row_list import RowList

State = Literal["starting", "running", "paused", "stopping", "ended", "failed"]

_SIGNS: dict[str, str] = {
    "starting": glyphs.STARTING,
    "running": glyphs.RUNNING,
    "paused": glyphs.PAUSED,
    "stopping": glyphs.STARTING,
    "ended": glyphs.STOPPED,
    "failed": glyphs.ERROR,
}


class RunRow(NamedTuple):
    """One run, as the list shows it."""

    id: str
    """What the app knows it by."""
    name: str
    state: State
    clock: str
    """How long it has run, as `02:14`, or how it ended, as `exit 1`."""


class RunList(RowList):
    """One row a run: `● name 02:14`."""

    ground = "surface"
    empty_text = "No VM runs. F5 launches."

    def __init__(self) -> None:
        super().__init__(id="runs")
        self.runs: list[RunRow] = []

    def show(self, runs: list[RunRow]) -> None:
        """Shows other runs; the cursor stays on its run. Redraws only rows that are others."""
        if [run.id for run in runs] == [run.id for run in self.runs]:
            before, self.runs = self.runs, runs
            for index, run in enumerate(runs):
                if run != before[index]:
                    self.row_changed(index)
            return
        chosen = self.run
        self.runs = runs
        self.rows_changed()
        if chosen is not None:
            self.go_to(chosen.id)

    def go_to(self, run_id: str) -> None:
        """Moves to a run, if it has a row."""
        ids = [run.id for run in self.runs]
        if run_id in ids:
            self.cursor = ids.index(run_id)

    @property
    def run(self) -> RunRow | None:
        """The run under the cursor."""
        return self.runs[self.cursor] if 0 <= self.cursor < len(self.runs) else None

    @property
    def row_count(self) -> int:
        return len(self.runs)

    def row_mark(self, index: int) -> Span:
        palette = self.palette
        state = self.runs[index].state
        styles = {"running": palette.ok, "paused": palette.warning, "stopping": palette.warning}
        style = palette.error if state == "failed" else styles.get(state, palette.muted)
        return _SIGNS[state], style

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        run = self.runs[index]
        palette = self.palette
        style = palette.error if run.state == "failed" else palette.muted
        clock = clean(run.clock)
        room = max(0, width - glyphs.span_cells([(clock, style)]) - 1)
        return [(glyphs.pad(clean(run.name), room) + " ", palette.text), (clock, style)]
