"""The rules of items, as they stand in groups and as options of `extra` write them."""

from collections.abc import Callable, Iterable, Iterator

from qemutui.core import options
from qemutui.core.catalog import Catalog
from qemutui.core.finding import Problem
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Value
from qemutui.core.profile import Item
from qemutui.core.rules import offered_drives, offered_needs, offered_properties, offered_types
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Entry, Subject, entry_of

_HELP = frozenset({"help", "?"})


def unknown_property(entry: Entry, catalog: Catalog) -> Iterable[Problem]:
    """Properties that an item's type does not have."""
    if entry.group.name == "drive":
        return offered_drives.unknown(entry, catalog)
    return offered_properties.unknown(entry, catalog)


def bad_value(entry: Entry, catalog: Catalog) -> Iterable[Problem]:
    """Values that QEMU cannot read as what the property is."""
    if entry.group.name == "drive":
        return offered_drives.bad_value(entry, catalog)
    return offered_properties.bad_value(entry, catalog)


def types_in_extra(subject: Subject) -> Iterator[Problem]:
    """Types of items in `extra` that QEMU does not have."""
    yield from _in_extra(subject, offered_types.unknown)


def properties_in_extra(subject: Subject) -> Iterator[Problem]:
    """Properties of items in `extra` that their types do not have."""
    yield from _in_extra(subject, unknown_property)


def values_in_extra(subject: Subject) -> Iterator[Problem]:
    """Values of items in `extra` that QEMU cannot read."""
    yield from _in_extra(subject, bad_value)


def needs_in_extra(subject: Subject) -> Iterator[Problem]:
    """Items in `extra` without what their types need."""
    if not subject.has_option("set", "readconfig", "global"):
        yield from _in_extra(subject, offered_needs.needed)


def _in_extra(
    subject: Subject, rule: Callable[[Entry, Catalog], Iterable[Problem]]
) -> Iterator[Problem]:
    catalog = subject.catalog
    if catalog is None or subject.has_option("set"):
        return
    for option in subject.options:
        entry = _entry(option)
        if entry is not None:
            for problem in rule(entry, catalog):
                key = problem.path[2] if len(problem.path) > 2 else "type"
                about = "" if key == "type" or " needs " in problem.message else f"{key}: "
                path = place(subject, option)
                yield Problem(problem.severity, path, about + problem.message)


def _entry(option: options.Option) -> Entry | None:
    """Returns the item that an option of `extra` writes as key=value."""
    group = BY_NAME.get(option.name)
    if group is None or option.size == 1 or option.value.startswith("{"):
        return None
    root: dict[str, Value] = {}
    for key, value in options.pairs(option.value, group.type_key):
        if key in _HELP or value in _HELP:
            return None
        own = "type" if key == group.type_key and key else "id" if key == group.id_key else key
        root.setdefault(own, value)
    return entry_of(group, Item.of(root), 0)
