"""What devices and nodes refuse of values that each are in their ranges. Tried on 7.2 and 10.0."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from qemutui.core import keyval
from qemutui.core.catalog import Catalog
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.property_fault import number
from qemutui.core.rules.effective import runs_on_tcg
from qemutui.core.rules.offered_needs import without_bus
from qemutui.core.rules.subject import Entry, Subject

_GEOMETRY = ("cyls", "heads", "secs")
_QUEUES = (256, 512, 1024)
_LABELS = 128 << 10
_VIDEO_MEMORY = (4, 8, 16)
_BLOCK = 1 << 20
"""The least size of a block of virtio-mem (`hw/virtio/virtio-mem.c`)."""
_SIGNED = frozenset({"aio-max-batch", "poll-grow", "poll-max-ns", "poll-shrink", "thread-pool-max",
                     "thread-pool-min"})  # fmt: skip
_WITH_A_HEAD = frozenset({"dmg", "parallels", "qcow", "qcow2", "qed", "vdi", "vhdx", "vmdk", "vpc"})
"""Formats that an image of nothing but zeros has not."""
_SPICE = ("vdagent", "smartcard", "usbredir")
"""What the spice server knows (spice_server_char_device_recognized_subtypes)."""
_NOTHING = frozenset({"null-co", "null-aio"})


def _count(entry: Entry, key: str) -> int | None:
    value = entry.item.root.get(key)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return number(keyval.text(value))


def _is_on(value: object) -> bool:
    return isinstance(value, bool | str) and keyval.boolean(value) is True


def refused_device(entry: Entry, catalog: Catalog) -> Iterable[Problem]:
    """Values of devices that do not go together."""
    if entry.group.name == "device" and entry.item.root.get("failover_pair_id"):
        device = catalog.device(entry.type)
        if device is not None and device.category and device.category != "Network":
            # hw/pci/pci.c, pci_qdev_realize
            message = "Only a network card can be the other half of one."
            return (Problem("error", (*entry.path, "failover_pair_id"), message),)
    judge = _JUDGES.get(without_bus(entry.type))
    return () if judge is None or entry.group.name != "device" else judge(entry)


def _video_memory(entry: Entry) -> Iterator[Problem]:
    size = _count(entry, "vgamem_mb")
    if size is not None and 0 <= size < 256 and size not in _VIDEO_MEMORY:
        yield Problem("error", (*entry.path, "vgamem_mb"), "This is 4, 8 or 16.")


def _first_port(entry: Entry) -> Iterator[Problem]:
    if _count(entry, "nr") == 0:
        yield Problem("error", (*entry.path, "nr"), "Port 0 is only for a virtconsole.")


def _labels(entry: Entry) -> Iterator[Problem]:
    value = entry.item.root.get("label-size")
    size = None if isinstance(value, bool | tuple | dict | None) else keyval.size(value)
    if size is not None and 0 < size < _LABELS:
        yield Problem("error", (*entry.path, "label-size"), "Labels have 128 KiB at least.")


def _queues(entry: Entry) -> Iterator[Problem]:
    for key in ("rx_queue_size", "tx_queue_size"):
        size = _count(entry, key)
        if size is not None and 0 <= size < 1 << 16 and size not in _QUEUES:
            message = "This is a power of two from 256 to 1024."
            yield Problem("error", (*entry.path, key), message)


def _geometry(entry: Entry) -> Iterator[Problem]:
    """Yields which part of a geometry is missing (`hw/block/block.c`, blkconf_geometry)."""
    counts = {key: _count(entry, key) for key in _GEOMETRY}
    if any(counts.values()):
        for key, count in counts.items():
            is_missing = count == 0 or key not in entry.item.root
            if is_missing:
                message = "cyls, heads and secs go together; this is 1 or more."
                yield Problem("error", (*entry.path, key), message)
                return


_JUDGES: Mapping[str, Callable[[Entry], Iterator[Problem]]] = {
    **dict.fromkeys(("cirrus-vga", "isa-cirrus-vga"), _video_memory),
    "virtserialport": _first_port,
    "nvdimm": _labels,
    "virtio-net": _queues,
}
"""What looks at a device, by its type without what that says of its bus."""


def needed(entry: Entry, _: Catalog) -> Iterable[Problem]:
    """What a device needs beside what else it is given."""
    judge = _NEEDS.get(without_bus(entry.type))
    return () if judge is None or entry.group.name != "device" else judge(entry)


def _hint_thread(entry: Entry) -> Iterator[Problem]:
    """Yields the thread that hints at free pages (`hw/virtio/virtio-balloon.c`)."""
    root = entry.item.root
    if _is_on(root.get("free-page-hint")) and "iothread" not in root:
        yield Problem("error", (*entry.path, "iothread"), "free-page-hint needs an iothread.")


def _share(entry: Entry) -> Iterator[Problem]:
    """Yields what a share has no guest's name without (`hw/9pfs/9p.c`, v9fs_device_realize)."""
    for key in ("fsdev", "mount_tag"):
        if entry.item.root.get(key) in (None, ""):
            yield Problem("error", (*entry.path, key), f"{entry.type} needs a {key}.")


def _two_buses(entry: Entry) -> Iterator[Problem]:
    """Yields the bus that a card with two connections lacks (`net/can/can_core.c`)."""
    for key in ("canbus0", "canbus1"):
        if entry.item.root.get(key) in (None, ""):
            yield Problem("error", (*entry.path, key), f"{entry.type} needs a {key}.")


def _tag(entry: Entry) -> Iterator[Problem]:
    """Yields what a share has no guest's name without (`hw/virtio/vhost-user-fs.c`)."""
    if entry.item.root.get("tag") in (None, ""):
        yield Problem("error", (*entry.path, "tag"), f"{entry.type} needs a tag.")


def _of_the_machine(entry: Entry) -> Iterator[Problem]:
    """Yields a device that only the machine can connect (`hw/i386/vmmouse.c`)."""
    message = f"Only the machine itself makes a {entry.type}; -device cannot."
    yield Problem("error", (*entry.path, "type"), message)


def _loader(entry: Entry) -> Iterator[Problem]:
    """Yields what goes with data, and with an address alone (`hw/core/generic-loader.c`)."""
    root = entry.item.root
    if "file" in root:
        return
    for key, other in (("data", "data-len"), ("data-len", "data")):
        if _count(entry, key) and not _count(entry, other):
            yield Problem("error", (*entry.path, other), "data and data-len go together.")
            return
    if (_count(entry, "data-len") or 0) > 8:
        yield Problem("error", (*entry.path, "data-len"), "data has 8 bytes at most.")
    if _count(entry, "addr") and not _count(entry, "data-len") and "cpu-num" not in root:
        yield Problem("error", (*entry.path, "cpu-num"), "An address alone needs a cpu-num.")


_NEEDS: Mapping[str, Callable[[Entry], Iterator[Problem]]] = {
    **dict.fromkeys(("virtio-blk", "scsi-hd", "ide-hd"), _geometry),
    "virtio-balloon": _hint_thread,
    "virtio-9p": _share,
    **dict.fromkeys(("ctucan_pci", "mioe3680_pci", "pcm3680_pci"), _two_buses),
    "vhost-user-fs": _tag,
    "vmmouse": _of_the_machine,
    "loader": _loader,
}
"""As `_JUDGES`."""


def refused_item(entry: Entry) -> Iterator[Problem]:
    """Numbers of threads that may not be negative, and formats of images of zeros."""
    root = entry.item.root
    if entry.type == "cryptodev-backend-builtin":
        if (_count(entry, "queues") or 1) > 1:  # backends/cryptodev-builtin.c
            yield Problem("error", (*entry.path, "queues"), "This backend has one queue.")
    elif entry.group.name == "object" and entry.type in ("iothread", "main-loop"):
        for key in _SIGNED & root.keys():
            if (_count(entry, key) or 0) < 0:
                yield Problem("error", (*entry.path, key), "This is 0 or more.")
    elif entry.group.name == "chardev" and entry.type == "spicevmc":
        name = root.get("name")
        if isinstance(name, bool | int | str) and keyval.text(name) not in _SPICE:
            message = f"This is {', '.join(_SPICE[:-1])} or {_SPICE[-1]}."
            yield Problem("error", (*entry.path, "name"), message)
    elif entry.group.name == "blockdev":
        if _is_on(root.get("force-share")) and not _is_on(root.get("read-only")):
            fix = Fix("switches read-only on", (Set((*entry.path, "read-only"), True),))
            message = "force-share needs read-only."
            yield Problem("error", (*entry.path, "force-share"), message, fix)
        if entry.type not in _WITH_A_HEAD:
            return
        file = root.get("file")
        driver = file.get("driver") if isinstance(file, dict) else root.get("file.driver")
        if driver in _NOTHING:
            message = f"What {driver} holds is no {entry.type}."
            fix = Fix("makes it raw", (Set((*entry.path, "type"), "raw"),))
            yield Problem("error", (*entry.path, "type"), message, fix)


def memory_blocks(subject: Subject) -> Iterator[Problem]:
    """Memory of virtio-mem that is no whole number of its blocks."""
    if subject.is_rewritten:
        return
    for reference in subject.references:
        path = reference.path
        if path[0] != "device" or path[-1] != "memdev":
            continue
        kind = subject.profile.device[int(path[1])].type
        if not kind.startswith("virtio-mem"):
            continue
        for thing in subject.named["object"].get(reference.id, ()):
            held = subject.profile.object[thing.place].root.get("size")
            if thing.off or isinstance(held, bool | tuple | dict) or held is None:
                continue
            size = keyval.size(held)
            if size and size % _BLOCK:
                message = f"{kind} needs whole blocks of 1 MiB."
                yield Problem("error", ("object", thing.place, "size"), message)


def xen_platform(subject: Subject) -> Iterator[Problem]:
    """A device that only a guest of Xen can have (`hw/i386/xen/xen_platform.c`)."""
    catalog = subject.catalog
    if catalog is None or catalog.version < (10, 0, 0) or not runs_on_tcg(subject):
        return
    for scan in subject.scans:
        if scan.entry.group.name == "device" and scan.entry.type == "xen-platform":
            path = (*scan.entry.path, "type")
            yield Problem("error", path, "Only a guest of Xen has xen-platform.")
