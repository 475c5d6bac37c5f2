"""Lays what a text says over what a profile says, so that only what became another changes.

Each function is given three: what stands in the profile, how that read as text, and how the text
reads now. What reads as before stays the object that it was, with its spelling and its place; what
no text says (keys that begin with `_`, items that are off, an empty id) is kept.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from qemutui.core.argv import build_item
from qemutui.core.groups import Group
from qemutui.core.profile import Item, Table
from qemutui.core.table import same

AnyTable = TypeVar("AnyTable", bound=Table)

_SAID = ("_off", "_json")
"""The keys of qemutui's own that a command says: by what it leaves out, and by its spelling."""


def merge_table(base: AnyTable, old: Table, new: Table) -> AnyTable:
    """Returns a table with what became another; itself where nothing did."""
    before = base.written
    if old.written.keys() <= before.keys() or same(old.written, new.written):
        wanted = _merged(before, old.written, new.written)
    else:  # a key holds a sign that makes two of it
        own = {key: value for key, value in before.items() if key.startswith("_")}
        wanted = {**new.written, **own}
    if same(before, wanted):
        return base
    merged = base
    for key in {**before, **wanted}:
        if not same(before.get(key), wanted.get(key)):
            merged = merged.with_key(key, wanted.get(key))
    others = [key for key in wanted if key in merged.others]
    if list(merged.others) != others:
        for key in others:
            merged = merged.with_key(key, None).with_key(key, wanted[key])
    merged = merged.model_copy()
    merged._order = tuple(wanted)
    return merged


def merge_item(group: Group, base: Item, old: Item, new: Item) -> Item:
    """Returns an item with what became another."""
    merged = Item.of(_merged(base.root, old.root, new.root))
    if _words(group, merged) == _words(group, new):
        return merged
    own = {k: v for k, v in base.root.items() if k.startswith("_") and k not in _SAID}
    return Item.of({**new.root, **own})


def _merged(
    base: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, Any]:
    if old is new or same(old, new):
        return dict(base)
    values = {key: value for key, value in base.items() if key not in old and key not in new}
    unsaid = values.keys() - new.keys()
    for key, value in new.items():
        if key in base and key in old:
            values[key] = _value(base[key], old[key], value)
        # What reads the same and has no key of its own here, stands in another one.
        elif not (key in old and same(old[key], value)):
            values[key] = value
    order = [key for key in base if key in values]
    known = set(order)
    said = [key for key in new if key in values]
    for place, key in enumerate(said):
        if key not in known:
            order.insert(order.index(said[place - 1]) + 1 if place else 0, key)
    # The file's own order of keys stays, unless it is the order that became another.
    if [key for key in old if key in new] != [key for key in new if key in old]:
        moved = iter(said)
        order = [key if key in unsaid else next(moved) for key in order]
    return {key: values[key] for key in order}


def _value(base: Any, old: Any, new: Any) -> Any:
    if same(old, new):
        return base
    if isinstance(base, dict) and isinstance(old, dict) and isinstance(new, dict):
        return _merged(base, old, new)
    if isinstance(base, tuple) and isinstance(old, tuple) and isinstance(new, tuple):
        kept = min(len(base), len(old), len(new)) if len(base) == len(old) else 0
        first = (_value(base[place], old[place], new[place]) for place in range(kept))
        return (*first, *new[kept:])
    return new


def merge_items(
    group: Group, base: Sequence[tuple[Item, Item | None]], new: Sequence[Item]
) -> tuple[Item, ...]:
    """Returns the items of a group, in the order of the text.

    With each item stands how it read as text; None for one that the text does not tell of, such as
    one that is off. That stays after the item that it followed; where that is gone, after the one
    before.
    """
    told = [(item, read) for item, read in base if read is not None]
    was = _matched(group, [read for _, read in told], new)
    places = {place: index for index, place in enumerate(was) if place is not None}
    following: dict[int, list[Item]] = defaultdict(list)
    place, after = -1, -1
    for item, read in base:
        if read is None:
            following[after].append(item)
        else:
            place += 1
            after = places.get(place, after)
    merged = following[-1]
    for index, item in enumerate(new):
        at = was[index]
        if at is None:
            merged.append(item)
        elif _reads_alike(group, told[at][1], item):
            merged.append(told[at][0])
        else:
            merged.append(merge_item(group, *told[at], item))
        merged += following[index]
    return tuple(merged)


def _matched(group: Group, old: Sequence[Item], new: Sequence[Item]) -> list[int | None]:
    """Returns which of `old` each of `new` was: that of the same words, else id, else type."""
    found: list[int | None] = [None] * len(new)
    taken: set[int] = set()

    def match(names: Sequence[Any], others: Sequence[Any]) -> None:
        free: dict[Any, deque[int]] = defaultdict(deque)
        for place, name in enumerate(names):
            if name and place not in taken:
                free[name].append(place)
        for index, name in enumerate(others):
            if found[index] is None and free.get(name):
                place = free[name].popleft()
                found[index] = place
                taken.add(place)

    match([id(item) for item in old], [id(item) for item in new])
    left = [() if place in taken else _words(group, item) for place, item in enumerate(old)]
    match(
        left,
        [_words(group, item) if at is None else () for item, at in zip(new, found, strict=True)],
    )
    match([item.id for item in old], [item.id for item in new])
    match([item.type for item in old], [item.type for item in new])
    if len(taken) == len(old) - 1 and found.count(None) == 1:
        # All that is left is one of each: it is the same one, if it stands where that stood.
        (place,) = set(range(len(old))) - taken
        index = found.index(None)
        if index == 0 or found[index - 1] == place - 1:
            found[index] = place
    return found


def _reads_alike(group: Group, old: Item, new: Item) -> bool:
    return old is new or _words(group, old) == _words(group, new)


def _words(group: Group, item: Item) -> tuple[str, ...]:
    return build_item(group, item, 0).words
