"""What a row of the benchmarks is, and how it is measured.

A time alone says more about the machine than about the program. So two things are timed in turns,
ours and what it is compared with, and the ratio of each two neighbours is taken: what slows the
machine meanwhile slows both. The median of these ratios is the result.
"""

import gc
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Literal, NamedTuple

Timed = Callable[[], float]
"""Does something once and returns how many seconds it took."""


Unit = Literal["ms", "MB", "%"]


class Measured(NamedTuple):
    """What one row came to."""

    ours: float
    """Median, in seconds; in bytes for MB, a part of one for %."""
    theirs: float
    ratio: float
    """Median of the ratios of the pairs."""
    ours_p95: float | None = None
    """What 95 of 100 times are below, in seconds, where there are times enough to tell."""
    theirs_p95: float | None = None
    unit: Unit = "ms"


class Row(NamedTuple):
    """A claim: `what` takes at most `at_most` times as long as `against`."""

    what: str
    against: str
    at_most: float
    measure: Callable[[], Measured]


def pairs(ours: Timed, theirs: Timed, rounds: int) -> Measured:
    """Times both in turns, which of them first in turns too, after once each unmeasured."""
    ours()
    theirs()
    times: list[tuple[float, float]] = []
    for number in range(rounds):
        if number % 2:
            our = ours()
            times.append((our, theirs()))
        else:
            their = theirs()
            times.append((ours(), their))
    return Measured(
        median(our for our, _ in times),
        median(their for _, their in times),
        median(our / their for our, their in times),
    )


def process(command: Sequence[str], variables: Mapping[str, str] | None = None) -> Timed:
    """A whole process, from its start to its end, that must succeed.

    Its environment is ours, or `variables` alone.
    """

    def run() -> float:
        start = time.perf_counter()
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            cwd="/",
            env=variables,
        )
        return time.perf_counter() - start

    return run


def call(function: Callable[[], object]) -> Timed:
    """A call in this process, without the garbage collector, which no command of qemutui has on."""

    def run() -> float:
        gc.collect()
        gc.disable()
        try:
            start = time.perf_counter()
            function()
            return time.perf_counter() - start
        finally:
            gc.enable()

    return run
