"""Puts devices on the buses of a board, one after the other, as QEMU does (`system/qdev-monitor.c`,
qdev_device_add), and says what it refuses.

What is not known is never refused: from a device on whose effects are not known, nothing is judged.
"""

import copy
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from qemutui.core import bus_table, keyval
from qemutui.core.board import Board
from qemutui.core.bus_node import BusNode, brought, of_board
from qemutui.core.bus_numbers import Numbers
from qemutui.core.bus_slots import Keys, Refusal, UnclearError
from qemutui.core.bus_words import UNNAMED, a_bus, capital, needs
from qemutui.core.catalog import Catalog
from qemutui.core.catalog_entries import Device


class Offered(NamedTuple):
    """A bus of the type that a device needs."""

    name: str
    type: str
    of_board: bool
    """Whether the machine has it by itself."""
    reason: str
    """Why the device does not go there; empty where it does."""


_AUTOMATIC = re.compile(r"(.+)\.[0-9]+")
_ROOT_ONLY = {"pxb": False, "pxb-pcie": True, "pxb-cxl": True, "virtio-iommu-pci": None}
"""Devices that go on a root bus alone, and whether on one of PCI Express."""
_MORE_ROOTS = ("pxb-bus", "pxb-pcie-bus", "pxb-cxl-bus")
_ROOTS = {"pxb": "pxb-bus", "pxb-pcie": "pxb-pcie-bus", "pxb-cxl": "pxb-cxl-bus"}


class Tree:
    """The buses of a machine while devices are added."""

    def __init__(self, board: Board, catalog: Catalog, vague: frozenset[str] = frozenset()) -> None:
        """`vague` are the types of buses on which it is not known what is taken."""
        self._catalog = catalog
        self._vague = set(vague)
        self._named: dict[str, list[BusNode]] = {}
        self._first: dict[str, BusNode | None] = {}
        self._unnamed: set[str] = set()
        self._kinds: dict[tuple[str, str], bool] = {}
        self._ids: set[str] = set()
        self._numbers = Numbers(board, vague)
        self._lost = False
        """Whether a device has come of which it is not known what it does."""
        self._root = of_board(board.root)
        for bus in self._root.walk():
            self._named.setdefault(bus.name, []).append(bus)

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
        return refusal or self._numbers.take(device.name, keys)

    def _bus_of(self, device: Device, keys: Keys) -> tuple[BusNode | None, Refusal | None]:
        if "bus" in keys:
            path = keys["bus"]
            name = keyval.text(path) if isinstance(path, str | int | float) else "/"
            return self._named_bus(device, name)
        if not device.bus:
            return None, None
        bus = self._find(device.bus)
        if bus is None or bus.is_full:
            return None, Refusal("no-bus", "bus", f"{capital(needs(device.bus))}; none is there.")
        return bus, None

    def _is_nowhere(self, name: str) -> bool:
        """Tells whether no device is called so, by its id or its type; empty: the system's bus."""
        known = self._catalog.devices
        told = any(not device.creatable for device in known.values())
        return told and name != "" and name not in self._ids and self._catalog.device(name) is None

    def _named_bus(self, device: Device, name: str) -> tuple[BusNode | None, Refusal | None]:
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
        if bus.is_full:
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
            if self._is_a(bus.type, device.bus) and not bus.is_full
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

    def _reason(self, bus: BusNode, device: Device, keys: Keys, json: bool) -> str:
        """Returns why a device does not go on a bus; empty where it does, or nobody knows."""
        if bus.is_full:
            return "full"
        refusal = self._wants_root(bus, device)
        slots = copy.deepcopy(bus.slots)
        if refusal is None and slots is not None and not {bus.type, device.bus} & self._vague:
            with suppress(UnclearError):
                refusal = slots.take(device.name, keys, json)
        if refusal is None:
            return ""
        return "full" if refusal.rule == "full-bus" else refusal.message.rstrip(".")

    def _wants_root(self, bus: BusNode, device: Device) -> Refusal | None:
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

    def _take(self, bus: BusNode, device: Device, keys: Keys, json: bool) -> Refusal | None:
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

    def _bring(self, device: Device, name: str, keys: Keys, bus: BusNode) -> None:
        gives = bus_table.GIVES.get(device.name)
        if device.name in _ROOTS:
            self._bring_root(device.name, name)
            return
        if gives is None:
            self._lost = not bus_table.brings_none(device.name, device.bus)
            return
        made = brought(device.name, gives, name, keys)
        for one in made:
            if one.name:
                self._named.setdefault(one.name, []).append(one)
            else:
                self._unnamed.add(gives.type.lower())
        bus.below[:0] = reversed(made)
        self._forget(gives.type)

    def _bring_root(self, type_: str, name: str) -> None:
        """Adds a root bus, where QEMU looks for one before it looks at those of the machine."""
        if type_ == "pxb":
            root = BusNode("pxb-internal", "pxb-bus", None, of_board=False)
            root.below.append(BusNode(name, "PCI", None, of_board=False))
        else:
            root = BusNode(name, _ROOTS[type_], None, of_board=False)
        for bus in (root, *root.below):
            if bus.name:
                self._named.setdefault(bus.name, []).append(bus)
            else:
                self._unnamed.add(_ROOTS[type_] if bus is root else "pci")
                bus.name = UNNAMED
        self._root.below.insert(0, root)
        self._forget(root.type)

    def _forget(self, type_: str) -> None:
        """Has buses of a type looked for anew."""
        for wanted in [wanted for wanted in self._first if self._is_a(type_, wanted)]:
            del self._first[wanted]

    def _find(self, wanted: str) -> BusNode | None:
        """Returns the bus of a type that QEMU takes, a full one where all are full."""
        found = self._first.get(wanted)
        if (found is None and wanted in self._first) or (found and not found.is_full):
            return found
        found = None
        for bus in self._root.walk():
            if self._is_a(bus.type, wanted):
                found = found if found is not None and bus.is_full else bus
                if not bus.is_full:
                    break
        self._first[wanted] = found
        return found

    def _is_a(self, type_: str, wanted: str) -> bool:
        key = (type_, wanted)
        if key not in self._kinds:
            self._kinds[key] = self._catalog.is_bus_a(type_, wanted)
        return self._kinds[key]

    def problem(self, device: Device) -> str:
        """Returns why one more device cannot be plugged, as in `needs a USB bus`; empty where it
        can, or where that is not known."""
        if self._lost or not device.bus:
            return ""
        bus = self._find(device.bus)
        if bus is None or bus.is_full:
            return needs(device.bus)
        known = bus.slots is not None and not {bus.type, device.bus} & self._vague
        if known and bus.slots is not None and bus.slots.is_full and self._roomy(device) is None:
            return f"no room on {a_bus(device.bus)}"
        return ""
