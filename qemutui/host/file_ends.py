"""The first and the last bytes of a file, which say what it is."""

import errno
import os
import stat
from typing import NamedTuple


class Ends(NamedTuple):
    """What was read of a file."""

    first: bytes
    last: bytes
    status: os.stat_result


def read(place: str, first: int, last: int = 0) -> Ends:
    """Reads some bytes at both ends of a regular file. What is none is not opened.

    Raises:
        OSError: It cannot be read, or is no regular file.
        ValueError: A NUL is in the name.
    """
    # A device or a FIFO may act on being opened, so it is asked first.
    _refuse_others(os.stat(place))  # noqa: PTH116
    descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        status = os.fstat(descriptor)
        _refuse_others(status)
        end = os.pread(descriptor, last, max(0, status.st_size - last)) if last else b""
        return Ends(os.read(descriptor, first), end, status)
    finally:
        os.close(descriptor)


def _refuse_others(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "no regular file")
