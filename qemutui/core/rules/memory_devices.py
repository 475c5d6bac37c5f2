"""Memory that is plugged as a device, and does not fit where QEMU puts it.

`hw/mem/memory-device.c` and `hw/mem/nvdimm.c`; tried on 7.2 and 10.0.
"""

import re
from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.finding import Problem
from qemutui.core.rules.effective import machine_type
from qemutui.core.rules.subject import Entry, Subject

_ALIGNED = re.compile(r"pc-(i440fx|q35)-(2\.[2-9]|2\.1\d|[3-9]\.\d+|[1-9]\d+\.\d+)")
"""Machines that keep memory to its alignment (`hw/i386/pc.c`, enforce_aligned_dimm)."""
_HUGE = 2 << 20
"""The alignment of anonymous memory (`include/qemu/osdep.h`, QEMU_VMALLOC_ALIGN)."""
_PAGE = 4096
_ABOVE = 4 << 30
"""Where memory that is plugged begins, at the lowest."""


def aligned(subject: Subject) -> Iterator[Problem]:
    """Sizes of `memory-backend-ram` and addresses that are no multiples of what they must be."""
    catalog, found = subject.catalog, machine_type(subject)
    if catalog is None or found is None or subject.is_rewritten:
        return
    machine = catalog.machine(found[0])
    if machine is None or not _ALIGNED.fullmatch(machine.name):
        return
    for entry in subject.entries_of("device"):
        if entry.type in ("pc-dimm", "nvdimm"):
            yield from _of_device(subject, entry)


def _of_device(subject: Subject, entry: Entry) -> Iterator[Problem]:
    root = entry.item.root
    things = subject.ids.those("object", str(root.get("memdev")))
    if len(things) != 1 or things[0].off:
        return
    backend = subject.profile.object[things[0].place].root
    is_anonymous = things[0].type == "memory-backend-ram" and "share" not in backend
    unit = _HUGE if is_anonymous else _PAGE
    size = keyval.size(backend.get("size"))
    labels = keyval.size(root.get("label-size", 0))
    is_short = size is not None and labels is not None and size - labels < unit
    if size and is_anonymous and entry.type == "pc-dimm" and size % unit:
        path = ("object", things[0].place, "size")
        yield Problem("error", path, "As a DIMM this needs whole blocks of 2 MiB.")
    elif is_short and is_anonymous and entry.type == "nvdimm":
        path = ("object", things[0].place, "size")
        yield Problem("error", path, "As an NVDIMM this needs 2 MiB beside its labels.")
    where = keyval.number(root.get("addr"))
    if where is not None and where % unit:
        message = f"This is a multiple of {unit >> 10} KiB."
        yield Problem("error", (*entry.path, "addr"), message)
    elif where is not None and 0 < where < _ABOVE:
        yield Problem("error", (*entry.path, "addr"), "Such memory is above 4 GiB.")
