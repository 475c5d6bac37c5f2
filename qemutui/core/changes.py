"""Where two states of a profile differ first."""

from collections.abc import Mapping
from typing import Any

from qemutui.core.keyval import Path
from qemutui.core.profile import Item, Profile, Table


def first_change(before: Profile, after: Profile) -> Path | None:
    """Returns the path of the first field or item that differs, or None where none does.

    Of an item that only one of them has, it is the item's path in `after`, or that of the item now
    in its place, or of the group where none is left; of an element of a list its own. What is
    written for an item as a whole, such as that it is off, is the item.
    """
    if before == after:
        return None
    path = _difference(before, after)
    for length, key in enumerate(path):
        if isinstance(key, str) and key.startswith("_"):
            return path[:length]
    return path


def _difference(before: Any, after: Any) -> Path:
    if isinstance(before, tuple | list) and isinstance(after, tuple | list):
        at = next(
            (at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new),
            min(len(before), len(after)),
        )
        if len(before) != len(after):
            if not isinstance((*before, *after)[0], Item | Table):
                return (at,)
            last = len(after) - 1
            return (min(at, last),) if last >= 0 else ()
        return (at, *_difference(before[at], after[at]))
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        return ()
    for key in (*new, *old):
        if old.get(key) != new.get(key):
            return (key, *_difference(old.get(key), new.get(key)))
    return ()


def _parts(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, Table):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        return {**fields, **value.others}
    if isinstance(value, Item):
        return value.root
    return value if isinstance(value, dict) else None
