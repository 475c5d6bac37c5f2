"""Which properties QEMU offers for an item of a profile, or for its machine."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from qemutui.core import keyval
from qemutui.core.catalog import Catalog
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Value
from qemutui.core.profile import Item
from qemutui.core.property_type import Property
from qemutui.core.rules.known_ids import NODE
from qemutui.core.rules.links import LINKS, Link

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
_DEPTH = 4
"""How deep block nodes are written within one another."""


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
    more = _linked(group, kind, found)
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
        written = node.get("driver", "")
        driver = "" if isinstance(written, tuple | dict) else keyval.text(written)
        own = catalog.properties("blockdev", driver) or _NOTHING
        inner[f"{name}.driver"] = Property(f"{name}.driver", "driver", "enum", required=True,
                                           values=tuple(catalog.types("blockdev")))  # fmt: skip
        for key, one in _with_nodes(catalog, node, own, depth - 1).items():
            inner[f"{name}.{key}"] = one._replace(name=f"{name}.{key}")
    if not inner:
        return found
    return {name: one for name, one in found.items() if f"{name}.driver" not in inner} | inner
