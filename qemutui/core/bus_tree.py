"""Puts devices on the buses of a board, one after the other, as QEMU does (`system/qdev-monitor.c`,
qdev_device_add), and says what it refuses.

What is not known is never refused: from a device on whose effects are not known, nothing is judged.
"""

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from qemutui.core import bus_table, keyval
from qemutui.core.board import Board, Bus, Part
from qemutui.core.bus_kinds import slots_of
from qemutui.core.bus_ports import UsbPorts
from qemutui.core.bus_slots import Keys, Refusal, Slots, UnclearError, number
from qemutui.core.bus_words import UNNAMED, a_bus, capital, needs
from qemutui.core.catalog import Catalog, Device


class Offered(NamedTuple):
    """A bus of the type that a device needs."""

    name: str
    type: str
    of_board: bool
    """Whether the machine has it by itself."""
    reason: str
    """Why the device does not go there; empty where it does."""


class _Bus:
    """A bus, with what is below it."""

    def __init__(self, name: str, type_: str, slots: Slots | None, of_board: bool) -> None:
        self.name = name
        self.type = type_
        self.slots = slots
        self.of_board = of_board
        self.below: list[_Bus] = []
        """The buses of the devices on it, in the order in which QEMU looks for one."""
        self.devices = 0


_AUTOMATIC = re.compile(r"(.+)\.[0-9]+")
_ROOT_ONLY = {"pxb": False, "pxb-pcie": True, "pxb-cxl": True, "virtio-iommu-pci": None}
"""Devices that go on a root bus alone, and whether on one of PCI Express."""
_MORE_ROOTS = ("pxb-bus", "pxb-pcie-bus")
_PORTS = {"isa-serial": 4, "isa-parallel": 3}
"""How many there can be (`hw/char/serial-isa.c`, `parallel-isa.c`)."""
_HOT_PLUGGED = ("pcie-root-port", "ioh3420", "xio3130-downstream", "cxl-rp", "cxl-downstream")
"""Ports with a chassis and a slot (`hw/pci/pcie_port.c`)."""
_ONE_DEVICE = ("virtio-pci-bus", "virtio-mmio-bus", "virtual-ccw-bus")
"""Types of buses that QEMU calls full as soon as there is a device (`max_dev`)."""


class Tree:
    """The buses of a machine while devices are added."""

    def __init__(self, board: Board, catalog: Catalog, vague: frozenset[str] = frozenset()) -> None:
        """`vague` are the types of buses on which it is not known what is taken."""
        self._catalog = catalog
        self._vague = set(vague)
        self._named: dict[str, list[_Bus]] = {}
        self._first: dict[str, _Bus | None] = {}
        self._unnamed: set[str] = set()
        self._kinds: dict[tuple[str, str], bool] = {}
        self._chassis: set[tuple[int, int]] = set()
        self._ids: set[str] = set()
        self._ports = Counter(part.type for bus in board.buses for part in bus.parts)
        self._lost = False
        self._root = self._of_board(board.root, "", {})

    @property
    def is_lost(self) -> bool:
        """Whether a device has come of which it is not known what it does."""
        return self._lost

    def _of_board(self, bus: Bus, controller: str, keys: Mapping[str, str]) -> _Bus:
        slots = slots_of(bus.name, bus.type, controller, keys, of_board=True)
        # Ports of USB are told in another way.
        if isinstance(slots, UsbPorts) and bus.parts:
            slots = None
        made = _Bus(bus.name, bus.type, slots, of_board=True)
        self._named.setdefault(bus.name, []).append(made)
        for part in bus.parts:
            own = dict(part.keys)
            made.below += [self._of_board(below, part.type, own) for below in part.buses]
        made.devices = len(bus.parts)
        if made.slots is not None and not _settle(made.slots, bus.parts):
            made.slots = None
        return made

    def add(self, device: Device | None, name: str, keys: Keys, json: bool) -> Refusal | None:
        """Adds a device; returns why QEMU refuses it, if it surely does.

        `device` is None for a type that the catalog lacks, `name` the id or empty.
        """
        self._ids.add(name)
        if self._lost:
            return None
        if device is None or not device.creatable:
            self._lost = device is None
            return None
        if "masterbus" in keys or "failover_pair_id" in keys:
            self._lost = True
            return None
        bus, refusal = self._bus_of(device, keys)
        if bus is not None and refusal is None:
            refusal = self._take(bus, device, keys, json)
        self._bring(device, name, keys, bus or self._root)
        return refusal or self._port(device, keys) or self._chassis_of(device, keys)

    def _bus_of(self, device: Device, keys: Keys) -> tuple[_Bus | None, Refusal | None]:
        if "bus" in keys:
            path = keys["bus"]
            name = keyval.text(path) if isinstance(path, str | int | float) else "/"
            return self._named_bus(device, name)
        if not device.bus:
            return None, None
        bus = self.find(device.bus)
        if bus is None or self._is_full(bus):
            return None, Refusal("no-bus", "bus", f"{capital(needs(device.bus))}; none is there.")
        return bus, None

    def _is_nowhere(self, name: str) -> bool:
        """Tells whether no device is called so, by its id or its type; empty: the system's bus."""
        known = self._catalog.devices
        told = any(not device.creatable for device in known.values())
        return told and name != "" and name not in self._ids and self._catalog.device(name) is None

    def _named_bus(self, device: Device, name: str) -> tuple[_Bus | None, Refusal | None]:
        buses = self._named.get(name, [])
        pattern = _AUTOMATIC.fullmatch(name)
        automatic = pattern is not None and pattern[1] in self._unnamed
        if name.startswith("/") and self._is_nowhere(name[1:].partition("/")[0]):
            return None, Refusal("no-bus", "bus", f"There is no bus “{name[:24]}”.")
        if "/" in name or len(buses) > 1 or (automatic and not (buses and buses[0].of_board)):
            self._vague.add(device.bus)
            return None, None
        if not buses:
            message = f"There is no bus “{name}”." if name else "Empty; this is no bus."
            return None, Refusal("no-bus", "bus", message, self._another(device, name))
        bus = buses[0]
        if not device.bus or not self._is_a(bus.type, device.bus):
            needed = needs(device.bus) if device.bus else "needs none"
            message = f"{name} is {a_bus(bus.type)}; {device.name} {needed}."
            return None, Refusal("wrong-bus", "bus", message, self._another(device, name))
        if self._is_full(bus):
            return None, Refusal("full-bus", "bus", f"{name} is full.", self._another(device, name))
        return bus, None

    def _another(self, device: Device, name: str) -> str | None:
        """Returns the name of a bus that would do instead of one that does not."""
        if not device.bus:
            return None
        fitting = [
            bus
            for buses in self._named.values()
            for bus in buses[:1]
            if self._is_a(bus.type, device.bus) and not self._is_full(bus)
        ]
        near = [bus for bus in fitting if bus.name.startswith(f"{name}.")]
        chosen = next(iter(near or (fitting if len(fitting) < 2 else [])), None)
        return None if chosen is None else chosen.name

    def fitting(self, device: Device, keys: Keys, json: bool) -> Iterator[Offered]:
        """Yields the buses that a device can name, in the order in which they came to be."""
        if self._lost or not device.bus:
            return
        for name, buses in self._named.items():
            bus = buses[0]
            if not name or len(buses) > 1 or not self._is_a(bus.type, device.bus):
                continue
            yield Offered(name, bus.type, bus.of_board, self._reason(bus, device, keys, json))

    def _reason(self, bus: _Bus, device: Device, keys: Keys, json: bool) -> str:
        """Returns why a device does not go on a bus; empty where it does, or nobody knows."""
        if self._is_full(bus):
            return "full"
        refusal = self._wants_root(bus, device)
        slots = copy.deepcopy(bus.slots)
        if refusal is None and slots is not None and not {bus.type, device.bus} & self._vague:
            with suppress(UnclearError):
                refusal = slots.take(device.name, keys, json)
        if refusal is None:
            return ""
        return "full" if refusal.rule == "full-bus" else refusal.message.rstrip(".")

    def _wants_root(self, bus: _Bus, device: Device) -> Refusal | None:
        """Looks at devices that go on a bus of the machine itself, and on one kind of it."""
        express = self._is_a(bus.type, "PCIE")
        if bus.type in _MORE_ROOTS and not self._is_bridge(device):
            message = f"Only bridges go on {bus.name}, a bus of a pxb."
            return Refusal("wrong-bus", "bus", message, self._first_root())
        wanted = _ROOT_ONLY.get(device.name, express)
        if device.name not in _ROOT_ONLY or (bus.of_board and wanted in (None, express)):
            return None
        if bus.of_board or bus.type in _MORE_ROOTS:
            kind = a_bus("PCIE" if express else "PCI")
            message = f"{bus.name} is {kind}; {device.name} goes on no such one."
        else:
            message = f"{device.name} goes on a bus of the machine itself."
        return Refusal("wrong-bus", "bus", message)

    @staticmethod
    def _is_bridge(device: Device) -> bool:
        gives = bus_table.GIVES.get(device.name)
        known = gives is not None or bus_table.brings_none(device.name, device.bus)
        bridge = gives is not None and gives.type in ("PCI", "PCIE", "CXL")
        return bridge or not (known or device.name in _ROOT_ONLY)

    def _first_root(self) -> str | None:
        """Returns the name of the machine's own PCI bus."""
        roots = (buses[0] for buses in self._named.values())
        return next((b.name for b in roots if b.of_board and self._is_a(b.type, "PCI")), None)

    def _take(self, bus: _Bus, device: Device, keys: Keys, json: bool) -> Refusal | None:
        bus.devices += 1
        refusal = self._wants_root(bus, device)
        if refusal is not None:
            return refusal
        if bus.slots is None or bus.type in self._vague or device.bus in self._vague:
            return None
        try:
            refusal = bus.slots.take(device.name, keys, json)
        except UnclearError:
            bus.slots = None
            return None
        if refusal is not None and refusal.rule == "full-bus" and "bus" not in keys:
            return refusal._replace(value=self._roomy(device))
        return refusal

    def _roomy(self, device: Device) -> str | None:
        """Returns the name of a bus that takes one more device of this type."""
        for name, buses in self._named.items():
            bus = buses[0]
            fits = bus.slots is not None and self._is_a(bus.type, device.bus)
            if fits and bus.slots is not None and not bus.slots.is_full:
                return name
        return None

    def _bring(self, device: Device, name: str, keys: Keys, bus: _Bus) -> None:
        gives = bus_table.GIVES.get(device.name)
        if device.name in ("pxb", "pxb-pcie"):
            self._bring_root(device.name, name)
            return
        if gives is None:
            self._lost = not bus_table.brings_none(device.name, device.bus)
            return
        made = []
        for place in range(gives.number):
            fixed = "{" not in gives.names
            own = gives.names if fixed else gives.names.format(name, place) if name else ""
            slots = slots_of(own or UNNAMED, gives.type, device.name, keys, of_board=False)
            new = _Bus(own, gives.type, slots, of_board=False)
            if device.name == "usb-storage" or (device.name == "nvme" and "drive" in keys):
                new.slots = _with_one(new.slots, "scsi-hd" if gives.type == "SCSI" else "nvme-ns")
            if device.name == "nvme" and "subsys" in keys:
                new.slots = None
            made.append(new)
            if own:
                self._named.setdefault(own, []).append(new)
            else:
                self._unnamed.add(gives.type.lower())
        bus.below[:0] = reversed(made)
        self._forget(gives.type)

    def _bring_root(self, type_: str, name: str) -> None:
        """Adds a root bus, where QEMU looks for one before it looks at those of the machine."""
        if type_ == "pxb":
            root = _Bus("pxb-internal", "pxb-bus", None, of_board=False)
            root.below.append(_Bus(name, "PCI", None, of_board=False))
        else:
            root = _Bus(name, "pxb-pcie-bus", None, of_board=False)
        for bus in (root, *root.below):
            if bus.name:
                self._named.setdefault(bus.name, []).append(bus)
            else:
                self._unnamed.add("pxb-pcie-bus" if bus is root else "pci")
                bus.name = UNNAMED
        self._root.below.insert(0, root)
        self._forget(root.type)

    def _forget(self, type_: str) -> None:
        """Has buses of a type looked for anew."""
        for wanted in [wanted for wanted in self._first if self._is_a(type_, wanted)]:
            del self._first[wanted]

    def _port(self, device: Device, keys: Keys) -> Refusal | None:
        """Looks at the number of a serial or parallel port, of which QEMU has a few."""
        most = _PORTS.get(device.name, 0)
        if not most or device.name in self._vague:
            return None
        self._ports[device.name] += 1
        index = keys.get("index")
        try:
            if index is not None and number(index) >= most:
                last = most - 1
                return Refusal("busy-slot", "index", f"The index of a port is 0 to {last}.", "0")
        except UnclearError:
            return None
        if index is None and self._ports[device.name] > most:
            return Refusal("full-bus", "type", f"QEMU has {most} of these ports at most.")
        return None

    def _chassis_of(self, device: Device, keys: Keys) -> Refusal | None:
        """Looks at the number of a port's chassis, which no other may have."""
        try:
            if device.name in ("pci-bridge", "pci-bridge-seat"):
                if number(keys.get("chassis_nr", 0)) == 0:
                    return Refusal("busy-slot", "chassis_nr", "A bridge needs a chassis_nr over 0.",
                                   "1")  # fmt: skip
            elif device.name in _HOT_PLUGGED:
                own = (number(keys.get("chassis", 0)), number(keys.get("slot", 0)))
                if own in self._chassis:
                    free = next((n for n in range(1, 256) if (n, own[1]) not in self._chassis), 0)
                    message = f"Chassis {own[0]}, slot {own[1]} is that of another port."
                    return Refusal("busy-slot", "chassis", message, str(free) if free else None)
                self._chassis.add(own)
        except UnclearError:
            pass
        return None

    def find(self, wanted: str) -> _Bus | None:
        """Returns the bus of a type that QEMU takes, a full one where all are full."""
        found = self._first.get(wanted)
        if (found is None and wanted in self._first) or (found and not self._is_full(found)):
            return found
        full = None
        stack = [self._root]
        while stack:
            bus = stack.pop()
            if self._is_a(bus.type, wanted):
                if not self._is_full(bus):
                    full = bus
                    break
                full = full or bus
            stack.extend(reversed(bus.below))
        self._first[wanted] = full
        return full

    def _is_a(self, type_: str, wanted: str) -> bool:
        key = (type_, wanted)
        if key not in self._kinds:
            self._kinds[key] = self._catalog.is_bus_a(type_, wanted)
        return self._kinds[key]

    def _is_full(self, bus: _Bus) -> bool:
        return bus.devices > 0 and bus.type in _ONE_DEVICE

    def problem(self, device: Device) -> str:
        """Returns why one more device cannot be plugged, as in `needs a USB bus`; empty where it
        can, or where that is not known."""
        if self._lost or not device.bus:
            return ""
        bus = self.find(device.bus)
        if bus is None or self._is_full(bus):
            return needs(device.bus)
        known = bus.slots is not None and not {bus.type, device.bus} & self._vague
        if known and bus.slots is not None and bus.slots.is_full and self._roomy(device) is None:
            return f"no room on {a_bus(device.bus)}"
        return ""


def _settle(slots: Slots, parts: tuple[Part, ...]) -> bool:
    """Puts the parts of a board where they are; tells whether all of them fit."""
    try:
        # Function 0 first: the order in which a board was made is not that of its functions.
        for part in sorted(parts, key=lambda part: dict(part.keys).get("addr", "").split(".")[-1]):
            keys = {key: value for key, value in part.keys if key != "port"}
            if slots.take(part.type, keys, json=False) is not None:
                return False
    except UnclearError:
        return False
    return True


def _with_one(slots: Slots | None, type_: str) -> Slots | None:
    if slots is not None:
        slots.take(type_, {}, json=False)
    return slots
