"""Ids and types: what lacks one, what has a bad one, what has one that is taken."""

from collections.abc import Iterable, Iterator

from qemutui.core import keyval, options
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem, Severity
from qemutui.core.groups import BY_NAME
from qemutui.core.rules.effective import place
from qemutui.core.rules.known_ids import KnownIds, Named, namespace_of
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.words import a, quoted, short

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
    name = subject.ids.free(namespace, like)
    paths = [(*entry.path, entry.id_key)]
    if entry.id:
        paths += [reference.path for reference in subject.referrers.get((namespace, entry.id), ())]
    return Fix(f"makes it {short(name)}", tuple(Set(path, name) for path in paths))


def no_id(subject: Subject) -> Iterator[Problem]:
    """Items without the id that QEMU wants."""
    for entry in [scan.entry for scan in subject.scans if not scan.entry.id]:
        if entry.group.name not in _NEED_NO_ID:
            message = f"{a(entry.group.noun).capitalize()} needs an id."
            fix = _fix(subject, entry, entry.group.new_id)
            yield Problem("error", (*entry.path, entry.id_key), message, fix)


_TAKES_NO_ID = frozenset({"device", "drive", "blockdev"})


def no_id_in_extra(subject: Subject) -> Iterator[Problem]:
    """Options of items without the id that QEMU wants."""
    if subject.has_option("set"):
        return
    for option in subject.options:
        group = BY_NAME.get(option.name)
        if group is None or group.name in _TAKES_NO_ID or option.value[:1] == "{":
            continue
        keys = {key for key, _ in options.pairs(option.value, group.type_key)}
        words = {value for _, value in options.pairs(option.value, group.type_key)}
        if option.size == 2 and "id" not in keys and not {"help", "?"} & (keys | words):
            message = f"{option.written} needs an id."
            yield Problem("error", place(subject, option), message)


def fault(entry: Entry) -> tuple[str, str] | None:
    """Returns why QEMU refuses an id, and what a better one may be like; None where it does not."""
    group = entry.group.name
    free = (
        group in _ANY_ID
        or (entry.json and group in _ANY_ID_AS_JSON)
        or (group == "netdev" and entry.type in _ANY_ID_NETDEVS)
    )
    if not entry.id or free:
        return None
    if not keyval.is_id(entry.id):
        return "Only letters, digits, - . _ and first a letter.", entry.id
    if group == "blockdev" and len(entry.id) > _LONGEST_NODE_NAME:
        message = f"{len(entry.id)} characters; a node name has at most 31."
        return message, entry.id[: _LONGEST_NODE_NAME - 4]
    return None


def bad_id(subject: Subject) -> Iterator[Problem]:
    """Ids that QEMU refuses."""
    for scan in subject.scans:
        if scan.bad_id is not None:
            entry, (message, like) = scan.entry, scan.bad_id
            path = (*entry.path, entry.id_key)
            yield Problem("error", path, message, _fix(subject, entry, like))


def duplicate(subject: Subject) -> Iterable[Problem]:
    """Ids that something of the same namespace has already."""
    return subject.recall.of(_duplicates, subject.ids)


def _duplicates(ids: KnownIds) -> tuple[Problem, ...]:
    return tuple(
        _taken(ids, namespace, name, thing, other)
        for namespace, names in ids.named.items()
        for name, things in names.items()
        if len(things) > 1 or name in ids.of_extra
        for thing, other in _late(ids, namespace, name, things)
    )


def twice_in_extra(subject: Subject) -> Iterator[Problem]:
    """Ids that two options of `extra` define."""
    if subject.has_option("set"):
        return
    seen: set[tuple[str, str]] = set()
    for option in subject.options:
        group = BY_NAME.get(option.name)
        if group is None or group.name in _ANY_ID or option.value[:1] == "{":
            continue
        name = dict(options.pairs(option.value, group.type_key)).get(group.id_key, "")
        key = (namespace_of(group.name), name)
        if name and key in seen:
            message = f"Something else in Extra has the id {quoted(name)}."
            yield Problem("error", place(subject, option), message)
        seen.add(key)


def _late(
    ids: KnownIds, namespace: str, name: str, things: list[Named]
) -> Iterator[tuple[Named, str]]:
    """Yields what comes after the one that may have an id, and what that one is."""
    on = [thing for thing in things if not thing.off]
    defined = ids.defined_by_extra.get((namespace, name)) if name in ids.of_extra else None
    for thing in on[0 if defined else 1 :]:
        yield thing, defined or on[0].group


def _taken(ids: KnownIds, namespace: str, name: str, thing: Named, other: str) -> Problem:
    if other.startswith("-"):
        message = f"{other} in Extra has this id too."
    else:
        message = f"Another {other} has this id."
        if other != thing.group:
            message = f"{a(other).capitalize()} has this id too."
    # QEMU 7.2 takes several audio backends of one id.
    severity: Severity = "warning" if thing.group == "audiodev" else "error"
    free = ids.free(namespace, name)
    return Problem(severity, thing.path, message,
                   Fix(f"makes it {short(free)}", (Set(thing.path, free),)))  # fmt: skip
