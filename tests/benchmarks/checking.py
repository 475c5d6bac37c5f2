"""The check of a large profile by what a QEMU offers, and after one edit on the screen.

It only computes, so that its processor time is what it takes; other programs do not count.
"""

import gc
import tempfile
import time
from statistics import median, quantiles

from qemutui.core import edit
from qemutui.core.check import Checker
from qemutui.core.profile import Profile
from qemutui.host import store
from tests.benchmarks.measure import Measured, Row
from tests.benchmarks.scale import write
from tests.catalogs import captured

LIMIT = 0.05
"""Seconds."""
ROUNDS = 15


def _profile() -> Profile:
    with tempfile.TemporaryDirectory() as folder:
        return store.load(write(folder, 1_000)).profile


def _measured(times: list[float], limit: float) -> Measured:
    typical = median(times)
    return Measured(typical, limit, typical / limit, quantiles(times, n=20)[-1])


def whole() -> Measured:
    """Times the check of 1,000 devices and as many netdevs by a program that has seen none."""
    profile, catalog = _profile(), captured("10.0")
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        began = time.process_time()
        found = Checker().check(profile, catalog=catalog)
        times.append(time.process_time() - began)
        assert found == ()
    return _measured(times, LIMIT)


def one_edit() -> Measured:
    """Times the check after one property of one device has another value."""
    profile, catalog, checker = _profile(), captured("10.0"), Checker()
    checker.check(profile, catalog=catalog)
    times = []
    for place in range(ROUNDS):
        profile = edit.set_value(profile, ("device", place, "romfile"), "x")
        gc.collect()
        began = time.process_time()
        checker.check(profile, catalog=catalog)
        times.append(time.process_time() - began)
    return _measured(times, LIMIT / 2)


ROWS = [
    Row("check 1,000 devices with a catalog", "50 ms", 1, whole),
    Row("the same after one edit", "25 ms", 1, one_edit),
]
