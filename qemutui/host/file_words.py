"""What is where a typed path leads to, in a few words, and what a half typed one may become."""

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple

from qemutui.core.image_format import PROBED, kind_of
from qemutui.host import file_ends
from qemutui.host.completion import entries

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_KINDS = {stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device",
          stat.S_IFBLK: "a disk device"}  # fmt: skip


class Looked(NamedTuple):
    """What the disk says of a typed path."""

    words: str
    """`1.2 GB, raw`, `! not there`; empty for an empty path."""
    paths: tuple[str, ...]
    """What it may become, folders with a `/` at their end."""


def look(text: str, start: Path, is_image: bool = False) -> Looked:
    """Looks at what a typed path leads to. A slow disk is waited for.

    Args:
        text: What is typed; QEMU does not expand `~`, so it is none of its own here.
        start: Where a relative path starts.
        is_image: Whether a file that says nothing of itself is a raw image.
    """
    head, slash, prefix = text.rpartition("/")
    folder = head + slash
    try:
        names = entries(start / folder, prefix)
    except (OSError, ValueError):  # no such folder, a NUL
        names = []
    return Looked(_words(text, start, is_image), tuple(folder + name for name in names))


def _words(text: str, start: Path, is_image: bool) -> str:
    if not text:
        return ""
    path = os.path.join(start, text)  # noqa: PTH118 - keeps a slash at the end
    try:
        status = os.stat(path)  # noqa: PTH116
        kind = stat.S_IFMT(status.st_mode)
        if kind == stat.S_IFDIR:
            readable = os.access(path, os.R_OK | os.X_OK)
            return "a folder" if readable else "! you cannot read it"
        if kind != stat.S_IFREG:
            return _KINDS.get(kind, "no file")
        first = file_ends.read(path, PROBED).first
    except ValueError:
        return "! not there"
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return "! not there"
        denied = error.errno in (errno.EACCES, errno.EPERM)
        return "! you cannot read it" if denied else f"! {(error.strerror or 'unknown').lower()}"
    words = kind_of(first) or ("raw" if is_image else "")
    return _size(status.st_size) + (f", {words}" if words else "")


def _size(count: int) -> str:
    """Returns the size of a file in decimal units, as `ls --si` has it."""
    amount, power = float(count), 0
    while amount >= 999.5 and power + 1 < len(_UNITS):
        amount /= 1000
        power += 1
    shown = f"{amount:.1f}" if power and amount < 9.95 else f"{amount:.0f}"
    return f"{shown} {_UNITS[power]}"
