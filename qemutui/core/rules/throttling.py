"""Limits of speed that QEMU refuses (`util/throttle.c`, throttle_is_valid)."""

from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.finding import Problem
from qemutui.core.rules.subject import Entry

_PREFIX = "throttling."
_RATES = tuple(f"{unit}-{kind}" for unit in ("bps", "iops") for kind in ("total", "read", "write"))
_MOST = 10**15
"""The highest rate (`include/qemu/throttle.h`)."""


def limits(entry: Entry) -> Iterator[Problem]:
    """Rates out of range, and bursts that do not go with a rate."""
    counts = {
        key.removeprefix(_PREFIX): keyval.number(value)
        for key, value in entry.item.root.items()
        if key.startswith(_PREFIX)
    }
    for rate in _RATES:
        for key in (rate, f"{rate}-max"):
            count = counts.get(key)
            if count is not None and not 0 <= count <= _MOST:
                yield _problem(entry, key, "This is 0 to 10^15.")
                return
        least, most = counts.get(rate, 0), counts.get(f"{rate}-max", 0)
        length = counts.get(f"{rate}-max-length", 1)
        if least is None or most is None or length is None:
            continue
        if most and most < least:
            yield _problem(entry, f"{rate}-max", f"This is less than {rate}.")
        elif most and not least:
            yield _problem(entry, f"{rate}-max", f"{rate}-max needs {rate}.")
        elif length == 0:
            yield _problem(entry, f"{rate}-max-length", "This is 1 or more.")
        elif length != 1 and not most:
            yield _problem(entry, f"{rate}-max-length", f"This needs {rate}-max.")


def _problem(entry: Entry, key: str, message: str) -> Problem:
    return Problem("error", (*entry.path, _PREFIX + key), message)


def share(entry: Entry) -> Iterator[Problem]:
    """As `limits`, and modes of new files that nobody maps (`hw/9pfs/9p-local.c`)."""
    if entry.type != "local":
        return
    yield from limits(entry)
    root = entry.item.root
    for key in ("fmode", "dmode"):
        if key in root and root.get("security_model") in ("none", "passthrough"):
            message = f"{key} is only for the mapped models."
            yield Problem("error", (*entry.path, key), message)
