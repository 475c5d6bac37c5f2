"""What QEMU refuses of items, and does not tell: ranges, parts of addresses, what there is once.

Tried on 7.2 and 10.0.
"""

import re
from collections.abc import Iterator, Mapping

from qemutui.core import keyval, options
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Path
from qemutui.core.rules import throttling, user_network
from qemutui.core.rules.effective import accelerators, machine_keys, machine_type, place
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.values import count_of

_ADDRESSES = {"stream": ("addr",), "dgram": ("local", "remote")}
_PARTS = {"inet": ("host", "port"), "unix": ("path",), "fd": ("str",)}
"""What an address needs (`qapi/sockets.json`, SocketAddress)."""

_PAGE = 4096

_WITHOUT_PCI = frozenset({"isapc", "none"})


def refused_value(entry: Entry) -> Iterator[Problem]:
    """Values of an item that are out of a range, or that nobody sets."""
    match entry.group.name:
        case "netdev":
            yield from user_network.addresses(entry)
            yield from _server_that_connects(entry)
        case "audiodev":
            yield from _audio_number(entry)
        case "fsdev":
            yield from throttling.share(entry)
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
        elif bytes_ and bytes_ % _PAGE and entry.type == "memory-backend-memfd":
            # The file is no longer than the size, the memory upon it whole pages long
            # (`system/physmem.c`, qemu_ram_alloc_from_fd).
            message = "This needs whole pages of 4 KiB."
            yield Problem("error", (*entry.path, "size"), message)


def address_parts(entry: Entry) -> Iterator[Problem]:
    """Addresses of networks without one of their parts."""
    if entry.group.name != "netdev":
        return
    root = entry.item.root
    yield from _local_end(entry)
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


_GROUPS_OF_HOSTS = re.compile(r"2(2[4-9]|3\d)\.|.*[^\d.]|")
"""What is, or may be, a multicast address."""


def _local_end(entry: Entry) -> Iterator[Problem]:
    """Yields that a socket for datagrams has no end here (`net/dgram.c`, net_init_dgram)."""
    root = entry.item.root
    if entry.type == "dgram" and not any(key.partition(".")[0] == "local" for key in root):
        remote = root.get("remote")
        table = remote if isinstance(remote, dict) else {}
        host = str(root.get("remote.host", table.get("host", "")))
        ends = any(key.partition(".")[0] == "remote" for key in root)
        if not ends or not _GROUPS_OF_HOSTS.match(host):
            yield Problem("error", (*entry.path, "local"), "dgram needs a local address.")


def _server_that_connects(entry: Entry) -> Iterator[Problem]:
    """Yields that a server is to connect again (`net/stream.c`, net_init_stream)."""
    root = entry.item.root
    if entry.type == "stream" and keyval.is_on(root.get("server")):
        for key in sorted({"reconnect", "reconnect-ms"} & root.keys()):
            fix = Fix("unsets it", (Set((*entry.path, key), None),))
            yield Problem("error", (*entry.path, key), "A server does not reconnect.", fix)


def one_balloon(subject: Subject) -> Iterator[Problem]:
    """More than one balloon (`system/balloon.c`, qemu_add_balloon_handler)."""
    found: list[Path] = [
        ("device", device.place, "type")
        for device in subject.devices
        if device.type.startswith("virtio-balloon")
    ]
    found += (
        place(subject, option)
        for option in subject.options
        if option.name == "device"
        and dict(options.pairs(option.value, "driver")).get("driver", "")[:14] == "virtio-balloon"
    )
    for path in found[1:]:
        yield Problem("error", path, "A machine has one balloon at most.")


_IOMMU = re.compile(r"virtio-iommu(-pci.*)?|intel-iommu|amd-iommu")
_SAVED_ALONE = frozenset({"ipmi-bmc-sim", "ipmi-bmc-extern"})


def one_of_each(subject: Subject) -> Iterator[Problem]:
    """More than one IOMMU of a PC (`hw/core/sysbus-fdt.c`), and more BMCs than can be saved."""
    catalog = subject.catalog
    is_pc = catalog is not None and catalog.target in ("x86_64", "i386")
    seen: set[str] = set()
    for device in subject.devices:
        kind, path = device.type, ("device", device.place, "type")
        if is_pc and _IOMMU.fullmatch(kind):
            if "iommu" in seen:
                yield Problem("error", path, "A PC has one IOMMU at most.")
            seen.add("iommu")
        elif kind in _SAVED_ALONE and catalog is not None and catalog.version >= (10, 0, 0):
            if kind in seen:
                yield Problem("error", path, f"A machine has one {kind} at most.")
            seen.add(kind)


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
    for thing in subject.ids.those("object", name):
        if not thing.off and not subject.has_option("mem-path"):
            message = f"{name} is the name of the machine's own memory."
            yield Problem("error", thing.path, message)


def drive_interface(subject: Subject) -> Iterator[Problem]:
    """Drives that need a bus which the machine has not."""
    machine = machine_type(subject)
    for entry in subject.entries_of("drive"):
        kind, path = entry.item.root.get("if"), (*entry.path, "if")
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
    for entry in subject.entries_of("device"):
        value = entry.item.root.get("bootindex")
        if value is None:
            continue
        is_number = isinstance(value, int | str) and not isinstance(value, bool)
        index = count_of(value) if is_number else None
        if index in seen:
            path = (*entry.path, "bootindex")
            yield Problem("error", path, f"Something else has bootindex {index}.")
        elif index is not None:
            seen.add(index)


_MACHINE_SIZES: Mapping[str, int] = {"max-ram-below-4g": 4 << 30}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "smbios-entry-point-type": ("32", "64", "auto"), "nvdimm-persistence": ("cpu", "mem-ctrl"),
}  # fmt: skip


def machine_values(subject: Subject) -> Iterator[Problem]:
    """Values of a PC that QEMU calls texts or sizes, and does not take."""
    others = {key.replace("_", "-"): (key, value) for key, value in machine_keys(subject).items()}
    for key, most in _MACHINE_SIZES.items():
        written, value = others.get(key, (key, None))
        size = keyval.size(value)
        if size is not None and size > most:
            fix = Fix("makes it 4G", (Set(("machine", written), "4G"),))
            yield Problem("error", ("machine", written), "This is more than 4 GiB.", fix)
    for key, words in _WORDS.items():
        written, value = others.get(key, (key, None))
        if isinstance(value, bool | int | str) and keyval.text(value) not in words:
            message = f"This is {words[0]} or {words[1]}."
            yield Problem("error", ("machine", written), message)
