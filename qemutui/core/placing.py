"""Follows the devices of a profile onto the buses of its board, in the order of QEMU."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from qemutui.core import board_words, options
from qemutui.core.argv import is_json, words_of
from qemutui.core.board import Board
from qemutui.core.bus_slots import Refusal
from qemutui.core.bus_tree import Offered, Tree
from qemutui.core.catalog import Catalog
from qemutui.core.catalog_entries import Device
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Value
from qemutui.core.profile import Profile

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
    """Its index in the profile, or that of its option in `extra`."""
    type: str
    id: str
    keys: Mapping[str, Value]
    json: bool
    in_extra: bool = False

    @classmethod
    def of(
        cls, place: int, type_: str, name: str, root: Mapping[str, Value], json: bool
    ) -> "Placed":
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
    return Tree(board, catalog, board_words.vague(_given(profile)))


def _given(profile: Profile) -> tuple[options.Option, ...]:
    return options.read(words_of(profile.extra))


def refusals(
    tree: Tree,
    catalog: Catalog,
    devices: Sequence[Placed],
    extra: Sequence[options.Option],
    drives: bool,
) -> Iterator[tuple[Placed, Refusal]]:
    """Adds devices, and those of `extra`; yields those that QEMU refuses, with the reason.

    Those given as JSON come last (`system/vl.c`, qemu_create_cli_devices), after what `extra` and
    `drives` of `if=virtio` add, if there are any.
    """
    first = [device for device in devices if not device.json]
    last = [] if drives or _adds_more(extra) else [device for device in devices if device.json]
    for device in (*first, *_of_extra(extra), *last):
        refusal = tree.add(catalog.device(device.type), device.id, device.keys, device.json)
        if refusal is not None:
            yield device, refusal


_ADDING = ("virtfs", "virtfs_synth", "drive", "watchdog", "audio", "soundhw")


def _is_more(option: options.Option) -> bool:
    """Tells whether an option adds devices that are not followed here."""
    return option.name in _ADDING or (option.name == "device" and option.value[:1] == "{")


def _adds_more(extra: Sequence[options.Option]) -> bool:
    return any(map(_is_more, extra))


def virtio_drives(profile: Profile) -> bool:
    """Tells whether a profile has drives of `if=virtio`, each of which is a device."""
    return any(not item.off and item.root.get("if") == "virtio" for item in profile.drive)


def _of_extra(extra: Sequence[options.Option]) -> Iterator[Placed]:
    """Yields the devices of `extra` up to where it adds what is not followed."""
    for option in extra:
        pairs = options.pairs(option.value, "driver")
        keys = dict(pairs)
        if _is_more(option) or {"help", "?"} & keys.keys():
            return
        if option.name == "device" and option.size == 2:
            type_ = keys.pop("driver", "")
            # Of a key that is repeated the last counts, of the id the first (`util/qemu-option.c`).
            name = next((value for key, value in pairs if key == "id"), "")
            keys.pop("id", None)
            yield Placed(option.place, type_, name, dict(keys), json=False, in_extra=True)


def placed(profile: Profile) -> list[Placed]:
    """Returns the devices of a profile that are on."""
    group = BY_NAME["device"]
    return [
        Placed.of(index, str(item.type or item.root.get("driver", "")),
                  str(item.id), item.root, is_json(group, item))
        for index, item in enumerate(profile.device)
        if not item.off
    ]  # fmt: skip


def buses_for(
    profile: Profile, place: int, board: Board | None, catalog: Catalog
) -> tuple[Offered, ...]:
    """Returns the buses that the device at an index of a profile can name.

    They are those of the machine and of the devices that QEMU adds before it. Empty where they
    are not known.
    """
    tree, devices = tree_of(profile, board, catalog), placed(profile)
    extra, drives = _given(profile), virtio_drives(profile)
    own = next((device for device in devices if device.place == place), None)
    known = catalog.device(own.type) if own is not None else None
    if tree is None or own is None or known is None:
        return ()
    if own.json and (drives or _adds_more(extra)):
        return ()
    before = [device for device in devices if (device.json, device.place) < (own.json, own.place)]
    for _ in refusals(tree, catalog, before, extra, drives):
        pass
    return tuple(tree.fitting(known, own.keys, own.json))


def unpluggable(profile: Profile, board: Board | None, catalog: Catalog) -> Callable[[Device], str]:
    """Returns a function that says why a device cannot be added to a profile: `needs a USB bus`.

    It returns an empty text where the device can be added, and where that is not known. Ask once
    for all devices: the devices that the profile has are followed only here.
    """
    tree = tree_of(profile, board, catalog)
    if tree is None:
        return lambda device: ""
    devices, extra, drives = placed(profile), _given(profile), virtio_drives(profile)
    for _ in refusals(tree, catalog, devices, extra, drives):
        pass
    if (drives or _adds_more(extra)) and any(device.json for device in devices):
        return lambda device: ""
    known: dict[str, str] = {}

    def problem(device: Device) -> str:
        if not device.creatable:
            return "part of a machine"
        if device.bus not in known:
            known[device.bus] = tree.problem(device)
        return known[device.bus]

    return problem
