"""Ids and types: what lacks one, what has a bad one, what has one that is taken."""

from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem, Severity
from qemutui.core.rules.subject import Entry, Named, Subject, namespace_of
from qemutui.core.rules.words import a, short

_NEED_NO_ID = frozenset({"device", "drive"})
# What 7.2 takes whatever it is called: audio backends, and JSON of these groups.
_ANY_ID = frozenset({"audiodev"})
_ANY_ID_AS_JSON = frozenset({"netdev", "device"})
_ANY_ID_NETDEVS = frozenset({"stream", "dgram"})
"""Networks that are not read as others are (`net/net.c`, netdev_is_modern)."""
_LONGEST_NODE_NAME = 31
"""In bytes (`block.c`, bdrv_assign_node_name)."""


def no_type(entry: Entry) -> Iterator[Problem]:
    """Items without a type."""
    if entry.group.type_key and not entry.type:
        noun = a(entry.group.noun).capitalize()
        yield Problem("error", (*entry.path, "type"), f"{noun} needs a type.")


def drive_with_type(entry: Entry) -> Iterator[Problem]:
    """Drives with a type, which `-drive` does not know."""
    root = entry.item.root
    if entry.type:
        kind, path = root["type"], (*entry.path, "type")
        moved = () if "format" in root else (Set((*entry.path, "format"), kind),)
        label = "drops it" if "format" in root else "makes it the format"
        yield Problem("error", path, "A drive has no type; it has a format.",
                      Fix(label, (Set(path, None), *moved)))  # fmt: skip


def _fix(subject: Subject, entry: Entry, like: str) -> Fix:
    """Gives an item another id, and whatever refers to it."""
    namespace = namespace_of(entry.group.name)
    name = subject.free_id(namespace, like)
    paths = [(*entry.path, entry.id_key)]
    if entry.id:
        paths += [reference.path for reference in subject.referrers.get((namespace, entry.id), ())]
    return Fix(f"makes it {short(name)}", tuple(Set(path, name) for path in paths))


def no_id(subject: Subject) -> Iterator[Problem]:
    """Items without the id that QEMU wants."""
    for entry in (scan.entry for scan in subject.scans):
        if not entry.id and entry.group.name not in _NEED_NO_ID:
            message = f"{a(entry.group.noun).capitalize()} needs an id."
            fix = _fix(subject, entry, entry.group.new_id)
            yield Problem("error", (*entry.path, entry.id_key), message, fix)


def bad_id(subject: Subject) -> Iterator[Problem]:
    """Ids that QEMU refuses."""
    for entry in (scan.entry for scan in subject.scans):
        group = entry.group.name
        free = (
            group in _ANY_ID
            or (entry.json and group in _ANY_ID_AS_JSON)
            or (group == "netdev" and entry.type in _ANY_ID_NETDEVS)
        )
        if not entry.id or free:
            continue
        path = (*entry.path, entry.id_key)
        if not keyval.is_id(entry.id):
            message = "Only letters, digits, - . _ and first a letter."
            yield Problem("error", path, message, _fix(subject, entry, entry.id))
        elif group == "blockdev" and len(entry.id) > _LONGEST_NODE_NAME:
            message = f"{len(entry.id)} characters; a node name has at most 31."
            like = entry.id[: _LONGEST_NODE_NAME - 4]
            yield Problem("error", path, message, _fix(subject, entry, like))


def duplicate(subject: Subject) -> Iterator[Problem]:
    """Ids that something of the same namespace has already."""
    for namespace, names in subject.named.items():
        for name, things in names.items():
            on = [thing for thing in things if not thing.off] if len(things) > 1 else things[:1]
            defined = _by_extra(subject, namespace, name)
            for thing in on[0 if defined else 1 :]:
                if not thing.off:
                    yield _taken(subject, namespace, name, thing, defined or on[0].group)


def _by_extra(subject: Subject, namespace: str, name: str) -> str | None:
    """Returns the option of `extra` that defines the id in the namespace, as written."""
    if name not in subject.extra_ids:
        return None
    return subject.extra_definitions.get((namespace, name))


def _taken(subject: Subject, namespace: str, name: str, thing: Named, other: str) -> Problem:
    if other.startswith("-"):
        message = f"{other} in Extra has this id too."
    else:
        message = f"Another {other} has this id."
        if other != thing.group:
            message = f"{a(other).capitalize()} has this id too."
    # QEMU 7.2 takes several audio backends of one id.
    severity: Severity = "warning" if thing.group == "audiodev" else "error"
    free = subject.free_id(namespace, name)
    return Problem(severity, thing.path, message,
                   Fix(f"makes it {short(free)}", (Set(thing.path, free),)))  # fmt: skip
