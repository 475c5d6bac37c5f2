"""Pieces of a TOML document put into another order."""

from collections.abc import Sequence
from typing import TypeVar

from qemutui.host.toml_scan import Block, Entry

Piece = TypeVar("Piece", Block, Entry)


def arranged(
    pieces: list[Piece],
    kept: Sequence[list[Piece]],
    order: Sequence[list[Piece]],
    gone: dict[int, Block | Entry],
    gap: str,
) -> tuple[list[Piece], str]:
    """Returns the pieces in their new order, and comments of gone pieces that are left at the end.

    Units trade places with each other, and what stands between them stays. What stands apart
    above a place stays there, and comments in it outlive what goes.

    Args:
        pieces: What there is.
        kept: The pieces of each unit that stays, in the order of their first ones.
        order: The units of `kept` and new ones, as they are to be.
        gone: What goes, by identity.
        gap: What stands above a new unit.
    """
    names = {id(unit) for unit in kept}
    staying = [unit for unit in order if id(unit) in names]
    moved = any(unit is not other for unit, other in zip(kept, staying, strict=True))
    added: dict[int, list[list[Piece]]] = {}
    place = -1
    for unit in order:
        if id(unit) in names:
            place += 1
        else:
            unit[0].gap = gap
            added.setdefault(place, []).append(unit)
    heads = {id(unit[0]): place for place, unit in enumerate(kept)}
    ends = {id(unit[0] if moved else unit[-1]): place for place, unit in enumerate(kept)}
    inner = {id(piece) for unit in kept for piece in unit[1:]} if moved else set()
    gaps = [unit[0].gap for unit in kept]
    out: list[Piece] = []
    comments = ""
    opening: str | None = None  # the gap of what began the file and goes

    def add(place: int) -> None:
        for unit in added.pop(place, ()):
            out.extend(unit)

    for piece in pieces:
        name = id(piece)
        if name in gone:
            if not kept and -1 in added:
                added[-1][0][0].gap = piece.gap
                add(-1)
            elif "#" in piece.gap:
                comments = _joined(comments, piece.gap)
            elif opening is None and len(out) < 2:
                opening = piece.gap
            comments += piece.after
            continue
        if opening is not None:
            if "#" not in piece.gap:
                piece.gap = opening
                if name in heads:
                    gaps[heads[name]] = opening
            opening = None
        if comments:
            piece.gap, comments = _joined(comments, piece.gap), ""
            if name in heads:
                gaps[heads[name]] = piece.gap
        if name in heads:
            place = heads[name]
            if place == 0 and -1 in added:
                added[-1][0][0].gap, gaps[0] = gaps[0], gap
                add(-1)
            unit = staying[place]
            unit[0].gap = gaps[place]
            out.extend(unit if moved else unit[:1])
        elif name not in inner:
            out.append(piece)
        if name in ends:
            add(ends[name])
    add(-1)
    return out, comments


def _joined(comments: str, gap: str) -> str:
    """Puts comments that lost their neighbour above what comes next, with one blank line less."""
    if comments and gap.lstrip(" \t").startswith(("\n", "\r\n")):
        comments = comments.rstrip() + ("\r\n" if comments.endswith("\r\n") else "\n")
    return comments + gap
