"""What this QEMU does not take for a machine: its type, its properties, its processors."""

from collections.abc import Iterator, Mapping

from qemutui.core import keyval
from qemutui.core.catalog import Catalog
from qemutui.core.edit import Edit, Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Value
from qemutui.core.near import nearest
from qemutui.core.offered import OPTIONS, of_table
from qemutui.core.property_fault import fault
from qemutui.core.property_type import Property
from qemutui.core.rules.effective import (
    cpu_model,
    machine_keys,
    machine_of,
    machine_type,
    runs_on_tcg,
)
from qemutui.core.rules.offered_properties import problem_of
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.values import (
    LEVELS,
    MACHINE_ON_OFF_AUTO,
    MACHINE_SWITCHES,
    processors,
)
from qemutui.core.rules.words import quoted

# What QEMU takes beside the properties of the machine (`system/vl.c`, qemu_apply_legacy_machine_
# options): properties of accelerators, and what became options of their own.
_BESIDE = frozenset(
    {"type", "accel", "kernel-irqchip", "kvm-shadow-mem", "igd-passthru", "memory", "smp", "boot"}
)
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


def _machine_properties(subject: Subject) -> Mapping[str, Property] | None:
    machine = machine_of(subject)
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
        for key in profile.machine.others:
            if not key.startswith("_") and not is_machine_key(key, known):
                yield _no_such_key(catalog, "machine", key, tuple(known), profile.machine.others)
    for table in OPTIONS:
        keys = of_table(catalog, table)
        others = getattr(profile, table).others
        for key in others if keys else ():
            if not key.startswith("_") and key.partition(".")[0] not in keys:
                yield _no_such_key(catalog, table, key, tuple(keys), others)
    keys = catalog.properties("option", "chardev") or {}
    for key in profile.qmp.others if keys else ():
        if not key.startswith("_") and key not in keys:
            yield _no_such_key(catalog, "qmp", key, tuple(keys), profile.qmp.others)


def is_machine_key(key: str, known: Mapping[str, Property]) -> bool:
    """Tells whether a machine with these properties takes a key of -machine."""
    plain = key.partition(".")[0].replace("_", "-")
    return plain in known or plain.replace("-", "_") in known or key in known or plain in _BESIDE


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
    others = machine_keys(subject)
    for key, value in others.items() if known is not None else ():
        prop = (known or {}).get(key.replace("_", "-")) or (known or {}).get(key)
        if prop is not None and key not in judged and prop.kind in _JUDGED:
            found = fault(prop, value)
            if found is not None:
                yield problem_of(("machine", key), found)
    machine = machine_of(subject)
    has_firmware = machine is not None and machine.name.startswith(("pc", "isapc", "microvm"))
    for key, (least, most) in _BOOT.items() if has_firmware else ():
        given = subject.profile.boot.others.get(key)
        if given is not None and not isinstance(given, tuple | dict):
            found = fault(Property(key, "int32", "int", least=least, most=most), given)
            if found is not None and not subject.has_option("boot"):
                yield problem_of(("boot", key), found)


def limits(subject: Subject) -> Iterator[Problem]:
    """What PCs refuse and other machines may take."""
    machine, profile = machine_of(subject), subject.profile
    if machine is not None and machine.name == "none" and cpu_model(subject) and _is_x86(subject):
        yield Problem("error", ("cpu", "model"), "The machine none has no place for a CPU.")
    if machine is None or not machine.name.startswith(("pc-", "isapc")):
        return
    for key in ("order", "once") if not subject.has_option("boot") else ():
        value = profile.boot.order if key == "order" else profile.boot.others.get(key)
        letters = keyval.scalar_text(value)
        wrong = next((letter for letter in letters if letter in "efghijklmop"), "")
        if wrong:
            message = f"A PC boots from a, b, c, d and n, not from {quoted(wrong)}."
            yield Problem("error", ("boot", key), message)
        elif len(letters) > 3:
            yield Problem("error", ("boot", key), "A PC boots from three of them at most.")
    for key, most in _OEM.items() if not subject.has_option("machine") else ():
        value = profile.machine.others.get(key)
        if isinstance(value, str) and len(value.encode()) > most:
            yield Problem("error", ("machine", key), f"This has {most} bytes at most.")
    for level in ("clusters", "books", "drawers"):
        count = processors(profile.smp.others.get(level))
        if count is not None and count > 1 and not subject.has_option("smp"):
            yield Problem("error", ("smp", level), f"A PC has no {level}.")
    for entry in subject.entries_of("drive"):
        interface = entry.item.root.get("if")
        if interface in ("mtd", "sd", "scsi"):
            path = (*entry.path, "if")
            yield Problem("error", path, f"A PC has no {interface} drives of its own.")


def _is_x86(subject: Subject) -> bool:
    return subject.catalog is not None and subject.catalog.is_x86


_OEM = {"x-oem-id": 6, "x-oem-table-id": 8}
"""Texts of the ACPI tables and how long they are (`hw/i386/pc.c`)."""

_BOOT = {"splash-time": (0, 65535), "reboot-timeout": (-1, 65535)}
"""The numbers of -boot and their ranges (`hw/nvram/fw_cfg.c`), which not every machine looks at."""


def _lacks_x2apic(subject: Subject) -> bool:
    """Tells whether what runs a PC counts no further than 255 (tcg before 9.0)."""
    catalog = subject.catalog
    return catalog is not None and catalog.version < (9, 0, 0) and runs_on_tcg(subject)


def too_many_cpus(subject: Subject) -> Iterator[Problem]:
    """More processors than the machine takes."""
    machine, smp = machine_of(subject), subject.profile.smp
    if machine is None or not machine.max_cpus or subject.has_option("smp"):
        return
    written = {"cpus": smp.cpus, "maxcpus": smp.maxcpus}
    counts = {name: processors(value) or 0 for name, value in written.items()}
    name = "maxcpus" if counts["maxcpus"] else "cpus"
    count = counts[name]
    if not count:
        levels = [processors(value) or 1 for value in (smp.sockets, smp.cores, smp.threads)]
        count, name = levels[0] * levels[1] * levels[2], "sockets"
        if name not in smp.written:
            name = "cores" if "cores" in smp.written else "threads"
    most = machine.max_cpus
    if machine.name.startswith(("pc-", "microvm")) and _lacks_x2apic(subject):
        most = min(most, 255)
    if count <= most:
        return
    shown = machine.alias or machine.name
    edits: tuple[Edit, ...] = (Set(("smp", name), most),)
    fix = None
    if not any(level in smp.written for level in ("sockets", "cores", "threads", *LEVELS)):
        if counts["cpus"] > most and name != "cpus":
            edits = (Set(("smp", "cpus"), most), *edits)
        fix = Fix(f"makes it {most}", edits)
    yield Problem("error", ("smp", name), f"{shown} takes at most {most} cpus.", fix)
