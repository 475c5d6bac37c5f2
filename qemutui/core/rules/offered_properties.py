"""Properties of items that this QEMU does not have, and values that it cannot read."""

import re
from collections.abc import Iterator, Mapping

from qemutui.core import keyval
from qemutui.core.catalog import Catalog
from qemutui.core.edit import Insert, Remove, Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.groups import GROUPS
from qemutui.core.keyval import Path, Value
from qemutui.core.known_words import WORDS
from qemutui.core.near import nearest
from qemutui.core.profile import Item
from qemutui.core.property_fault import Fault, fault
from qemutui.core.property_type import Property
from qemutui.core.rules.renamed import PROPERTIES
from qemutui.core.rules.subject import Entry
from qemutui.core.rules.values import judged_switches
from qemutui.core.rules.words import quoted

# QEMU takes it apart itself (`net/net.c`, net_client_init).
_UNLISTED = frozenset({("netdev", "ipv6-net")})
_ELEMENT = re.compile(r"(.+)\[\d+\]")


def known_properties(entry: Entry, catalog: Catalog) -> Mapping[str, Property] | None:
    """Returns the properties of an item's type, or None where QEMU has not told them all."""
    group = entry.group.name
    if group in ("chardev", "fsdev"):
        # QEMU takes every key of the option for every type (`qemu_chardev_opts`).
        return catalog.properties("option", group)
    if group in ("drive", "tpmdev") or not entry.type:
        return None
    known = catalog.properties(group, entry.type)
    if known is None and group != "device" and entry.type in catalog.types(group):
        # A type without properties is not told from one that QEMU says nothing of, but here.
        return None if catalog.properties(group, entry.group.example) is None else {}
    return known


_HIDDEN = {
    group.name: frozenset(
        {"type", "id", group.type_key, group.id_key, *(("bus",) if group.name == "device" else ())}
    )
    for group in GROUPS
}
"""What QEMU does not read as a property: a type, an id, the bus of a device."""


def _own_keys(entry: Entry) -> Iterator[tuple[str, Value]]:
    hidden = _HIDDEN[entry.group.name]
    for key, value in entry.item.root.items():
        if key not in hidden and key[:1] != "_":
            yield key, value


def _is_known(entry: Entry, key: str, known: Mapping[str, Property]) -> bool:
    group = entry.group.name
    if "." in key and (group == "object" or (entry.json and group != "device")):
        return False  # neither JSON nor the key=value of objects has dotted keys
    if key in known or (group, key) in _UNLISTED:
        return True
    if group == "device":
        # Elements of an array come into being when its length is set (`qdev_prop_arraylen`).
        element = _ELEMENT.fullmatch(key)
        return element is not None and (f"len-{element[1]}" in known or element[1] in known)
    # A table or list, written as one key or as dotted ones, down to where another type begins.
    parts = key.split(".")
    for count in range(1, len(parts)):
        if ".".join(parts[:count]) in known:
            return True
    return any(name.startswith(f"{key}.") for name in known)


def unknown(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    """Properties that the type does not have."""
    known = known_properties(entry, catalog)
    if known is None:
        return
    for key, _ in _own_keys(entry):
        if not _is_known(entry, key, known):
            yield Problem("error", (*entry.path, key),
                          f"QEMU {catalog.release} refuses this: it has no such property.",
                          _rename(entry, key, known))  # fmt: skip


def _rename(entry: Entry, key: str, known: Mapping[str, Property]) -> Fix | None:
    renamed = PROPERTIES.get((entry.group.name, key))
    tables = entry.group.tables and not entry.json
    usable = tuple(
        name
        for name, prop in known.items()
        if prop.kind != "internal" and (tables or "." not in name)
    )
    near = renamed if renamed in known else nearest(key, usable)
    if near is None or near in entry.item.root:
        return None
    root = {near if name == key else name: value for name, value in entry.item.root.items()}
    edits = (Remove(entry.path), Insert(entry.path, Item.of(root)))
    return Fix(f"makes it {near}", edits)


def bad_value(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    """Values that QEMU cannot read as what the property is."""
    known = known_properties(entry, catalog)
    if known is None:
        return
    ours = judged_switches(entry)
    for key, value in _own_keys(entry):
        prop = known.get(key)
        if prop is None or key in ours or (key == "size" and _is_memory(entry)):
            continue
        found = _own_limit(entry, key, value) if key in _LIMITED else None
        if found is None and (prop.kind not in _FREE or prop.description or entry.json):
            found = fault(prop, value, entry.json)
        if found is not None:
            yield problem_of((*entry.path, key), found)
    root = entry.item.root
    if root.get("disable-legacy") in (True, "on") and root.get("disable-modern") in (True, "on"):
        message = "With neither legacy nor modern, nothing is left of it."
        yield Problem("error", (*entry.path, "disable-modern"), message)


_OF_THEIR_MEMORY = ("pc-dimm", "nvdimm", "virtio-mem")
_LIMITS = {
    "ipv6-prefixlen": ("user", 0, 126),
    "max-bytes": ("virtio-rng", 0, (1 << 63) - 1),
    "period": ("virtio-rng", 1, (1 << 32) - 1),
    "queue-size": ("virtio-blk-", 4, 1024),
}
"""Ranges that are narrower than those of the type, and the beginning of the item's type."""

_LONGEST_INT = 9
"""Characters of numbers that surely have 32 bits."""


_LIMITED = frozenset(
    {"rootdir", "size", *_LIMITS, *(key for group, key in WORDS if group == "fsdev")}
)
_FREE = frozenset({"text", "reference", "list"})
"""Kinds of properties that take any text, but for those that their description says more of."""


def _own_limit(entry: Entry, key: str, value: Value) -> Fault | None:
    """Returns what QEMU has against a value beyond its type."""
    words = WORDS.get((entry.group.name, key))
    if words is not None and entry.type == "local":
        return fault(Property(key, "enum", "enum", values=words), value)
    if key == "rootdir" and entry.type == "usb-mtp":
        relative = isinstance(value, str) and not value.startswith("/")
        return Fault("An absolute path belongs here.") if relative else None
    if key == "size" and entry.type.startswith(_OF_THEIR_MEMORY):
        return Fault("Its size is that of its memdev; QEMU sets it.")
    limit = _LIMITS.get(key)
    if limit is not None and entry.type.startswith(limit[0]):
        _, least, most = limit
        if key == "ipv6-prefixlen" and len(str(value)) > _LONGEST_INT:
            return None  # it is cut to 32 bits before it is looked at
        return fault(Property(key, "int64", "int", least=least, most=most), value, entry.json)
    return None


def _is_memory(entry: Entry) -> bool:
    return entry.group.name == "object" and entry.type.startswith("memory-backend-")


def problem_of(path: Path, found: Fault) -> Problem:
    """Returns a fault of a value as what a rule finds."""
    fix = None
    if found.mended is not None:
        fix = Fix(f"makes it {_shown(found.mended)}", (Set(path, found.mended),))
    return Problem("error", path, found.message, fix)


def _shown(value: keyval.Scalar) -> str:
    return quoted(value)[1:-1] if isinstance(value, str) else keyval.text(value)
