"""What a machine has before any `-device`: its buses, and the devices that are on them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE = re.compile(r'(?P<indent> *)(?:bus: (?P<bus>.+)|dev: (?P<dev>[^,]+), id "(?P<id>.*)"'
                   r"|type (?P<type>\S+)|(?P<key>[\w-]+) = (?P<value>.*))")  # fmt: skip
_KEPT = frozenset({"addr", "multifunction", "unit", "scsi-id", "lun", "channel", "port"})
_DEPTH = 50


class BoardError(ValueError):
    """A text is no tree of devices."""


class Bus(NamedTuple):
    """A bus of a machine."""

    name: str
    type: str
    """Its QOM type: `PCIE`."""
    parts: tuple["Part", ...] = ()
    """What is on it, in the order in which QEMU looks for buses: the newest first."""


class Part(NamedTuple):
    """A device that a machine has by itself."""

    type: str
    keys: tuple[tuple[str, str], ...] = ()
    """Where it is on its bus: `addr`, `unit`, …, as QEMU prints them."""
    buses: tuple[Bus, ...] = ()
    """The buses that it brings, the newest first."""


class Board(NamedTuple):
    """A machine as it is before the first `-device`."""

    asked: tuple[str, ...]
    """The words of the command line that it was asked with (`core.board_words`)."""
    root: Bus
    """The bus of the system, from which all others can be reached."""

    @property
    def buses(self) -> Iterator[Bus]:
        """Every bus, in the order in which QEMU looks for one."""
        return _below(self.root)


def _below(bus: Bus) -> Iterator[Bus]:
    yield bus
    for part in bus.parts:
        for below in part.buses:
            yield from _below(below)


class _Open:
    """A bus or a device whose lines are being read."""

    def __init__(self, indent: int, name: str, is_bus: bool) -> None:
        self.indent = indent
        self.name = name
        self.is_bus = is_bus
        self.type = ""
        self.keys: list[tuple[str, str]] = []
        self.children: list[_Open] = []

    def bus(self) -> Bus:
        return Bus(self.name, self.type, tuple(child.part() for child in self.children))

    def part(self) -> Part:
        buses = tuple(child.bus() for child in self.children)
        return Part(self.name, tuple(self.keys), buses)


def read(asked: tuple[str, ...], text: str) -> Board:
    """Reads what the monitor's `info qtree` prints.

    Raises:
        BoardError: It is no tree of devices.
    """
    stack: list[_Open] = []
    root: _Open | None = None
    for line in text.splitlines():
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            continue
        indent = len(match["indent"])
        if match["bus"] is not None or match["dev"] is not None:
            new = _Open(indent, match["bus"] or match["dev"], match["bus"] is not None)
            while stack and stack[-1].indent >= indent:
                stack.pop()
            if not stack and new.is_bus and root is None:
                root = new
            elif stack and stack[-1].is_bus is not new.is_bus and len(stack) < _DEPTH:
                stack[-1].children.append(new)
            else:
                raise BoardError("devices and buses do not alternate")
            stack.append(new)
        elif stack and indent == stack[-1].indent + 2:
            if match["type"] is not None and stack[-1].is_bus:
                stack[-1].type = match["type"]
            elif match["key"] in _KEPT and not stack[-1].is_bus:
                stack[-1].keys.append((match["key"], match["value"].partition(" (0x")[0]))
    if root is None:
        raise BoardError("there is no bus")
    return Board(asked, root.bus())
