"""How long the picker of devices takes to open, and a letter in it to show what fits."""

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from statistics import median, quantiles

from qemutui.core.addable import addables
from qemutui.core.catalog import Catalog
from qemutui.ui import addable_search
from tests.benchmarks.keys import CLEAR, CLEARED, THEIRS, in_turns, typed
from tests.benchmarks.measure import Measured, Row
from tests.benchmarks.terminal import Terminal, program
from tests.catalogs import captured
from tests.samples import net0

ROOT = Path(__file__).parents[2]
OURS = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from qemutui.__main__ import main
from qemutui.ui import catalogs
from tests.benchmarks.adding import many
catalogs.ask_qemu = lambda *_: catalogs.Answer(many())
sys.exit(main())
"""
FRAME = 0.033
"""Seconds of one frame, of 30 in a second."""
TYPES = 512
ROUNDS = 24
WORDS = ("virtio-net", "usb", "scsi-hd", "e1000")
ESCAPE = "\x1b"


def many() -> Catalog:
    """A catalog of so many devices that can be added: a real one, and some of it twice."""
    real = captured("10.0")
    rows = [row for row in real.head["devices"] if row[5] and row[0] in real.devices]
    twice = [[f"{row[0]}-2", *row[1:]] for row in rows]
    places = real.head["places"]
    more = {f"device/{row[0]}-2": places[f"device/{row[0]}"] for row in rows}
    devices = [*rows, *twice][:TYPES]
    assert len(devices) == TYPES
    return Catalog({**real.head, "devices": devices, "places": places | more}, real._read_body)


@contextmanager
def _devices() -> Iterator[Terminal]:
    """Gives the terminal of an app with the cursor among its devices."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path = home / "vm.toml"
        path.write_text(f'name = "vm"\n{net0("n0")}')
        with program(OURS, [str(path)], home) as terminal:
            terminal.until("Launch F5", "library", "10.0")  # the version: the catalog is there
            terminal.type("g")
            terminal.until("press a letter")
            terminal.type("d")
            terminal.until("duplicate")
            terminal.drain(1.0)
            yield terminal


def _open(terminal: Terminal) -> float:
    """Opens the picker; returns how long it took until it was there, in whole."""
    began = time.perf_counter()
    terminal.type("a")
    return terminal.until("what it is", f"{TYPES} of {TYPES}", "Enter adds") - began


def opening() -> Measured:
    """Times the picker from the key to the last of its frame."""
    times = []
    with _devices() as terminal:
        for _ in range(ROUNDS):
            times.append(_open(terminal))
            terminal.drain(CLEARED)
            terminal.type(ESCAPE)
            terminal.drain(CLEARED)
    typical = median(times[1:])
    return Measured(typical, FRAME, typical / FRAME, quantiles(times[1:], n=20)[-1])


def _letters(terminal: Terminal, word: str, gaps: random.Random) -> list[float]:
    """Types a word at 60 to 100 ms a key; returns for each that changes it how long the number of
    what fits took."""
    times, shown = [], TYPES
    for length in range(1, len(word) + 1):
        fitting = _fitting(word[:length])
        began = time.perf_counter()
        terminal.type(word[length - 1])
        if fitting != shown:  # else it is not written anew
            times.append(terminal.until(f"{fitting} of {TYPES}") - began)
        shown = fitting
        terminal.drain(began + gaps.uniform(0.06, 0.1) - time.perf_counter())
    terminal.type(CLEAR)
    terminal.drain(CLEARED)
    return times


@cache
def _fitting(text: str) -> int:
    offered = addable_search.searched(addables(many(), ["device"]))
    return len(addable_search.found(offered, addable_search.read(text), ()))


def letters() -> Measured:
    """Times letters in the picker against letters in a bare app, a word in turns."""
    gaps = random.Random(TYPES)
    words = chain.from_iterable(repeat(WORDS))
    for word in WORDS:
        for length in range(1, len(word) + 1):
            _fitting(word[:length])
    with _devices() as app, tempfile.TemporaryDirectory() as folder:
        _open(app)
        with program(THEIRS, [], Path(folder)) as bare:
            bare.until("mirror=")
            return in_turns(
                lambda: _letters(app, next(words), gaps), lambda: typed(bare, "mirror=", gaps)
            )


ROWS = [
    Row(f"picker of {TYPES} devices, opened", "one frame", 1, opening),
    Row(
        f"letter to what fits, picker of {TYPES} devices",
        "one Input mirrored to a Static in a bare app",
        1.6,
        letters,
    ),
]
