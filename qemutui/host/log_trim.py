"""Gives the middle of a log that has become very large back to the disk.

The first and the last part stay where they are: a hole is punched between them, so QEMU, which
appends, is not touched by it, and neither is who reads the end. The last line before the hole says
what is missing. Where the file system has no holes, all is kept and nothing said.
"""

import os
from pathlib import Path
from typing import NamedTuple

_PUNCH_HOLE, _KEEP_SIZE = 2, 1  # FALLOC_FL_… of linux/falloc.h
_UNIT = 1 << 20
"""A hole begins and ends at a multiple of it, whatever the blocks of the file system are."""


class Limits(NamedTuple):
    """How much of a log is kept, in bytes."""

    most: int = 1 << 30
    """From so many on the disk the middle is given back."""
    first: int = 64 << 20
    """Of the beginning."""
    last: int = 448 << 20
    """Of the end."""


LIMITS = Limits()


def is_large(path: Path, limits: Limits = LIMITS) -> bool:
    """Tells whether a log takes so much of the disk that `trim` has something to do. Quick."""
    try:
        return path.stat().st_blocks * 512 > limits.most
    except OSError:
        return False


def trim(path: Path, limits: Limits = LIMITS) -> int:
    """Gives the middle of a log back to the disk; returns how many bytes it has become less.

    May take a while; it is 0 where the log is not so large, or where it cannot be done.
    """
    try:
        # Without O_APPEND, with which every write would go to the end.
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    except OSError:
        return 0
    try:
        before = os.fstat(descriptor)
        if before.st_blocks * 512 <= limits.most:
            return 0
        start = max(_UNIT, limits.first // _UNIT * _UNIT)
        end = (before.st_size - limits.last) // _UNIT * _UNIT
        if end <= start or not _punch(descriptor, start, end - start):
            return 0
        _say(descriptor, start, end - start)
        return max(0, (before.st_blocks - os.fstat(descriptor).st_blocks) * 512)
    except OSError:
        return 0
    finally:
        os.close(descriptor)


def _say(descriptor: int, start: int, length: int) -> None:
    """Writes into the log, over the end of its first part, what is missing behind it.

    It has the same length each time, so that a longer hole is said in the same place.
    """
    mebibytes = f"{length >> 20:,}".replace(",", " ")
    words = f"-- {mebibytes} MiB of this log were given back to the disk here --"
    line = f"\n{words:<78}\n".encode()
    os.pwrite(descriptor, line, start - len(line))


def _punch(descriptor: int, start: int, length: int) -> bool:
    import ctypes

    try:
        fallocate = ctypes.CDLL(None, use_errno=True).fallocate
    except (OSError, AttributeError):  # no Linux
        return False
    fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
    return bool(fallocate(descriptor, _PUNCH_HOLE | _KEEP_SIZE, start, length) == 0)
