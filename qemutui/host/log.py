"""Follows a log file that grows, as the lines of it that a screen can show."""

import codecs
import os
from pathlib import Path
from typing import NamedTuple

CHUNK = 1 << 20
"""Bytes that one read takes at most."""
NEAR = 8 << 20
"""Lines that lie further from the end of the file, in bytes, are counted and not returned."""
WIDEST = 8 << 10
"""Bytes of a line that are kept."""
SHOWN = 10_000
"""Lines that one read returns at most: the last ones."""


class Line(NamedTuple):
    """One line without its end; it may hold control characters of any kind."""

    text: str
    dropped: int
    """Bytes of the line that follow `text` and are only in the file."""
    complete: bool
    """Whether its end was read; if not, the next line that is returned or skipped is this one."""


class Batch(NamedTuple):
    """What one read found."""

    skipped: int = 0
    """Complete lines before `lines` that are only in the file."""
    lines: tuple[Line, ...] = ()
    restarted: bool = False
    """Whether the file was cut since the last read, so that this is again its beginning."""
    more: bool = False
    """Whether the file holds more already."""


def _decode(data: bytes, dropped: int, complete: bool) -> Line:
    kept = data[:WIDEST]
    dropped += len(data) - len(kept)
    if complete and not dropped:
        return Line(kept.removesuffix(b"\r").decode("utf-8", "replace"), 0, True)
    # Cut off within a character, its first bytes are left for later, and are no error.
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(kept if dropped else kept.removesuffix(b"\r"))
    return Line(text, dropped + len(decoder.getstate()[0]) if dropped else 0, complete)


class Follower:
    """Reads a log file from its beginning, and then what is added to it. Never blocks for more.

    The file need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._offset = 0
        self._head = b""
        """The beginning of a line whose end was not read, at most WIDEST bytes."""
        self._dropped = 0
        """How many of its bytes followed."""

    def close(self) -> None:
        """Closes the file; a later read opens it again and goes on where this one stopped."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def read(self) -> Batch:
        """Returns what was added since the last read, at most CHUNK bytes of it.

        Raises OSError if the file cannot be read; that it does not exist is no error.
        """
        if self._descriptor is None:
            try:
                self._descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
            except FileNotFoundError:
                return Batch()
        size = os.fstat(self._descriptor).st_size
        restarted = size < self._offset
        if restarted:
            self._offset, self._head, self._dropped = 0, b"", 0
        data = os.pread(self._descriptor, CHUNK, self._offset)
        self._offset += len(data)
        more = self._offset < size
        if not data:
            return Batch(restarted=restarted)
        skipped, lines = self._lines(data, far=size - self._offset > NEAR)
        return Batch(skipped, tuple(lines), restarted, more)

    def _lines(self, data: bytes, far: bool) -> tuple[int, list[Line]]:
        count = data.count(b"\n")
        skipped = count if far else max(0, count - SHOWN)
        if skipped:
            # What was pending ends with the first of the lines that are passed over.
            self._head, self._dropped = b"", 0
            at = len(data)
            for _ in range(count - skipped + 1):
                at = data.rfind(b"\n", 0, at)
            data = data[at + 1 :]
        *complete, rest = data.split(b"\n")
        lines = []
        if complete:
            self._extend(complete[0])
            lines.append(_decode(self._head, self._dropped, True))
            self._head, self._dropped = b"", 0
            lines += [_decode(line, 0, True) for line in complete[1:]]
        self._extend(rest)
        if self._head and not far:
            lines.append(_decode(self._head, self._dropped, False))
        return skipped, lines

    def _extend(self, data: bytes) -> None:
        room = WIDEST - len(self._head)
        self._head += data[:room]
        self._dropped += max(0, len(data) - room)
