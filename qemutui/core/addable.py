"""What can be added to the groups of a profile, and the adding itself."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from qemutui.core import edit
from qemutui.core.catalog import Catalog, Device
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.core.property_type import Property

IDS = {
    "device": "dev0",
    "object": "obj0",
    "netdev": "n0",
    "chardev": "char0",
    "blockdev": "disk0",
    "drive": "drive0",
    "fsdev": "fs0",
    "audiodev": "audio0",
    "tpmdev": "tpm0",
}
"""What the first item of a group is called until somebody calls it otherwise."""

DRIVE = "drive"
"""What stands for a -drive, which has no type, among the types of block devices."""

_BACKENDS = frozenset({
    "netdev", "drive", "chardev", "fsdev", "audiodev", "tpmdev", "memdev", "cryptodev", "bmc",
})  # fmt: skip
"""Properties of devices that name the other half of the device: it does nothing without."""
_BUSES = {"usb-bus": "USB", "i2c-bus": "I2C", "sd-bus": "SD", "ccid-bus": "CCID",
          "nvme-bus": "NVMe"}  # fmt: skip
_SAID_LETTER_BY_LETTER = tuple("AEFHILMNORSX")
_NONE = "uncategorized"
"""What `-device help` calls the category of devices that have none."""
_LONGEST = 300
"""Characters of a description that anybody reads."""


class Addable(NamedTuple):
    """A type that can be added."""

    group: str
    name: str
    category: str = ""
    """Of a device: `network`. Of a block device: its option."""
    bus: str = ""
    """As people call it: `USB`."""
    description: str = ""
    alias: str = ""
    lacks: str = ""
    """What the machine has not got: `needs a USB bus`. It can be added all the same."""
    is_listed: bool = True
    """Whether QEMU lists it; others are parts of machines, or somebody's own words."""


class Need(NamedTuple):
    """A property without which an item does nothing."""

    key: str
    words: str
    """In a sentence: `a netdev`, `size`."""


class Added(NamedTuple):
    """A profile with a new item."""

    profile: Profile
    item: Path
    field: Path
    """What needs a value first; the id where nothing does."""


def addables(
    catalog: Catalog | None, groups: Sequence[str], buses: Collection[str] | None = None
) -> tuple[Addable, ...]:
    """Returns what can be added to some groups, by name.

    `buses` are the types of buses that the machine and its devices have, None where nobody knows:
    then nothing is said to be missing.
    """
    found: list[Addable] = []
    if "drive" in groups:
        words = "file, format and interface in one option"
        found.append(Addable("drive", DRIVE, BY_NAME["drive"].option, description=words))
    for group in groups:
        if catalog is None:
            break
        if group == "device":
            devices = catalog.devices.values()
            found += [_device(one, catalog, buses) for one in devices if one.creatable]
            continue
        option = BY_NAME[group].option if len(groups) > 1 else ""
        types = catalog.types(group).items()
        found += [Addable(group, name, option, "", text[:_LONGEST]) for name, text in types]
    return tuple(sorted(found, key=lambda one: (one.group != "drive", one.name.lower())))


def unlisted(
    catalog: Catalog | None, group: str, name: str, buses: Collection[str] | None = None
) -> Addable:
    """Returns a type by its very name, for one that `addables` does not hold."""
    device = catalog.devices.get(name) if catalog is not None and group == "device" else None
    if catalog is None or device is None:
        return Addable(group, name, is_listed=False)
    return _device(device, catalog, buses)._replace(is_listed=False)


def _device(device: Device, catalog: Catalog, buses: Collection[str] | None) -> Addable:
    bus = bus_name(device.bus)
    lacks = ""
    # Which devices of this bus a machine takes, it decides one by one.
    if buses is not None and device.bus not in ("", "System"):
        has = any(catalog.is_bus_a(one, device.bus) for one in buses)
        lacks = "" if has else f"needs {with_article(bus)} bus"
    category = device.category.lower()
    return Addable(
        "device",
        device.name,
        category if category != _NONE else "",
        bus,
        device.description[:_LONGEST],
        device.alias,
        lacks,
    )


def bus_name(bus: str) -> str:
    """Returns what people call a type of bus: `USB` for `usb-bus`."""
    return _BUSES.get(bus) or bus.removesuffix("-bus")


def with_article(noun: str) -> str:
    """Returns a noun as in `a netdev`, `an fsdev`, `an IDE`."""
    spelled = noun[:2].isupper() and noun != "SCSI"
    vowel = noun.startswith(_SAID_LETTER_BY_LETTER if spelled else tuple("aeioAEIO"))
    return f"an {noun}" if vowel or noun.startswith("fsdev") else f"a {noun}"


def needs(catalog: Catalog | None, group: str, type_: str) -> tuple[Need, ...]:
    """Returns what has to have a value: what QEMU requires, and the backend of a device."""
    if group == "drive":
        return (Need("file", "file"),)
    properties = catalog.properties(group, type_) if catalog is not None else None
    return tuple(_needs(properties.values())) if properties else ()


def _needs(properties: Collection[Property]) -> Iterator[Need]:
    for one in properties:
        is_backend = one.name.rstrip("0123456789") in _BACKENDS
        if one.required or is_backend:
            yield Need(one.name, with_article(one.name) if is_backend else one.name)


def property_count(catalog: Catalog | None, group: str, type_: str) -> int:
    """Returns how many properties of a type somebody can set, 0 where QEMU does not tell."""
    properties = catalog.properties(group, type_ if group != "drive" else "") if catalog else None
    return sum(one.kind != "internal" for one in (properties or {}).values())


def add(profile: Profile, group: str, type_: str, index: int, catalog: Catalog | None) -> Added:
    """Returns the profile with an item of a type, under a free id, before an index of its group."""
    name = edit.free_id(profile, group, IDS[group])
    typed = {"type": type_} if BY_NAME[group].type_key else {}
    item = edit.new_item(**typed, id=name)
    path = (group, index)
    first = next(iter(needs(catalog, group, type_)), None)
    key = first.key if first is not None else "id"
    return Added(edit.insert(profile, path, item), path, (*path, key))
