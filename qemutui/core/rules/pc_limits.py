"""What a PC does not take of memory and processors, beyond what its properties tell."""

import re
from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.argv import words_of
from qemutui.core.catalog import Machine
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.rules.effective import cpu_model, machine_type, runs_on_tcg
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.values import count_of, processors

_USUAL_SIZE = 128 << 20
"""Bytes of memory of a PC where -m is not given (`hw/core/machine.c`, default_ram_size)."""

_MOST_SLOTS = 256
"""ACPI_MAX_RAM_SLOTS (`include/hw/acpi/acpi.h`)."""

_CANNOT_GROW = re.compile(r"isapc|pc-i440fx-(?:0\.\d+|1\.\d+|2\.0)")
"""Machines without room for memory that is added (`hw/i386/pc_piix.c`, has_reserved_memory)."""

_MOST_FIRMWARE = 16 << 20

_PAGE = 8192
"""To which sizes of memory are rounded up (`system/vl.c`)."""


def _machine(subject: Subject) -> Machine | None:
    catalog, found = subject.catalog, machine_type(subject)
    if catalog is None or found is None or catalog.target not in ("x86_64", "i386"):
        return None
    return catalog.machine(found[0])


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

_NARROW = re.compile(r"(486|athlon|coreduo|kvm32|n270|pentium[23]?|qemu32)(-v\d+)?")
"""Models of 32 bits."""

_MOST_BITS = 52


def _feature(subject: Subject, *names: str) -> str | None:
    """Returns the last of these features, as written; None where none is there."""
    words = ",".join(words_of(subject.profile.cpu.features)).split(",")
    return next((w for w in reversed(words) if w.lstrip("+-").partition("=")[0] in names), None)


def narrow_cpu(subject: Subject) -> Iterator[Problem]:
    """Address bits of a model of 32 bits, which has its own (`target/i386/cpu.c`)."""
    word = _feature(subject, "phys-bits")
    is_narrow = _NARROW.fullmatch(cpu_model(subject)) and _feature(subject, "lm") is None
    if word is None or not is_narrow or subject.has_option("global", "readconfig", "set"):
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
    if word is None and _NARROW.fullmatch(cpu_model(subject)):
        bits = 36
    elif word is None and runs_on_tcg(subject):
        bits = 40  # TCG_PHYS_ADDR_BITS
    for key, unit in (("maxmem", "b"), ("size", "m")):
        value = getattr(memory, key)
        size = None if value is None else keyval.size(value, unit)
        if size is not None and size >= 1 << bits:
            message = f"The processor reaches no more than 2^{bits} bytes."
            yield Problem("error", ("memory", key), message)
            return


def firmware_size(subject: Subject) -> Iterator[Problem]:
    """More room for firmware than a PC has (`hw/i386/pc.c`, pc_machine_set_max_fw_size)."""
    machine, value = _machine(subject), subject.profile.machine.others.get("max-fw-size")
    if machine is None or not machine.name.startswith("pc-") or subject.has_option("machine"):
        return
    size = None if isinstance(value, tuple | dict | None) else keyval.size(value)
    if size is not None and size > _MOST_FIRMWARE:
        fix = Fix("makes it 16M", (Set(("machine", "max-fw-size"), "16M"),))
        path = ("machine", "max-fw-size")
        yield Problem("error", path, "A PC has at most 16 MiB of firmware.", fix)


def backend_size(subject: Subject) -> Iterator[Problem]:
    """A memory backend of another size than the machine's memory."""
    size = subject.profile.memory.size
    if size is None or subject.has_option("m", "machine", "readconfig", "object", "set"):
        return
    wanted = keyval.size(size, "m")
    for reference in subject.references:
        if reference.path != ("machine", "memory-backend") or not wanted:
            continue
        for thing in subject.named["object"].get(reference.id, ()):
            held = subject.profile.object[thing.place].root.get("size")
            if thing.off or isinstance(held, bool | tuple | dict) or held is None:
                continue
            has = keyval.size(held)
            if has is not None and -(-wanted // _PAGE) * _PAGE != has:
                message = f"{reference.id} has another size than the machine's memory."
                yield Problem("error", ("memory", "size"), message)
