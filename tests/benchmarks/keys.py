"""How long a typed character takes until the command on the screen has it."""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks.measure import Measured, Row
from tests.benchmarks.prompt import OURS
from tests.benchmarks.terminal import Terminal, program

THEIRS = """
from textual.app import App
from textual.widgets import Input, Static

class Mirror(App):
    def compose(self):
        yield Input()
        yield Static("mirror=")

    def on_input_changed(self, event):
        self.query_one(Static).update("mirror=" + event.value)

Mirror().run()
"""
WORD = "abcdefghij"
BLOCKS = 12
CLEAR = "\x15"  # Ctrl+U: an Input deletes what is before its cursor
CLEARED = 0.3  # seconds in which whatever the emptied field sets off comes to rest


def profile(count: int) -> str:
    """A profile of this many devices; the last one has a property to type into.

    No machine has so many places: that is not what is measured, and not said a thousand times.
    """
    devices = (
        f'[[device]]\ntype = "virtio-rng-pci"\nid = "rng{number}"\n' for number in range(count)
    )
    ignored = '[check]\nignore = ["full-bus", "unknown-property"]\n'
    return 'name = "many"\n' + ignored + "".join(devices) + 'typed = "x"\n'


def typed(terminal: Terminal, name: str, gaps: random.Random, clear: str = CLEAR) -> list[float]:
    """Types a word at 60 to 100 ms a key; returns for each key how long its preview took.

    The preview is `name` with what has been typed, which the echo of the editor never is. `clear`
    are the keys that delete the word.
    """
    times = []
    for length in range(1, len(WORD) + 1):
        began = time.perf_counter()
        terminal.type(WORD[length - 1])
        times.append(terminal.until(name + WORD[:length]) - began)
        terminal.drain(began + gaps.uniform(0.06, 0.1) - time.perf_counter())
    terminal.type(clear)
    terminal.drain(CLEARED)
    return times


def opened(terminal: Terminal) -> None:
    """Opens the editor on the last property of the last device, and empties it."""
    terminal.until("Launch F5", "library")
    edit(terminal)


def edit(terminal: Terminal) -> None:
    """Goes from the sections to that editor."""
    for keys, text in (
        ("jjjjj", "-device"),  # Sections: Devices is the sixth that can be selected
        ("\r", "duplicate"),  # items
        ("\x1b[F", "typed=x"),  # End: the last device, and its option in the command
        ("\r", "edit"),  # properties
        ("jj", "typed"),  # id, type, typed
        ("\r", "restore"),  # the editor
    ):
        terminal.type(keys)
        terminal.until(text)
        terminal.drain(CLEARED)
    terminal.type(CLEAR)
    terminal.drain(CLEARED)


def keys(count: int) -> Measured:
    """Times keys in a profile of so many devices against keys in a bare app, a word in turns."""
    gaps = random.Random(count)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path = home / "many.toml"
        path.write_text(profile(count))
        with program(OURS, [str(path)], home) as app, program(THEIRS, [], home) as bare:
            opened(app)
            bare.until("mirror=")
            return in_turns(
                lambda: typed(app, "typed=", gaps), lambda: typed(bare, "mirror=", gaps)
            )


def in_turns(ours: Callable[[], list[float]], theirs: Callable[[], list[float]]) -> Measured:
    """Types words here and there in turns, after one each unmeasured."""
    ours()
    theirs()
    our: list[list[float]] = []
    their: list[list[float]] = []
    for number in range(BLOCKS):
        if number % 2:
            our.append(ours())
            their.append(theirs())
        else:
            their.append(theirs())
            our.append(ours())
    ratios = [median(one) / median(other) for one, other in zip(our, their, strict=True)]
    ours_all, theirs_all = list(chain.from_iterable(our)), list(chain.from_iterable(their))
    return Measured(
        median(ours_all), median(theirs_all), median(ratios), _p95(ours_all), _p95(theirs_all)
    )


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def row(count: int, shown: str, at_most: float) -> Row:
    """The row for a profile of so many devices."""
    against = "one Input mirrored to a Static in a bare app"
    return Row(f"key to preview, {shown} devices", against, at_most, lambda: keys(count))


ROWS = [row(10, "10", 0.95), row(1_000, "1,000", 0.95)]
