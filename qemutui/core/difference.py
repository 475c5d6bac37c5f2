"""What differs between two profiles, by field."""

from collections import Counter
from typing import Any, NamedTuple

from qemutui.core import keyval, pairing
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

    Items are paired as `core.pairing` does; one that only moved is one change of its place.
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
            was, now = _text(before), _text(after)
            if was == now:  # `1` and `"1"`
                was, now = _as_written(before), _as_written(after)
            changes.append(Change(here, (*path, key), was, now))
    return changes


def _items(group: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[Change]:
    pairs = pairing.pair([_mark(item) for item in old], [_mark(item) for item in new])
    before, after = _names(old), _names(new)
    changes = []
    for index, was in enumerate(pairs):
        place, path = (group, after[index]), (group, index)
        if was is None:
            changes.append(Change(place, path, None, _text(new[index])))
        else:
            changes += _tables(place, path, old[was], new[index])
    for index in sorted({*range(len(old))} - {*pairs}):
        changes.append(Change((group, before[index]), (group, index), _text(old[index]), None))
    kept = [was for was in pairs if was is not None]
    if kept != sorted(kept):
        moved = [after[index] for index, was in enumerate(pairs) if was is not None]
        order = ", ".join(before[was] for was in sorted(kept))
        changes.append(Change((group,), (group,), order, ", ".join(moved)))
    return changes


def _mark(item: dict[str, Any]) -> pairing.Mark:
    kind = _text(item.get("type") or item.get("path")) or ""
    return pairing.Mark(_text(item.get("id")) or "", kind, _text(item))


def _names(items: list[dict[str, Any]]) -> list[str]:
    """Returns what each item is called: its id, else its type, numbered where it is not alone."""
    count: Counter[str] = Counter()
    names = []
    for item in items:
        mark = _mark(item)
        stem = mark.id or mark.kind or "?"
        count[stem] += 1
        names.append(stem if count[stem] == 1 else f"{stem} {count[stem]}")
    return names


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


def _as_written(value: Any) -> str | None:
    """Returns a value with what tells a text from a number or a switch."""
    return f'"{value}"' if isinstance(value, str) else _text(value)
