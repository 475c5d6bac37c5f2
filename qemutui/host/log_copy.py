"""Saves the logs of a run, whole, into one file of the user's."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from qemutui.host.record import Record

_PIECE = 1 << 20
_MOST_NAMES = 1000
"""Names that are tried before it is given up."""


class NotSavedError(Exception):
    """A file could not be written; the message is one line."""


class Saved(NamedTuple):
    """What was written, and where."""

    path: Path
    lines: int
    """Lines of the logs; the last one may have no end."""


def logs(record: Record) -> list[tuple[str, Path]]:
    """Returns the logs of a run that are not empty, each with the name of its stream."""
    named = ((stream, getattr(record, stream)) for stream in ("stdout", "stderr"))
    paths = [(stream, record.folder / name) for stream, name in named if name]
    return [(stream, path) for stream, path in paths if path.is_file() and path.stat().st_size]


def create(folder: Path, stem: str, suffix: str) -> tuple[Path, BinaryIO]:
    """Makes a new file that only its owner can read; a name that is taken gets a number.

    Raises NotSavedError.
    """
    for number in range(1, _MOST_NAMES):
        path = folder / (f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}")
        try:
            # A guest prints what it likes: nobody else is to read it.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        except OSError as error:
            raise NotSavedError(f"{path} cannot be written: {error.strerror}.") from error
        return path, os.fdopen(descriptor, "wb")
    raise NotSavedError(f"{folder} has too many files called {stem}.")


def save(record: Record, folder: Path) -> Saved:
    """Copies the logs of a run into a new file, such as `alpine-7.log`.

    Two logs follow each other under a heading. A hole is left out; the log itself says where it
    is. Raises NotSavedError.
    """
    found = logs(record)
    path, file = create(folder, record.id, ".log")
    lines = 0
    try:
        with file:
            for stream, log in found:
                if len(found) > 1:
                    file.write(f"==> {stream} <==\n".encode())
                lines += _copy(log, file)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise NotSavedError(f"{path} cannot be written: {error.strerror}.") from error
    return Saved(path, lines)


def _copy(log: Path, file: BinaryIO) -> int:
    """Copies what a log has now; returns how many lines that is."""
    lines, last = 0, b"\n"
    with log.open("rb", buffering=0) as source:
        for _, data in pieces(source.fileno(), 0):
            file.write(data)
            lines += data.count(b"\n")
            last = data[-1:]
    if last != b"\n":
        file.write(b"\n")
        lines += 1
    return lines


def pieces(descriptor: int, at: int) -> Iterator[tuple[int, bytes]]:
    """Yields what a log has now from `at` on, without holes, each piece with where it ends."""
    size = os.fstat(descriptor).st_size
    while at < size:
        at, end = _data_at(descriptor, at, size)
        while at < end:
            data = os.pread(descriptor, min(_PIECE, end - at), at)
            if not data:  # it was cut meanwhile
                return
            at += len(data)
            yield at, data


def _data_at(descriptor: int, offset: int, size: int) -> tuple[int, int]:
    """Returns where the data from `offset` on begins and ends, up to the next hole."""
    try:
        start = os.lseek(descriptor, offset, os.SEEK_DATA)
        return start, min(size, os.lseek(descriptor, start, os.SEEK_HOLE))
    except OSError as error:
        # Nothing but a hole follows, or the file system knows none.
        return (size, size) if error.errno == errno.ENXIO else (offset, size)
