"""What the rules look at: the items of a profile that QEMU gets, and an index of their ids."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from qemutui.core import keyval, options
from qemutui.core.argv import is_json, words_of
from qemutui.core.catalog import Catalog
from qemutui.core.facts import Facts, NamedFile
from qemutui.core.finding import Problem
from qemutui.core.groups import BY_NAME, GROUPS, Group
from qemutui.core.keyval import Path
from qemutui.core.profile import Item, Profile

NODE = "node"
"""The namespace that ids of drives and node names share (`block.c`, bdrv_assign_node_name)."""


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


class Named(NamedTuple):
    """Something that has an id."""

    id: str
    group: str
    place: int
    type: str
    off: bool = False
    key: str = "id"
    """The field that holds the id."""

    @property
    def path(self) -> Path:
        return (self.group, self.place, self.key)


class Scan(NamedTuple):
    """All that can be said about an item without looking at others."""

    entry: Entry
    names: tuple[Named, ...]
    references: tuple[Reference, ...]
    files: tuple[NamedFile, ...]
    suspects: tuple[Suspect, ...]
    problems: tuple[tuple[str, Problem], ...]
    """Each with the name of its rule."""


def namespace_of(group: str) -> str:
    """Returns where the ids of a group are told apart."""
    return NODE if group in ("blockdev", "drive") else group


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


class Subject:
    """A profile under examination: its items by group, ids by namespace, options of `extra`."""

    def __init__(
        self,
        profile: Profile,
        facts: Facts,
        scans: Sequence[Scan],
        references: Iterable[Reference] = (),
        catalog: Catalog | None = None,
    ) -> None:
        """`references` are those of the machine; `catalog` what the profile's QEMU offers."""
        self.profile = profile
        self.facts = facts
        self.scans = scans
        self.catalog = catalog
        self._references = tuple(references)
        self.near: dict[str, dict[tuple[str, str], set[str]]] = {}
        """What `rules.references` remembers of ids that resemble each other."""
        self.refused: list[tuple[str, Problem]] | None = None
        """What `rules.buses` has found, with the names of its rules."""
        self._free: dict[tuple[str, str], str] = {}

    @cached_property
    def options(self) -> tuple[options.Option, ...]:
        """The options of `extra`."""
        return options.read(words_of(self.profile.extra))

    def has_option(self, *names: str) -> bool:
        """Tells whether `extra` has an option of one of these names."""
        return any(option.name in names for option in self.options)

    @cached_property
    def extra_ids(self) -> frozenset[str]:
        """Whatever may be an id that an option of `extra` defines."""
        return frozenset(
            name
            for option in self.options
            for name in re.findall(
                r"""(?:(?:^|,)(?:id|node-name|mount_tag)=|["'](?:id|node-name)["']\s*:\s*["'])"""
                r"""([^,"'}]+)""",
                option.value,
            )
        )

    @cached_property
    def extra_definitions(self) -> dict[tuple[str, str], str]:
        """The options of `extra` that surely define an id, by namespace and id, as written."""
        found: dict[tuple[str, str], str] = {}
        for option in self.options:
            if option.name in BY_NAME and option.value[:1] != "{":
                group = BY_NAME[option.name]
                for key, value in options.pairs(option.value, group.type_key):
                    if key == group.id_key or (key == "node-name" and option.name == "drive"):
                        found.setdefault((namespace_of(option.name), value), option.written)
        return found

    @cached_property
    def named(self) -> dict[str, dict[str, list[Named]]]:
        """All that has an id, by namespace and id; items that are on come first."""
        found: dict[str, dict[str, list[Named]]] = {name: {} for name in (*BY_NAME, NODE)}
        for scan in self.scans:
            for thing in scan.names:
                found[namespace_of(thing.group)].setdefault(thing.id, []).append(thing)
        for group in GROUPS:
            for index, item in enumerate(self.profile.items(group.name)):
                if item.off and item.id:
                    shared = found[namespace_of(group.name)]
                    thing = Named(item.id, group.name, index, item.type, off=True)
                    shared.setdefault(item.id, []).append(thing)
        return found

    @cached_property
    def references(self) -> list[Reference]:
        """The references that can be judged: none where options of `extra` change items."""
        if self.has_option("set"):
            return []
        of_machine = () if self.has_option("machine") else self._references
        return [*of_machine, *chain.from_iterable(scan.references for scan in self.scans)]

    @cached_property
    def is_rewritten(self) -> bool:
        """Whether options of `extra` add or change items in ways that are not followed here."""
        return self.has_option("readconfig", "set")

    @cached_property
    def unresolved(self) -> list[Reference]:
        """The references that nothing answers to."""
        found: list[Reference] = []
        if self.has_option("readconfig"):
            return found
        for reference in self.references:
            for thing in self.named[reference.kind].get(reference.id, ()):
                if fits(reference, thing):
                    break
            else:
                if reference.id not in self.extra_ids and not _GIVEN.fullmatch(reference.id):
                    found.append(reference)
        return found

    @cached_property
    def referrers(self) -> dict[tuple[str, str], list[Reference]]:
        """The references to each id, by what they refer to (a group or `NODE`) and the id."""
        found: dict[tuple[str, str], list[Reference]] = {}
        for reference in self.references:
            found.setdefault((reference.kind, reference.id), []).append(reference)
        return found

    def is_taken(self, namespace: str, name: str) -> bool:
        """Tells whether something of a namespace has an id."""
        return name in self.named[namespace] or name in self.extra_ids

    def free_id(self, namespace: str, like: str) -> str:
        """Returns an id that nothing in the namespace has: `like`, or with the next number."""
        if keyval.is_id(like) and not self.is_taken(namespace, like):
            return like
        stem = re.sub(r"[^A-Za-z0-9._-]", "-", like).rstrip("0123456789").lstrip("0123456789._-")
        key = (namespace, stem or "id")
        if key not in self._free:
            number = 0
            while self.is_taken(namespace, f"{key[1]}{number}"):
                number += 1
            self._free[key] = f"{key[1]}{number}"
        return self._free[key]


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
