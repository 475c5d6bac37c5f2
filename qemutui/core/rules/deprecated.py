"""What this QEMU still takes and a later one will not."""

from collections.abc import Iterator

from qemutui.core.catalog import Catalog
from qemutui.core.catalog_entries import Machine
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.rules.effective import cpu_model, machine_of, machine_type, place
from qemutui.core.rules.offered_properties import known_properties
from qemutui.core.rules.offered_types import type_path
from qemutui.core.rules.renamed import (
    DEPRECATED_OPTIONS,
    DEPRECATED_PROPERTIES,
    DEPRECATED_TYPES,
    OPTIONS,
)
from qemutui.core.rules.subject import Entry, Subject


def of_whole(subject: Subject) -> Iterator[Problem]:
    """A machine type, a CPU model, and options that are deprecated."""
    catalog = subject.catalog
    if catalog is None:
        return
    found, machine = machine_type(subject), machine_of(subject)
    if found is not None and machine is not None and machine.deprecated:
        newest = _newest(catalog, machine)
        words = f"; {newest} is the newest of its kind" if newest else ""
        yield Problem("warning", found[1], f"{machine.name} is deprecated{words}.")
    model = catalog.cpus.get(cpu_model(subject))
    if model is not None and model.deprecated:
        yield Problem("warning", ("cpu", "model"), f"{model.name} is deprecated.")
    for option in subject.options:
        since = DEPRECATED_OPTIONS.get(option.name)
        if since is not None and since <= catalog.version[:2] and option.name in catalog.options:
            instead = OPTIONS.get(option.name)
            words = f"; {instead} is there instead" if instead else ""
            yield Problem("warning", place(subject, option),
                          f"{option.written} is deprecated{words}.")  # fmt: skip


def _newest(catalog: Catalog, machine: Machine) -> str:
    """Returns the alias of the newest machine of the same kind; empty if there is none."""
    kind = machine.name.rpartition("-")[0]
    for other in catalog.machines.values():
        if other.alias and kind and other.name.rpartition("-")[0] == kind:
            return other.alias
    return ""


def of_item(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    """A type, and properties, that are deprecated."""
    group = entry.group.name
    known = DEPRECATED_TYPES.get((group, entry.type))
    if known is not None and known[0] <= catalog.version[:2]:
        instead = known[1]
        words = f"; {instead} is there instead" if instead else ""
        path = type_path(entry)
        fix = None
        if group == "chardev":  # another name of the same thing
            fix = Fix(f"makes it {instead}", (Set(path, instead),))
        yield Problem("warning", path, f"{entry.type} is deprecated{words}.", fix)
    properties = known_properties(entry, catalog) or {}
    for key in entry.item.root:
        prop = properties.get(key)
        if prop is None:
            continue
        instead = DEPRECATED_PROPERTIES.get((group, key), "")
        if prop.deprecated or instead in properties:
            words = f"; {instead} is there instead" if instead in properties else ""
            yield Problem("warning", (*entry.path, key), f"{key} is deprecated{words}.")
