"""What differs between two profiles, by field."""

from typing import Any, NamedTuple

from qemutui.core import keyval
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile, dump


class Change(NamedTuple):
    """One field that two profiles do not share, or an item that only one of them has."""

    place: tuple[str, ...]
    """Where it is, from the outside: `("device", "net0", "netdev")`; items by id."""
    path: Path
    """The field in the newer profile, or where it was in the older one."""
    old: str | None
    """What the older profile says; None where it says nothing."""
    new: str | None
    """What the newer profile says; None where it says nothing."""


def between(old: Profile, new: Profile) -> tuple[Change, ...]:
    """Returns what changed from `old` to `new`, in the order of the newer file.

    Items are the same item where their ids are, or, without one, their type and which of that
    type they are; an item that only moved is one change of its place.
    """
    before, after = dump(old), dump(new)
    for data in (before, after):
        data.pop("format", None)  # written on saving; nobody's change
    return tuple(_tables((), (), before, after))


def _tables(
    place: tuple[str, ...], path: Path, old: dict[str, Any], new: dict[str, Any]
) -> list[Change]:
    changes = []
    for key in (*new, *(key for key in old if key not in new)):
        before, after = old.get(key), new.get(key)
        if _same(before, after):
            continue
        here = (*place, key)
        if not place and key in (*BY_NAME, "fd"):
            changes += _items(key, before or [], after or [])
        elif isinstance(before, dict | None) and isinstance(after, dict | None):
            changes += _tables(here, (*path, key), before or {}, after or {})
        else:
            changes.append(Change(here, (*path, key), _text(before), _text(after)))
    return changes


def _items(group: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[Change]:
    before, after = _by_name(old), _by_name(new)
    changes = []
    for name, (index, item) in after.items():
        place, path = (group, name), (group, index)
        if name not in before:
            changes.append(Change(place, path, None, _text(item)))
        else:
            changes += _tables(place, path, before[name][1], item)
    for name, (index, item) in before.items():
        if name not in after:
            changes.append(Change((group, name), (group, index), _text(item), None))
    order = [name for name in before if name in after]
    moved = [name for name in after if name in before]
    if order != moved:
        changes.append(Change((group,), (group,), ", ".join(order), ", ".join(moved)))
    return changes


def _by_name(items: list[dict[str, Any]]) -> dict[str, tuple[int, dict[str, Any]]]:
    named: dict[str, tuple[int, dict[str, Any]]] = {}
    for index, item in enumerate(items):
        stem = _text(item.get("id")) or _text(item.get("type") or item.get("path")) or "?"
        name, number = stem, 2
        while name in named:
            name, number = f"{stem} {number}", number + 1
        named[name] = index, item
    return named


def _same(old: Any, new: Any) -> bool:
    """Tells whether two values are written alike: `1`, `true` and `"1"` are three."""
    if isinstance(old, dict) and isinstance(new, dict):
        return list(old) == list(new) and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return type(old) is type(new) and bool(old == new)


def _text(value: Any) -> str | None:
    """Returns a value as a command line would have it, in one line."""
    if value is None:
        return None
    if isinstance(value, dict):
        return ",".join(f"{key}={_text(part)}" for key, part in value.items())
    if isinstance(value, list):
        return " ".join(_text(part) or '""' for part in value)
    return keyval.text(value)
