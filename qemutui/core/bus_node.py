"""One bus of a machine while devices are added to it, with the buses of the devices on it."""

from collections.abc import Iterator, Mapping

from qemutui.core.board import Bus, Part
from qemutui.core.bus_kinds import slots_of
from qemutui.core.bus_ports import UsbPorts
from qemutui.core.bus_slots import Keys, Slots, UnclearError
from qemutui.core.bus_table import Gives
from qemutui.core.bus_words import UNNAMED

_ONE_DEVICE = ("virtio-pci-bus", "virtio-mmio-bus", "virtual-ccw-bus")
"""Types of buses that QEMU calls full as soon as there is a device (`max_dev`)."""


class BusNode:
    """A bus, with what is below it."""

    def __init__(self, name: str, type_: str, slots: Slots | None, of_board: bool) -> None:
        self.name = name
        """Empty where QEMU gives it one of its own."""
        self.type = type_
        self.slots = slots
        """Its places; None where they are not known, or without end."""
        self.of_board = of_board
        """Whether the machine has it by itself."""
        self.below: list[BusNode] = []
        """The buses of the devices on it, in the order in which QEMU looks for one."""
        self.devices = 0

    @property
    def is_full(self) -> bool:
        """Whether QEMU does not even look for a place on it."""
        return self.devices > 0 and self.type in _ONE_DEVICE

    def walk(self) -> Iterator["BusNode"]:
        """Yields it and all buses below, in the order in which QEMU looks for one."""
        stack = [self]
        while stack:
            bus = stack.pop()
            yield bus
            stack.extend(reversed(bus.below))


def of_board(bus: Bus, controller: str = "", keys: Mapping[str, str] | None = None) -> BusNode:
    """Returns a bus of a board, with what is on it.

    `controller` is the type of the part that brings it, `keys` what the board says of that.
    """
    slots = slots_of(bus.name, bus.type, controller, keys or {}, of_board=True)
    # Ports of USB are told in another way.
    if isinstance(slots, UsbPorts) and bus.parts:
        slots = None
    made = BusNode(bus.name, bus.type, slots, of_board=True)
    made.devices = len(bus.parts)
    for part in bus.parts:
        made.below += [of_board(below, part.type, dict(part.keys)) for below in part.buses]
    if made.slots is not None and not _settle(made.slots, bus.parts):
        made.slots = None
    return made


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


def brought(device: str, gives: Gives, name: str, keys: Keys) -> list[BusNode]:
    """Returns the buses that a type of device brings; `name` is its id or empty."""
    made = []
    for place in range(gives.number):
        fixed = "{" not in gives.names
        own = gives.names if fixed else gives.names.format(name, place) if name else ""
        slots = slots_of(own or UNNAMED, gives.type, device, keys, of_board=False)
        if device == "nvme" and "subsys" in keys:
            slots = None
        has_disk = device == "usb-storage" or (device == "nvme" and "drive" in keys)
        if slots is not None and has_disk:
            slots.take("scsi-hd" if gives.type == "SCSI" else "nvme-ns", {}, json=False)
        made.append(BusNode(own, gives.type, slots, of_board=False))
    return made
