"""Finds what can be added by what somebody types: `virtio bus:pci cat:network`."""

from collections.abc import Sequence
from typing import NamedTuple

from qemutui.core.addable import Addable
from qemutui.ui import ranking

_TOLD = ranking.INSIDE + 1
"""The rank of what is found in a description; letters in order alone come after it."""


class Sought(NamedTuple):
    """What is looked for."""

    name: str
    """Without the filters: what is added where nothing fits."""
    words: tuple[str, ...]
    buses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


def read(text: str) -> Sought:
    """Reads what is typed; a filter that is half typed is one already."""
    kept: list[str] = []
    filters: dict[str, list[str]] = {"bus": [], "cat": []}
    for word in text.split():
        key, colon, value = word.partition(":")
        if colon and key.lower() in filters:
            filters[key.lower()].append(value.lower())
        else:
            kept.append(word)
    name = " ".join(kept)
    return Sought(
        name, tuple(name.lower().split()), tuple(filters["bus"]), tuple(filters["cat"])
    )  # fmt: skip


def found(offered: Sequence[Addable], sought: Sought, recent: Sequence[str]) -> list[Addable]:
    """Returns what fits, the best first.

    Where it fits alike, or nothing is looked for, what was added lately comes first, then what the
    machine can plug; in a search what QEMU has another, shorter name for before its variants.
    """
    late = {name: at for at, name in enumerate(recent)}
    ranks: list[tuple[int, int, bool, bool, int, Addable]] = []
    for at, one in enumerate(offered):
        if not _passes(one, sought):
            continue
        rank = _rank(one, sought.words)
        if rank is not None:
            lately = late.get(one.name, len(late))
            variant = bool(sought.words) and not one.alias
            ranks.append((rank, lately, one.problem != "", variant, at, one))
    return [row[-1] for row in sorted(ranks)]


def _passes(one: Addable, sought: Sought) -> bool:
    return all(one.bus.lower().startswith(bus) for bus in sought.buses) and all(
        category in one.category.lower() for category in sought.categories
    )


def _rank(one: Addable, words: Sequence[str]) -> int | None:
    """Returns the rank of the word that fits worst, None where one does not fit at all."""
    worst = ranking.EXACT
    for word in words:
        rank = ranking.best(word, (one.name, one.alias) if one.alias else (one.name,))
        if rank is None or rank == ranking.LETTERS:
            told = f"{one.category} {one.bus} {one.description}".lower()
            if word in told:
                rank = _TOLD
            elif rank is not None:
                rank = _TOLD + 1
            else:
                return None
        worst = max(worst, rank)
    return worst
