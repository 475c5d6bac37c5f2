"""What this QEMU does not take for a machine: its type, its properties, its processors."""

from collections.abc import Iterator, Mapping

from qemutui.core.catalog import Catalog, Machine
from qemutui.core.edit import Edit, Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Value
from qemutui.core.near import nearest
from qemutui.core.property_fault import fault
from qemutui.core.property_type import Property
from qemutui.core.rules.effective import machine_type
from qemutui.core.rules.offered_properties import problem_of
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.values import (
    LEVELS,
    MACHINE_ON_OFF_AUTO,
    MACHINE_SWITCHES,
    count_of,
)
from qemutui.core.rules.words import quoted

# What QEMU takes beside the properties of the machine (`system/vl.c`, qemu_apply_legacy_machine_
# options): properties of accelerators, and what became options of their own.
_BESIDE = frozenset(
    {"type", "accel", "kernel-irqchip", "kvm-shadow-mem", "igd-passthru", "memory", "smp", "boot"}
)
_TABLES = {"memory": "memory", "smp": "smp-opts", "boot": "boot-opts"}
_JUDGED = frozenset({"bool", "int", "size", "auto", "enum"})


def unknown_machine(subject: Subject) -> Iterator[Problem]:
    """A machine type that QEMU does not have."""
    catalog, found = subject.catalog, machine_type(subject)
    if catalog is None or found is None or not catalog.machines:
        return
    name, path = found
    if catalog.machine(name) is not None:
        return
    if not name:
        yield Problem("error", path, f"qemu-system-{catalog.target} has no default machine.")
        return
    near = nearest(name, catalog.machine_names)
    fix = Fix(f"makes it {near}", (Set(path, near),)) if near and path[0] == "machine" else None
    yield Problem("error", path, f"QEMU {catalog.release} has no machine {quoted(name)}.", fix)


def _machine(subject: Subject) -> Machine | None:
    found = machine_type(subject)
    if subject.catalog is None or found is None:
        return None
    return subject.catalog.machine(found[0])


def _machine_properties(subject: Subject) -> Mapping[str, Property] | None:
    machine = _machine(subject)
    if machine is None or subject.catalog is None:
        return None
    return subject.catalog.properties("machine", machine.name)


def unknown_key(subject: Subject) -> Iterator[Problem]:
    """Keys of -machine, -m, -smp, -boot and -qmp that QEMU does not have."""
    catalog = subject.catalog
    if catalog is None:
        return
    profile = subject.profile
    known = _machine_properties(subject)
    if known is not None:
        names = {name.replace("_", "-"): name for name in known}
        for key in profile.machine.others:
            plain = key.partition(".")[0].replace("_", "-")
            if not key.startswith("_") and plain not in names and plain not in _BESIDE:
                yield _no_such_key(catalog, "machine", key, tuple(known), profile.machine.others)
    for table, option in _TABLES.items():
        keys = catalog.properties("option", option)
        others = getattr(profile, table).others
        for key in others if keys else ():
            if not key.startswith("_") and key.partition(".")[0] not in (keys or ()):
                yield _no_such_key(catalog, table, key, tuple(keys or ()), others)
    keys = catalog.properties("option", "chardev")
    for key in profile.qmp.others if keys else ():
        if not key.startswith("_") and key not in (keys or ()) and key != "pretty":
            yield _no_such_key(catalog, "qmp", key, tuple(keys or ()), profile.qmp.others)


def _no_such_key(
    catalog: Catalog, table: str, key: str, names: tuple[str, ...], others: Mapping[str, Value]
) -> Problem:
    near = nearest(key, names)
    fix = None
    if near is not None and near not in others:
        edits: tuple[Edit, ...] = (Set((table, key), None), Set((table, near), others[key]))
        fix = Fix(f"makes it {near}", edits)
    message = f"QEMU {catalog.release} refuses this: it has no such property."
    return Problem("error", (table, key), message, fix)


def bad_value(subject: Subject) -> Iterator[Problem]:
    """Values of -machine and -boot that QEMU cannot read as what the property is."""
    catalog = subject.catalog
    if catalog is None:
        return
    known = _machine_properties(subject)
    judged = MACHINE_SWITCHES | MACHINE_ON_OFF_AUTO
    others = {} if subject.has_option("machine") else subject.profile.machine.others
    for key, value in others.items() if known is not None else ():
        prop = (known or {}).get(key.replace("_", "-")) or (known or {}).get(key)
        if prop is not None and key not in judged and prop.kind in _JUDGED:
            found = fault(prop, value)
            if found is not None:
                yield problem_of(("machine", key), found)
    machine = _machine(subject)
    has_firmware = machine is not None and machine.name.startswith(("pc", "isapc", "microvm"))
    for key, (least, most) in _BOOT.items() if has_firmware else ():
        value = subject.profile.boot.others.get(key)
        if value is not None and not isinstance(value, tuple | dict):
            found = fault(Property(key, "int32", "int", least=least, most=most), value)
            if found is not None and not subject.has_option("boot"):
                yield problem_of(("boot", key), found)


_BOOT = {"splash-time": (0, 65535), "reboot-timeout": (-1, 65535)}
"""The numbers of -boot and their ranges (`hw/nvram/fw_cfg.c`), which not every machine looks at."""


def too_many_cpus(subject: Subject) -> Iterator[Problem]:
    """More processors than the machine takes."""
    machine, smp = _machine(subject), subject.profile.smp
    if machine is None or not machine.max_cpus or subject.has_option("smp"):
        return
    written = {"cpus": smp.cpus, "maxcpus": smp.maxcpus}
    counts = {name: count_of(value) or 0 for name, value in written.items()}
    name = "maxcpus" if counts["maxcpus"] else "cpus"
    count = counts[name]
    if not count:
        levels = [count_of(value) or 1 for value in (smp.sockets, smp.cores, smp.threads)]
        count, name = levels[0] * levels[1] * levels[2], "sockets"
        if name not in smp.written:
            name = "cores" if "cores" in smp.written else "threads"
    if count <= machine.max_cpus:
        return
    most = machine.max_cpus
    shown = machine.alias or machine.name
    edits: tuple[Edit, ...] = (Set(("smp", name), most),)
    fix = None
    if not any(level in smp.written for level in ("sockets", "cores", "threads", *LEVELS)):
        if counts["cpus"] > most and name != "cpus":
            edits = (Set(("smp", "cpus"), most), *edits)
        fix = Fix(f"makes it {most}", edits)
    yield Problem("error", ("smp", name), f"{shown} takes at most {most} cpus.", fix)
