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


class Placed(NamedTuple):
    """A device that is to be added."""

    place: int
    """Its index in the profile, or that of its option in `extra`."""
    type: str
    id: str
    keys: Mapping[str, Value]
    json: bool
    in_extra: bool = False


def tree_of(profile: Profile, board: Board | None, catalog: Catalog | None) -> Tree | None:
    """Returns the buses before the first device; None where they are not known, or where they
    are those of a profile with another machine."""
    if board is None or catalog is None:
        return None
    if board_words.words(profile, catalog) != board.asked:
        return None
    vague = board_words.vague(options.read(words_of(profile.extra)))
    return Tree(board, catalog, vague)


def refusals(
    profile: Profile, tree: Tree, catalog: Catalog, devices: Sequence[Placed]
) -> Iterator[tuple[Placed, Refusal]]:
    """Adds devices, and those of `extra`; yields those that QEMU refuses, with the reason.

    Those given as JSON come last (`system/vl.c`, qemu_create_cli_devices), after what `extra` and
    the drives of `if=virtio` add.
    """
    first = [device for device in devices if not device.json]
    last = [] if _adds_more(profile) else [device for device in devices if device.json]
    for device in (*first, *_of_extra(profile), *last):
        refusal = tree.add(catalog.device(device.type), device.id, device.keys, device.json)
        if refusal is not None:
            yield device, refusal


_ADDING = ("virtfs", "virtfs_synth", "drive", "watchdog", "audio", "soundhw")


def _is_more(option: options.Option) -> bool:
    """Tells whether an option adds devices that are not followed here."""
    return option.name in _ADDING or (option.name == "device" and option.value[:1] == "{")


def _adds_more(profile: Profile) -> bool:
    extra = options.read(words_of(profile.extra))
    drives = any(not item.off and item.root.get("if") == "virtio" for item in profile.drive)
    return drives or any(map(_is_more, extra))


def _of_extra(profile: Profile) -> Iterator[Placed]:
    """Yields the devices of `extra` up to where it adds what is not followed."""
    for option in options.read(words_of(profile.extra)):
        keys = dict(options.pairs(option.value, "driver"))
        if _is_more(option) or {"help", "?"} & keys.keys():
            return
        if option.name == "device" and option.size == 2:
            type_, name = keys.pop("driver", ""), keys.pop("id", "")
            yield Placed(option.place, type_, name, dict(keys), json=False, in_extra=True)


def placed(profile: Profile) -> list[Placed]:
    """Returns the devices of a profile that are on."""
    group = BY_NAME["device"]
    return [
        Placed(index, str(item.type or item.root.get("driver", "")),
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
    own = next((device for device in devices if device.place == place), None)
    known = catalog.device(own.type) if own is not None else None
    if tree is None or own is None or known is None or (own.json and _adds_more(profile)):
        return ()
    before = [device for device in devices if (device.json, device.place) < (own.json, own.place)]
    for _ in refusals(profile, tree, catalog, before):
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
    for _ in refusals(profile, tree, catalog, placed(profile)):
        pass
    if any(device.json for device in placed(profile)) and _adds_more(profile):
        return lambda device: ""
    known: dict[str, str] = {}

    def problem(device: Device) -> str:
        if not device.creatable:
            return "part of a machine"
        if device.bus not in known:
            known[device.bus] = tree.problem(device)
        return known[device.bus]

    return problem
