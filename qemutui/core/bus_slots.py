"""The places on a bus: which are taken, where QEMU puts a device that names none, and what it
refuses. Each class was held against QEMU 7.2 and 10.0."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from qemutui.core import keyval

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


_ADDRESS = re.compile(r"\s*(?:0[xX])?([0-9a-fA-F]+)(?:\.(?:0[xX])?([0-9a-fA-F]+))?")


def number(value: object) -> int:
    """Returns an integer as `qemu_strtoi64` reads it; 2^32 - 1 is -1, as these are 32 bits wide.

    Raises:
        UnclearError: It reads none.
    """
    found = keyval.number(value)
    if found is None:
        raise UnclearError
    return -1 if found == 0xFFFFFFFF else found


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
        is_text = isinstance(value, str) or (isinstance(value, int | float) and not json)
        text = keyval.text(value) if is_text and isinstance(value, int | float | str) else ""
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
