"""What QEMU refuses to do without, and what is empty."""

import re
from collections.abc import Iterator, Mapping

from qemutui.core import keyval
from qemutui.core.argv import binary, words_of
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Path
from qemutui.core.rules.known_ids import NODE
from qemutui.core.rules.subject import Entry, Subject

_NEEDED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("chardev", "file"): ("path",),
    ("chardev", "pipe"): ("path",),
    ("chardev", "serial"): ("path",),
    ("chardev", "tty"): ("path",),
    ("chardev", "parallel"): ("path",),
    ("chardev", "parport"): ("path",),
    ("chardev", "udp"): ("port",),
    ("chardev", "mux"): ("chardev",),
    ("fsdev", "local"): ("path", "security_model"),
    ("netdev", "hubport"): ("hubid",),
    ("netdev", "l2tpv3"): ("src", "dst", "txsession"),
    ("netdev", "vhost-user"): ("chardev",),
    ("object", "authz-pam"): ("service",),
    ("object", "authz-simple"): ("identity",),
    ("object", "can-host-socketcan"): ("if",),
    ("object", "colo-compare"): ("primary_in",),
    ("object", "cryptodev-vhost-user"): ("chardev",),
    ("object", "filter-buffer"): ("netdev", "interval"),
    ("object", "filter-dump"): ("netdev", "file"),
    ("object", "filter-mirror"): ("netdev", "outdev"),
    ("object", "filter-redirector"): ("netdev",),
    ("object", "filter-replay"): ("netdev",),
    ("object", "filter-rewriter"): ("netdev",),
    ("object", "input-linux"): ("evdev",),
    ("object", "memory-backend-ram"): ("size",),
    ("object", "memory-backend-memfd"): ("size",),
    ("object", "memory-backend-file"): ("size", "mem-path"),
    ("object", "rng-egd"): ("chardev",),
    ("object", "tls-creds-psk"): ("dir",),
    ("object", "tls-creds-x509"): ("dir",),
    ("tpmdev", "emulator"): ("chardev",),
}


def keys(group: str, type_: str) -> tuple[str, ...]:
    """Returns the keys without which every QEMU refuses an item."""
    return _NEEDED.get((group, type_), ())


def _is_refused_when_empty(entry: Entry, key: str) -> bool:
    return entry.group.name in ("chardev", "tpmdev") or key in ("mem-path", "evdev")


def is_needed_anywhere(entry: Entry, key: str) -> bool:
    """Tells whether every QEMU refuses an item without a key; `needed` looks at it."""
    return key in _NEEDED.get((entry.group.name, entry.type), ())


def needed(entry: Entry) -> Iterator[Problem]:
    """Keys without which QEMU refuses an item."""
    root = entry.item.root
    for key in _NEEDED.get((entry.group.name, entry.type), ()):
        value = root.get(key)
        if value is None or (value == "" and _is_refused_when_empty(entry, key)):
            message = f"{entry.type} needs a {key}."
            fix = None
            if key == "security_model":
                fix = Fix("makes it mapped-xattr", (Set((*entry.path, key), "mapped-xattr"),))
            yield Problem("error", (*entry.path, key), message, fix)
    if (entry.group.name, entry.type) == ("object", "secret") and not {"data", "file"} & set(root):
        yield Problem("error", (*entry.path, "data"), "secret needs data or a file.")


_FORMATS = ("raw", "qcow2", "qcow", "vmdk", "vdi", "vhdx", "vpc", "qed", "parallels", "luks")
_NO_MEDIUM = re.compile(r"json:\s*\{\s*\}\s*")
# Keys that are of a drive itself; all others are of its driver, which wants a medium.
_OF_DRIVE = frozenset(
    {"id", "if", "media", "index", "bus", "unit", "snapshot", "readonly", "read-only", "file",
     "aio", "copy-on-read", "werror", "rerror", "detect-zeroes", "cache.writeback", "group",
     "stats-account-failed", "stats-account-invalid"}
)  # fmt: skip


def medium(subject: Subject) -> Iterator[Problem]:
    """Drives without a file, where QEMU wants a medium; a CD drive or a floppy may be empty."""
    if subject.is_rewritten:
        return
    for entry in subject.entries_of("drive"):
        root = {key: value for key, value in entry.item.root.items() if key[:1] != "_"}
        if root.get("driver") == "":
            yield Problem("error", (*entry.path, "driver"), "Empty; QEMU wants a driver here.")
            continue
        file = root.get("file", "")
        if isinstance(file, str) and _NO_MEDIUM.fullmatch(file):
            if not any(key.startswith("file.") or key == "driver" for key in root):
                yield Problem("error", (*entry.path, "file"), "This drive needs a file.")
            continue
        if file != "":
            continue
        # An image of a format is a node upon a file, even in a CD drive.
        formatted = root.get("format") in _FORMATS
        interface = root.get("if", default_interface(subject))
        is_disk = interface == "ide" and root.get("media", "disk") == "disk"
        if all(map(_is_of_drive, root.keys() - ({"format"} if formatted else set()))):
            wanted = formatted or is_disk or interface in ("virtio", "pflash")
            wanted = wanted or _is_a_disk_s(subject, entry)
        else:
            of_format = {"format"} if formatted else set()
            wanted = not any(map(_may_bring_a_medium, root.keys() - of_format))
        if wanted:
            yield Problem("error", (*entry.path, "file"), "This drive needs a file.")


# Devices that are nothing without a medium (`hw/block/block.c`, blkconf_blocksizes and others).
_NEED_A_MEDIUM = ("virtio-blk-", "scsi-hd", "ide-hd", "ide-cf", "usb-storage", "nvme")


def _is_a_disk_s(subject: Subject, entry: Entry) -> bool:
    """Tells whether a device uses a drive that cannot do without a medium."""
    return any(
        reference.path[0] == "device"
        and reference.path[-1] == "drive"
        and subject.profile.device[int(reference.path[1])].type.startswith(_NEED_A_MEDIUM)
        for reference in subject.referrers.get((NODE, entry.id), ())
    )


def _is_of_drive(key: str) -> bool:
    return key in _OF_DRIVE or key.startswith(("throttling.", "bps", "iops"))


def _may_bring_a_medium(key: str) -> bool:
    return key in ("driver", "format", "type") or key.startswith("file.")


def default_interface(subject: Subject) -> str:
    """Returns the `if` of a drive that has none; empty where that is not sure."""
    kind = subject.profile.machine.type
    known = kind is None or keyval.text(kind).startswith(("pc", "q35", "isapc"))
    is_pc = binary(subject.profile).endswith(("-x86_64", "-i386"))
    return "ide" if known and is_pc and not subject.has_option("machine") else ""


def empty_item(entry: Entry) -> Iterator[Problem]:
    """Lists and tables without a value, for which key=value has no words."""
    if not entry.json:
        for key, value in entry.item.properties:
            if isinstance(value, tuple | dict):
                yield from _not_passed((*entry.path, key), value)


def empty(subject: Subject) -> Iterator[Problem]:
    """Texts that are empty and may not be; lists and tables as in `empty_item`."""
    profile = subject.profile
    for name in ("kernel", "bios"):
        if getattr(profile.boot, name) == "" and not subject.has_option(name):
            yield _unset(("boot", name), "Empty; QEMU wants a file here.")
    accel = profile.machine.accel
    overridden = subject.has_option("machine", "accel", "enable-kvm")
    if accel not in (None, ()) and not any(words_of(accel)) and not overridden:
        yield _unset(("machine", "accel"), "Empty; QEMU finds no accelerator.")
    wrapper = profile.launch.wrapper
    if isinstance(wrapper, tuple) and wrapper[:1] == ("",):
        fix = Fix("drops it", (Set(("launch", "wrapper"), wrapper[1:] or None),))
        yield Problem("error", ("launch", "wrapper", 0), "Empty; this is what is executed.", fix)
    for table in ("machine", "memory", "smp", "boot", "qmp"):
        for key, value in getattr(profile, table).others.items():
            if not key.startswith("_"):
                yield from _not_passed((table, key), value)


def _unset(path: Path, message: str) -> Problem:
    return Problem("error", path, message, Fix("unsets it", (Set(path, None),)))


def _says_nothing(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_says_nothing, value.values()))
    return isinstance(value, tuple) and all(map(_says_nothing, value))


def _not_passed(path: Path, value: object) -> Iterator[Problem]:
    if _says_nothing(value):
        yield Problem("hint", path, "Empty; it is not passed.")
    elif isinstance(value, dict):
        for key, element in value.items():
            yield from _not_passed((*path, key), element)
    elif isinstance(value, tuple):
        for index, element in enumerate(value):
            yield from _not_passed((*path, index), element)
