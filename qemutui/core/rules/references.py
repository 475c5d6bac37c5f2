"""References from one item to another that lead nowhere, or that come too early."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from qemutui.core import keyval
from qemutui.core.edit import Edit, Insert, Remove, Set, new_item
from qemutui.core.finding import Fix, Problem
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.placing import Placed
from qemutui.core.profile import Item
from qemutui.core.rules.known_ids import NODE, KnownIds, Named
from qemutui.core.rules.subject import Reference, Subject, fits
from qemutui.core.rules.words import a, short

# Buses of machines; `pci` is the beginning of `pci.0`.
_BUILT_IN_BUSES = frozenset(
    {
        "pci",
        "pcie",
        "isa",
        "usb-bus",
        "ide",
        "scsi",
        "i2c",
        "smbus",
        "spi",
        "floppy-bus",
        "sysbus",
        "hda",
        "ccid",
        "virtio-serial-bus",
    }
)

_NEW: dict[str, dict[str, Any]] = {
    "netdev": {"type": "user"},
    "chardev": {"type": "null"},
    "fsdev": {"type": "local", "path": ".", "security_model": "mapped-xattr"},
    "audiodev": {"type": "none"},
    "tpmdev": {"type": "emulator"},
    NODE: {"type": "null-co"},
    "blockdev": {"type": "null-co"},
    "iothread": {"type": "iothread"},
    "rng-": {"type": "rng-random", "filename": "/dev/urandom"},
    "cryptodev-": {"type": "cryptodev-backend-builtin"},
    "can-bus": {"type": "can-bus"},
    "throttle-group": {"type": "throttle-group"},
    "socket": {"type": "socket", "path": "vhost-user.sock"},
}


def _of_wrong_kind(subject: Subject, reference: Reference) -> Named | None:
    """Returns what has the id and is not what is needed; what is off does not count."""
    own = subject.ids.those(reference.kind, reference.id)
    elsewhere = chain.from_iterable(
        names.get(reference.id, ()) for kind, names in subject.ids.named.items()
    )
    for thing in chain(own, elsewhere):
        if not thing.off and not fits(reference, thing):
            return thing
        if not thing.off and thing.group != reference.kind:
            return thing
    return None


def _off(subject: Subject, reference: Reference) -> Named | None:
    """Returns the switched off item that the reference means."""
    for thing in subject.ids.those(reference.kind, reference.id):
        if thing.off and fits(reference, thing._replace(off=False)):
            return thing
    return None


def noun(reference: Reference) -> str:
    """Returns what a reference wants, in a word: `netdev`, `memory-backend object`."""
    if reference.kind == NODE:
        return "blockdev" if reference.types else "blockdev or drive"
    if reference.types and reference.kind != "chardev":
        kind = reference.types[0].rstrip("-")
        if reference.kind == "device":
            return kind
        return kind if kind in ("iothread", "throttle-group", "secret") else f"{kind} object"
    return reference.kind


def _near(subject: Subject, reference: Reference) -> str | None:
    """Returns the one id that a reference may have meant."""
    if len(reference.id) < 3:
        return None
    fitting = [
        name
        for name in subject.ids.near(reference.kind, reference.id)
        if any(fits(reference, thing) for thing in subject.ids.those(reference.kind, name))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _template(subject: Subject, reference: Reference) -> dict[str, Any] | None:
    if reference.types == ("memory-backend-",):
        size = subject.profile.memory.size
        of_machine = reference.path[0] == "machine"
        readable = keyval.size(size, "m") is not None
        amount = f"{size}M" if str(size).isdigit() else size
        return {"type": "memory-backend-ram", "size": amount if of_machine and readable else "128M"}
    return _NEW.get(reference.types[0] if reference.types else reference.kind)


def create(subject: Subject, reference: Reference) -> Fix | None:
    """Returns what makes a thing that fits a reference, under its id or the next free one; one
    without an id gets that of a new thing."""
    template = _template(subject, reference)
    if template is None:
        return None
    group = "blockdev" if reference.kind == NODE else reference.kind
    like = reference.id or BY_NAME[group].new_id
    if not reference.id and reference.types and group == "object":
        like = f"{reference.types[0].rstrip('-').split('-')[0]}0"
    name = subject.ids.free(reference.kind, like)
    item: Item = new_item(type=template["type"], id=name)
    item = Item.of({**item.root, **template, "id": name})
    edits: list[Edit] = [] if name == reference.id else [Set(reference.path, name)]
    # What QEMU must have read before goes before the item that needs it.
    place = reference.path[1] if reference.earlier else len(subject.profile.items(group))
    edits.append(Insert((group, place), item))
    label = "creates it" if name == reference.id else f"creates {short(name)}"
    return Fix(label, tuple(edits))


def _mend(subject: Subject, reference: Reference) -> Fix | None:
    near = _near(subject, reference)
    if near is not None:
        return Fix(f"makes it {short(near)}", (Set(reference.path, near),))
    return create(subject, reference)


def dangling(subject: Subject) -> Iterator[Problem]:
    """Ids that nothing has."""
    for reference in subject.unresolved:
        if _off(subject, reference) or (reference.id and _of_wrong_kind(subject, reference)):
            continue
        what = noun(reference)
        message = f"No {what} has this id." if reference.id else f"The id of {a(what)} is missing."
        yield Problem("error", reference.path, message, _mend(subject, reference))


def wrong_kind(subject: Subject) -> Iterator[Problem]:
    """Ids of something else than what is needed."""
    for reference in subject.unresolved:
        thing = _of_wrong_kind(subject, reference) if reference.id else None
        if thing is None or _off(subject, reference):
            continue
        found = thing.type if thing.group == "object" and reference.kind == "object" else None
        if thing.group == reference.kind == "chardev":
            message = (
                f"{short(reference.id)} is a {thing.type}; a {reference.types[0]} belongs here."
            )
            yield Problem("error", reference.path, message)
            continue
        message = f"{short(reference.id)} is {a(found or thing.group)}, not {a(noun(reference))}."
        yield Problem("error", reference.path, message, _mend(subject, reference))


def _switch_on(thing: Named) -> Fix:
    return Fix("switches it on", (Set((thing.group, thing.place, "_off"), None),))


def switched_off(subject: Subject) -> Iterator[Problem]:
    """Ids of items that are left out of the command."""
    for reference in subject.unresolved:
        thing = _off(subject, reference)
        if thing is not None:
            message = f"{short(reference.id)} is switched off."
            yield Problem("error", reference.path, message, _switch_on(thing))
    for device, name in _on_devices(subject):
        things = subject.ids.those("device", name)
        if all(thing.off for thing in things):
            path = ("device", device.place, "bus")
            yield Problem("error", path, f"{short(name)} is switched off.", _switch_on(things[0]))


def _on_devices(subject: Subject) -> tuple[tuple[Placed, str], ...]:
    """Returns devices that name a bus, and the id of the device of the profile that has it."""
    if subject.is_rewritten:
        return ()
    return subject.recall.of(_named_buses, subject.devices, subject.ids)


def _named_buses(devices: tuple[Placed, ...], ids: KnownIds) -> tuple[tuple[Placed, str], ...]:
    found: list[tuple[Placed, str]] = []
    for device in devices:
        bus = device.keys.get("bus")
        if isinstance(bus, str) and "/" not in bus and bus not in ids.of_extra:
            name = bus if ids.those("device", bus) else bus.rpartition(".")[0]
            if ids.those("device", name) and name not in _BUILT_IN_BUSES:
                found.append((device, name))
    return tuple(found)


def _moved(subject: Subject, path: Path, before: int) -> Fix:
    group, index = str(path[0]), int(path[1])
    item = subject.profile.items(group)[index]
    return Fix("moves it up", (Remove((group, index)), Insert((group, before), item)))


def order(subject: Subject) -> Iterator[Problem]:
    """Items that QEMU reads before what they are built upon."""
    for reference in subject.references:
        if not reference.earlier or reference.id in subject.ids.of_extra:
            continue
        here = reference.path[1]
        for thing in subject.ids.those(reference.kind, reference.id)[:1]:
            same_list = thing.group == reference.path[0]
            if same_list and isinstance(here, int) and thing.place >= here and not thing.off:
                yield _too_late(subject, reference.path, reference.id, thing.place)
    on_devices = _on_devices(subject)
    json = {device.place: device.json for device in subject.devices} if on_devices else {}
    for device, name in on_devices:
        thing = subject.ids.those("device", name)[0]
        # Devices given as JSON are created after all others (system/vl.c).
        if not thing.off and (json[thing.place], thing.place) >= (device.json, device.place):
            yield _too_late(subject, ("device", device.place, "bus"), name, thing.place)


def _too_late(subject: Subject, path: Path, name: str, late: int) -> Problem:
    group, here = str(path[0]), int(path[1])
    if late == here:
        return Problem("error", path, f"{short(name)} is this {BY_NAME[group].noun} itself.")
    message = f"{short(name)} comes later; QEMU needs it before."
    fix = _moved(subject, (group, late), here) if late > here else None
    return Problem("error", path, message, fix)
