"""What QEMU offers for a profile: its machine, and the properties of its fields and items."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from qemutui.core import edit, keyval
from qemutui.core.catalog import Catalog
from qemutui.core.catalog_entries import Machine
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path, Value
from qemutui.core.known_words import WORDS
from qemutui.core.profile import Item, Profile
from qemutui.core.property_type import Property
from qemutui.core.rules.known_ids import NODE
from qemutui.core.rules.links import LINKS, Link
from qemutui.core.rules.values import MACHINE_ON_OFF_AUTO, MACHINE_SWITCHES

OPTIONS = {"memory": "memory", "smp": "smp-opts", "boot": "boot-opts"}
"""The tables of a profile that QEMU reads as options, by QEMU's own names of these."""

_NOTHING: Mapping[str, Property] = MappingProxyType({})
_BUS = Property("bus", "bus id", "text", "the bus that it is plugged into", "first fit")
"""Every device on a bus takes it, and no list of QEMU's says so (`qdev_device_add`)."""
_ADDRESS: Mapping[str, Any] = {
    "type": "slot.fn",
    "kind": "text",
    "default": "free slot",
    "least": None,
    "most": None,
}
"""What `addr` of a PCI device takes; the number that QEMU calls its default is no input."""
_OWN = frozenset({"id", "type"})
"""What a profile calls the id and the type of an item; a property of that name cannot be set."""
_USUAL_FORMATS = ("qcow2", "raw", "vmdk", "vdi", "vhdx", "vpc")
"""Formats of images, which are offered before protocols and filters."""
_DEPTH = 4
"""How deep block nodes are written within one another."""


def machine_of(profile: Profile, catalog: Catalog) -> Machine | None:
    """Returns the machine of a profile, the default one where it names none; None if unknown."""
    return catalog.machine(keyval.scalar_text(profile.machine.type))


def default_cpu(profile: Profile, catalog: Catalog) -> str:
    """Returns the CPU model of the machine of a profile that names none; empty if unknown."""
    machine = machine_of(profile, catalog)
    return machine.default_cpu if machine is not None else ""


def of_table(catalog: Catalog, table: str) -> Mapping[str, Property]:
    """Returns the properties of one of the tables in `OPTIONS`; empty where QEMU does not tell."""
    return catalog.properties("option", OPTIONS[table]) or _NOTHING


def property_at(profile: Profile, path: Path, catalog: Catalog | None) -> Property | None:
    """Returns what QEMU says of the property at a path; None where it is none, or unknown.

    Without a catalog only the switches of machines are known.
    """
    if len(path) < 2:
        return None
    table, name = str(path[0]), ".".join(key for key in path[1:] if isinstance(key, str))
    is_of_machine = table == "machine" and path[1] not in ("type", "accel")
    if catalog is None:
        return _known_switch(name) if is_of_machine else None
    if is_of_machine:
        known = catalog.properties("machine", keyval.scalar_text(profile.machine.type))
        return (known or _NOTHING).get(name)
    item = edit.get(profile, path[:2]) if table in BY_NAME and len(path) > 2 else None
    if isinstance(item, Item):
        return properties(catalog, table, item).get(name)
    return of_table(catalog, table).get(name) if table in OPTIONS else None


def _known_switch(name: str) -> Property | None:
    if name in MACHINE_SWITCHES:
        return Property(name, "bool", "bool")
    words = ("on", "off", "auto")
    return (
        Property(name, "OnOffAuto", "auto", values=words) if name in MACHINE_ON_OFF_AUTO else None
    )


def properties(catalog: Catalog, group: str, item: Item) -> Mapping[str, Property]:
    """Returns the properties that an item can have, by name, dotted as on the command line.

    The id and the type are not among them. Empty where QEMU does not know the type, or tells
    nothing of it. The members of a block node that is written within another are those of its
    own driver.
    """
    kind = item.type if BY_NAME[group].type_key else ""
    found = dict(catalog.properties(group, kind) or ())
    if not found:
        return _NOTHING
    if group == "blockdev":
        return _with_nodes(catalog, item.root, found, _DEPTH)
    more = _linked(group, kind, found) | _worded(catalog, group, found)
    if group == "device":
        device = catalog.device(kind)
        if device is not None and device.bus:
            more["bus"] = _BUS
        address = found.get("addr")
        if address is not None and address.kind == "int" and address.default == -1:
            more["addr"] = address._replace(**_ADDRESS)
    if not more and _OWN.isdisjoint(found):
        return found
    return {name: one for name, one in (found | more).items() if name not in _OWN}


def _linked(group: str, kind: str, found: Mapping[str, Property]) -> dict[str, Property]:
    """Returns the references that QEMU describes as mere texts."""
    return {
        link.key: found[link.key]._replace(kind="reference", reference=_referred(link))
        for link in LINKS.get(group, ())
        if link.key in found and found[link.key].kind == "text" and kind.startswith(link.of)
    }


def _worded(catalog: Catalog, group: str, found: Mapping[str, Property]) -> dict[str, Property]:
    """Returns the enumerations that QEMU describes as mere texts."""
    words = {key: WORDS[of, key] for of, key in WORDS if of == group}
    if group == "drive":
        drivers = catalog.types("blockdev")
        usual = tuple(name for name in _USUAL_FORMATS if name in drivers)
        formats = (*usual, *(name for name in drivers if name not in usual))
        words |= dict.fromkeys(("driver", "format"), formats)
    return {
        key: found[key]._replace(kind="enum", type="enum", values=values)
        for key, values in words.items()
        if values and key in found and found[key].kind == "text"
    }


def _referred(link: Link) -> str:
    if link.kind == NODE:
        return "node"
    return f"object:{link.types[0].rstrip('-')}" if link.kind == "object" else link.kind


def _with_nodes(
    catalog: Catalog, root: Mapping[str, Value], found: Mapping[str, Property], depth: int
) -> Mapping[str, Property]:
    """Returns the members of a block node, with those of the nodes that are written in it."""
    inner: dict[str, Property] = {}
    for name, member in found.items():
        node = root.get(name) if member.reference == "node" else None
        if not isinstance(node, dict) or not depth:
            continue
        driver = keyval.scalar_text(node.get("driver"))
        own = catalog.properties("blockdev", driver) or _NOTHING
        inner[f"{name}.driver"] = Property(f"{name}.driver", "driver", "enum", required=True,
                                           values=tuple(catalog.types("blockdev")))  # fmt: skip
        for key, one in _with_nodes(catalog, node, own, depth - 1).items():
            inner[f"{name}.{key}"] = one._replace(name=f"{name}.{key}")
    if not inner:
        return found
    return {name: one for name, one in found.items() if f"{name}.driver" not in inner} | inner
