"""What is made of each item of a profile, and made anew only where there is another item."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress, count
from operator import is_not
from typing import Generic, TypeVar

from qemutui.core.groups import Group
from qemutui.core.profile import Item

Made = TypeVar("Made")


def replaced(before: Sequence[object], now: Sequence[object]) -> Iterator[int]:
    """Yields each place where another object stands than before, or none did."""
    yield from compress(count(), map(is_not, before, now))
    yield from range(len(before), len(now))


class PerItem(Generic[Made]):
    """Keeps what a function makes of the items of a group, for the next profile.

    An item is frozen, so that the same object in the same place makes the same.
    """

    def __init__(self, make: Callable[[Group, Item, int], Made]) -> None:
        self._make = make
        self._known: dict[str, tuple[tuple[Item, ...], tuple[Made, ...]]] = {}

    def of(self, group: Group, items: tuple[Item, ...]) -> tuple[Made, ...]:
        """Returns what is made of each item, in their order; the same tuple for the same items."""
        before, known = self._known.get(group.name, ((), ()))
        if items is before:
            return known
        made = list(known[: len(items)])
        for place in replaced(before, items):
            made[place : place + 1] = [self._make(group, items[place], place)]
        result = tuple(made)
        self._known[group.name] = (items, result)
        return result
