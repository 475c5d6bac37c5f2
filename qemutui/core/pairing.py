"""Finds in two lists which element is which: what was added, removed, moved."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple


class Mark(NamedTuple):
    """What an element is known by."""

    id: str
    """What is its own alone; empty where nothing is."""
    kind: str
    """What it shares with those that it could have been."""
    content: Hashable


Pairs = list[int | None]
"""For each new element the index of the old one that it was; None for one that is new."""


def pair(old: Sequence[Mark], new: Sequence[Mark], *, by_place: bool = False) -> Pairs:
    """Returns which element was which.

    The same are those of the same id; of the others those that say the same, then those of the
    same kind in their order; with `by_place` at last all the rest in their order.
    """
    pairs: Pairs = [None] * len(new)
    free = set(range(len(old)))
    _pair_by(old, new, pairs, free, lambda mark: mark.id or None)
    _pair_ends(old, new, pairs, free)
    _pair_by(old, new, pairs, free, lambda mark: (mark.kind, mark.content))
    _pair_by(old, new, pairs, free, lambda mark: mark.kind)
    if by_place:
        _pair_by(old, new, pairs, free, lambda _: True)
    return pairs


def _pair_ends(old: Sequence[Mark], new: Sequence[Mark], pairs: Pairs, free: set[int]) -> None:
    """Pairs what is equal from the start on and from the end back.

    So of several that say the same it is the right one that was removed.
    """
    for step in (1, -1):
        before = sorted(free)[::step]
        after = [at for at, found in enumerate(pairs) if found is None][::step]
        for was, at in zip(before, after, strict=False):
            if old[was] != new[at]:
                break
            pairs[at] = was
            free.remove(was)


def _pair_by(
    old: Sequence[Mark],
    new: Sequence[Mark],
    pairs: Pairs,
    free: set[int],
    key: Callable[[Mark], Hashable],
) -> None:
    """Pairs, in their order, those that have the same key; None is no key."""
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for was in sorted(free):
        waiting[key(old[was])].append(was)
    for at, mark in enumerate(new):
        known = key(mark) if pairs[at] is None else None
        candidates = waiting.get(known) if known is not None else None
        # Two names are two things, whatever else they have in common.
        if candidates and (
            old[candidates[0]].id == mark.id or not (old[candidates[0]].id and mark.id)
        ):
            was = candidates.popleft()
            pairs[at] = was
            free.remove(was)


def merged(pairs: Pairs, count: int) -> Iterator[tuple[int | None, int | None]]:
    """Yields old and new index of each element, in the new order.

    What was removed, of `count` old ones, comes behind that which it stood behind.
    """
    known = {was for was in pairs if was is not None}
    behind: defaultdict[int | None, list[int]] = defaultdict(list)
    last: int | None = None
    for was in range(count):
        if was in known:
            last = was
        else:
            behind[last].append(was)
    yield from ((was, None) for was in behind[None])
    for at, found in enumerate(pairs):
        yield found, at
        if found is not None:
            yield from ((was, None) for was in behind[found])


def moved(pairs: Pairs) -> set[int]:
    """Returns the new indices of as few elements as have to move to come from one order to the
    other."""
    both = [(was, at) for at, was in enumerate(pairs) if was is not None]
    # The longest run of elements that keep their order (patience sorting); all others moved.
    ends: list[int] = []
    heads: list[int] = []
    previous: list[int | None] = []
    for index, (was, _) in enumerate(both):
        place = bisect_left(ends, was)
        previous.append(heads[place - 1] if place else None)
        ends[place : place + 1] = [was]
        heads[place : place + 1] = [index]
    stay = set()
    step = heads[-1] if heads else None
    while step is not None:
        stay.add(both[step][1])
        step = previous[step]
    return {at for _, at in both} - stay
