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


class Searched(NamedTuple):
    """What can be added, with its texts in lower case: they are looked at on each key."""

    one: Addable
    name: str
    alias: str
    bus: str
    category: str
    told: str
    """All that is said of it."""


def searched(offered: Sequence[Addable]) -> list[Searched]:
    """Returns what is offered as `found` takes it."""
    return [
        Searched(
            one,
            one.name.lower(),
            one.alias.lower(),
            one.bus.lower(),
            one.category.lower(),
            f"{one.category} {one.bus} {one.description}".lower(),
        )
        for one in offered
    ]


def found(offered: Sequence[Searched], sought: Sought, recent: Sequence[str]) -> list[Addable]:
    """Returns what fits, the best first.

    Where it fits alike, or nothing is looked for, what was added lately comes first, then what the
    machine can plug; in a search what QEMU has another, shorter name for before its variants.
    """
    late = {name: at for at, name in enumerate(recent)}
    ranks: list[tuple[int, int, bool, bool, int]] = []
    for at, row in enumerate(offered):
        if not _passes(row, sought):
            continue
        rank = _rank(row, sought.words)
        if rank is not None:
            one = row.one
            lately = late.get(one.name, len(late))
            variant = bool(sought.words) and not one.alias
            ranks.append((rank, lately, one.problem != "", variant, at))
    return [offered[row[-1]].one for row in sorted(ranks)]


def _passes(row: Searched, sought: Sought) -> bool:
    if not (sought.buses or sought.categories):
        return True
    return all(row.bus.startswith(bus) for bus in sought.buses) and all(
        category in row.category for category in sought.categories
    )


def _rank(row: Searched, words: Sequence[str]) -> int | None:
    """Returns the rank of the word that fits worst, None where one does not fit at all."""
    worst = ranking.EXACT
    for word in words:
        if word in row.name or word in row.alias:
            rank = ranking.best(word, (row.name, row.alias) if row.alias else (row.name,))
        elif word in row.told:
            rank = _TOLD
        else:
            rank = _TOLD + 1 if _in_order(word, row.name) else None
        if rank is None:
            return None
        worst = max(worst, rank)
    return worst


def _in_order(letters: str, text: str) -> bool:
    at = 0
    for letter in letters:
        at = text.find(letter, at) + 1
        if not at:
            return False
    return True
