"""Rows of a form with what the profile's QEMU offers: types, defaults, and what is not set yet."""

from collections.abc import Mapping
from functools import lru_cache

from qemutui.core import accelerators, edit, keyval, machine_defaults, offered
from qemutui.core.catalog import Catalog
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path, Value
from qemutui.core.profile import Item, Profile
from qemutui.core.property_type import Property
from qemutui.core.rules.words import a
from qemutui.ui.sections import SWITCH, Row, Section

_AUTO: tuple[Value, ...] = (True, False, "auto")
_LONGEST = 500
"""Characters of a text of QEMU's that are shown: a binary may say anything."""
_MOST_WORDS = 50
_TYPES_AGAIN = ("on/off", "on/off/auto")
"""Descriptions that say no more than the type."""
_SHORT = {"str": "string", "driver": "type"}
_ELSEWHERE = frozenset({"type", "accel", "smp", "memory", "boot",
                        "kernel", "initrd", "append", "dtb", "firmware"})  # fmt: skip
"""Properties of a machine that have a field of their own."""


def with_catalog(
    rows: list[Row], profile: Profile, section: Section, item: Path | None, catalog: Catalog
) -> list[Row]:
    """Returns the rows of a form, each with its property, and rows for what can be set, too."""
    if item is not None:
        return _of_item(rows, profile, item, catalog)
    tables = dict.fromkeys(str(row.path[0]) for row in rows)
    options = {
        name: _of_option(profile, name, catalog) for name in tables if name in offered.OPTIONS
    }
    shown = [_of_field(row, profile, options, catalog) for row in rows]
    if section.name == "Machine":
        machine = keyval.scalar_text(profile.machine.type)
        properties = catalog.properties("machine", machine) or {}
        known = {name: one for name, one in properties.items() if name not in _ELSEWHERE}
        return _with_unset(shown, ("machine",), known, nested=False)
    fields = {field.path for field in section.fields}
    for table, properties in options.items():
        known = {name: one for name, one in properties.items() if (table, name) not in fields}
        shown = _with_unset(shown, (table,), known, nested=False)
    return shown


def _of_item(rows: list[Row], profile: Profile, item: Path, catalog: Catalog) -> list[Row]:
    group = str(item[0])
    value = edit.get(profile, item)
    if not isinstance(value, Item):
        return rows
    properties = offered.properties(catalog, group, value)
    shown = []
    for row in rows:
        if row.path == (*item, "type"):
            known = Property("type", "type", "enum", required=True, values=_types(catalog, group))
            shown.append(row._replace(property=known))
        else:
            known_of = properties.get(row.label.removesuffix(" +"))
            shown.append(_known(row, known_of))
            if known_of is not None and known_of.kind == "list" and row.path[-1] == row.label:
                more = Row((*row.path, 1), f"{row.label} +", "", is_set=False, adds=True)
                shown.append(_known(more, known_of))
    return _with_unset(shown, item, properties, BY_NAME[group].tables)


def _known(row: Row, known: Property | None) -> Row:
    """Returns a row with its property."""
    if known is None:
        return row
    return row._replace(
        kind=row.kind if row.kind == "long" else type_text(known),
        help=row.help or about(known),
        choices=() if row.adds else choices(known),
        property=known,
        default=_default_text(known),
    )


def _with_unset(
    rows: list[Row], place: Path, properties: Mapping[str, Property], nested: bool
) -> list[Row]:
    """Returns the rows with one for each property that is not set, before those that add a key."""
    taken = {row.label.removesuffix(" +").replace("_", "-") for row in rows if row.is_set}
    last = len(rows)
    while (
        last
        and rows[last - 1].adds
        and (rows[last - 1].path == place or len(rows[last - 1].path) == 1)
    ):
        last -= 1
    unset = [
        _unset((*place, *(name.split(".") if nested else (name,))), known)
        for name, known in sorted(properties.items())
        if known.kind != "internal" and name.replace("_", "-") not in taken
    ]
    return [*rows[:last], *unset, *rows[last:]]


def _unset(path: Path, known: Property) -> Row:
    default = _default_text(known)
    return Row(
        path, known.name[:_LONGEST], default, type_text(known), about(known), is_set=False,
        choices=choices(known), property=known, default=default, is_offered=True,
    )  # fmt: skip


def choices(known: Property) -> tuple[Value, ...]:
    """Returns what Space turns through."""
    return SWITCH if known.kind == "bool" else _AUTO if known.kind == "auto" else ()


def type_text(known: Property) -> str:
    """Returns the type in a few letters."""
    if known.kind == "reference":
        return f"{known.reference.rpartition(':')[2][:_LONGEST]} id"
    if known.kind == "list":
        return "list"
    return _SHORT.get(known.type, known.type.removesuffix("_t")[:_LONGEST])


def _default_text(known: Property) -> str:
    return known.default_text[:_LONGEST]


def about(known: Property) -> str:
    """Returns what a property is, in QEMU's words where it has some."""
    words = known.description[:_LONGEST]
    if words in _TYPES_AGAIN:
        words = ""
    if not words and known.reference:
        words = f"the id of {a(_noun(known))}"
    if not words and known.values:
        words = ", ".join(known.values[:_MOST_WORDS])[:_LONGEST]
    return f"deprecated; {words}".removesuffix("; ") if known.deprecated else words


def _noun(known: Property) -> str:
    group, _, kind = known.reference.rpartition(":")
    if kind == "node":
        return "drive or blockdev"
    return f"{kind} {group}" if group else kind


@lru_cache(maxsize=32)
def _types(catalog: Catalog, group: str) -> tuple[str, ...]:
    if group == "device":
        return tuple(name for name, device in catalog.devices.items() if device.creatable)
    return tuple(catalog.types(group))


# The fields that every profile has


def _of_field(
    row: Row, profile: Profile, options: Mapping[str, Mapping[str, Property]], catalog: Catalog
) -> Row:
    """Returns the row of a field with what this QEMU offers for it."""
    table, key = str(row.path[0]), str(row.path[1]) if len(row.path) > 1 else ""
    if table in offered.OPTIONS:
        known = options[table].get(key)
        return row if known is None else _with_default(row, known)
    known = next((make(profile, catalog) for path, make in _FIELDS if path == (table, key)), None)
    if known is None:
        return row
    return _with_default(row._replace(help=known.description or row.help), known)


def _of_option(profile: Profile, table: str, catalog: Catalog) -> Mapping[str, Property]:
    """Returns the properties of an option, with what the machine has without it."""
    found = dict(offered.of_table(catalog, table))
    for name, default in machine_defaults.of_table(profile, table, catalog).items():
        if name in found:
            found[name] = found[name]._replace(default=default)
    return found


def _with_default(row: Row, known: Property) -> Row:
    default = _default_text(known)
    is_first = row.adds and row.path[-1] == 0
    value = default if default and not row.is_set and (is_first or not row.adds) else row.value
    return row._replace(value=value, property=known, default=default)


def _machine(profile: Profile, catalog: Catalog) -> Property:
    default = catalog.machine("")
    name = (default.alias or default.name) if default is not None else ""
    machine = offered.machine_of(profile, catalog)
    about = machine.description[:_LONGEST] if machine is not None else ""
    return Property("type", "machine", "enum", about, name, catalog.machine_names)


def _accel(profile: Profile, catalog: Catalog) -> Property:
    default = ":".join(accelerators.default(profile))
    about = accelerators.problem(profile, catalog)
    return Property("accel", "accelerator", "enum", about, default, tuple(catalog.accelerators))


def _model(profile: Profile, catalog: Catalog) -> Property:
    default = offered.default_cpu(profile, catalog)
    cpu = catalog.cpus.get(keyval.scalar_text(profile.cpu.model) or default)
    about = cpu.description[:_LONGEST] if cpu is not None else ""
    return Property("model", "CPU model", "enum", about, default, tuple(catalog.cpus))


def _features(profile: Profile, catalog: Catalog) -> Property:
    name = keyval.scalar_text(profile.cpu.model) or offered.default_cpu(profile, catalog)
    return Property("features", "CPU feature", "enum", values=_feature_words(catalog, name))


@lru_cache(maxsize=8)
def _feature_words(catalog: Catalog, model: str) -> tuple[str, ...]:
    """Returns what switches each feature of a CPU model on."""
    known = catalog.properties("cpu", model) or {}
    return tuple(
        f"+{name}" if catalog.is_x86 else f"{name}=on"
        for name, one in sorted(known.items())
        if one.kind == "bool"
    )


_FIELDS = (
    (("machine", "type"), _machine),
    (("machine", "accel"), _accel),
    (("cpu", "model"), _model),
    (("cpu", "features"), _features),
)
