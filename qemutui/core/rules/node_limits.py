"""What nodes refuse, and the protocols in the names of drives' files (`block.c`, `block/*.c`)."""

import re
from collections.abc import Iterable, Iterator

from qemutui.core import keyval
from qemutui.core.catalog import Catalog
from qemutui.core.finding import Problem
from qemutui.core.keyval import Value
from qemutui.core.property_fault import fault
from qemutui.core.rules.offered_properties import known_properties, problem_of
from qemutui.core.rules.subject import Entry
from qemutui.core.rules.words import quoted

_PROTOCOL = re.compile(r"([^:/,]+):")
_PROTOCOLS = frozenset(
    {"fat", "gluster+tcp", "gluster+unix", "gluster+rdma", "iser", "nbd+tcp", "nbd+unix", "nbds",
     "nbds+tcp", "json", "sheepdog", "sheepdog+tcp", "sheepdog+unix"}
)  # fmt: skip
"""Beginnings of names that are none of drivers, of 5.0 to 10.1."""
_FAT = (0, 12, 16, 32)


def refused(entry: Entry, catalog: Catalog) -> Iterable[Problem]:
    """Values of nodes that do not go together, and protocols that QEMU does not have."""
    if entry.group.name == "drive":
        return _protocol(entry, catalog)
    return _of_node(entry, catalog) if entry.group.name == "blockdev" else ()


def _protocol(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    file, drivers = entry.item.root.get("file"), catalog.types("blockdev")
    match = _PROTOCOL.match(file) if isinstance(file, str) and drivers else None
    if match and match[1] not in drivers and match[1] not in _PROTOCOLS:
        message = f"QEMU {catalog.release} has no protocol {quoted(match[1])}."
        yield Problem("error", (*entry.path, "file"), message)


def _of_node(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    yield from _inside(entry, catalog)
    if entry.type == "quorum":
        yield from _quorum(entry)
    elif entry.type == "vvfat":
        kind = entry.item.root.get("fat-type", 0)
        count = keyval.number(kind) if isinstance(kind, int | str) else None
        if count is not None and count not in _FAT:
            yield Problem("error", (*entry.path, "fat-type"), "This is 12, 16 or 32.")


def _inside(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    """Yields values in tables of a node that QEMU cannot read as what the member is."""
    known = known_properties(entry, catalog) or {}
    for key, value in entry.item.root.items():
        for name, one in value.items() if isinstance(value, dict) else ():
            prop = known.get(f"{key}.{name}")
            if prop is not None and prop.kind in ("bool", "int", "enum"):
                found = fault(prop, one, entry.json)
                if found is not None:
                    yield problem_of((*entry.path, key, name), found)


def _quorum(entry: Entry) -> Iterator[Problem]:
    """Yields a number of votes that the children do not have."""
    root = entry.item.root
    children: Value | None = root.get("children")
    if isinstance(children, tuple):
        count = len(children)
    else:
        places = {key.split(".")[1] for key in root if key.startswith("children.")}
        count = len(places) if children is None else 0
    votes = root.get("vote-threshold")
    wanted = keyval.number(votes) if isinstance(votes, int | str) else None
    if count and wanted is not None and not 1 <= wanted <= count:
        message = f"There are {count} votes; this is 1 to {count}."
        yield Problem("error", (*entry.path, "vote-threshold"), message)
