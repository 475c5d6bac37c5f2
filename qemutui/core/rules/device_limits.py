"""What devices and nodes refuse of values that each are in their ranges. Tried on 7.2 and 10.0."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from qemutui.core import keyval
from qemutui.core.catalog import Catalog
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.rules import memory_sizes
from qemutui.core.rules.effective import runs_on_tcg
from qemutui.core.rules.offered_needs import without_bus
from qemutui.core.rules.subject import Entry, Subject

_GEOMETRY = ("cyls", "heads", "secs")
_QUEUES = (256, 512, 1024)
_LABELS = 128 << 10
_VIDEO_MEMORY = (4, 8, 16)
_SECTOR, _UNSET = 512, (1 << 32) - 1
_LEAST_RECORD = 4096
_BLOCK = 1 << 20
"""The least size of a block of virtio-mem (`hw/virtio/virtio-mem.c`)."""
_SIGNED = frozenset({"aio-max-batch", "poll-grow", "poll-max-ns", "poll-shrink", "thread-pool-max",
                     "thread-pool-min"})  # fmt: skip
_INT32 = frozenset({"align", "max-transfer", "opt-write-zero", "max-write-zero", "opt-discard",
                    "max-discard"})  # fmt: skip
"""Numbers of blkdebug (`qapi/block-core.json`)."""
_CACHES = frozenset({"cache-size", "l2-cache-size", "l2-cache-entry-size", "refcount-cache-size",
                     "cache-clean-interval"})  # fmt: skip
_WITH_A_HEAD = frozenset({"dmg", "parallels", "qcow", "qcow2", "qed", "vdi", "vhdx", "vmdk", "vpc"})
"""Formats that an image of nothing but zeros has not."""
_SPICE = ("vdagent", "smartcard", "usbredir")
"""What the spice server knows (spice_server_char_device_recognized_subtypes)."""
_NOTHING = frozenset({"null-co", "null-aio"})


def _count(entry: Entry, key: str) -> int | None:
    return keyval.number(entry.item.root.get(key))


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
    size = keyval.size(entry.item.root.get("label-size"))
    if size is not None and 0 <= size < _LABELS:
        yield Problem("error", (*entry.path, "label-size"), "Labels have 128 KiB at least.")


def _queues(entry: Entry) -> Iterator[Problem]:
    for key in ("rx_queue_size", "tx_queue_size"):
        size = _count(entry, key) if key in entry.item.root else None
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


def _blocks(entry: Entry) -> Iterator[Problem]:
    """Yields sizes that are no multiples of each other (`hw/block/block.c`, blkconf_blocksizes)."""
    block = keyval.size(entry.item.root.get("logical_block_size", _SECTOR))
    physical = keyval.size(entry.item.root.get("physical_block_size", _SECTOR))
    if block is None or physical is None or block < _SECTOR or physical < _SECTOR:
        return
    if block > physical:
        key = "physical_block_size"
        fix = Fix(f"makes it {block}", (Set((*entry.path, key), block),))
        yield Problem("error", (*entry.path, key), "This is less than logical_block_size.", fix)
    for key in ("min_io_size", "opt_io_size", "discard_granularity"):
        size = keyval.size(entry.item.root.get(key, 0))
        is_unset = key == "discard_granularity" and size == _UNSET
        of_ide = entry.type in ("ide-hd", "ide-cd") and key == "discard_granularity"
        if of_ide and size and size != _SECTOR and not is_unset:
            yield Problem("error", (*entry.path, key), "This is 512 for IDE.")
        elif size is not None and size % block and not is_unset:
            message = f"This is a multiple of logical_block_size, {block}."
            yield Problem("error", (*entry.path, key), message)


def _memory_block(entry: Entry) -> Iterator[Problem]:
    """Yields sizes of virtio-mem (`hw/virtio/virtio-mem.c`)."""
    block = keyval.size(entry.item.root.get("block-size", _BLOCK))
    wanted = keyval.size(entry.item.root.get("requested-size", 0))
    if block is not None and (block < _BLOCK or block & (block - 1)):
        message = "This is a power of two from 1 MiB."
        yield Problem("error", (*entry.path, "block-size"), message)
    elif block and wanted and wanted % block:
        message = "This needs whole blocks of block-size."
        yield Problem("error", (*entry.path, "requested-size"), message)


def _records(entry: Entry) -> Iterator[Problem]:
    """Yields a size of records (`hw/acpi/erst.c`, check_erst_backend_storage)."""
    size = keyval.size(entry.item.root.get("record_size", _LEAST_RECORD))
    if size is not None and (size < _LEAST_RECORD or size & (size - 1)):
        message = "This is a power of two from 4096."
        yield Problem("error", (*entry.path, "record_size"), message)


def _card_version(entry: Entry) -> Iterator[Problem]:
    if _count(entry, "spec_version") not in (None, 1, 2, 3):
        yield Problem("error", (*entry.path, "spec_version"), "This is 1, 2 or 3.")


def _bochs_memory(entry: Entry) -> Iterator[Problem]:
    """Yields a size of video memory (`hw/display/bochs-display.c`)."""
    size = keyval.size(entry.item.root.get("vgamem", 16 << 20))
    if size is not None and not 4 << 20 <= size <= 256 << 20:
        yield Problem("error", (*entry.path, "vgamem"), "This is 4 to 256 MiB.")


def _usb_version(entry: Entry) -> Iterator[Problem]:
    if _count(entry, "usb_version") not in (None, 1, 2):
        yield Problem("error", (*entry.path, "usb_version"), "This is 1 or 2.")


def _graphics_bridge(entry: Entry) -> Iterator[Problem]:
    """Yields another place than that of the bridge it stands for (`hw/vfio/igd.c`)."""
    address = entry.item.root.get("addr")
    if isinstance(address, int | str) and not re.fullmatch(
        r"(0x)?0*1f(\.0+)?", keyval.text(address), re.IGNORECASE
    ):
        fix = Fix("makes it 1f.0", (Set((*entry.path, "addr"), "1f.0"),))
        yield Problem("error", (*entry.path, "addr"), "This bridge is at 1f.0.", fix)


_JUDGES: Mapping[str, Callable[[Entry], Iterator[Problem]]] = {
    **dict.fromkeys(("cirrus-vga", "isa-cirrus-vga"), _video_memory),
    "virtserialport": _first_port,
    "nvdimm": _labels,
    "virtio-net": _queues,
    "acpi-erst": _records,
    "sd-card": _card_version,
    "virtio-mem": _memory_block,
    "bochs-display": _bochs_memory,
    "vfio-pci-igd-lpc-bridge": _graphics_bridge,
    **dict.fromkeys(("usb-kbd", "usb-mouse", "usb-tablet"), _usb_version),
    **dict.fromkeys(
        (
            "virtio-blk",
            "scsi-hd",
            "scsi-cd",
            "ide-hd",
            "ide-cd",
            "floppy",
            "nvme",
            "nvme-ns",
            "usb-storage",
        ),
        _blocks,
    ),
}
"""What looks at a device, by its type without what that says of its bus."""


def needed(entry: Entry, _: Catalog) -> Iterable[Problem]:
    """What a device needs beside what else it is given."""
    judge = _NEEDS.get(without_bus(entry.type))
    return () if judge is None or entry.group.name != "device" else judge(entry)


def _hint_thread(entry: Entry) -> Iterator[Problem]:
    """Yields the thread that hints at free pages (`hw/virtio/virtio-balloon.c`)."""
    root = entry.item.root
    if keyval.is_on(root.get("free-page-hint")) and "iothread" not in root:
        yield Problem("error", (*entry.path, "iothread"), "free-page-hint needs an iothread.")


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


def _can_buses(entry: Entry) -> Iterator[Problem]:
    """Yields the CAN bus of a channel (`hw/net/can`)."""
    for key in ("canbus0", "canbus1"):
        if entry.item.root.get(key) in (None, ""):
            yield Problem("error", (*entry.path, key), f"{entry.type} needs a {key}.")
            return


def _placements(entry: Entry) -> Iterator[Problem]:
    """Yields the handles of flexible placement (`hw/nvme/subsys.c`, nvme_subsys_setup_fdp)."""
    if keyval.is_on(entry.item.root.get("fdp")) and not _count_or(entry, "fdp.nruh", 1):
        yield Problem("error", (*entry.path, "fdp.nruh"), "fdp needs fdp.nruh.")


def _count_or(entry: Entry, key: str, unclear: int) -> int:
    """Returns a number, 0 where there is none, or another one where it is not clear."""
    found = _count(entry, key)
    return found if found is not None else unclear if key in entry.item.root else 0


def _mount_tag(entry: Entry) -> Iterator[Problem]:
    """Yields what the guest mounts a share by (`hw/9pfs/9p.c`)."""
    if "mount_tag" not in entry.item.root and entry.item.root.get("fsdev"):
        message = f"{entry.type} needs a mount_tag."
        yield Problem("error", (*entry.path, "mount_tag"), message)


_NEEDS: Mapping[str, Callable[[Entry], Iterator[Problem]]] = {
    **dict.fromkeys(("virtio-blk", "scsi-hd", "ide-hd"), _geometry),
    "virtio-balloon": _hint_thread,
    "vhost-user-fs": _tag,
    "vmmouse": _of_the_machine,
    "loader": _loader,
    "virtio-9p": _mount_tag,
    "nvme-subsys": _placements,
    **dict.fromkeys(("ctucan_pci", "mioe3680_pci", "pcm3680_pci"), _can_buses),
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
        if keyval.is_on(root.get("force-share")) and not keyval.is_on(root.get("read-only")):
            fix = Fix("switches read-only on", (Set((*entry.path, "read-only"), True),))
            message = "force-share needs read-only."
            yield Problem("error", (*entry.path, "force-share"), message, fix)
        if entry.type == "qcow2":
            for key in _CACHES & root.keys():
                if (_count(entry, key) or 0) < 0:
                    yield Problem("error", (*entry.path, key), "This is 0 or more.")
        if entry.type == "blkdebug":
            for key in _INT32 & root.keys():
                if abs(_count(entry, key) or 0) >= 1 << 31:
                    yield Problem("error", (*entry.path, key), "This has 32 bits.")
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
        for place, size in memory_sizes.of_backends(subject, reference.id):
            if size % _BLOCK:
                message = f"{kind} needs whole blocks of 1 MiB."
                yield Problem("error", ("object", place, "size"), message)


def xen_platform(subject: Subject) -> Iterator[Problem]:
    """A device that only a guest of Xen can have (`hw/i386/xen/xen_platform.c`)."""
    catalog = subject.catalog
    if catalog is None or catalog.version < (10, 0, 0) or not runs_on_tcg(subject):
        return
    for device in subject.devices:
        if device.type == "xen-platform":
            path = ("device", device.place, "type")
            yield Problem("error", path, "Only a guest of Xen has xen-platform.")
