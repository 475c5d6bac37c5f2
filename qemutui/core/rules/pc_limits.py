"""What a PC does not take of memory and processors, beyond what its properties tell."""

import re
from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.argv import words_of
from qemutui.core.catalog_entries import Machine
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.rules import memory_sizes
from qemutui.core.rules.effective import cpu_model, machine_keys, machine_of, runs_on_tcg
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.values import count_of, processors

_USUAL_SIZE = 128 << 20
"""Bytes of memory of a PC where -m is not given (`hw/core/machine.c`, default_ram_size)."""

_MOST_SLOTS = 256
"""ACPI_MAX_RAM_SLOTS (`include/hw/acpi/acpi.h`)."""

_CANNOT_GROW = re.compile(r"isapc|pc-i440fx-(?:0\.\d+|1\.\d+|2\.0)")
"""Machines without room for memory that is added (`hw/i386/pc_piix.c`, has_reserved_memory)."""

_MOST_FIRMWARE = 16 << 20


def _machine(subject: Subject) -> Machine | None:
    return machine_of(subject) if subject.catalog is not None and subject.catalog.is_x86 else None


def dies(subject: Subject) -> Iterator[Problem]:
    """Dies where sockets have none."""
    machine, count = _machine(subject), processors(subject.profile.smp.others.get("dies"))
    if machine is None or machine.name != "microvm" or subject.has_option("smp"):
        return
    if count is not None and count > 1:
        fix = Fix("unsets it", (Set(("smp", "dies"), None),))
        yield Problem("error", ("smp", "dies"), "microvm has no dies.", fix)


def boot_once(subject: Subject) -> Iterator[Problem]:
    """An order of drives for one time on a machine without one (`system/bootdevice.c`)."""
    machine, once = _machine(subject), subject.profile.boot.others.get("once")
    if machine is not None and machine.name in ("microvm", "none") and once not in (None, ""):
        fix = Fix("unsets it", (Set(("boot", "once"), None),))
        yield Problem("error", ("boot", "once"), f"{machine.name} has no order of drives.", fix)


def slots(subject: Subject) -> Iterator[Problem]:
    """Memory that can grow on a machine where it cannot, or in too many places."""
    machine, memory = _machine(subject), subject.profile.memory
    if machine is None or memory.maxmem is None or subject.has_option("m"):
        return
    size = _USUAL_SIZE if memory.size is None else keyval.size(memory.size, "m")
    most = keyval.size(memory.maxmem)
    count = 0 if memory.slots is None else count_of(memory.slots)
    if most is not None and most < _USUAL_SIZE and memory.size is None:
        text = keyval.text(memory.maxmem)
        yield Problem("error", ("memory", "maxmem"), f"{text} is less than the usual 128 MiB.")
    if size is None or most is None or count is None or most <= size:
        return
    if _CANNOT_GROW.fullmatch(machine.name):
        keys = [key for key in ("slots", "maxmem") if key in memory.written]
        fix = Fix("unsets it", tuple(Set(("memory", key), None) for key in keys))
        yield Problem("error", ("memory", "maxmem"), f"The memory of {machine.name} cannot grow.",
                      fix)  # fmt: skip
    elif machine.name.startswith("pc-") and count > _MOST_SLOTS:
        fix = Fix(f"makes it {_MOST_SLOTS}", (Set(("memory", "slots"), _MOST_SLOTS),))
        yield Problem("error", ("memory", "slots"), f"A PC has at most {_MOST_SLOTS} slots.", fix)


_ROOM_IS_CHECKED = re.compile(r"pc-(?:i440fx|q35)-(?:2\.[5-9]|2\.1\d|[3-9]\.\d+|[1-9]\d+\.\d+)")
"""Machines that do not start where the processor cannot reach all memory (`hw/i386/pc.c`)."""

_NARROW = re.compile(r"(486|athlon|base|coreduo|kvm32|n270|pentium[23]?|qemu32)(-v\d+)?")
"""Models of 32 bits."""

_LOOKS_ABOVE_32_BITS = re.compile(r"pc-(i440fx|q35)-(8\.[2-9]|9\.\d+|[1-9]\d+\.\d+)")
"""Machines that look at memory above 4 GiB also where the processor reaches no more
(`hw/i386/pc.c`, broken_32bit_mem_addr_check)."""
_WITH_PSE36 = re.compile(r"(athlon|kvm32|pentium[23])(-v\d+)?")
"""Those of them that reach 36 bits by PSE36."""

_MOST_BITS = 52


def _feature(subject: Subject, *names: str) -> str | None:
    """Returns the last of these features, as written; None where none is there."""
    words = ",".join(words_of(subject.profile.cpu.features)).split(",")
    return next((w for w in reversed(words) if w.lstrip("+-").partition("=")[0] in names), None)


def _may_change_cpu(subject: Subject) -> bool:
    return subject.has_option("readconfig", "set") or any(
        option.name == "global" and "cpu" in option.value for option in subject.options
    )


def narrow_cpu(subject: Subject) -> Iterator[Problem]:
    """Address bits of a model of 32 bits, which has its own (`target/i386/cpu.c`)."""
    word = _feature(subject, "phys-bits")
    is_narrow = _NARROW.fullmatch(cpu_model(subject)) and _feature(subject, "lm") is None
    if word is None or not is_narrow or _may_change_cpu(subject):
        return
    if _machine(subject) is not None and count_of(word.partition("=")[2]):
        message = "A model of 32 bits has its own phys-bits."
        yield Problem("error", ("cpu", "features"), message)


def address_space(subject: Subject) -> Iterator[Problem]:
    """More memory than the processor of a PC can reach (`hw/i386/pc.c`, pc_memory_init)."""
    machine, memory, catalog = _machine(subject), subject.profile.memory, subject.catalog
    if machine is None or catalog is None or catalog.version < (7, 2, 0):
        return
    if not _ROOM_IS_CHECKED.fullmatch(machine.name) or subject.has_option(
        "m", "cpu", "global", "set"
    ):
        return
    bits = _MOST_BITS
    word = _feature(subject, "phys-bits", "host-phys-bits", "host-phys-bits-limit", "lm")
    model = cpu_model(subject)
    is_usual = model == "" and catalog.target == "i386"  # qemu32
    if word is None and (is_usual or _NARROW.fullmatch(model)):
        reaches_36 = _WITH_PSE36.fullmatch(model) and _feature(subject, "pse36") is None
        if not reaches_36 and not _LOOKS_ABOVE_32_BITS.fullmatch(machine.name):
            return
        bits = 36
    elif word is None and runs_on_tcg(subject):
        bits = 40  # TCG_PHYS_ADDR_BITS
    for key, unit in (("maxmem", "b"), ("size", "m")):
        value = getattr(memory, key)
        size = keyval.size(value, unit)
        if size is not None and size >= 1 << bits:
            message = f"The processor reaches no more than 2^{bits} bytes."
            yield Problem("error", ("memory", key), message)
            return


def firmware_size(subject: Subject) -> Iterator[Problem]:
    """More room for firmware than a PC has (`hw/i386/pc.c`, pc_machine_set_max_fw_size)."""
    machine, value = _machine(subject), subject.profile.machine.others.get("max-fw-size")
    is_pc = machine is not None and machine.name.startswith(("pc-", "isapc"))
    if not is_pc or subject.has_option("machine"):
        return
    size = keyval.size(value)
    if size is not None and size > _MOST_FIRMWARE:
        fix = Fix("makes it 16M", (Set(("machine", "max-fw-size"), "16M"),))
        path = ("machine", "max-fw-size")
        yield Problem("error", path, "A PC has at most 16 MiB of firmware.", fix)


def backend_size(subject: Subject) -> Iterator[Problem]:
    """A memory backend of another size than the machine's memory."""
    wanted = memory_sizes.of_machine(subject.profile)
    if wanted is None or subject.has_option("m", "machine", "readconfig", "object", "set"):
        return
    for reference in subject.references:
        if reference.path == ("machine", "memory-backend"):
            for _, has in memory_sizes.of_backends(subject, reference.id):
                if has != wanted:
                    message = f"{reference.id} has another size than the machine's memory."
                    yield Problem("error", ("memory", "size"), message)


def cxl(subject: Subject) -> Iterator[Problem]:
    """A host bridge of CXL on a machine where that is off (`hw/i386/pc.c`, pc_machine_done)."""
    machine = _machine(subject)
    is_off = keyval.is_off(machine_keys(subject).get("cxl", False))
    if machine is None or not is_off or subject.has_option("machine", "readconfig"):
        return
    for scan in subject.scans:
        if scan.entry.group.name == "device" and scan.entry.type == "pxb-cxl":
            fix = Fix("switches cxl on", (Set(("machine", "cxl"), True),))
            path = (*scan.entry.path, "type")
            yield Problem("error", path, "pxb-cxl needs a machine with cxl.", fix)


_PORTS = frozenset({"pcie-root-port", "ioh3420", "x3130-upstream", "xio3130-downstream"})
_WITHOUT_APIC = re.compile(r"(486|base)(-v1)?")


def message_interrupts(subject: Subject) -> Iterator[Problem]:
    """Ports of PCI Express where the processor has no APIC (`hw/pci/msi.c`,
    msi_nonbroken)."""
    machine, model = _machine(subject), cpu_model(subject)
    word = _feature(subject, "apic")
    without = _WITHOUT_APIC.fullmatch(model) and word is None
    if machine is None or not machine.name.startswith("pc-") or _may_change_cpu(subject):
        return
    # Several processors have one each, whatever their model (`target/i386/cpu.c`).
    if subject.profile.smp.written or subject.has_option("smp", "cpu"):
        return
    if not without and word not in ("-apic", "apic=off"):
        return
    for scan in subject.scans:
        kind = scan.entry.type
        if scan.entry.group.name == "device" and kind in _PORTS:
            message = f"{kind} needs a processor with an APIC."
            yield Problem("error", (*scan.entry.path, "type"), message)


_LEGACY_ONLY = re.compile(r"pc-(i440fx|q35)-(0\.\d+|1\.\d+|2\.[0-6])")
"""Machines on which virtio devices are not modern (`hw/core/machine.c`, hw_compat_2_6)."""


def neither_legacy_nor_modern(subject: Subject) -> Iterator[Problem]:
    """Virtio devices without legacy on a machine where they are not modern."""
    machine = _machine(subject)
    if machine is None or not _LEGACY_ONLY.fullmatch(machine.name):
        return
    if subject.has_option("global", "set"):
        return
    for scan in subject.scans:
        root = scan.entry.item.root
        is_on = root.get("disable-legacy") in (True, "on") and "disable-modern" not in root
        if scan.entry.group.name == "device" and is_on:
            fix = Fix("switches modern on", (Set((*scan.entry.path, "disable-modern"), False),))
            message = f"On {machine.name} it is not modern unless told."
            yield Problem("error", (*scan.entry.path, "disable-legacy"), message, fix)
