"""Makes an item of the value of a group's option."""

from functools import lru_cache
from typing import cast

from qemutui.core import option_value, qemu_json
from qemutui.core.argv import build_item, needs_json
from qemutui.core.groups import Group
from qemutui.core.keyval import Value
from qemutui.core.option_value import Pairs
from qemutui.core.profile import Item

_DEEPEST = 24
"""More levels than any option has; a key with more dots stays one key."""


@lru_cache(maxsize=4096)  # a command that is typed is read again and again
def item(group: Group, value: str) -> tuple[Item, str] | None:
    """Returns the item and how it is passed, or None where no item says what this value says.

    A bare flag, keys in another order and a bare or spelled first key are no difference to QEMU.
    """
    if value.startswith("{"):
        return _of_json(group, value) if group.json else None
    flags = not group.keyval and group.name != "object"  # that one is read by keyval.c since 6.0
    implied = group.type_key if group.bare_type or group.keyval else ""
    if not group.bare_type and option_value.is_help(value.partition(",")[0]):
        return None  # spelled, it would be a driver of this name
    pairs = option_value.split(value, implied, flags=flags)
    root = _root(group, pairs) if pairs else None
    if not root:
        return None
    if group.bare_type and "type" in root:
        root = {"type": root["type"], **root}  # where it is passed, wherever it stood
    found = Item.of(root)
    written = build_item(group, found, 0).words[1]
    if written != value:
        again = option_value.split(written, implied, flags=flags)
        if not option_value.same(pairs, again):
            return None
    return found, written


def _name(group: Group, key: str) -> str | None:
    """Returns what a profile calls a key; None where that name stands for another key."""
    if key == (group.type_key or "type"):
        return "type"
    if key == group.id_key:
        return "id"
    return None if key in ("type", "id") or key.startswith("_") else key


def _root(group: Group, pairs: Pairs) -> dict[str, Value] | None:
    dotted = group.tables and any("." in key for key, _ in pairs)
    root = _nested(group, pairs) if dotted else None
    return _flat(group, pairs) if root is None else root


def _flat(group: Group, pairs: Pairs) -> dict[str, Value] | None:
    root: dict[str, Value] = {}
    for key, text in pairs:
        name = _name(group, key)
        if name is None:
            return None
        if name not in root:
            root[name] = text if name in ("type", "id") else option_value.scalar(text)
        elif group.lists == "repeat" and name not in ("type", "id"):
            before = root[name]
            more = option_value.scalar(text)
            root[name] = (*before, more) if isinstance(before, tuple) else (before, more)
        else:
            return None
    return root


def _nested(group: Group, pairs: Pairs) -> dict[str, Value] | None:
    """Returns dotted keys as tables; None where a key is a value and a table, too."""
    root: dict[str, Value] = {}
    for key, text in pairs:
        name = _name(group, key)
        steps = [] if name is None else name.split(".") if "." in name else [name]
        if not steps or not all(steps) or len(steps) > _DEEPEST:
            return None
        here = root
        for step in steps[:-1]:
            below = here.setdefault(step, {})
            if not isinstance(below, dict):
                return None
            here = below
        if steps[-1] in here:
            return None
        here[steps[-1]] = text if name in ("type", "id") else option_value.scalar(text)
    return {key: _lists(value) for key, value in root.items()} if group.lists == "index" else root


def _lists(value: Value) -> Value:
    """Turns tables whose keys count from 0 into lists."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(element) for key, element in value.items()}
    if inner and list(inner) == [str(index) for index in range(len(inner))]:
        return tuple(inner.values())
    return inner


def _of_json(group: Group, text: str) -> tuple[Item, str] | None:
    data = qemu_json.read(text)
    if data is None:
        return None
    root: dict[str, Value] = {}
    for key, value in data.items():
        name = _name(group, key)
        if name is None or (name in ("type", "id") and not (isinstance(value, str) and value)):
            return None
        root[name] = _unboxed(value) if group.boxed else value
    found = Item.of(root)
    if not needs_json(group, found):
        found = Item.of({**root, "_json": True})
    written = build_item(group, found, 0).words[1]
    if written != text:
        again = qemu_json.read(written)
        if again is None or not qemu_json.same(data, again):
            return None
    return found, written


def _unboxed(value: Value) -> Value:
    """Returns the texts of a list of `{"str": …}`; any other value as it is."""
    if isinstance(value, tuple) and value:
        texts = [one.get("str") for one in value if isinstance(one, dict) and len(one) == 1]
        if len(texts) == len(value) and all(isinstance(text, str) for text in texts):
            return tuple(cast("list[str]", texts))
    return value
