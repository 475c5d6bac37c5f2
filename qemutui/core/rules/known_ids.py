"""Which ids there are, by what they are told apart in, and which are free."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from qemutui.core import keyval, options
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path

NODE = "node"
"""The namespace that ids of drives and node names share (`block.c`, bdrv_assign_node_name)."""


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


def namespace_of(group: str) -> str:
    """Returns where the ids of a group are told apart."""
    return NODE if group in ("blockdev", "drive") else group


class KnownIds:
    """The ids of the items of a profile and of the options of its `extra`."""

    def __init__(
        self,
        names: Iterable[Sequence[Named]],
        off: Iterable[Named],
        given: tuple[options.Option, ...],
    ) -> None:
        """`names` are those of items that are on, `given` the options of `extra`."""
        self._options = given
        self.named: dict[str, dict[str, list[Named]]] = {name: {} for name in (*BY_NAME, NODE)}
        """All items that have an id, by namespace and id; those that are on come first."""
        for some in (*names, off):
            for thing in some:
                self.named[namespace_of(thing.group)].setdefault(thing.id, []).append(thing)
        self._near: dict[str, dict[tuple[str, str], set[str]]] = {}
        self._free: dict[tuple[str, str], str] = {}

    @cached_property
    def of_extra(self) -> frozenset[str]:
        """Whatever may be an id that an option of `extra` defines."""
        return frozenset(
            name
            for option in self._options
            for name in re.findall(
                r"""(?:(?:^|,)(?:id|node-name|mount_tag)=|["'](?:id|node-name)["']\s*:\s*["'])"""
                r"""([^,"'}]+)""",
                option.value,
            )
        )

    @cached_property
    def defined_by_extra(self) -> dict[tuple[str, str], str]:
        """The options of `extra` that surely define an id, by namespace and id, as written."""
        found: dict[tuple[str, str], str] = {}
        for option in self._options:
            if option.name in BY_NAME and option.value[:1] != "{":
                group = BY_NAME[option.name]
                for key, value in options.pairs(option.value, group.type_key):
                    if key == group.id_key or (key == "node-name" and option.name == "drive"):
                        found.setdefault((namespace_of(option.name), value), option.written)
        return found

    def those(self, namespace: str, name: str) -> Sequence[Named]:
        """Returns what has an id in a namespace; what is on comes first."""
        return self.named[namespace].get(name, ())

    def is_taken(self, namespace: str, name: str) -> bool:
        """Tells whether something of a namespace has an id."""
        return name in self.named[namespace] or name in self.of_extra

    def free(self, namespace: str, like: str) -> str:
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

    def near(self, namespace: str, name: str) -> Iterator[str]:
        """Yields the ids with the same digits as a name, and at most one other character changed,
        added or left out."""
        known = self._near.get(namespace)
        if known is None:
            known = self._near[namespace] = {}
            for other in self.named[namespace]:
                if len(other) <= 40:
                    for shape in _shapes(other):
                        known.setdefault(shape, set()).add(other)
        found: set[str] = set()
        for shape in _shapes(name):
            found.update(known.get(shape, ()))
        yield from found


def _shapes(name: str) -> set[tuple[str, str]]:
    """Returns a name with each single letter left out, each beside its digits."""
    digits = "".join(sign for sign in name if sign.isdigit())
    low = name.lower()
    return {(low, digits), *((low[:n] + low[n + 1 :], digits) for n in range(len(low)))}
