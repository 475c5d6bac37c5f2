"""A catalog as tables of words, and everything about one name in it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from qemutui.core.catalog import Catalog
from qemutui.core.catalog_entries import Accelerator, Cpu, Device, Machine
from qemutui.core.groups import GROUPS
from qemutui.core.property_type import Property

BACKENDS = (*(group.name for group in GROUPS if group.name not in ("device", "object", "drive")),
            "display")  # fmt: skip
_OF_ITS_OWN = ("machines", "cpus", "accelerators", "devices", "objects", "options")
CATEGORIES = (*_OF_ITS_OWN[:-1], *BACKENDS, "options")
"""What a catalog has lists of."""
_ALSO = {one.removesuffix("s"): one for one in _OF_ITS_OWN}


class Found(NamedTuple):
    """A thing in a catalog."""

    kind: str
    """`machine`, `cpu`, `accel`, `drive`, `display`, or the name of a group."""
    name: str
    facts: tuple[tuple[str, str], ...]
    """What is known of it, each under a word."""
    properties: Mapping[str, Property] | None
    """None where QEMU does not tell."""


def category(word: str) -> str:
    """Returns the name in `CATEGORIES` that a word means, or nothing."""
    word = _ALSO.get(word, word)
    return word if word in CATEGORIES else ""


def table(catalog: Catalog, name: str) -> list[tuple[str, ...]]:
    """Returns the rows of one of `CATEGORIES`: a name, and what there is to say of it."""
    if name == "machines":
        return [(one.name, _machine_remarks(one), one.description)
                for one in catalog.machines.values()]  # fmt: skip
    if name == "cpus":
        return [(one.name, _cpu_remarks(one), one.description) for one in catalog.cpus.values()]
    if name == "accelerators":
        return [(one.name, one.reason) for one in catalog.accelerators.values()]
    if name == "devices":
        return [(one.name, one.category, one.bus, _device_words(one)) for one in _devices(catalog)]
    if name == "options":
        return [
            (f"-{option}", "value" if takes else "") for option, takes in catalog.options.items()
        ]
    types = catalog.types("object" if name == "objects" else name)
    return [*types.items()]


def _devices(catalog: Catalog) -> list[Device]:
    found = [one for one in catalog.devices.values() if one.creatable]
    return sorted(found, key=lambda one: (one.category, one.name))


def _machine_remarks(one: Machine) -> str:
    alias = one.alias and f"is {one.alias}"
    return _list(one.is_default and "default", one.deprecated and "deprecated", alias)


def _cpu_remarks(one: Cpu) -> str:
    alias = one.alias_of and f"is {one.alias_of}"
    return _list(one.deprecated and "deprecated", one.unavailable and "not here", alias)


def _device_words(one: Device) -> str:
    return _list(one.alias and f"is {one.alias}", one.description)


def _list(*words: object) -> str:
    return ", ".join(str(word) for word in words if word)


def names(catalog: Catalog) -> tuple[str, ...]:
    """Returns every name that `find` finds."""
    aliases = (device.alias for device in catalog.devices.values() if device.alias)
    found = [*catalog.machine_names, *catalog.cpus, *catalog.accelerators, *catalog.devices]
    found += [*aliases, *catalog.types("object"), "drive"]
    for group in BACKENDS:
        found += catalog.types(group)
    return tuple(dict.fromkeys(found))


def find(catalog: Catalog, name: str) -> list[Found]:
    """Returns all that has a name; an alias is one."""
    return [one._replace(properties=catalog.properties(one.kind, key))
            for one, key in _find(catalog, name)]  # fmt: skip


def _find(catalog: Catalog, name: str) -> Iterator[tuple[Found, str]]:
    machine = catalog.machine(name) if name else None
    if machine is not None:
        yield Found("machine", machine.name, _machine_facts(machine), None), machine.name
    if name in catalog.cpus:
        yield Found("cpu", name, _cpu_facts(catalog.cpus[name]), None), name
    if name in catalog.accelerators:
        yield Found("accel", name, _accelerator_facts(catalog.accelerators[name]), None), name
    device = catalog.device(name)
    if device is not None:
        yield Found("device", device.name, _device_facts(device), None), device.name
    for group in ("object", *BACKENDS):
        types = catalog.types(group)
        if name in types:
            yield Found(group, name, _facts(("description", types[name])), None), name
    if name == "drive":
        yield Found("drive", name, (), None), ""


def _facts(*pairs: tuple[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((word, str(value)) for word, value in pairs if value)


def _machine_facts(one: Machine) -> tuple[tuple[str, str], ...]:
    return _facts(
        ("description", one.description), ("alias", one.alias),
        ("remarks", _machine_remarks(one._replace(alias=""))),
        ("CPUs", one.max_cpus and f"at most {one.max_cpus}"), ("CPU", one.default_cpu),
        ("RAM", one.default_ram_id), ("type", one.type_name),
    )  # fmt: skip


def _cpu_facts(one: Cpu) -> tuple[tuple[str, str], ...]:
    return _facts(
        ("description", one.description), ("alias of", one.alias_of),
        ("deprecated", one.deprecated and "yes"), ("lacks here", ", ".join(one.unavailable)),
        ("type", one.type_name),
    )  # fmt: skip


def _accelerator_facts(one: Accelerator) -> tuple[tuple[str, str], ...]:
    return _facts(("usable", "yes" if one.usable else "no"), ("reason", one.reason))


def _device_facts(one: Device) -> tuple[tuple[str, str], ...]:
    return _facts(
        ("description", one.description), ("category", one.category), ("bus", one.bus),
        ("alias", one.alias), ("note", not one.creatable and "part of others, not for -device"),
        ("derived from", ", ".join(one.parents)),
    )  # fmt: skip


def property_rows(properties: Mapping[str, Property]) -> list[tuple[str, ...]]:
    """Returns rows of name, what it takes, default, help; those first that must be there."""
    shown = [one for one in properties.values() if one.kind != "internal"]
    return [
        (one.name, takes(one), one.default_text, _help(one))
        for one in sorted(shown, key=lambda one: (not one.required, one.name))
    ]


def takes(one: Property) -> str:
    """Returns what a property takes, in QEMU's words where it has some."""
    if one.kind == "bool":
        return "on|off"
    if one.values:
        return "|".join(one.values)
    if one.kind == "reference":
        group, _, type_name = one.reference.rpartition(":")
        kind = type_name if not group else f"{type_name} {group}"
        return "id of drive or blockdev" if kind == "node" else f"id of {kind}"
    return "text" if one.type in ("str", "string") else one.type


def _help(one: Property) -> str:
    words = one.description if one.description.replace("/", "|") != takes(one) else ""
    return _list(one.required and "required", one.deprecated and "deprecated", words)


def plain(value: Any) -> Any:
    """Returns a thing of a catalog as JSON has it."""
    if isinstance(value, Found):
        told = value.properties
        return {
            "kind": value.kind,
            "name": value.name,
            **dict(value.facts),
            "properties": None if told is None else [one._asdict() for one in told.values()],
        }
    return value._asdict()


def plain_list(catalog: Catalog, name: str) -> list[Any]:
    """Returns the rows of one of `CATEGORIES` as JSON has them."""
    things: Mapping[str, Mapping[str, Any]] = {
        "machines": catalog.machines, "cpus": catalog.cpus, "accelerators": catalog.accelerators,
        "devices": catalog.devices,
    }  # fmt: skip
    if name in things:
        return [plain(one) for one in things[name].values()]
    if name == "options":
        return [{"name": one, "value": takes} for one, takes in catalog.options.items()]
    types = catalog.types("object" if name == "objects" else name)
    return [{"name": one, "description": words} for one, words in types.items()]
