"""What the rules look at: the items of a profile that QEMU gets, and an index of their ids."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from qemutui.core import board_words, keyval, options
from qemutui.core.argv import is_json, words_of
from qemutui.core.board import Board
from qemutui.core.catalog import Catalog
from qemutui.core.facts import Facts, NamedFile
from qemutui.core.finding import Problem
from qemutui.core.groups import Group
from qemutui.core.keyval import Path
from qemutui.core.placing import Placed
from qemutui.core.ports import NamedPort
from qemutui.core.profile import Item, Profile
from qemutui.core.recall import Recall
from qemutui.core.rules.known_ids import NODE, KnownIds, Named


class Entry(NamedTuple):
    """An item that is on."""

    group: Group
    place: int
    """Its index in the group."""
    item: Item
    type: str
    """Under whichever name it is written, `type` or QEMU's own."""
    id: str
    """As `type`."""
    json: bool
    """Whether it is passed as JSON."""

    @property
    def path(self) -> Path:
        return (self.group.name, self.place)

    @property
    def id_key(self) -> str:
        """The key under which its id is written, or would be."""
        other = not self.item.id and self.group.id_key in self.item.root
        return self.group.id_key if other else "id"


class Reference(NamedTuple):
    """A value that is the id of something else."""

    path: Path
    id: str
    kind: str
    """The group that it refers to, or `NODE`."""
    types: tuple[str, ...] = ()
    """Beginnings of the types of objects that will do, or the group of the nodes; empty: all."""
    earlier: bool = False
    """Whether QEMU must have read the other one before."""


class Suspect(NamedTuple):
    """A text that a shell would change, and what of it."""

    path: Path
    text: str
    start: int
    word: str


class Scan(NamedTuple):
    """All that can be said about an item without looking at others."""

    entry: Entry
    names: tuple[Named, ...]
    references: tuple[Reference, ...] = ()
    files: tuple[NamedFile, ...] = ()
    ports: tuple[NamedPort, ...] = ()
    """Those on which QEMU is to listen."""
    peers: tuple[NamedPort, ...] = ()
    """Those of this computer to which QEMU is to connect."""
    suspects: tuple[Suspect, ...] = ()
    problems: tuple[tuple[str, Problem], ...] = ()
    """Each with the name of its rule."""
    bad_id: tuple[str, str] | None = None
    """What is wrong with its id, and what a better one may be like."""
    placed: Placed | None = None
    """What decides where a device goes."""
    replaced: str = ""
    """The driver for which QEMU leaves a device of its own away."""


def entry_of(group: Group, item: Item, index: int) -> Entry:
    """Returns an item as the rules see it."""
    kind, name = item.type, item.id
    if not kind and group.type_key and group.type_key in item.root:
        kind = keyval.scalar_text(item.root[group.type_key])
    if not name and group.id_key in item.root:
        name = keyval.scalar_text(item.root[group.id_key])
    return Entry(group, index, item, kind, name, is_json(group, item))


def names_of(entry: Entry) -> Iterator[Named]:
    """Yields the id of an item; a drive can have the name of its node too."""
    group = entry.group.name
    if entry.id:
        yield Named(entry.id, group, entry.place, entry.type, key=entry.id_key)
    node = keyval.scalar_text(entry.item.root.get("node-name")) if group == "drive" else ""
    if node:
        yield Named(node, group, entry.place, entry.type, key="node-name")


# Names that QEMU gives by itself: to drives without an id (`blockdev.c`, drive_new), to the
# character devices of -serial, -monitor and others, and to nodes.
_GIVEN = re.compile(
    r"#.*|(ide|scsi|virtio|floppy|sd|mtd|pflash|xen|none)\d*(-(hd|cd)\d+)?"
    r"|(serial|parallel|compat_monitor|gdb|debugcon|seabios)\d*(-base)?"
)


def fits(reference: Reference, thing: Named) -> bool:
    """Tells whether a reference can mean something that has its id."""
    if thing.off:
        return False
    if reference.kind == NODE:
        return not reference.types or thing.group in reference.types
    return not reference.types or thing.type.startswith(reference.types)


def off_name(group: Group, item: Item, index: int) -> Named | None:
    """Returns the id of an item that is off; None where it is on or has none."""
    return Named(item.id, group.name, index, item.type, off=True) if item.off and item.id else None


def _joined(parts: tuple[tuple[Reference, ...], ...]) -> tuple[Reference, ...]:
    return tuple(chain.from_iterable(parts))


def _unresolved(references: tuple[Reference, ...], ids: KnownIds) -> tuple[Reference, ...]:
    return tuple(
        reference
        for reference in references
        if not any(fits(reference, thing) for thing in ids.those(reference.kind, reference.id))
        and reference.id not in ids.of_extra
        and not _GIVEN.fullmatch(reference.id)
    )


def _by_id(references: tuple[Reference, ...]) -> dict[tuple[str, str], list[Reference]]:
    found: dict[tuple[str, str], list[Reference]] = {}
    for reference in references:
        found.setdefault((reference.kind, reference.id), []).append(reference)
    return found


class Subject:
    """A profile under examination: its items by group, ids by namespace, options of `extra`."""

    def __init__(
        self,
        profile: Profile,
        facts: Facts,
        scans: Mapping[str, Sequence[Scan]],
        off: tuple[Named, ...],
        references: tuple[Reference, ...] = (),
        catalog: Catalog | None = None,
        recall: Recall | None = None,
    ) -> None:
        """`scans` are those of the items that are on, by group, and `off` the others that have an
        id; `references` are those of the machine, `catalog` what the profile's QEMU offers."""
        self.profile = profile
        self.facts = facts
        self.catalog = catalog
        self.recall = recall or Recall()
        """What was found of the same things before."""
        self._by_group = scans
        self.scans = tuple(chain.from_iterable(scans.values()))
        self._off = off
        self._references = references

    def scans_of(self, group: str) -> Sequence[Scan]:
        """Returns what is known of the items of a group."""
        return self._by_group.get(group, ())

    def entries_of(self, group: str) -> list[Entry]:
        """Returns the items of a group."""
        return [scan.entry for scan in self.scans_of(group)]

    @cached_property
    def options(self) -> tuple[options.Option, ...]:
        """The options of `extra`."""
        return options.read(words_of(self.profile.extra))

    def has_option(self, *names: str) -> bool:
        """Tells whether `extra` has an option of one of these names."""
        return any(option.name in names for option in self.options)

    @cached_property
    def ids(self) -> KnownIds:
        """All ids; the same object as long as they are the same."""
        names = tuple([scan.names for scan in self.scans])
        return self.recall.of(KnownIds, names, self._off, self.options)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The references that can be judged: none where options of `extra` change items."""
        if self.has_option("set"):
            return ()
        of_machine = () if self.has_option("machine") else self._references
        return self.recall.of(_joined, (of_machine, *[scan.references for scan in self.scans]))

    @cached_property
    def is_rewritten(self) -> bool:
        """Whether options of `extra` add or change items in ways that are not followed here."""
        return self.has_option("readconfig", "set")

    @cached_property
    def unresolved(self) -> tuple[Reference, ...]:
        """The references that nothing answers to."""
        if self.has_option("readconfig"):
            return ()
        return self.recall.of(_unresolved, self.references, self.ids)

    @cached_property
    def referrers(self) -> dict[tuple[str, str], list[Reference]]:
        """The references to each id, by what they refer to (a group or `NODE`) and the id."""
        return self.recall.of(_by_id, self.references)

    @cached_property
    def devices(self) -> tuple[Placed, ...]:
        """What decides where the devices go."""
        scans = self.scans_of("device")
        return tuple([scan.placed for scan in scans if scan.placed is not None])

    @cached_property
    def board(self) -> Board | None:
        """The machine before the first device; None where it is not known."""
        board = self.facts.board
        if self.catalog is None or board is None:
            return None
        replaced = {scan.replaced for scan in self.scans_of("device")}
        words = board_words.words(self.profile, self.catalog, replaced)
        return board if words == board.asked else None


class Rule(NamedTuple):
    """A rule: what it looks for, and the functions that look, at the whole and at one item."""

    name: str
    summary: str
    whole: Callable[[Subject], Iterable[Problem]] | None = None
    item: Callable[[Entry], Iterable[Problem]] | None = None
    groups: tuple[str, ...] = ()
    """The groups whose items it looks at; empty for all."""
    offered: Callable[[Entry, Catalog], Iterable[Problem]] | None = None
    """As `item`, where it is known what QEMU offers."""
