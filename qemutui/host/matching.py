"""Which data is the same, which item became which, and what of two versions goes into a file."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any


def same(left: object, right: object, *, ordered: bool = False) -> bool:
    """Tells whether two values of TOML are the same, types included (`1`, `1.0`, `true` differ).

    The order of keys counts in items of lists, and everywhere with `ordered`. NaN is the same as
    NaN, 0.0 differs from -0.0, and times differ if their offsets do.
    """
    if type(left) is not type(right):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        if len(left) != len(right) or (ordered and list(left) != list(right)):
            return False
        return all(
            key in right and same(value, right[key], ordered=ordered) for key, value in left.items()
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(
            same(one, other, ordered=True) for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, str | int):
        return left == right
    return repr(left) == repr(right)


def _type(item: object) -> str:
    return repr(item.get("type")) if isinstance(item, Mapping) else type(item).__name__


def _id(item: object) -> str:
    found = item.get("id") if isinstance(item, Mapping) else None
    return found if isinstance(found, str) else ""


def _traits(item: object) -> Iterator[tuple[str, str]]:
    """Yields what may tell an item of another type and id from its neighbours."""
    if isinstance(item, Mapping):
        for key, value in item.items():
            if key not in ("type", "id"):
                yield key, repr(value)


def match(old: Sequence[object], new: Sequence[object]) -> list[int | None]:
    """Returns for each new item the index of the old one that it is, or None for a new one.

    Items are the same by value first, then by id, then by type between the same neighbours, then
    by place between the same neighbours if the old one has no id, then by type anywhere. Those
    that are left are the same, edited, if between the same neighbours they share another key and
    its value, or are the only ones.
    """
    found: list[int | None] = [None] * len(new)
    left_old = list(range(len(old)))
    left_new = list(range(len(new)))

    def forget_paired() -> None:
        nonlocal left_old, left_new
        taken = {index for index in found if index is not None}
        left_old = [index for index in left_old if index not in taken]
        left_new = [index for index in left_new if found[index] is None]

    def pair(old_key: Callable[[int], Hashable], new_key: Callable[[int], Hashable]) -> None:
        """Pairs what has the same key, in order; a key of None is no key."""
        waiting: dict[Hashable, list[int]] = {}
        for index in reversed(left_old):
            waiting.setdefault(old_key(index), []).append(index)
        waiting.pop(None, None)
        for index in left_new:
            if candidates := waiting.get(new_key(index)):
                found[index] = candidates.pop()
        forget_paired()

    def pair_by_traits(olds: Mapping[int, int], news: Mapping[int, int]) -> None:
        """Pairs what has a trait in common between the same neighbours, in order."""
        waiting: dict[Hashable, list[int]] = {}
        for index in reversed(left_old):
            for trait in _traits(old[index]):
                waiting.setdefault((olds[index], trait), []).append(index)
        taken = set()
        for index in left_new:
            for trait in _traits(new[index]):
                candidates = waiting.get((news[index], trait), [])
                while candidates and candidates[-1] in taken:
                    candidates.pop()
                if candidates:
                    found[index] = candidates[-1]
                    taken.add(candidates[-1])
                    break
        forget_paired()

    def between() -> tuple[dict[int, int], dict[int, int]]:
        """Returns the old index of the paired neighbour before each unpaired item."""
        taken = {index for index in found if index is not None}
        before_old, before_new = {}, {}
        last = -1
        for index in range(len(old)):
            last = index if index in taken else last
            before_old[index] = last
        last = -1
        for index, pair_of in enumerate(found):
            last = last if pair_of is None else pair_of
            before_new[index] = last
        return before_old, before_new

    values: dict[int, str] = {index: repr(item) for index, item in enumerate(old)}
    pair(values.__getitem__, lambda index: repr(new[index]))
    if left_old and left_new:
        pair(lambda index: _id(old[index]) or None, lambda index: _id(new[index]) or None)
    if left_old and left_new:
        olds, news = between()
        pair(
            lambda index: (olds[index], _type(old[index])),
            lambda index: (news[index], _type(new[index])),
        )
    if left_old and left_new:
        olds, news = between()
        pair(
            lambda index: None if _id(old[index]) else olds[index],
            lambda index: news[index],
        )
    if left_old and left_new:
        pair(lambda index: _type(old[index]), lambda index: _type(new[index]))
    if left_old and left_new:
        olds, news = between()
        pair_by_traits(olds, news)
        many_old = Counter(olds[index] for index in left_old)
        many_new = Counter(news[index] for index in left_new)
        pair(
            lambda index: olds[index] if many_old[olds[index]] == 1 else None,
            lambda index: news[index] if many_new[news[index]] == 1 else None,
        )
    return found


def merge(data: Any, base: Any, new: Any) -> Any:
    """Returns what a file is to hold: `data` as read from it, with what was changed since.

    `base` is what the program made of `data`, `new` what it makes of the edited version. Where
    these two agree, the file keeps what it says, in its own order, even if the program would say
    it otherwise or not at all.
    """
    if same(base, new, ordered=True):
        return data
    if isinstance(data, dict) and isinstance(base, dict) and isinstance(new, dict):
        return _merge_tables(data, base, new)
    lists = isinstance(data, list) and isinstance(base, list) and isinstance(new, list)
    if lists and len(data) == len(base):
        return [
            item if index is None else merge(data[index], base[index], item)
            for item, index in zip(new, match(base, new), strict=True)
        ]
    return new


def _merge_tables(
    data: dict[str, Any], base: dict[str, Any], new: dict[str, Any]
) -> dict[str, Any]:
    def value(key: str) -> Any:
        if key not in new:
            return data[key]
        if key in data and key in base:
            return merge(data[key], base[key], new[key])
        return new[key]

    kept = [key for key in data if key in new or key not in base]
    if [key for key in base if key in new] != [key for key in new if key in base]:
        order = [*new, *(key for key in kept if key not in new)]
        return {key: value(key) for key in order}
    followers: dict[str | None, list[str]] = {}
    before: str | None = None
    for key in new:
        if key in data:
            before = key
        elif key not in base or not same(base[key], new[key], ordered=True):
            followers.setdefault(before, []).append(key)
    merged = {key: new[key] for key in followers.get(None, ())}
    for key in kept:
        merged[key] = value(key)
        merged.update((added, new[added]) for added in followers.get(key, ()))
    return merged
