"""What the app takes while nobody touches it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.measure import Measured, Row
from tests.benchmarks.prompt import OURS, PROFILE
from tests.benchmarks.quiet import F5, F6, SETTLED, at_rest
from tests.benchmarks.start import THEIRS
from tests.benchmarks.terminal import program

WATCHED = 20.0  # seconds in which the processor's time is counted


def _resting(code: str, arguments: Sequence[str], text: str, home: Path) -> int:
    with program(code, arguments, home) as terminal:
        terminal.until(text)
        terminal.drain(SETTLED)
        return processes.memory(terminal.process.pid)


def memory() -> Measured:
    """Compares the app with a profile of 10 items, and a bare app."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        profile = home / "ten.toml"
        profile.write_text(PROFILE)
        ours = _resting(OURS, [str(profile)], "Launch F5", home)
        theirs = _resting(THEIRS, [], "One label", home)
    return Measured(ours, theirs, ours / theirs, unit="MB")


def processor() -> Measured:
    """Counts the time that the app needs while a VM runs and prints nothing."""
    with at_rest() as (terminal, _):
        terminal.type(F5)
        terminal.until("Running after")
        terminal.drain(SETTLED + 4)  # the notice has gone
        used = terminal.processor(WATCHED)
        terminal.type(F6)
        terminal.type(F6)
        terminal.until("QEMU quit.")
    return Measured(used, 0.02, used / 0.02, unit="%")


ROWS = [
    Row("memory at rest, profile of 10 items, 80×24", "a bare Textual app", 1.6, memory),
    Row("processor at rest while a VM runs", "2 % of one core", 1, processor),
]
