"""What the header and the dock's title say of a run."""

from typing import cast

from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.run import Run
from qemutui.ui.themes import Palette
from qemutui.ui.widgets.header_line import Part
from qemutui.ui.widgets.run_list import RunRow, State


def clock(seconds: float) -> str:
    """Returns a time as `00:12:07`."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def header(run: Run | None, palette: Palette, wide: bool, is_same: bool) -> list[Part]:
    """Returns the run's state and the button.

    Args:
        run: The run; None before the first.
        palette: The styles.
        wide: Whether there is room for how it ended.
        is_same: Whether what runs is what the screen says.
    """
    launch = Part([(f"  {glyphs.LAUNCH} Launch F5  ", palette.button)], "launch")
    if run is None:
        return [launch]
    if not run.is_alive:
        if wide:
            return [Part([*_ended(run, palette), ("  ", palette.text)], "pane(4)", rank=1), launch]
        return [launch]
    button = {"starting": "Cancel F6", "stopping": "Harder F6"}.get(run.phase, "Stop F6")
    parts = [Part(_state(run, palette, is_same), "pane(4)")]
    if wide and run.pid is not None and run.phase == "running":
        parts.append(Part([(f"pid {run.pid} ", palette.muted)], rank=1))
    stop = Part([(f"  {glyphs.STOPPED} {button}  ", palette.button_neutral)], "stop")
    return [*parts, stop]


def _state(run: Run, palette: Palette, is_same: bool) -> list[Span]:
    if run.phase == "starting":
        return [(f" {glyphs.STARTING} starting {run.age():.1f} s ", palette.muted)]
    if run.phase == "stopping":
        left = f" {run.step}/4 {run.step_left():.0f} s" if run.step else ""
        return [(f" {glyphs.STARTING} stopping{left} ", palette.warning)]
    if run.is_paused:
        return [(f" {glyphs.PAUSED} paused ", palette.warning)]
    if not run.has_monitor:
        return [(f" {glyphs.RUNNING} running, no monitor ", palette.warning)]
    changed = "" if is_same else f" {glyphs.CHANGED}"
    return [
        (f" {glyphs.RUNNING} running{changed} ", palette.ok),
        (f"{clock(run.age())} ", palette.muted),
    ]


def _ended(run: Run, palette: Palette) -> list[Span]:
    words = run.words()
    if words.severity == "error":
        return [(f" {glyphs.ERROR} {words.state}", palette.error)]
    return [(f" {glyphs.STOPPED} {words.state}", palette.muted)]


def row(run: Run) -> RunRow:
    """Returns a run for the list of runs."""
    hours_minutes = clock(run.age())[:5]
    if run.is_alive:
        state: State = "paused" if run.is_paused else cast("State", run.phase)
        return RunRow(run.key, run.title, state, hours_minutes)
    words = run.words()
    state = "failed" if words.severity == "error" else "ended"
    return RunRow(run.key, run.title, state, words.state.split(" after ")[0].split(" 0")[0])


def tab(run: Run | None, palette: Palette) -> list[Span]:
    """Returns what the right end of the dock's title says of a run."""
    if run is None:
        return []
    if not run.is_alive:
        return [(text.lstrip(), style) for text, style in _ended(run, palette)]
    if run.is_paused:
        return [(f"{glyphs.PAUSED} paused", palette.warning)]
    sign = glyphs.RUNNING if run.phase == "running" else glyphs.STARTING
    return [(f"{sign} {run.phase}", palette.ok)]
