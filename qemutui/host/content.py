"""The content of a profile's file, and how it is told apart from another."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from qemutui.core.text import clean

MAX_SIZE = 16 << 20
"""The most bytes of a profile."""


class StoreError(Exception):
    """A profile that cannot be read or written: what is wrong, where, in one clear line."""


class Stamp(NamedTuple):
    """What identifies the content of a file."""

    size: int
    mtime_ns: int
    inode: int
    digest: str
    """Of the content alone; two stamps of the same digest are of the same content."""


class Content(NamedTuple):
    """What a file holds."""

    content: bytes
    stamp: Stamp
    links: int
    """How many names the file has."""


def reason(error: OSError) -> str:
    """Returns in a few words why the system refused."""
    reasons = {
        errno.ENOENT: "no such file",
        errno.EACCES: "permission denied",
        errno.ELOOP: "a loop of symbolic links",
        errno.ENAMETOOLONG: "the name is too long",
    }
    return reasons.get(error.errno or 0, (error.strerror or "unknown error").lower())


def there(path: Path) -> Content | None:
    """Reads a file as `read` does; None if there is none."""
    path = Path(os.path.realpath(path))
    if not os.path.lexists(path):
        return None
    return read(path)


def read(path: Path) -> Content:
    """Reads a whole file of at most 16 MiB. What is no regular file is not opened.

    Raises:
        StoreError: There is none, it cannot be read, or it is too large or no file.
    """
    shown = clean(str(path))
    try:
        # A device or a FIFO may act on being opened, so it is asked first.
        _refuse_kind(shown, path.stat())
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            status = os.fstat(descriptor)
            _refuse_kind(shown, status)
            content = _all(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreError(f"{shown}: {reason(error)}.") from error
    except ValueError:  # a NUL in the path
        raise StoreError(f"{shown}: no such file.") from None
    if len(content) > MAX_SIZE:
        raise StoreError(f"{shown} is over 16 MiB; that is no profile.")
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    stamp = Stamp(len(content), status.st_mtime_ns, status.st_ino, digest)
    return Content(content, stamp, status.st_nlink)


def _all(descriptor: int) -> bytes:
    pieces = []
    left = MAX_SIZE + 1
    while left > 0 and (piece := os.read(descriptor, min(left, 1 << 20))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _refuse_kind(shown: str, status: os.stat_result) -> None:
    kinds: tuple[tuple[Callable[[int], bool], str], ...] = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a FIFO"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    for is_kind, name in kinds:
        if is_kind(status.st_mode):
            raise StoreError(f"{shown} is {name}, not a profile.")
    if status.st_size > MAX_SIZE:
        size = status.st_size >> 20
        raise StoreError(f"{shown} has {size} MiB; a profile has at most 16.")


def decoded(name: str, content: bytes) -> str:
    """Returns the text of a file.

    Raises:
        StoreError: It is not UTF-8.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise StoreError(
            f"{clean(name)}, line {line}: byte {column} (0x{content[error.start]:02x}) "
            "is not UTF-8."
        ) from None
