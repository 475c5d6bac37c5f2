"""What QEMU refuses of items, and does not tell: ranges, parts of addresses, what there is once.

Tried on 7.2 and 10.0.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from qemutui.core import keyval
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.rules import user_network
from qemutui.core.rules.effective import accelerators, machine_type
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.values import count_of

_ADDRESSES = {"stream": ("addr",), "dgram": ("local", "remote")}
_PARTS = {"inet": ("host", "port"), "unix": ("path",), "fd": ("str",)}
"""What an address needs (`qapi/sockets.json`, SocketAddress)."""

_WITHOUT_PCI = frozenset({"isapc", "none"})


def refused_value(entry: Entry) -> Iterator[Problem]:
    """Values of an item that are out of a range, or that nobody sets."""
    match entry.group.name:
        case "netdev":
            yield from user_network.addresses(entry)
        case "audiodev":
            yield from _audio_number(entry)
        case "object":
            yield from _huge(entry)


_TEXTS = frozenset({"path", "dev", "name", "server", "client-name", "server-name", "connect-ports",
                    "stream-name", "id", "type", "driver"})  # fmt: skip
"""Keys of audio backends whose values are no numbers."""


def _audio_number(entry: Entry) -> Iterator[Problem]:
    """Numbers of an audio backend, which all have 32 bits (`qapi/audio.json`)."""
    for key, value in entry.item.properties:
        if key.rpartition(".")[2] in _TEXTS:
            continue
        text = keyval.text(value) if isinstance(value, int | str) else ""
        digits = text.removeprefix("-")
        number = count_of(digits) if digits else None
        if number and (text != digits or number >= 1 << 32):
            yield Problem("error", (*entry.path, key), "This is not in 0–4294967295.")


def _huge(entry: Entry) -> Iterator[Problem]:
    """Memory of more bytes than an offset can have."""
    size = entry.item.root.get("size")
    if entry.type.startswith("memory-backend-") and isinstance(size, int | float | str):
        bytes_ = None if isinstance(size, bool) else keyval.size(size)
        if bytes_ is not None and bytes_ >= 1 << 63:
            yield Problem("error", (*entry.path, "size"), "This is 8 EiB or more.")


def address_parts(entry: Entry) -> Iterator[Problem]:
    """Addresses of networks without one of their parts."""
    if entry.group.name != "netdev":
        return
    root = entry.item.root
    for name in _ADDRESSES.get(entry.type, ()):
        whole = root.get(name)
        keys = {key.removeprefix(f"{name}.") for key in root if key.startswith(f"{name}.")}
        kind = root.get(f"{name}.type")
        if isinstance(whole, dict):
            keys, kind = keys | whole.keys(), whole.get("type", kind)
        if not keys:
            continue
        needed = ("type", *_PARTS.get(str(kind), ()))
        for part in needed:
            if part not in keys:
                path = (*entry.path, f"{name}.type" if part == "type" else f"{name}.{part}")
                yield Problem("error", path, f"{name} needs a {part}.")
    if entry.type == "vhost-vdpa" and not {"vhostdev", "vhostfd"} & root.keys():
        yield Problem("error", (*entry.path, "vhostdev"), "vhost-vdpa needs a vhostdev.")


def one_balloon(subject: Subject) -> Iterator[Problem]:
    """More than one balloon (`system/balloon.c`, qemu_add_balloon_handler)."""
    found = [
        scan.entry
        for scan in subject.scans
        if scan.entry.group.name == "device" and scan.entry.type.startswith("virtio-balloon")
    ]
    for entry in found[1:]:
        yield Problem("error", (*entry.path, "type"), "A machine has one balloon at most.")


# Of each of these kinds a machine has one (`hw/display/qxl.c`, `hw/nvram/fw_cfg.c`,
# `hw/acpi/vmgenid.c`, `hw/misc/vmcoreinfo.c`).
_ONCE = frozenset({"pvpanic", "qxl-vga", "ramfb", "sga", "vmbus-bridge", "vmcoreinfo", "vmgenid"})


def one_of_a_kind(subject: Subject) -> Iterator[Problem]:
    """Second devices of what a PC has once."""
    seen: set[str] = set()
    for scan in subject.scans:
        kind = scan.entry.type
        if kind in _ONCE and scan.entry.group.name == "device":
            if kind in seen:
                path = (*scan.entry.path, "type")
                yield Problem("error", path, f"A machine has one {kind} at most.")
            seen.add(kind)


def reserved_id(subject: Subject) -> Iterator[Problem]:
    """Objects with the name of the machine's own memory (`system/vl.c`, create_default_memdev)."""
    found, catalog = machine_type(subject), subject.catalog
    if found is None or catalog is None or subject.has_option("machine"):
        return
    machine = catalog.machine(found[0])
    name = machine.default_ram_id if machine is not None else ""
    if not name or {"memory-backend", "memory_backend"} & subject.profile.machine.others.keys():
        return
    for thing in subject.named["object"].get(name, ()):
        if not thing.off and not subject.has_option("mem-path"):
            message = f"{name} is the name of the machine's own memory."
            yield Problem("error", thing.path, message)


def drive_interface(subject: Subject) -> Iterator[Problem]:
    """Drives that need a bus which the machine has not."""
    machine = machine_type(subject)
    for scan in subject.scans:
        if scan.entry.group.name != "drive":
            continue
        kind, path = scan.entry.item.root.get("if"), (*scan.entry.path, "if")
        pci = "pcie" in subject.profile.machine.others
        without = machine is not None and (
            machine[0] in _WITHOUT_PCI or (machine[0] == "microvm" and not pci)
        )
        if kind == "virtio" and machine is not None and without:
            yield Problem("error", path, f"{machine[0]} has no bus for virtio.")
        elif kind == "xen" and machine is not None and not _is_xen(subject, machine[0]):
            yield Problem("error", path, "Only a machine of Xen has such drives.")


def _is_xen(subject: Subject, machine: str) -> bool:
    names = accelerators(subject)
    return names is None or "xen" in names or "xen" in machine


_USUAL = re.compile(r"(pc(-.*)?|isapc|q35)?")


def same_bootindex(subject: Subject) -> Iterator[Problem]:
    """Two devices of one place in the order of booting (`system/bootdevice.c`)."""
    machine, boot = machine_type(subject), subject.profile.boot
    # What starts a kernel has the first place (`hw/i386/x86.c`, x86_load_linux).
    of_kernel = boot.kernel is not None and machine is not None and _USUAL.fullmatch(machine[0])
    seen: set[int] = {0} if of_kernel else set()
    for scan in subject.scans:
        value = scan.entry.item.root.get("bootindex")
        is_number = isinstance(value, int | str) and not isinstance(value, bool)
        index = count_of(value) if is_number and scan.entry.group.name == "device" else None
        if index in seen:
            path = (*scan.entry.path, "bootindex")
            yield Problem("error", path, f"Something else has bootindex {index}.")
        elif index is not None:
            seen.add(index)


_MACHINE_SIZES: Mapping[str, int] = {"max-ram-below-4g": 4 << 30}
_ENTRY_POINTS = frozenset({"32", "64", "auto"})


def machine_values(subject: Subject) -> Iterator[Problem]:
    """Values of a PC that QEMU calls texts or sizes, and does not take."""
    others: Mapping[str, Any] = subject.profile.machine.others
    if subject.has_option("machine", "readconfig"):
        return
    for key, most in _MACHINE_SIZES.items():
        value = others.get(key)
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            size = keyval.size(value)
            if size is not None and size > most:
                fix = Fix("makes it 4G", (Set(("machine", key), "4G"),))
                yield Problem("error", ("machine", key), "This is more than 4 GiB.", fix)
    value = others.get("smbios-entry-point-type")
    if isinstance(value, int | str) and keyval.text(value) not in _ENTRY_POINTS:
        path = ("machine", "smbios-entry-point-type")
        yield Problem("error", path, "This is 32 or 64.")
