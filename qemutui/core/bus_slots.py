"""The places on a bus: which are taken, where QEMU puts a device that names none, and what it
refuses. Each class was held against QEMU 7.2 and 10.0."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qemutui.core import bus_table

Keys = Mapping[str, object]
"""The properties of a device, as a profile or `info qtree` has them."""


class Refusal(NamedTuple):
    """Why QEMU does not put a device where it is to go."""

    rule: str
    key: str
    """The property that is at fault."""
    message: str
    value: str | None = None
    """Another value of the property that QEMU takes."""


class UnclearError(Exception):
    """Where the device goes cannot be told."""


_NUMBER = re.compile(r"\s*([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)")
_ADDRESS = re.compile(r"\s*(?:0[xX])?([0-9a-fA-F]+)(?:\.(?:0[xX])?([0-9a-fA-F]+))?")


def number(value: object) -> int:
    """Returns an integer as `qemu_strtoi64` reads it. Raises UnclearError where it reads none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise UnclearError
    digits = match[2]
    try:
        octal = digits[0] == "0" and digits.isdigit()
        found = int(digits, 8) if octal else int(digits, 0)
    except ValueError:
        raise UnclearError from None
    return -found if match[1] == "-" else found


class Slots:
    """The places of one bus."""

    def take(self, type_: str, keys: Keys, json: bool) -> Refusal | None:
        """Puts a device on the bus; returns why QEMU does not. Raises UnclearError."""
        raise NotImplementedError

    @property
    def is_full(self) -> bool:
        """Whether QEMU refuses every device that names no place."""
        return False


class PciSlots(Slots):
    """The functions of a PCI bus (`hw/pci/pci.c`, do_pci_register_device)."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._taken: dict[int, tuple[str, bool]] = {}
        self._used: set[int] = set()
        self._next = 0

    def take(self, type_: str, keys: Keys, json: bool) -> Refusal | None:
        several = keys.get("multifunction", False) in (True, "on", "true", "yes", "y")
        place = self._place(keys.get("addr"), json)
        if isinstance(place, Refusal):
            return place
        if place is None:
            place = self._free()
            if place is None:
                return Refusal("full-bus", "bus", f"No slot is free on {self._name}.")
        refusal = self._problem(place, several)
        if refusal is None:
            self._taken[place] = (type_, several)
            self._used.add(place // 8)
        return refusal

    def _place(self, value: object, json: bool) -> int | Refusal | None:
        if value is None:
            return None
        if json and isinstance(value, int) and not isinstance(value, bool):
            return value if 0 <= value < 256 else None if value == -1 else self._useless()
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        match = _ADDRESS.fullmatch(text)
        if match is None:
            return self._useless()
        slot, function = int(match[1], 16), int(match[2] or "0", 16)
        return slot * 8 + function if slot < 32 and function < 8 else self._useless()

    def _useless(self) -> Refusal:
        return Refusal("busy-slot", "addr", "A PCI address is 0 to 1f, with .0 to .7 after it.",
                       self._other())  # fmt: skip

    def _problem(self, place: int, several: bool) -> Refusal | None:
        slot, function = divmod(place, 8)
        written = f"{slot:x}.{function}"
        if place in self._taken:
            by = self._taken[place][0]
            return Refusal("busy-slot", "addr", f"{written} of {self._name} is taken by {by}.",
                           self._other())  # fmt: skip
        first = self._taken.get(slot * 8)
        if function and first is not None and not first[1]:
            message = f"{first[0]} at {slot:x}.0 of {self._name} is not multifunction."
            return Refusal("busy-slot", "addr", message, self._other())
        if not function and not several:
            for other in range(slot * 8 + 1, slot * 8 + 8):
                if other in self._taken:
                    message = (
                        f"{slot:x}.{other % 8} of {self._name} is taken; multifunction is off."
                    )
                    return Refusal("busy-slot", "multifunction", message, "on")
        return None

    def _free(self) -> int | None:
        while self._next < 256 and self._next in self._taken:
            self._next += 8
        return self._next if self._next < 256 else None

    def _other(self) -> str | None:
        return next((f"{slot:x}" for slot in range(32) if slot not in self._used), None)

    @property
    def is_full(self) -> bool:
        return self._free() is None


class IdeUnits(Slots):
    """The units of an IDE bus (`hw/ide/ide-dev.c`, ide_qdev_realize)."""

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = most
        self._taken: set[int] = set()

    def take(self, type_: str, keys: Keys, json: bool) -> Refusal | None:
        unit = number(keys["unit"]) if "unit" in keys else -1
        given = unit != -1
        if not given:
            unit = 1 if 0 in self._taken else 0
        rule, key = ("busy-slot", "unit") if given else ("full-bus", "bus")
        other = next((str(n) for n in range(self._most) if n not in self._taken), None)
        if not 0 <= unit < self._most:
            takes = "one unit, 0" if self._most == 1 else "the units 0 and 1"
            message = f"{self._name} takes {takes}." if given else f"{self._name} is full."
            return Refusal(rule, key, message, other if given else None)
        if unit in self._taken:
            message = (
                f"Unit {unit} of {self._name} is taken." if given else f"{self._name} is full."
            )
            return Refusal(rule, key, message, other if given else None)
        self._taken.add(unit)
        return None

    @property
    def is_full(self) -> bool:
        return (1 if 0 in self._taken else 0) in (*self._taken, self._most)


class ScsiTargets(Slots):
    """The targets and units of a SCSI bus (`hw/scsi/scsi-bus.c`, scsi_qdev_realize)."""

    def __init__(self, name: str, targets: int, units: int) -> None:
        self._name = name
        self._targets = targets
        self._units = units
        self._taken: set[tuple[int, int]] = set()
        self._next: dict[int, int] = {}

    def take(self, type_: str, keys: Keys, json: bool) -> Refusal | None:
        channel = number(keys.get("channel", 0))
        target, unit = number(keys.get("scsi-id", -1)), number(keys.get("lun", -1))
        if channel != 0:
            return Refusal("busy-slot", "channel", f"{self._name} has one channel, 0.", "0")
        if target < -1 or unit < -1:
            raise UnclearError
        if target > self._targets:
            message = f"{self._name} takes scsi-id {_range(self._targets)}."
            return Refusal("busy-slot", "scsi-id", message, self._free_target())
        if unit > self._units:
            message = f"{self._name} takes lun {_range(self._units)}."
            return Refusal("busy-slot", "lun", message, "0")
        if target == -1:
            unit = max(unit, 0)
            target = self._free_for(unit)
            if target > self._targets:
                return Refusal("full-bus", "bus", f"No target is free on {self._name}.")
        elif unit == -1:
            unit = next((n for n in range(self._units + 1) if (target, n) not in self._taken), -1)
            if unit == -1:
                message = f"No lun of scsi-id {target} is free on {self._name}."
                return Refusal("busy-slot", "scsi-id", message, self._free_target())
        elif (target, unit) in self._taken:
            message = f"scsi-id {target}, lun {unit} of {self._name} is taken."
            return Refusal("busy-slot", "scsi-id", message, self._free_target())
        self._taken.add((target, unit))
        return None

    def _free_for(self, unit: int) -> int:
        """Returns the first target without a unit, one too many where there is none."""
        target = self._next.get(unit, 0)
        while (target, unit) in self._taken:
            target += 1
        self._next[unit] = target
        return target

    def _free_target(self) -> str | None:
        used = {target for target, _ in self._taken}
        return next((str(n) for n in range(self._targets + 1) if n not in used), None)

    @property
    def is_full(self) -> bool:
        return self._free_for(0) > self._targets


def _range(most: int) -> str:
    return f"0 to {most}" if most else "0 only"


class UsbPorts(Slots):
    """The ports of a USB bus (`hw/usb/bus.c`, usb_claim_port and usb_check_attach).

    For the last free port QEMU adds a hub by itself, where that runs at the port's speed.
    """

    def __init__(self, name: str, ports: Sequence[str]) -> None:
        """`ports` are the speeds of each, by their initials: `FH`."""
        self._name = name
        self._free = {str(number): speeds for number, speeds in enumerate(ports, 1)}

    def take(self, type_: str, keys: Keys, json: bool) -> Refusal | None:
        path = keys.get("port")
        hub = type_ == "usb-hub"
        if isinstance(path, int | str) and path != "":
            port = str(path)
            if port not in self._free:
                return Refusal("busy-slot", "port", f"{self._name} has no free port {port}.",
                               next(iter(self._free), None))  # fmt: skip
        else:
            if len(self._free) == 1 and not hub:
                self._add_hub(next(iter(self._free)), 8)
            if not self._free:
                return Refusal("full-bus", "bus", f"No port is free on {self._name}.")
            port = next(iter(self._free))
        if not self._runs(type_, keys, port):
            speeds = " and ".join(bus_table.SPEEDS[initial] for initial in self._free[port])
            message = f"Port {port} of {self._name} has {speeds} speed; {type_} has not."
            return Refusal("wrong-bus", "bus", message)
        if not hub or not self._add_hub(port, number(keys.get("ports", 8))):
            del self._free[port]
        return None

    def _runs(self, type_: str, keys: Keys, port: str) -> bool:
        speeds = bus_table.USB_SPEEDS.get(type_)
        if speeds is None or "usb_version" in keys:
            return True
        return not set(speeds).isdisjoint(self._free[port])

    def _add_hub(self, port: str, ports: int) -> bool:
        if "F" not in self._free[port] or port.count(".") >= 5:
            return False
        del self._free[port]
        self._free |= {f"{port}.{number}": "LF" for number in range(1, ports + 1)}
        return True

    @property
    def is_full(self) -> bool:
        return not self._free


class SerialPorts(Slots):
    """The ports of a virtio-serial bus (`hw/char/virtio-serial-bus.c`)."""

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = most
        self._taken: set[int] = set()

    def take(self, type_: str, keys: Keys, json: bool) -> Refusal | None:
        port = number(keys["nr"]) if "nr" in keys else None
        console = type_ == "virtconsole"
        free = next((n for n in range(1, self._most) if n not in self._taken), None)
        other = None if free is None else str(free)
        if port is None:
            port = 0 if console and 0 not in self._taken else free
            if port is None:
                return Refusal("full-bus", "bus", f"No port is free on {self._name}.")
        elif port == 0 and not console:
            return Refusal("busy-slot", "nr", "Port 0 is for a virtconsole.", other)
        elif port >= self._most:
            message = f"{self._name} has the ports 0 to {self._most - 1}."
            return Refusal("busy-slot", "nr", message, other)
        elif port in self._taken:
            return Refusal("busy-slot", "nr", f"Port {port} of {self._name} is taken.", other)
        self._taken.add(port)
        return None

    @property
    def is_full(self) -> bool:
        return all(port in self._taken for port in range(1, self._most))


class Units(Slots):
    """Places of a bus that has a few, told by one property: floppy drives, cards, namespaces."""

    def __init__(self, name: str, key: str, places: range, word: str) -> None:
        self._name = name
        self._key = key
        self._free = dict.fromkeys(places)
        self._places = places
        self._word = word

    def take(self, type_: str, keys: Keys, json: bool) -> Refusal | None:
        place = number(keys[self._key]) if self._key in keys else None
        if place is None or place == self._places.start - 1:
            if not self._free:
                return Refusal("full-bus", "bus", f"{self._name} is full.")
            place = next(iter(self._free))
        other = next(map(str, self._free), None)
        if place not in self._places:
            first, last = self._places[0], self._places[-1]
            takes = f"{self._key} {first}" if first == last else f"{self._key} {first} to {last}"
            return Refusal("busy-slot", self._key, f"{self._name} takes {takes}.", other)
        if place not in self._free:
            message = f"{self._word} {place} of {self._name} is taken."
            return Refusal("busy-slot", self._key, message, other)
        del self._free[place]
        return None

    @property
    def is_full(self) -> bool:
        return not self._free


class Codecs(Slots):
    """The addresses of an HDA bus (`hw/audio/intel-hda.c`, hda_codec_dev_realize)."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._next = 0

    def take(self, type_: str, keys: Keys, json: bool) -> Refusal | None:
        given = "cad" in keys and number(keys["cad"]) != -1
        place = number(keys["cad"]) if given else self._next
        if place >= 15:
            if given:
                return Refusal("busy-slot", "cad", f"{self._name} takes cad 0 to 14.", "0")
            return Refusal("full-bus", "bus", f"{self._name} is full.")
        self._next = place + 1
        return None

    @property
    def is_full(self) -> bool:
        return self._next >= 15


_ROOTS = frozenset({"i440FX-pcihost", "q35-pcihost", "gpex-pcihost"})
_BRIDGES_WORDS = """
pci-bridge pci-bridge-seat i82801b11-bridge pcie-pci-bridge pcie-root-port ioh3420
x3130-upstream xio3130-downstream
"""
_BRIDGES = frozenset(_BRIDGES_WORDS.split())


def slots_of(name: str, type_: str, controller: str, keys: Keys, of_board: bool) -> Slots | None:
    """Returns the places of a bus, or None where they are not known or without end.

    `controller` is the type of the device that brings the bus, `keys` its properties, and
    `of_board` whether it is a part of the machine.
    """
    try:
        return _slots(name, type_, controller, keys, of_board)
    except UnclearError:
        return None


def _slots(name: str, type_: str, controller: str, keys: Keys, of_board: bool) -> Slots | None:
    if type_ in ("PCI", "PCIE"):
        return PciSlots(name) if controller in (_ROOTS if of_board else _BRIDGES) else None
    if type_ == "IDE":
        most = 1 if controller == "ich9-ahci" else 2
        known = controller in ("ich9-ahci", "piix3-ide", "piix4-ide", "isa-ide")
        return IdeUnits(name, most) if known else None
    if type_ == "SCSI" and controller in bus_table.SCSI_LIMITS:
        return ScsiTargets(name, *bus_table.SCSI_LIMITS[controller])
    if type_ == "usb-bus":
        return _usb(name, controller, keys, of_board)
    if type_ == "virtio-serial-bus" and not of_board:
        return SerialPorts(name, number(keys.get("max_ports", 31)))
    if type_ == "floppy-bus" and controller == "isa-fdc":
        return Units(name, "unit", range(2), "Unit")
    if type_ == "ccid-bus":
        return Units(name, "slot", range(1), "Slot")
    if type_ == "nvme-bus":
        return Units(name, "nsid", range(1, 257), "nsid")
    if type_ == "HDA":
        return Codecs(name)
    return None


def _usb(name: str, controller: str, keys: Keys, of_board: bool) -> Slots | None:
    if controller in bus_table.UHCI:
        return UsbPorts(name, ["LF"] * 2)
    if controller == "pci-ohci":
        return UsbPorts(name, ["LF"] * number(keys.get("num-ports", 3)))
    if controller in bus_table.XHCI and not of_board:
        slow, fast = number(keys.get("p2", 4)), number(keys.get("p3", 4))
        ports = range(max(slow, fast)) if slow < 16 and fast < 16 else ()
        return UsbPorts(name, [("LFH" * (n < slow)) + ("S" * (n < fast)) for n in ports])
    if controller in bus_table.EHCI:
        # That of a board has companions for slower devices, hubs among them.
        return UsbPorts(name, ["LFH" if of_board else "H"] * 6)
    return None
