"""How long a typed character takes to be seen in the command as text."""

import random
import tempfile
import time
import tomllib
from pathlib import Path
from statistics import median, quantiles

from qemutui.core.command_edit import Overlay
from qemutui.core.profile import read
from tests.benchmarks.measure import Measured, Row
from tests.benchmarks.prompt import OURS
from tests.benchmarks.terminal import Terminal, program

THEIRS = """
import sys
from pathlib import Path
from textual.app import App
from textual.widgets import TextArea

class Bare(App):
    def compose(self):
        yield TextArea(Path(sys.argv[1]).read_text(), soft_wrap=True, compact=True)

    def on_mount(self):
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)

Bare().run()
"""
WORD = "abcdefghij"
BLOCKS = 12
REST = 0.5  # seconds in which what was typed is read, and all comes to rest


def profile(count: int) -> str:
    """A profile whose command has this many options; the last of them can be typed on."""
    devices = (
        f'[[device]]\ntype = "virtio-rng-pci"\nid = "rng{number}"\n' for number in range(count - 2)
    )
    return 'name = "many"\nextra = ["-set", "typed="]\n' + "".join(devices)


def typed(terminal: Terminal, gaps: random.Random) -> list[float]:
    """Types a word at 60 to 100 ms a key, takes it back; returns how long each key took."""
    times = []
    for length in range(1, len(WORD) + 1):
        began = time.perf_counter()
        terminal.type(WORD[length - 1])
        times.append(terminal.until("typed=" + WORD[:length]) - began)
        terminal.drain(began + gaps.uniform(0.06, 0.1) - time.perf_counter())
    terminal.type("\x7f" * len(WORD))
    terminal.drain(REST)
    return times


def keys(count: int) -> Measured:
    """Times keys in a command of so many options against keys in a bare TextArea, in turns."""
    gaps = random.Random(count)
    ours: list[list[float]] = []
    theirs: list[list[float]] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path, text = home / "many.toml", home / "many.txt"
        path.write_text(profile(count))
        text.write_text(Overlay(read(tomllib.loads(path.read_text()))).text)
        with (
            program(OURS, [str(path)], home) as app,
            program(THEIRS, [str(text)], home) as bare,
        ):
            app.until("Launch F5", "library")
            app.drain(REST)
            app.type("3")
            app.until("as text")
            app.type("e")
            app.until("typed=", "Nothing changes.")
            bare.until("typed=")
            for terminal in (app, bare):
                terminal.drain(REST)
                typed(terminal, gaps)
            for number in range(BLOCKS):
                if number % 2:
                    ours.append(typed(app, gaps))
                    theirs.append(typed(bare, gaps))
                else:
                    theirs.append(typed(bare, gaps))
                    ours.append(typed(app, gaps))
    ratios = [median(our) / median(their) for our, their in zip(ours, theirs, strict=True)]
    our = [one for times in ours for one in times]
    their = [one for times in theirs for one in times]
    return Measured(median(our), median(their), median(ratios), _p95(our), _p95(their))


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


ROWS = [
    Row(
        "key in the command as text, 200 options",
        "a bare TextArea with the same text",
        2.0,
        lambda: keys(200),
    )
]
