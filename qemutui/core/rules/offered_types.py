"""Types of items that this QEMU does not have."""

from collections.abc import Iterator

from qemutui.core.catalog import Catalog
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Path
from qemutui.core.near import nearest
from qemutui.core.rules.renamed import TYPES
from qemutui.core.rules.subject import Entry
from qemutui.core.rules.words import quoted

# Other names of character devices, which versions before 10.0 may take and do not list.
_UNLISTED = frozenset({"tty", "parport"})


def type_path(entry: Entry) -> Path:
    """Returns the field that holds the type of an item."""
    group = entry.group
    other = not entry.item.type and group.type_key in entry.item.root
    return (*entry.path, group.type_key if other else "type")


def names(catalog: Catalog, group: str) -> tuple[str, ...]:
    """Returns the types of a group that can be added; empty where QEMU does not tell."""
    if group != "device":
        return tuple(catalog.types(group))
    return tuple(
        name
        for device in catalog.devices.values()
        if device.creatable
        for name in (device.name, device.alias)
        if name
    )


def is_offered(entry: Entry, catalog: Catalog) -> bool:
    """Tells whether QEMU has the type of an item, or may have it."""
    group, kind = entry.group.name, entry.type
    if group == "device":
        # A CPU can be a device, too; it is not among the devices of the catalog.
        return catalog.device(kind) is not None or catalog.properties(group, kind) is not None
    offered = catalog.types(group)
    if group == "chardev" and kind in _UNLISTED and catalog.version < (10, 0, 0):
        return True
    return not offered or kind in offered


def unknown(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    """Types that QEMU does not have, or that nobody can add."""
    group, kind = entry.group, entry.type
    if not kind or group.name == "drive":
        return
    if not is_offered(entry, catalog):
        path = type_path(entry)
        message = f"QEMU {catalog.release} has no {group.noun} {quoted(kind)}."
        yield Problem("error", path, message, _fix(path, kind, catalog, group.name))
    elif group.name == "device":
        device = catalog.device(kind)
        if device is not None and not device.creatable and _tells_what_is_creatable(catalog):
            message = f"Only QEMU itself makes a {kind}; -device cannot."
            yield Problem("error", type_path(entry), message)
        elif device is not None and f"device/{device.name}" in catalog.crashed:
            message = f"QEMU crashed when it was asked about {kind}."
            yield Problem("warning", type_path(entry), message)


def _tells_what_is_creatable(catalog: Catalog) -> bool:
    """Tells whether `-device help` was answered."""
    return any(device.creatable for device in catalog.devices.values())


def _fix(path: Path, kind: str, catalog: Catalog, group: str) -> Fix | None:
    known = names(catalog, group)
    renamed = TYPES.get((group, kind))
    near = renamed if renamed in known else nearest(kind, known)
    return Fix(f"makes it {near}", (Set(path, near),)) if near else None
