"""The runs below the sections of the main screen, where there is room for them."""

from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from qemutui.ui import panes
from qemutui.ui.messages import RunChanged
from qemutui.ui.screens.on_disk import OnDiskView
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import Title

if TYPE_CHECKING:
    from qemutui.ui.run import Run
    from qemutui.ui.session import Session
    from qemutui.ui.widgets.run_list import RunList

RUNS = 8
"""The digit of the pane."""
_MOUNTED_AFTER = 0.1
"""Seconds after the first frame, which does not need the runs."""
_SECOND = 1.0


class _RunsTitle(Title):
    ground = "surface"


class RunsPaneView(OnDiskView):
    """The main screen with the runs of the app, of all profiles."""

    def __init__(self, session: "Session", run: "Run | None" = None) -> None:
        super().__init__(session, run)
        self.runs: RunList | None = None
        self._runs_title: _RunsTitle | None = None

    def on_mount(self) -> None:
        self.set_timer(_MOUNTED_AFTER, self._mount_runs)
        self.set_interval(_SECOND, self._show_clocks)

    def on_resize(self) -> None:
        if self.runs is None:
            self.call_after_refresh(self._mount_runs)

    def _mount_runs(self) -> None:
        if self.runs is not None or not panes.shows_runs(*self.app.size):
            return
        from qemutui.ui.widgets.run_list import RunList

        self.runs, self._runs_title = RunList(), _RunsTitle(id="runs-title")
        self.mount(self._runs_title, self.runs, before=self.footer)
        self.place()
        self.show_runs()

    def view(self) -> panes.View:
        """Returns all that decides where the panes stand now."""
        return super().view()._replace(has_runs=self.runs is not None)

    def tab_order(self) -> list[Widget]:
        """Returns the panes in the order of the key Tab."""
        return [*super().tab_order(), *([self.runs] if self.runs is not None else [])]

    def show_runs(self) -> None:
        """Shows which VMs run, and for how long."""
        if self.runs is None or self._runs_title is None:
            return
        rows = self.qemutui.run_rows()
        self.runs.show(rows)
        if self.run is not None and self.focused is not self.runs:
            self.runs.go_to(self.run.key)
        self._runs_title.set(RUNS, "Runs", "", str(len(rows)))

    def _show_clocks(self) -> None:
        if self.runs is not None and self.runs.runs and self.is_current:
            self.show_runs()

    def on_run_changed(self, event: RunChanged) -> None:
        """Shows the new state of a run; Textual calls the other view's own of this name, too."""
        self.show_runs()

    def show_titles(self) -> None:
        """Shows the titles of the panes."""
        super().show_titles()
        if self._runs_title is not None:
            self._runs_title.active = self.focused is self.runs
            self._runs_title.asked = self.is_going
            self.show_runs()

    def action_pane(self, digit: int) -> None:
        """Goes to a pane by its digit; to the library where the runs are not drawn."""
        if digit != RUNS:
            super().action_pane(digit)
        elif self.runs is not None and panes.shows_runs(*self.app.size):
            self.set_focus(self.runs)
        else:
            self.settle()
            self.qemutui.show_library()

    @on(RowList.Chosen, "#runs")
    def _run_chosen(self) -> None:
        if self.runs is not None and self.runs.run is not None:
            self.settle()
            self.qemutui.show_run(self.runs.run.id)
