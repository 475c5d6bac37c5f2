"""Devices for which the machine has no bus, no room or no such slot.

They are followed onto the buses as QEMU puts them there; without the board, which `host.boards`
asks for, nothing is judged.
"""

import re
from collections.abc import Iterator, Mapping

from qemutui.core import board_words, keyval
from qemutui.core.board import Board
from qemutui.core.bus_slots import Refusal
from qemutui.core.bus_tree import Tree
from qemutui.core.bus_words import UNNAMED, capital
from qemutui.core.catalog import Catalog
from qemutui.core.edit import Edit, Insert, Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Path, Value
from qemutui.core.options import Option
from qemutui.core.placing import Placed, refusals, virtio_drives
from qemutui.core.profile import Item
from qemutui.core.rules.known_ids import KnownIds
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.words import short

_CONTROLLERS = {
    "usb-bus": ("qemu-xhci", "usb"), "SCSI": ("virtio-scsi-pci", "scsi"),
    "virtio-serial-bus": ("virtio-serial-pci", "serial"), "HDA": ("intel-hda", "sound"),
    "IDE": ("ich9-ahci", "ahci"), "sd-bus": ("sdhci-pci", "sdhci"),
}  # fmt: skip
"""What brings a bus of a type where there are PCI slots, and what it is called."""
_OFF_BUSES = {
    "intel-iommu": re.compile(r"pc-i440fx-.*|isapc|microvm|none"),
    "amd-iommu": re.compile(r"pc-i440fx-.*|isapc|microvm|none"),
    "vmbus-bridge": re.compile(r"isapc|microvm|none"),
    "ramfb": re.compile(r"isapc|none|pc-(i440fx|q35)-(0\.\d+|1\.\d+|2\.[0-4])"),
    "uefi-vars-x64": re.compile(r"isapc|microvm|none"),
    **dict.fromkeys(("uefi-vars-sysbus", "virtio-iommu-device"),
                    re.compile(r"pc-(i440fx|q35)-.*|isapc|microvm|none")),
    **dict.fromkeys(("isa-fdc", "sb16", "cs4231a", "gus"), re.compile(r"microvm")),
}  # fmt: skip
"""Machines that do not take a device whatever buses they have: they plug it nowhere, or lack what
it needs (DMA of ISA, that of fw_cfg); tried on 7.2 and 10.0."""
_NUMBERS = frozenset({"unit", "scsi-id", "lun", "channel", "nr", "cad", "nsid", "slot", "chassis",
                      "chassis_nr"})  # fmt: skip


def no_bus(subject: Subject) -> Iterator[Problem]:
    """Devices that need a bus which is not there, and names that no bus has."""
    yield from _of_rule(subject, "no-bus")


def wrong_bus(subject: Subject) -> Iterator[Problem]:
    """Devices on a bus of another type."""
    yield from _of_rule(subject, "wrong-bus")


def full_bus(subject: Subject) -> Iterator[Problem]:
    """Devices on a bus without room."""
    yield from _of_rule(subject, "full-bus")


def busy_slot(subject: Subject) -> Iterator[Problem]:
    """Devices in a place that is taken, or that the bus does not have."""
    yield from _of_rule(subject, "busy-slot")


def _of_rule(subject: Subject, rule: str) -> Iterator[Problem]:
    profile, catalog, board = subject.profile, subject.catalog, subject.board
    if catalog is None or board is None:
        return
    machine = catalog.machine(keyval.text(profile.machine.type or ""))
    found = subject.recall.of(
        _refused,
        board,
        catalog,
        "" if machine is None else machine.name,
        subject.devices,
        subject.options,
        isinstance(profile.extra, tuple),
        virtio_drives(profile),
        subject.ids,
    )
    yield from found.get(rule, ())


def _refused(
    board: Board,
    catalog: Catalog,
    machine: str,
    devices: tuple[Placed, ...],
    extra: tuple[Option, ...],
    is_list: bool,
    drives: bool,
    ids: KnownIds,
) -> dict[str, list[Problem]]:
    """Returns what is found, by the names of the rules."""
    found: dict[str, list[Problem]] = {}
    for device in devices:
        machines = _OFF_BUSES.get(device.type)
        if machines is not None and machines.fullmatch(machine):
            message = f"The machine {machine} takes no {device.type}."
            problem = Problem("error", ("device", device.place, "type"), message)
            found.setdefault("no-bus", []).append(problem)
    is_json = {device.place: device.json for device in devices}
    tree = Tree(board, catalog, board_words.vague(extra))
    for device, refusal in refusals(tree, catalog, devices, extra, drives):
        if device.in_extra:
            where: Path = ("extra", device.place) if is_list else ("extra",)
            problem = Problem("error", where, f"{short(device.type)}: {refusal.message}")
            found.setdefault(refusal.rule, []).append(problem)
        elif refusal.rule != "no-bus" or not _said_elsewhere(ids, device, is_json):
            path: Path = ("device", device.place, refusal.key)
            fix = _fix(board, catalog, ids, device, refusal)
            message = refusal.message
            if message.startswith(UNNAMED):
                message = capital(message)
            found.setdefault(refusal.rule, []).append(Problem("error", path, message, fix))
    return found


def _said_elsewhere(ids: KnownIds, device: Placed, is_json: Mapping[int, bool]) -> bool:
    """Tells whether the bus is that of a device that comes later or is off (`rules.references`)."""
    bus = device.keys.get("bus")
    if not isinstance(bus, str):
        return False
    things = ids.those("device", bus) or ids.those("device", bus.rpartition(".")[0])
    if not things:
        return False
    first = things[0]
    its_turn = (is_json.get(first.place, False), first.place)
    return first.off or its_turn >= (device.json, device.place)


def _fix(
    board: Board, catalog: Catalog, ids: KnownIds, device: Placed, refusal: Refusal
) -> Fix | None:
    path = ("device", device.place, refusal.key)
    if refusal.value is not None:
        number = refusal.key in _NUMBERS and refusal.value.isdigit()
        value: Value = int(refusal.value) if number else refusal.value
        return Fix(f"makes it {short(refusal.value)}", (Set(path, value),))
    known = catalog.device(device.type)
    if refusal.rule != "no-bus" or known is None:
        return None
    type_, like = _CONTROLLERS.get(known.bus, ("", ""))
    controller = catalog.device(type_) if type_ else None
    has_pci = any(catalog.is_bus_a(bus.type, "PCI") for bus in board.buses)
    if controller is None or not controller.creatable or not has_pci:
        return None
    name = ids.free("device", like)
    root: dict[str, Value] = {"type": type_, "id": name}
    if device.json:
        root["_json"] = True
    edits: list[Edit] = [Set(path, None)] if "bus" in device.keys else []
    edits.append(Insert(("device", device.place), Item.of(root)))
    return Fix(f"adds {type_}", tuple(edits))
