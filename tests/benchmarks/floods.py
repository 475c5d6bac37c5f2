"""A QEMU that writes to standard error as fast as it can, while its output is shown."""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from tests.benchmarks import processes
from tests.benchmarks.keys import BLOCKS, edit, profile, typed
from tests.benchmarks.measure import Measured, Row
from tests.benchmarks.prompt import OURS
from tests.benchmarks.quiet import F5, SETTLED
from tests.benchmarks.terminal import Terminal, program

# One write a line, as QEMU's own, whose standard error has no buffer. Without an end it writes what
# a terminal takes in a second at most, so that a benchmark does not fill the disk.
FLOOD = """
import os, sys, time
kind, size = sys.argv[0].rpartition("-")[2], int(os.environ["FLOOD"])
chunk = {
    "short": b"qemu-system-x86_64: warning: a short line\\n",
    "long": b"x" * 999_999 + b"\\n",
    "escapes": b"\\x1b[31m\\x1b[2J\\x1b]0;title\\x07 red \\x1b[0m\\n" * 4,
    "binary": bytes(range(256)) * 8,
    "endless": b"no newline at all, " * 50,
}[kind]
written, began = 0, time.monotonic()
while not size or written < size:
    written += os.write(2, chunk)
    if not size and written > 3e8 * (time.monotonic() - began):
        time.sleep(0.001)
open(os.environ["DONE"], "w").write(str(time.monotonic() - began))
time.sleep(600)
"""
LARGE = (120, 40)
"""A screen that has the command and the output at once."""
KINDS = ("short", "long", "escapes", "binary", "endless")
AMOUNT = 200_000_000


@contextmanager
def folder() -> Iterator[Path]:
    """A home with a program that floods."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for kind in KINDS:
            script = home / f"qemu-system-{kind}"
            script.write_text(f"#!{sys.executable}\n{FLOOD}")
            script.chmod(0o755)
        yield home


def flooding(home: Path, kind: str, size: int) -> Path:
    """A profile whose program floods."""
    path = home / "flood.toml"
    launch = (
        f'[launch]\nmonitor = false\nenvironment = {{ FLOOD = "{size}", DONE = "{home}/done" }}\n'
    )
    path.write_text(f'binary = "./qemu-system-{kind}"\n{profile(10)}{launch}')
    return path


def _end(terminal: Terminal, home: Path) -> None:
    for pid in processes.of_runs(home):
        os.kill(pid, 9)
    terminal.drain(0.5)


def _decline(terminal: Terminal) -> None:
    """Leaves the program unasked what it offers: it is not on PATH, and would flood."""
    terminal.until("Launch F5", "goes on without")
    terminal.type("\x1b")
    terminal.drain(SETTLED)


def keys(kind: str) -> Measured:
    """Types while QEMU floods and while nothing runs; the ratio is that of the p95."""
    gaps = random.Random(1)
    times: dict[bool, list[float]] = {False: [], True: []}
    with folder() as home:
        path = str(flooding(home, kind, 0))
        with (
            program(OURS, [path], home, LARGE) as busy,
            program(OURS, [path], home, LARGE) as quiet,
        ):
            _decline(quiet)
            edit(quiet)
            _decline(busy)
            busy.type(F5)
            busy.drain(2)
            edit(busy)
            for number in range(BLOCKS):
                for is_busy in (True, False) if number % 2 else (False, True):
                    times[is_busy] += typed(busy if is_busy else quiet, "typed=", gaps)
            _end(busy, home)
    worst = {is_busy: quantiles(found, n=20)[-1] for is_busy, found in times.items()}
    median = {is_busy: quantiles(found, n=2)[0] for is_busy, found in times.items()}
    return Measured(
        median[True], median[False], worst[True] / worst[False], worst[True], worst[False]
    )


def _with_panel(home: Path) -> tuple[float, int]:
    """Seconds that 200 MB take with the panel open, and the bytes that the app has more after."""
    done = home / "done"
    done.unlink(missing_ok=True)
    with program(OURS, [str(flooding(home, "short", AMOUNT))], home) as terminal:
        _decline(terminal)
        before = processes.memory(terminal.process.pid)
        terminal.type(F5)
        while not (done.exists() and done.read_text()):
            terminal.drain(0.05)
        terminal.drain(SETTLED)
        after = processes.memory(terminal.process.pid)
        _end(terminal, home)
    return float(done.read_text()), after - before


def _without_reader(home: Path) -> float:
    done = home / "done"
    done.unlink(missing_ok=True)
    variables = {"FLOOD": str(AMOUNT), "DONE": str(done)}
    with (home / "log").open("wb") as log:
        run = subprocess.Popen(
            [home / "qemu-system-short"], stderr=log, env={**os.environ, **variables}
        )
        while not (done.exists() and done.read_text()):
            time.sleep(0.05)
        run.kill()
        run.wait()
    return float(done.read_text())


def slowed() -> Measured:
    """Compares how long the writer needs, in turns."""
    with folder() as home:
        pairs = [(_with_panel(home)[0], _without_reader(home)) for _ in range(5)]
    ratio = sorted(our / their for our, their in pairs)[2]
    return Measured(sorted(o for o, _ in pairs)[2], sorted(t for _, t in pairs)[2], ratio)


def grown() -> Measured:
    """What the app has more after 200 MB of output than before them."""
    with folder() as home:
        more = _with_panel(home)[1]
    return Measured(more, 30e6, more / 30e6, unit="MB")


def _row(kind: str) -> Row:
    what = f"key to preview while QEMU floods ({kind}), p95"
    return Row(what, "at rest", 2, lambda: keys(kind))


ROWS = [_row(kind) for kind in KINDS]
ROWS += [
    Row("200 MB of standard error with the panel open", "into a file nobody reads", 1.15, slowed),
    Row("memory after that flood, beyond that before it", "30 MB", 1, grown),
]
