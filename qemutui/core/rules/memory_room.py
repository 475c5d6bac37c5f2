"""Memory that is plugged as a device, where the machine has no room for it.

`hw/mem/memory-device.c`, `hw/mem/pc-dimm.c`, `hw/i386/pc.c`; tried on 7.2 and 10.0.
"""

import re
from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.rules.effective import machine_type
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.values import count_of
from qemutui.core.rules.words import quoted

_DIMMS = frozenset({"pc-dimm", "nvdimm"})
_DEVICES = re.compile(r"pc-dimm|nvdimm|virtio-(mem|pmem)-pci(-.*)?")
_BEGIN = ("pc-dimm", "nvdimm", "virtio-mem", "virtio-pmem")
_PC = re.compile(r"pc-(i440fx|q35)-.*")
_USUAL_SIZE = 128 << 20


def room(subject: Subject) -> Iterator[Problem]:
    """Devices of memory without slots for them, or without room above the machine's own."""
    catalog, found = subject.catalog, machine_type(subject)
    if catalog is None or found is None or subject.is_rewritten or subject.has_option("m"):
        return
    machine = catalog.machine(found[0])
    if machine is None or not _PC.fullmatch(machine.name):
        return
    memory = subject.profile.memory
    size = _USUAL_SIZE if memory.size is None else keyval.size(memory.size, "m")
    most = size if memory.maxmem is None else keyval.size(memory.maxmem)
    slots = 0 if memory.slots is None else count_of(memory.slots)
    if size is None or most is None or slots is None:
        return
    dimms = 0
    for scan in subject.scans:
        entry = scan.entry
        if not entry.type.startswith(_BEGIN) or not _DEVICES.fullmatch(entry.type):
            continue
        path = (*entry.path, "type")
        if entry.type == "nvdimm":
            yield from _switched_off(subject, entry)
        if most <= size:
            yield Problem("error", path, "Memory as a device needs a maxmem over the size.")
        elif entry.type in _DIMMS:
            dimms += 1
            if dimms > slots:
                yield Problem("error", path, f"The memory has {slots or 'no'} slots for DIMMs.")


def _switched_off(subject: Subject, entry: Entry) -> Iterator[Problem]:
    value = subject.profile.machine.others.get("nvdimm")
    is_off = value is None or (isinstance(value, bool | str) and keyval.boolean(value) is False)
    if is_off and not subject.has_option("machine"):
        fix = Fix("switches nvdimm on", (Set(("machine", "nvdimm"), True),))
        message = "An nvdimm needs the machine's nvdimm=on."
        yield Problem("error", (*entry.path, "type"), message, fix)


def obtainable(subject: Subject) -> Iterator[Problem]:
    """Memory of more bytes than Linux ever gives out at once (`mm/util.c`, __vm_enough_memory)."""
    most = subject.facts.most_memory
    if most is None or subject.profile.launch.wrapper:
        return
    for scan in subject.scans:
        entry = scan.entry
        if entry.type != "memory-backend-ram":
            continue
        size, reserve = entry.item.root.get("size"), entry.item.root.get("reserve", True)
        if not isinstance(size, int | float | str):
            continue
        if isinstance(reserve, bool | str) and keyval.boolean(reserve):
            yield from _too_much((*entry.path, "size"), keyval.size(size), size, most)


def _too_much(
    path: tuple[str | int, ...], bytes_: int | None, written: int | float | str, most: int
) -> Iterator[Problem]:
    if bytes_ is not None and bytes_ > most:
        total = f"{most / (1 << 30):.1f} GiB"
        message = f"{quoted(keyval.text(written))} is more than this computer's {total}."
        yield Problem("error", path, message)
