"""Follows a log file that grows, as the lines of it that a screen can show.

QEMU writes at its own pace, and the log is read at ours: whatever it prints, one call reads a
bounded piece. Who falls behind leaps to the end. What was leapt over is a gap, whose lines are
counted bit by bit, and can be had from its end backwards.
"""

import codecs
import os
from pathlib import Path
from typing import NamedTuple

PIECE = 64 << 10
"""Bytes that one read takes at most, if nothing else is said."""
REACH = 4 << 20
"""Bytes that are searched backwards at most for the beginning of a line."""
WIDEST = 8 << 10
"""Bytes of a line that are kept."""


class Line(NamedTuple):
    """One line without its end; it may hold control characters of any kind."""

    text: str
    dropped: int
    """Bytes of the line that follow `text` and are only in the file."""
    complete: bool
    """Whether its end was read; if not, the next line that is returned is this one."""


class Batch(NamedTuple):
    """What one read found."""

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

    The file need not exist yet. A hole in it (`log_trim`) is passed over.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._forget()

    def _forget(self) -> None:
        self._offset = 0
        self._head = b""
        """The beginning of a line whose end was not read, at most WIDEST bytes."""
        self._dropped = 0
        """How many of its bytes followed."""
        self._counted = 0
        """Lines before `_gap_start`."""
        self._gap_start = self._gap_end = 0
        """What was leapt over and not counted yet; it may begin within a line."""
        self._since = 0
        """Lines between the end of the gap and `_offset`."""

    @property
    def total(self) -> int:
        """How many complete lines the file has as far as it was read; too few while `gap`."""
        return self._counted + self._since

    @property
    def gap(self) -> int:
        """Bytes that were leapt over and whose lines are not counted yet."""
        return self._gap_end - self._gap_start

    def close(self) -> None:
        """Closes the file; a later read opens it again and goes on where this one stopped."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def behind(self) -> int:
        """Returns how many bytes the file has more. Raises OSError if it cannot be read."""
        descriptor = self._opened()
        return 0 if descriptor is None else os.fstat(descriptor).st_size - self._offset

    def _opened(self) -> int | None:
        if self._descriptor is None:
            try:
                self._descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
            except FileNotFoundError:
                return None
        return self._descriptor

    def read(self, most: int = PIECE) -> Batch:
        """Returns what was added since the last read, at most so many bytes of it.

        Raises OSError if the file cannot be read; that it does not exist is no error.
        """
        descriptor = self._opened()
        if descriptor is None:
            return Batch()
        size = os.fstat(descriptor).st_size
        restarted = size < self._offset
        if restarted:
            self._forget()
        start, data = _piece(descriptor, self._offset, most)
        self._offset = start + len(data)
        if not data:
            return Batch((), restarted)
        return Batch(tuple(self._lines(data)), restarted, self._offset < size)

    def _lines(self, data: bytes) -> list[Line]:
        *complete, rest = data.split(b"\n")
        self._since += len(complete)
        lines = []
        if complete:
            self._extend(complete[0])
            lines.append(_decode(self._head, self._dropped, True))
            self._head, self._dropped = b"", 0
            lines += [_decode(line, 0, True) for line in complete[1:]]
        self._extend(rest)
        if self._head:
            lines.append(_decode(self._head, self._dropped, False))
        return lines

    def _extend(self, data: bytes) -> None:
        room = WIDEST - len(self._head)
        self._head += data[:room]
        self._dropped += max(0, len(data) - room)

    def leap(self, lines: int) -> Batch:
        """Goes on at the end of the file; returns the last lines there, at most so many.

        Whatever was returned before them counts as not read: a screen forgets it.
        """
        descriptor = self._opened()
        if descriptor is None:
            return Batch()
        size = os.fstat(descriptor).st_size
        if size < self._offset:
            return self.read()
        if not self.gap:
            self._counted += self._since
            self._gap_start = self._offset - len(self._head) - self._dropped
        self._since, self._head, self._dropped = 0, b"", 0
        start, data = self._before(descriptor, size, lines)
        self._gap_end, self._offset = max(start, self._gap_start), start + len(data)
        return Batch(tuple(self._lines(data)))

    def earlier(self, lines: int) -> tuple[Line, ...]:
        """Returns the lines at the end of the gap, at most so many, and makes it smaller."""
        descriptor = self._opened()
        if descriptor is None or not self.gap:
            return ()
        end = self._gap_end
        start, data = self._before(descriptor, end, lines)
        if not data.endswith(b"\n"):  # the lines after the gap begin within one
            return ()
        self._gap_end = max(start, self._gap_start)
        found = data[:-1].split(b"\n")
        self._since += len(found)
        return tuple(_decode(line, 0, True) for line in found)

    def _before(self, descriptor: int, end: int, lines: int) -> tuple[int, bytes]:
        """Returns where the last lines before `end` begin, in what is not counted, and their data.

        If no line begins within REACH, it is all that was searched.
        """
        reach = PIECE
        least = self._gap_start
        if least > end - REACH:  # it may be reached
            least = self._line_of(descriptor, least)
        while True:
            start = max(least, end - reach)
            data = os.pread(descriptor, end - start, start)
            behind_hole = _end_of_hole(descriptor, start, start + len(data), data)
            data = data[behind_hole - start :]
            is_all = behind_hole == least
            first = 0 if is_all else data.find(b"\n", 0, max(0, len(data) - 1)) + 1
            if first or is_all or reach >= REACH or behind_hole > start:
                break
            reach *= 4
        at = len(data) - data.endswith(b"\n")
        for _ in range(lines):
            at = data.rfind(b"\n", first, at)
            if at < 0:
                break
        else:
            first = at + 1
        return behind_hole + first, data[first:]

    def _line_of(self, descriptor: int, at: int) -> int:
        """Returns where the line begins that `at` is in; where that is too far back, `at`."""
        if not at or os.pread(descriptor, 1, at - 1) == b"\n":
            return at
        start = max(0, at - REACH)
        before = os.pread(descriptor, at - start, start)
        found = before.rfind(b"\n") + 1
        return start + found if found or not start else at

    def count(self, most: int) -> None:
        """Counts lines of the gap, in so many bytes at most."""
        descriptor = self._opened()
        while descriptor is not None and self.gap and most > 0:
            start, data = _piece(descriptor, self._gap_start, min(4 * PIECE, self.gap, most))
            # Where a hole reaches beyond the gap, the lines after it are counted already.
            data = data[: max(0, self._gap_end - start)]
            self._counted += data.count(b"\n")
            self._gap_start = min(start + len(data), self._gap_end) if data else self._gap_end
            most -= len(data)


def _piece(descriptor: int, offset: int, most: int) -> tuple[int, bytes]:
    """Reads at `offset`, or behind the hole there, and not into the next hole."""
    data = os.pread(descriptor, most, offset)
    if b"\0" not in data:
        return offset, data
    start = _seek(descriptor, offset, os.SEEK_DATA)
    if start > offset:
        offset, data = start, os.pread(descriptor, most, start)
    hole = _seek(descriptor, offset, os.SEEK_HOLE)
    return offset, data[: hole - offset] if hole > offset else data


def _end_of_hole(descriptor: int, start: int, end: int, data: bytes) -> int:
    """Returns where the last hole between `start` and `end` ends; without one, `start`."""
    while b"\0" in data:
        hole = _seek(descriptor, start, os.SEEK_HOLE)
        if hole >= end:
            break
        behind = _seek(descriptor, hole, os.SEEK_DATA)
        if behind <= hole:
            break
        data = data[min(behind, end) - start :]
        start = min(behind, end)
    return start


def _seek(descriptor: int, offset: int, whence: int) -> int:
    try:
        return os.lseek(descriptor, offset, whence)
    except OSError:  # nothing follows, or a file system that knows no holes
        return offset
