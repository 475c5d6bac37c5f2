"""What can be added to the groups of a profile, and the adding itself."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from qemutui.core import edit, offered
from qemutui.core.catalog import Catalog
from qemutui.core.catalog_entries import Device
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import Item, Profile
from qemutui.core.rules import needs as known_needs
from qemutui.core.rules import offered_needs
from qemutui.core.rules.words import a

DRIVE = "drive"
"""What stands for a -drive, which has no type, among the types of block devices."""

_BACKENDS = frozenset(
    {"netdev", "drive", "chardev", "fsdev", "audiodev", "tpmdev", "memdev", "cryptodev"}
)
"""Properties of devices that name the other half of the device."""
_BUSES = {"usb-bus": "USB", "i2c-bus": "I2C", "sd-bus": "SD", "ccid-bus": "CCID",
          "nvme-bus": "NVMe", "ufs-bus": "UFS"}  # fmt: skip
_NONE = "uncategorized"
"""What `-device help` calls the category of devices that have none."""
_LONGEST = 300
"""Characters of a description that anybody reads."""

Problem = Callable[[Device], str]
"""Says why a device cannot be plugged, as in `needs a USB bus`; empty where it can."""


class Addable(NamedTuple):
    """A type that can be added."""

    group: str
    name: str
    category: str = ""
    """Of a device: `network`. Of what is stored: its option."""
    bus: str = ""
    """As people call it: `USB`."""
    description: str = ""
    alias: str = ""
    problem: str = ""
    """Why the machine cannot plug it: `needs a USB bus`. It can be added all the same."""
    is_listed: bool = True
    """Whether QEMU lists it; others are parts of machines, or somebody's own words."""


class Added(NamedTuple):
    """A profile with a new item."""

    profile: Profile
    item: Path
    field: Path
    """What needs a value first; the id where nothing does."""


def addables(
    catalog: Catalog | None, groups: Sequence[str], problem: Problem | None = None
) -> tuple[Addable, ...]:
    """Returns what can be added to some groups, by name; -drive comes first.

    Without `problem` nobody knows what the machine lacks.
    """
    found: list[Addable] = []
    for group in groups:
        if group == "drive":
            words = "file, format and interface in one option"
            found.append(Addable("drive", DRIVE, BY_NAME["drive"].option, description=words))
        elif group == "device" and catalog is not None:
            devices = catalog.devices.values()
            found += [_of_device(one, problem) for one in devices if one.creatable]
        elif catalog is not None:
            option = BY_NAME[group].option if len(groups) > 1 else ""
            types = catalog.types(group).items()
            found += [Addable(group, name, option, "", text[:_LONGEST]) for name, text in types]
    return tuple(sorted(found, key=lambda one: (one.group != "drive", one.name.lower())))


def unlisted(
    catalog: Catalog | None, group: str, name: str, problem: Problem | None = None
) -> Addable:
    """Returns a type by its very name, for one that `addables` does not hold."""
    device = catalog.devices.get(name) if catalog is not None and group == "device" else None
    if device is None:
        return Addable(group, name, is_listed=False)
    return _of_device(device, problem)._replace(is_listed=False)


def _of_device(device: Device, problem: Problem | None) -> Addable:
    category = device.category.lower()
    return Addable(
        "device",
        device.name,
        category if category != _NONE else "",
        bus_name(device.bus),
        device.description[:_LONGEST],
        device.alias,
        problem(device) if problem is not None else "",
    )


def bus_name(bus: str) -> str:
    """Returns what people call a type of bus: `USB` for `usb-bus`."""
    return _BUSES.get(bus) or bus.removesuffix("-bus")


def needs(catalog: Catalog | None, group: str, type_: str) -> tuple[tuple[str, ...], ...]:
    """Returns what has to have a value: of each of these sets of properties, one."""
    if group == "drive":
        return (("file",),)
    return tuple(dict.fromkeys(_needs(catalog, group, type_)))


def _needs(catalog: Catalog | None, group: str, type_: str) -> Iterator[tuple[str, ...]]:
    for key in known_needs.keys(group, type_):
        yield (key,)
    known = catalog.properties(group, type_) if catalog is not None else None
    if catalog is None or known is None:
        return
    if group == "device":
        device = catalog.device(type_)
        any_of = offered_needs.any_of(device.name if device is not None else type_, known)
        if any_of:
            yield any_of
    for key, one in known.items():
        # Without a netdev a network card is on no network; QEMU warns of it.
        if one.required or (group == "device" and key == "netdev"):
            yield (key,)


def takes(catalog: Catalog | None, group: str, type_: str) -> tuple[str, ...]:
    """Returns what names the other half of a device, where the device can be without."""
    known = catalog.properties(group, type_) if catalog is not None else None
    if group != "device" or not known:
        return ()
    needed = {key for keys in needs(catalog, group, type_) for key in keys}
    return tuple(key for key in known if key in _BACKENDS and key not in needed)


def needs_words(catalog: Catalog | None, group: str, type_: str) -> str:
    """Returns what needs or wants a value: `needs a netdev`; empty for nothing."""
    needed = ", ".join(" or ".join(map(a, keys)) for keys in needs(catalog, group, type_))
    taken = ", ".join(map(a, takes(catalog, group, type_)))
    return " · ".join(
        f"{word} {keys}" for word, keys in (("needs", needed), ("takes", taken)) if keys
    )


def property_count(catalog: Catalog | None, group: str, type_: str) -> int:
    """Returns how many properties of a type somebody can set, 0 where QEMU does not tell."""
    if catalog is None:
        return 0
    known = offered.properties(catalog, group, _new(group, type_, ""))
    return sum(one.kind != "internal" for one in known.values())


def add(profile: Profile, group: str, type_: str, index: int, catalog: Catalog | None) -> Added:
    """Returns the profile with an item of a type, under a free id, before an index of its group."""
    item = _new(group, type_, edit.free_id(profile, group, BY_NAME[group].new_id))
    path = (group, index)
    wanted = [keys[0] for keys in needs(catalog, group, type_)]
    key = next(iter((*wanted, *takes(catalog, group, type_))), "id")
    keys = key.split(".") if BY_NAME[group].tables else (key,)
    return Added(edit.insert(profile, path, item), path, (*path, *keys))


def _new(group: str, type_: str, name: str) -> Item:
    typed = {"type": type_} if BY_NAME[group].type_key else {}
    return edit.new_item(**typed, id=name)
