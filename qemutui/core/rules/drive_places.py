"""Places of drives: what the interfaces of a PC take, and what two drives cannot share.

Tried on QEMU 7.2 and 10.0; `blockdev.c` (drive_new, drive_check_orphaned). Of other machines it is
not known how many drives they take.
"""

import re
from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.bus_slots import UnclearError, number
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.offered import machine_of
from qemutui.core.profile import Item, Profile
from qemutui.core.rules.subject import Subject

_PC = re.compile(r"pc-(i440fx|q35)-[\w.]+|isapc|microvm")
_INTERFACES = frozenset({"ide", "scsi", "floppy", "pflash", "mtd", "sd", "virtio", "none"})
_ABSENT = frozenset({"scsi", "sd", "mtd"})
"""Interfaces that no PC has; a microvm has neither of the others."""
_WORDS = {"ide": "IDE", "floppy": "floppy", "pflash": "flash"}

Place = tuple[str, int, int]
"""An interface, a bus and a unit."""


def places(subject: Subject) -> Iterator[Problem]:
    """Drives in a place that another one has, or that the machine does not have."""
    profile, catalog = subject.profile, subject.catalog
    if catalog is None or subject.is_rewritten or subject.has_option("machine"):
        return
    machine = machine_of(profile, catalog)
    if machine is None or not _PC.fullmatch(machine.name):
        return
    units = 1 if "q35" in machine.name else 2
    buses = 6 if "q35" in machine.name else 2
    taken: set[Place] = set()
    for index, item in enumerate(profile.drive):
        interface = str(item.root.get("if", "none" if machine.name == "microvm" else "ide"))
        if item.off or interface not in _INTERFACES:
            continue
        try:
            place, problem = _place(item, index, interface, units, taken)
        except UnclearError:
            return
        if place is not None and interface == "ide" and _is_read_only(item):
            fix = Fix("makes it a CD drive", (Set(("drive", index, "media"), "cdrom"),))
            path = ("drive", index, "readonly" if "readonly" in item.root else "read-only")
            problem = Problem("error", path, "A disk of IDE cannot be read-only.", fix)
        if place is not None:
            taken.add(place)
            problem = problem or _lacking(profile, item, index, place, machine.name, buses)
        if problem is not None:
            yield problem


def _is_read_only(item: Item) -> bool:
    root = item.root
    is_on = keyval.is_on(root.get("readonly")) or keyval.is_on(root.get("read-only"))
    return is_on and root.get("media") != "cdrom"


def _place(
    item: Item, index: int, interface: str, units: int, taken: set[Place]
) -> tuple[Place | None, Problem | None]:
    """Returns where a drive goes, or what is wrong with that."""
    root = item.root
    path = ("drive", index)
    most = {"ide": units, "scsi": 7}.get(interface, 0)
    bus, unit = number(root.get("bus", 0)), number(root.get("unit", -1))
    given = "index" in root
    if given:
        if bus != 0 or unit != -1:
            other = "unit" if unit != -1 else "bus"
            fix = Fix(f"unsets {other}", (Set((*path, other), None),))
            message = f"A drive with an index has no {other}."
            return None, Problem("error", (*path, other), message, fix)
        bus, unit = divmod(number(root["index"]), most) if most else (0, number(root["index"]))
    if bus < 0 or unit < -1:
        raise UnclearError
    if unit == -1:
        unit = 0
        while (interface, bus, unit) in taken:
            unit += 1
            if most and unit >= most:
                bus, unit = bus + 1, 0
    elif most and unit >= most:
        fix = Fix("unsets unit", (Set((*path, "unit"), None),))
        message = f"A unit of {_noun(interface)} is 0{' or 1' * (most == 2)} here."
        return None, Problem("error", (*path, "unit"), message, fix)
    elif (interface, bus, unit) in taken:
        key = "index" if given else "unit"
        fix = Fix(f"unsets {key}", (Set((*path, key), None),))
        message = f"Another {_noun(interface)} drive has this {key}."
        return None, Problem("error", (*path, key), message, fix)
    return (interface, bus, unit), None


def _lacking(
    profile: Profile, item: Item, index: int, place: Place, machine: str, buses: int
) -> Problem | None:
    """Says that the machine has no such place."""
    interface, bus, unit = place
    path = ("drive", index)
    others = profile.machine.others
    fix = Fix("makes it virtio", (
        *(Set((*path, key), None) for key in ("index", "bus", "unit") if key in item.root),
        Set((*path, "if"), "virtio"),
    ))  # fmt: skip
    if interface in _ABSENT or (machine == "microvm" and interface in ("ide", "floppy")):
        what = machine if machine == "microvm" else "PC"
        return Problem("error", (*path, "if"), f"A {what} has no place for if={interface}.", fix)
    if interface == "ide" and bus >= buses:
        most = 4 if buses == 2 else buses
        message = f"This machine takes {most} IDE drives, index 0 to {most - 1}."
        return Problem("error", (*path, "index" if "index" in item.root else "if"), message, fix)
    if interface == "pflash" and (bus > 0 or unit > 1 or machine in ("isapc", "microvm")):
        has_flash = machine not in ("isapc", "microvm")
        message = "A PC takes two of flash, index 0 and 1."
        if not has_flash:
            message = f"A machine of the type {machine} takes no flash."
        return Problem("error", (*path, "index" if "index" in item.root else "if"), message)
    if interface == "floppy" and "fdc" not in others and (bus > 0 or unit > 1):
        message = "A PC takes two floppy drives, index 0 and 1."
        return Problem("error", (*path, "index" if "index" in item.root else "if"), message)
    return None


def _noun(interface: str) -> str:
    return _WORDS.get(interface, interface)
