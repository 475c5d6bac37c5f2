"""Numbers of devices of which a machine has one each, whatever bus they are on."""

from collections import Counter

from qemutui.core.board import Board
from qemutui.core.bus_slots import Keys, Refusal, UnclearError, number

_PORTS = {"isa-serial": 4, "isa-parallel": 3}
"""How many there can be (`hw/char/serial-isa.c`, `parallel-isa.c`)."""
_BRIDGES = ("pci-bridge", "pci-bridge-seat")
_SLOTS = ("pcie-root-port", "ioh3420", "xio3130-downstream", "cxl-rp", "cxl-downstream")


class Numbers:
    """The serial and parallel ports and the chassis that are taken."""

    def __init__(self, board: Board, vague: frozenset[str]) -> None:
        """`vague` are types of devices of which some are there that are not known."""
        self._vague = vague
        self._ports = Counter(part.type for bus in board.buses for part in bus.parts)
        self._chassis: set[tuple[int, int]] = set()

    def take(self, type_: str, keys: Keys) -> Refusal | None:
        """Gives a device its numbers; returns why QEMU does not."""
        try:
            if type_ in _PORTS and type_ not in self._vague:
                return self._port(type_, keys.get("index"))
            if type_ in _BRIDGES and number(keys.get("chassis_nr", 0)) == 0:
                message = "A bridge needs a chassis_nr over 0."
                return Refusal("busy-slot", "chassis_nr", message, "1")
            if type_ in _SLOTS:
                return self._slot(number(keys.get("chassis", 0)), number(keys.get("slot", 0)))
        except UnclearError:
            pass
        return None

    def _port(self, type_: str, index: object) -> Refusal | None:
        most = _PORTS[type_]
        self._ports[type_] += 1
        if index is not None and number(index) >= most:
            return Refusal("busy-slot", "index", f"The index of a port is 0 to {most - 1}.", "0")
        if index is None and self._ports[type_] > most:
            return Refusal("full-bus", "type", f"QEMU has {most} of these ports at most.")
        return None

    def _slot(self, chassis: int, slot: int) -> Refusal | None:
        if (chassis, slot) not in self._chassis:
            self._chassis.add((chassis, slot))
            return None
        free = next((n for n in range(1, 256) if (n, slot) not in self._chassis), 0)
        message = f"Chassis {chassis}, slot {slot} is that of another port."
        return Refusal("busy-slot", "chassis", message, str(free) if free else None)
