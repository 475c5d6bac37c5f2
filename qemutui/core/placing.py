"""Follows the devices of a profile onto the buses of its board, in the order of QEMU."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from qemutui.core import board_words, options
from qemutui.core.argv import is_json, words_of
from qemutui.core.board import Board
from qemutui.core.bus_slots import Refusal
from qemutui.core.bus_tree import Tree
from qemutui.core.catalog import Catalog, Device
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Value
from qemutui.core.profile import Item, Profile

_VALUES_WORDS = """
bus addr multifunction unit scsi-id lun channel port ports num-ports max_ports p2 p3 nr cad nsid
index chassis chassis_nr slot
"""
_VALUES = frozenset(_VALUES_WORDS.split())
"""Properties whose values decide where a device goes, and what it brings."""
_THERE = frozenset({"drive", "subsys", "usb_version", "masterbus", "failover_pair_id"})
"""Properties of which it matters whether they are there."""


class Placed(NamedTuple):
    """A device that is to be added: what decides where it goes."""

    place: int
    """Its index in the profile."""
    type: str
    id: str
    keys: dict[str, Value]
    json: bool

    @classmethod
    def of(cls, place: int, type_: str, name: str, root: dict[str, Value], json: bool) -> "Placed":
        """Returns what decides where a device with these properties goes."""
        keys = {
            key: value if key in _VALUES else True
            for key, value in root.items()
            if key in _VALUES or key in _THERE
        }
        return cls(place, type_, name, keys, json)


def tree_of(profile: Profile, board: Board | None, catalog: Catalog | None) -> Tree | None:
    """Returns the buses before the first device; None where they are not known, or where they
    are those of a profile with another machine."""
    if board is None or catalog is None:
        return None
    if board_words.words(profile, catalog) != board.asked:
        return None
    return Tree(board, catalog, board_words.vague(options.read(words_of(profile.extra))))


def refusals(
    tree: Tree, catalog: Catalog, devices: Sequence[Placed], more: bool
) -> Iterator[tuple[Placed, Refusal]]:
    """Adds devices; yields those that QEMU refuses, with the reason.

    Those given as JSON come last (`system/vl.c`, qemu_create_cli_devices), after `more`: what
    `extra` and the drives of `if=virtio` add.
    """
    last = [device for device in devices if device.json]
    for device in (device for device in devices if not device.json):
        refusal = tree.add(catalog.device(device.type), device.id, device.keys, False)
        if refusal is not None:
            yield device, refusal
    if last and not more:
        for device in last:
            refusal = tree.add(catalog.device(device.type), device.id, device.keys, True)
            if refusal is not None:
                yield device, refusal


_ADDING = ("device", "virtfs", "virtfs_synth", "drive", "watchdog", "audio", "soundhw")


def adds_more(extra: Iterable[options.Option], drives: Iterable[Item]) -> bool:
    """Tells whether options or drives add devices after those of the profile."""
    virtio = any(not item.off and item.root.get("if") == "virtio" for item in drives)
    return virtio or any(option.name in _ADDING for option in extra)


def placed(profile: Profile) -> list[Placed]:
    """Returns the devices of a profile that are on."""
    group = BY_NAME["device"]
    return [
        Placed.of(index, str(item.type or item.root.get("driver", "")),
                  str(item.id), item.root, is_json(group, item))
        for index, item in enumerate(profile.device)
        if not item.off
    ]  # fmt: skip


def unpluggable(profile: Profile, board: Board | None, catalog: Catalog) -> Callable[[Device], str]:
    """Returns a function that says why a device cannot be added to a profile: `needs a USB bus`.

    It returns an empty text where the device can be added, and where that is not known. Ask once
    for all devices: the devices that the profile has are followed only here.
    """
    tree = tree_of(profile, board, catalog)
    if tree is None:
        return lambda device: ""
    devices = placed(profile)
    more = adds_more(options.read(words_of(profile.extra)), profile.drive)
    for _ in refusals(tree, catalog, devices, more):
        pass
    if more and any(device.json for device in devices):
        return lambda device: ""
    known: dict[str, str] = {}

    def problem(device: Device) -> str:
        if not device.creatable:
            return "part of a machine"
        if device.bus not in known:
            known[device.bus] = tree.problem(device)
        return known[device.bus]

    return problem


def pluggable(profile: Profile, board: Board | None, catalog: Catalog, device: Device) -> str:
    """Returns why one device cannot be added to a profile, as `unpluggable` does."""
    return unpluggable(profile, board, catalog)(device)
