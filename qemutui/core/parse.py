"""Makes a profile of an argv: what has a field goes to its field, all the rest to `extra`.

`extra` comes last in the command that is built. So an option goes there, too, where another option
of it, whose order with this one means something to QEMU, would otherwise come to stand behind.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from qemutui.core import options, parse_fields, parse_items, qemu_json
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.options import Option
from qemutui.core.parse_fields import FIELDS
from qemutui.core.profile import Item, Profile
from qemutui.core.profile import read as read_profile


class Note(NamedTuple):
    """What was assumed about a word of the argv, or where it went."""

    message: str
    word: int
    """Its index in the argv."""


class Placed(NamedTuple):
    """An option that has a field or is an item."""

    option: Option
    path: Path
    """Of the argument that it becomes."""
    value: str
    """How its value is passed, which QEMU reads as it does the option's."""


class Parsed(NamedTuple):
    """A profile, and what there is to say about how it was made."""

    profile: Profile
    notes: tuple[Note, ...]
    placed: tuple[Placed, ...]
    """The options that went to a field or a group."""
    kept: tuple[Option, ...]
    """The options that are kept word for word in `extra`. Places count from the first option."""


_CHANGE_ALL = frozenset({"readconfig", "set", "add-fd"})
"""What follows one of these can mean something else than before it."""

_DRIVES = ("hda", "hdb", "hdc", "hdd", "cdrom", "fda", "fdb", "pflash", "sd", "mtdblock", "")
_LISTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*_DRIVES, "drive"), ("drives",)),
    **dict.fromkeys(("device", "watchdog", "balloon", "virtioserial"), ("devices",)),
    **dict.fromkeys(("virtfs", "virtfs_synth"), ("devices", "fsdevs")),
    "fsdev": ("fsdevs",),
    **dict.fromkeys(("audiodev", "audio"), ("audiodevs",)),
    **dict.fromkeys(("qmp", "qmp-pretty", "monitor", "mon"), ("monitors",)),
}
"""The lists of `qemu_init` that an option adds to while the command is read: their order counts."""

_MACHINE_KEYS = {
    "kernel": "kernel", "initrd": "initrd", "append": "append", "dtb": "dtb", "shim": "shim",
    "bios": "firmware", "usb": "usb", "usbdevice": "usb", "no-acpi": "acpi", "no-hpet": "hpet",
    "boot": "boot", "smp": "smp", "m": "memory", "igd-passthru": "igd-passthru",
    "accel": "accel", "enable-kvm": "accel", "no-kvm": "accel", "enable-hax": "accel",
    "nographic": "graphics", "no-fd-bootchk": "fd-bootchk", "no-kvm-irqchip": "kernel-irqchip",
}  # fmt: skip
"""Options that set a key of `-machine`: of both, the later wins."""

_RANKS = {name: rank for rank, name in enumerate((*FIELDS, *BY_NAME))}
"""Where an option of a field or a group stands in the command that is built."""


def parse(argv: Sequence[str]) -> Profile:
    """Returns the profile of an argv, whose element 0 is the QEMU binary; never raises."""
    return understand(argv).profile


def understand(
    argv: Sequence[str], program: int | None = 0, takes_value: Mapping[str, bool] | None = None
) -> Parsed:
    """Returns the profile of an argv; never raises.

    `program` is the index of the QEMU binary, and what is before it is the wrapper; None: the words
    are options alone. `takes_value` says of options that no version of QEMU has whether they have
    a value.
    """
    first = 0 if program is None else program + 1
    reading = _Reading(first, takes_value or {})
    for option in options.read(argv[first:], takes_value):
        reading.take(option, argv[first + option.place : first + option.place + option.size])
    data = reading.data
    if program is not None and program < len(argv):
        data["binary"] = argv[program]
        if argv[:program]:
            data["launch"] = {"wrapper": tuple(argv[:program])}
    ordered = {name: data[name] for name in Profile.model_fields if name in data}
    return Parsed(
        read_profile(ordered), reading.notes(), tuple(reading.placed), tuple(reading.kept)
    )


class _Reading:
    """The profile so far, and what decides where the next option goes."""

    def __init__(self, first: int, told: Mapping[str, bool]) -> None:
        self._first = first
        self._told = told
        self._tables: dict[str, Any] = {}
        self._items: dict[str, list[Item]] = {}
        self._extra: list[str] = []
        self._notes: list[Note] = []
        self._all_to_extra = ""
        self._uncertain = ""
        self._ranks: dict[str, int] = {}
        self._lists_of_extra: dict[str, str] = {}
        self.placed: list[Placed] = []
        self.kept: list[Option] = []

    @property
    def data(self) -> dict[str, Any]:
        groups = {name: tuple(items) for name, items in self._items.items()}
        extra = {"extra": tuple(self._extra)} if self._extra else {}
        return {**self._tables, **groups, **extra}

    def notes(self) -> tuple[Note, ...]:
        return tuple(sorted(self._notes, key=lambda note: note.word))

    def take(self, option: Option, words: Sequence[str]) -> None:
        """Takes the next option of the command."""
        lists = _lists(option)
        known = options.is_known(option) or option.name in self._told
        if not known and option.size == 2:
            lists = (*lists, *_LISTS[""])  # its value may be a disk image
        self._take(option, words, lists)
        # In `extra` a disk image must not come to stand behind an option that may take a value.
        self._uncertain = "" if known or option.size == 2 else option.written

    def _take(self, option: Option, words: Sequence[str], lists: Sequence[str]) -> None:
        has_place = option.name in FIELDS or option.name in BY_NAME
        may_move = has_place and option.size == 2 and self._may_move(option, lists)
        placed = self._put(option) if may_move else None
        if placed is not None:
            self.placed.append(placed)
            rank = _RANKS[option.name]
            for name in lists:
                self._ranks[name] = max(rank, self._ranks.get(name, rank))
            return
        self._keep(option, words, lists)

    def _may_move(self, option: Option, lists: Sequence[str]) -> bool:
        """Tells whether an option may stand before all of `extra`, where its rank is."""
        reason = ""
        if self._uncertain:
            reason = f"it may be the value of {self._uncertain}"
        elif self._all_to_extra:
            reason = f"it stands after {self._all_to_extra}"
        elif option.name in FIELDS and option.name in self._ranks:
            reason = "it is there already"
        else:
            for name in lists:
                if name in self._lists_of_extra:
                    reason = f"it has to stay behind {self._lists_of_extra[name]}"
                elif self._ranks.get(name, -1) > _RANKS[option.name]:
                    reason = "what it sets was set before it by another option"
        if reason:
            self._refuse(option, reason)
        return not reason

    def _put(self, option: Option) -> Placed | None:
        """Puts an option into its field or group; None where it says more than that can hold."""
        name, value = option.name, option.value
        group = BY_NAME.get(name)
        if group is not None:
            read = parse_items.item(group, value)
            if read is None:
                self._refuse(option, "its value says what no item can say")
                return None
            items = self._items.setdefault(name, [])
            items.append(read[0])
            return Placed(option, (name, len(items) - 1), read[1])
        said = parse_fields.field(name, value)
        if said is None:
            self._refuse(option, "its value says what no field can say")
            return None
        table = FIELDS[name].table
        path: Path = (table,)
        if table == "boot":
            self._tables.setdefault("boot", {}).update(said[0])
            path = ("boot",) if name == "boot" else ("boot", name)
        else:
            self._tables[table] = said[0]
        return Placed(option, path, said[1])

    def _refuse(self, option: Option, reason: str) -> None:
        self._note(option, f"{option.written} is kept word for word in Extra: {reason}.")

    def _keep(self, option: Option, words: Sequence[str], lists: Sequence[str]) -> None:
        self._extra.extend(words)
        self.kept.append(option)
        for name in lists:
            self._lists_of_extra.setdefault(name, option.written)
        if option.name in _CHANGE_ALL and not self._all_to_extra:
            self._all_to_extra = option.written
        if not options.is_known(option) and option.name not in self._told:
            self._note(option, options.assumption(option))
        elif options.lacks_value(option):
            self._note(option, f"{option.written} lacks its value.")

    def _note(self, option: Option, message: str) -> None:
        self._notes.append(Note(message, self._first + option.place))


def _lists(option: Option) -> tuple[str, ...]:
    """Returns what an option adds to or sets, where others do, too."""
    own = (*_LISTS.get(option.name, ()), option.name)  # those of one name keep their order
    key = _MACHINE_KEYS.get(option.name)
    if key is not None:
        return (*own, f"machine.{key}")
    if option.name == "machine" and option.size == 2:
        data = qemu_json.read(option.value) if option.value.startswith("{") else None
        keys = data or dict(options.pairs(option.value, "type"))
        return (*own, *(f"machine.{key.split('.')[0].replace('_', '-')}" for key in keys))
    return own
