"""The files that a profile names, and what the host found: there, on its ports, of its memory.

Only names are looked at here; `host.facts` looks at the disk and at `/proc`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from qemutui.core import chardev_words, keyval, options
from qemutui.core.argv import binary, words_of
from qemutui.core.board import Board
from qemutui.core.groups import GROUPS, Group
from qemutui.core.keyval import Path, Scalar
from qemutui.core.ports import Protocol
from qemutui.core.profile import Item, Profile

Purpose = Literal[
    "read",  # a file that QEMU reads
    "kernel",  # what is booted
    "firmware",  # as "read"; without a slash it is looked for in QEMU's own folders, too
    "image",  # a disk: a regular file or a device
    "disk device",  # a block or character device
    "folder",  # a folder that is shared
    "memory",  # a file that QEMU makes, or a folder in which it makes one
    "listen",  # a unix socket that QEMU makes
    "connect",  # a unix socket at which another program listens
    "open",  # a file (or a folder) that is opened to read, and passed
    "update",  # a file that is opened to read and write, and passed
    "create",  # a file that is opened to write, or made
    "directory",  # where QEMU runs
    "rom",  # as "firmware", of any size
    "pipe",  # a FIFO, or the first part of the names of two, `.in` and `.out`
    "interface",  # the folder of a network interface
    "script",  # what QEMU executes
    "program",  # what is executed; without a slash it is looked for on PATH
]

Kind = Literal["missing", "file", "folder", "device", "fifo", "socket", "unknown"]


Lock = Literal[
    "",
    "shared",  # lets others do what they want
    "guarded",  # lets nobody else write
    "written",  # writes
]


class NamedFile(NamedTuple):
    """A file that a profile names."""

    path: Path
    """The field that names it."""
    text: str
    """The name as written; a relative one starts from the folder where QEMU runs, and
    `launch.directory` from the profile's folder."""
    purpose: Purpose


class FileFact(NamedTuple):
    """What is where a file should be; links are followed."""

    kind: Kind
    readable: bool = True
    writable: bool = True
    executable: bool = True
    """May be executed; of a folder: entered."""
    in_folder: bool = True
    """Whether its parent is a folder."""
    can_create: bool = True
    """Whether its parent may be written."""
    error: str = ""
    """Why nothing is known: the system's words, such as `Too many levels of symbolic links`."""
    image: str | None = None
    """The format that an image's first bytes tell, empty for none in particular; None: not read."""
    excluded: tuple[str, ...] = ()
    """The formats that an image surely has not, of those that its first bytes need not tell."""
    user: int = 0
    """The pid of who has locked an image, or listens at a socket; -1 for somebody unknown."""
    fault: str = ""
    """What a kernel or firmware for a PC is: `no kernel`."""
    lock: Lock = ""
    """What the user of an image has locked."""
    searched: bool = False
    """Whether it is in none of QEMU's own folders either."""


class Listener(NamedTuple):
    """Somebody who listens on a port."""

    protocol: Protocol
    host: str
    """An IPv4 or IPv6 address; `0.0.0.0` and `::` are all addresses."""
    port: int
    inode: int
    """Of the socket."""
    pid: int = 0
    """0 for somebody unknown."""


class Facts(NamedTuple):
    """What the host found. They hold as long as `launch.directory` stays the same."""

    files: Mapping[tuple[Purpose, str], FileFact] = {}
    """By purpose and name as written; about a name that is not here nothing is known."""
    home: str | None = None
    """The user's home folder."""
    listeners: tuple[Listener, ...] | None = None
    """Who listens on the ports that the profile names; None where nobody has looked."""
    first_port: int = 0
    """The first port that a process without privileges may listen on."""
    free_memory: int | None = None
    """Bytes that processes can still get."""
    most_memory: int | None = None
    """Bytes that the system gives to one mapping at most; None where there is no such limit, or
    where it is not known."""
    localhost: tuple[str, ...] = ()
    """The addresses of localhost; empty where nobody has asked."""
    board: Board | None = None
    """The machine before the first device; None where it is not known."""
    configs: Mapping[str, str] = {}
    """What is in the files of `-readconfig`, by their names as written, as far as it can be
    read."""


NO_FACTS = Facts()

_ELSEWHERE = ("/dev/fdset/", "/dev/fd/", "/proc/self/", "/dev/std")
_MODES: dict[str, Purpose] = {"r": "open", "r+": "update", "w": "create", "a": "create"}
_BOOT_FILES: dict[str, Purpose] = {
    "kernel": "kernel", "initrd": "read", "dtb": "read", "bios": "firmware",
}  # fmt: skip
_LATER_WINS = ("kernel", "initrd", "dtb", "bios")
_EXTRA_FILES: dict[str, Purpose] = {
    **_BOOT_FILES,
    **dict.fromkeys(("", "hda", "hdb", "hdc", "hdd", "cdrom", "fda", "fdb", "pflash"), "image"),
    "mem-path": "memory", "pidfile": "create", "D": "create", "readconfig": "read",
}  # fmt: skip
_CREDENTIALS = {"tls-creds-psk": "keys.psk", "tls-creds-x509": "ca-cert.pem"}
"""What QEMU surely reads of the folder of TLS credentials (`crypto/tlscreds*.c`)."""
_GUEST_MEMORY = re.compile(r"virtio-(gpu|vga)(-pci|-device|-ccw)?$")
"""Devices that share the guest's memory by udmabuf (`hw/display/virtio-gpu-udmabuf.c`)."""
_FILE_DRIVERS = frozenset({"file", "host_device", "host_cdrom"})


def _named(path: Path, value: object, purpose: Purpose) -> Iterator[NamedFile]:
    """Yields what is a name of a file; a passed descriptor and a NUL are none."""
    if isinstance(value, bool | tuple | dict) or value is None:
        return
    text = str(value)
    if text and "\0" not in text and not text.startswith(_ELSEWHERE):
        yield NamedFile(path, text, purpose)


def _protocol(text: str) -> bool:
    """Tells whether QEMU reads a `protocol:` in front (`block.c`, path_has_protocol)."""
    before, colon, _ = text.partition(":")
    return bool(colon) and "/" not in before


def _block_files(path: Path, node: dict[str, Any], driver: object) -> Iterator[NamedFile]:
    """Yields the files of a node and of the nodes inside it."""
    if driver == "vvfat":
        yield from _named((*path, "dir"), node.get("dir"), "folder")
    if isinstance(driver, str) and driver in _FILE_DRIVERS:
        purpose: Purpose = "image" if driver == "file" else "disk device"
        yield from _named((*path, "filename"), node.get("filename"), purpose)
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _block_files((*path, key), value, value.get("driver"))
        elif isinstance(value, tuple):
            for index, element in enumerate(value):
                if isinstance(element, dict):
                    yield from _block_files((*path, key, index), element, element.get("driver"))


_PCI = re.compile(r"([0-9a-f]{4}:)?([0-9a-f]{2}:[01][0-9a-f]\.[0-7])")
"""The address of a device, as sysfs has it, with or without its domain."""
_FAT = re.compile(r"fat:(?:(?:12|16|32|floppy|rw):)*(?!(?:12|16|32|floppy|rw):)([^:].*)", re.DOTALL)
_NBD = re.compile(r"nbd:unix:([^:]+)(?::.*)?", re.DOTALL)


def _at_protocol(path: Path, name: str) -> Iterator[NamedFile]:
    """Yields what `fat:` and `nbd:unix:` name (`block/vvfat.c`, `block/nbd.c`)."""
    if match := _FAT.fullmatch(name):
        yield from _named(path, match[1], "folder")
    elif match := _NBD.fullmatch(name):
        yield from _named(path, match[1], "connect")


_WITH_FILES = ("loader", "vfio-pci", "vhost-vsock", "virtio-input-host")


def _device_files(path: Path, kind: str, root: Mapping[str, Any]) -> Iterator[NamedFile]:
    """Yields the files that a device names, or stands for."""
    if kind == "loader":
        yield from _named((*path, "file"), root.get("file"), "read")
    elif kind.startswith("virtio-input-host"):
        yield from _named((*path, "evdev"), root.get("evdev"), "update")
    elif kind.startswith("vhost-vsock") and "vhostfd" not in root:
        yield from _named(path, "/dev/vhost-vsock", "update")
    elif kind == "vfio-pci":
        match = _PCI.fullmatch(str(root.get("host", "")))
        if match:
            name = f"/sys/bus/pci/devices/{match[1] or '0000:'}{match[2]}/iommu_group"
            yield from _named((*path, "host"), name, "folder")


def item_files(group: Group, item: Item, index: int) -> Iterator[NamedFile]:
    """Yields the files that one item names."""
    path: Path = (group.name, index)
    root = item.root
    if group.name == "drive":
        name = root.get("file")
        name = keyval.text(name) if isinstance(name, bool | int) else name
        if isinstance(name, str) and not _protocol(name) and "file.driver" not in root:
            yield from _named((*path, "file"), name, "image")
        elif isinstance(name, str):
            yield from _at_protocol((*path, "file"), name)
    elif group.name == "blockdev":
        yield from _block_files(path, root, item.type)
    elif group.name == "fsdev":
        if item.type == "local":
            yield from _named((*path, "path"), root.get("path"), "folder")
    elif group.name == "object":
        if item.type == "memory-backend-file":
            yield from _named((*path, "mem-path"), root.get("mem-path"), "memory")
        elif item.type in _CREDENTIALS and isinstance(root.get("dir"), str):
            name = f"{root['dir']}/{_CREDENTIALS[item.type]}"
            yield from _named((*path, "dir"), name, "read")
        elif item.type == "input-linux":
            yield from _named((*path, "evdev"), root.get("evdev"), "update")
        elif item.type == "pr-manager-helper":
            yield from _named((*path, "path"), root.get("path"), "connect")
        elif item.type == "rng-random":
            yield from _named((*path, "filename"), root.get("filename"), "open")
        elif item.type == "secret":
            yield from _named((*path, "file"), root.get("file"), "read")
    elif group.name == "netdev":
        if item.type == "bridge" and "helper" not in root:
            name = f"/sys/class/net/{root.get('br', 'br0')}"
            yield from _named((*path, "br"), name, "interface")
        # A script that is off is called `no`; with descriptors none is run.
        if item.type == "tap" and root.get("script") != "no" and not {"fd", "fds"} & root.keys():
            yield from _named((*path, "script"), root.get("script"), "script")
    elif group.name == "device":
        kind = item.type
        if _GUEST_MEMORY.match(kind) and keyval.is_on(root.get("blob")):
            yield NamedFile((*path, "blob"), "/dev/udmabuf", "update")
        if "rombar" not in root:  # without a bar it is not needed
            yield from _named((*path, "romfile"), root.get("romfile"), "rom")
        if kind.startswith(_WITH_FILES):
            yield from _device_files(path, kind, root)
    elif group.name == "tpmdev":
        if item.type == "passthrough":
            yield from _named((*path, "path"), root.get("path", "/dev/tpm0"), "update")
    elif group.name == "chardev":
        yield from _named((*path, "logfile"), root.get("logfile"), "create")
        if item.type == "file":
            yield from _named((*path, "path"), root.get("path"), "create")
        elif item.type == "pipe":
            yield from _named((*path, "path"), root.get("path"), "pipe")
        elif item.type in ("serial", "tty", "parallel", "parport"):
            yield from _named((*path, "path"), root.get("path"), "update")
        elif item.type == "socket" and not keyval.is_on(root.get("abstract")):
            if keyval.is_on(root.get("server")):
                yield from _named((*path, "path"), root.get("path"), "listen")
            elif not {"reconnect", "reconnect-ms"} & root.keys():
                yield from _named((*path, "path"), root.get("path"), "connect")


def table_files(profile: Profile) -> Iterator[NamedFile]:
    """Yields the files that a profile names elsewhere than in its items."""
    boot, qmp, launch = profile.boot, profile.qmp, profile.launch
    wrapper = words_of(launch.wrapper)
    if wrapper:
        first = ("launch", "wrapper", 0) if isinstance(launch.wrapper, tuple) else ()
        yield from _named(first or ("launch", "wrapper"), wrapper[0], "program")
    yield from _named(("binary",), binary(profile), "program")
    given = options.read(words_of(profile.extra))
    replaced = {option.name for option in given}
    yield from _extra_files(profile, given)
    for name, purpose in _BOOT_FILES.items():
        if name in replaced:
            continue
        field: Scalar | None = getattr(boot, name)
        if name != "initrd" or not _is_modules(str(field)):
            yield from _named(("boot", name), field, purpose)
    if qmp.type == "unix" and not keyval.is_on(qmp.others.get("abstract")):
        if keyval.is_on(qmp.server):
            yield from _named(("qmp", "path"), qmp.path, "listen")
        elif not {"reconnect", "reconnect-ms"} & qmp.others.keys():
            yield from _named(("qmp", "path"), qmp.path, "connect")
    for index, passed in enumerate(profile.fd):
        if not passed.off:
            opened = _MODES.get(str(passed.mode), "open")
            yield from _named(("fd", index, "path"), passed.path, opened)
    yield from _named(("launch", "directory"), launch.directory, "directory")


def _is_modules(text: str) -> bool:
    """A multiboot kernel takes several modules with arguments: `a,b c` (hw/i386/multiboot.c)."""
    return any(sign in text for sign in ", ")


def _named_in(option: options.Option) -> Iterator[tuple[str, Purpose]]:
    """Yields the files that an option names in a value of several parts."""
    if option.size != 2 or option.value.startswith("{"):
        return
    if option.name in chardev_words.USERS:
        device = chardev_words.backend(option.value) or {}
        path = device.get("path", "")
        if device.get("type") == "socket" and not keyval.is_on(device.get("abstract")):
            if keyval.is_on(device.get("server")):
                yield path, "listen"
            elif not {"reconnect", "reconnect-ms"} & device.keys():
                yield path, "connect"
        elif device.get("type") in _OF_CHARDEV:
            yield path, _OF_CHARDEV[device["type"]]
        return
    for key, value in options.pairs(option.value, _FIRST.get(option.name, "")):
        purpose = _IN_VALUES.get((option.name, key))
        if purpose is not None:
            yield from ((name, purpose) for name in value.split(":") if name)


_OF_CHARDEV: dict[str, Purpose] = {"file": "create", "pipe": "pipe", "serial": "update"}
_FIRST = {"acpitable": "data"}
_IN_VALUES: dict[tuple[str, str], Purpose] = {
    ("acpitable", "data"): "read", ("acpitable", "file"): "read", ("fw_cfg", "file"): "read",
    ("smbios", "file"): "read", ("smbios", "path"): "read", ("trace", "events"): "read",
    ("virtfs", "path"): "folder",
}  # fmt: skip
"""Files that options name under a key (`hw/acpi/core.c`, `system/vl.c`, `hw/smbios/smbios.c`)."""


def _extra_files(profile: Profile, given: tuple[options.Option, ...]) -> Iterator[NamedFile]:
    """Yields the files of options that have no field; of those that replace each other the last."""
    last = {option.name: option for option in given}
    for option in given:
        index = option.place + option.size - 1
        path: Path = ("extra", index) if isinstance(profile.extra, tuple) else ("extra",)
        for text, wanted in _named_in(option):
            yield from _named(path, text, wanted)
        purpose = _EXTRA_FILES.get(option.name)
        if purpose is None or (option.name in _LATER_WINS and option is not last[option.name]):
            continue
        is_image = purpose == "image"
        if (is_image and _protocol(option.value)) or (
            option.name == "initrd" and _is_modules(option.value)
        ):
            continue
        yield from _named(path, option.value, purpose)


def named_files(profile: Profile) -> tuple[NamedFile, ...]:
    """Returns the files that a profile names and whose absence would be felt.

    What is off is left out, as are names with a protocol (`nbd:`, `json:`) and descriptors.
    """
    files = list(table_files(profile))
    for group in GROUPS:
        for index, item in enumerate(profile.items(group.name)):
            if not item.off:
                files += item_files(group, item, index)
    return tuple(files)
