"""Lays a command out in lines as a shell would read it, and keeps where each field is in them."""

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

from qemutui.core.argv import Argument
from qemutui.core.keyval import Path
from qemutui.core.text import clean

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_")
HANG = 4
"""How many cells the continuation of an option is indented."""


class Piece(NamedTuple):
    """A part of a line: its text, safe to draw, and the field that wrote it."""

    text: str
    path: Path | None
    is_option: bool = False


Line = tuple[Piece, ...]
_BLANK = Piece(" ", None)
_HANGING = Piece(" " * HANG, None)


class Shown(NamedTuple):
    """A word as it is drawn."""

    text: str
    prefix: int
    quoted: bool


def shown(word: str) -> Shown:
    """Returns a word as it is drawn. Controls are pictures here; `y` copies the real ones."""
    text = clean(word)
    if word and not (set(word) - _BARE):
        return Shown(text, 0, False)
    return Shown("'" + text.replace("'", "'\\''") + "'", 1, True)


def _place(word: str, drawn: Shown, at: int) -> int:
    """Returns where a character of a word is drawn: each quote before it became four."""
    return drawn.prefix + at + 3 * word.count("'", 0, at) if drawn.quoted else at


def _pieces(argument: Argument) -> Iterator[Piece]:
    for number, word in enumerate(argument.words):
        if number:
            yield _BLANK
        drawn = shown(word)
        at = 0
        for token in argument.tokens:
            if token.word != number:
                continue
            start = _place(word, drawn, token.start)
            end = _place(word, drawn, token.end)
            # The quotes around a whole word belong to its only token.
            if at < start:
                yield Piece(drawn.text[at:start], None, number == 0)
            yield Piece(drawn.text[start:end], token.path)
            at = end
        if at < len(drawn.text) or not drawn.text:
            is_option = number == 0 and word.startswith("-")
            yield Piece(drawn.text[at:], None, is_option)


def _broken(text: str, first: int, rest: int) -> Iterator[str]:
    """Yields the parts of a text: the first of `first` cells at most, all others of `rest` cells.

    Each ends after a comma where it holds one.
    """
    if text.isascii():
        yield from _broken_ascii(text, first, rest)
        return
    start, used, room = 0, 0, first
    comma, before = 0, 0
    is_first = True
    for at, sign in enumerate(text):
        cells = 1 if sign.isascii() else cell_len(sign)
        # What is left of the first line may be too narrow for a single sign.
        while used + cells > room and (at > start or is_first):
            cut = comma if comma > start else at
            yield text[start:cut]
            used = used - before if cut == comma else 0
            start, room, is_first = cut, rest, False
        used += cells
        if sign == ",":
            comma, before = at + 1, used
    yield text[start:]


def _broken_ascii(text: str, first: int, rest: int) -> Iterator[str]:
    """Does as `_broken` for a text whose signs are a cell each, without a look at each of them."""
    start, room = 0, max(0, first)
    while len(text) - start > room:
        comma = text.rfind(",", start, start + room) + 1
        cut = comma or start + room
        yield text[start:cut]
        start, room = cut, max(1, rest)
    yield text[start:]


def lay_out(argument: Argument, width: int) -> tuple[Line, ...]:
    """Returns the lines of one option, each at most `width` cells.

    A line breaks after a comma where it can, else where it must; what follows is indented.
    """
    lines: list[list[Piece]] = [[]]
    used = 0
    for piece in _pieces(argument):
        text, cells = piece.text, cell_len(piece.text)
        # A comma that separates two fields stands in a piece of its own: keep it on this line.
        goes_on = cells > width - HANG and "," in text[: width - used]
        if used and used + cells > width and text.strip(",") and not goes_on:
            if piece == _BLANK:
                continue
            lines.append([_HANGING])
            used = HANG
        fits = used + cells <= width or width <= HANG + 8
        parts = (text,) if fits else _broken(text, width - used, width - HANG)
        for number, part in enumerate(parts):
            if number:
                lines.append([_HANGING])
                used = HANG
            lines[-1].append(piece._replace(text=part))
            used += cell_len(part)
    return tuple(tuple(line) for line in lines)


def joined(argument: Argument, lines: tuple[Line, ...]) -> tuple[str, list[int]]:
    """Returns an option on one line, and where in it each of its lines begins; last, its end."""
    text = " ".join(shown(word).text for word in argument.words)
    starts: list[int] = []
    at = 0
    for number, line in enumerate(lines):
        part = "".join(piece.text for piece in (line[1:] if number else line))
        # A blank at which a line breaks is not drawn.
        if not text.startswith(part, at):
            at += 1
        starts.append(at)
        at += len(part)
    return text, [*starts, at]
