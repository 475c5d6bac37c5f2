"""The places on buses of USB, virtio-serial, HDA and others, as in `core.bus_slots`."""

from collections.abc import Sequence

from qemutui.core import bus_table
from qemutui.core.bus_slots import Keys, Refusal, Slots, number


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
        if not hub or not self._add_hub(port, min(number(keys.get("ports", 8)), 8)):
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
        port = None if port == -1 else port
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
        # The place before the first is as good as none; QEMU takes -1 as an unsigned number too.
        if place is None or (place - self._places.start + 1) % (1 << 32) == 0:
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
