"""What the types of this QEMU cannot do without."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from qemutui.core import keyval
from qemutui.core.catalog import Catalog
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Value
from qemutui.core.property_type import Property
from qemutui.core.rules.needs import is_needed_anywhere
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.words import a, short

_NEEDED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "virtio-blk",
            "scsi-hd",
            "scsi-block",
            "scsi-generic",
            "usb-storage",
            "ide-hd",
            "ide-cf",
            "nvme-ns",
        ),
        ("drive",),
    ),
    **dict.fromkeys(
        (
            "vhost-user-blk",
            "vhost-user-scsi",
            "vhost-user-fs",
            "vhost-user-rng",
            "vhost-user-vsock",
            "vhost-user-gpio",
            "vhost-user-i2c",
            "vhost-user-input",
            "vhost-user-snd",
            "vhost-user-scmi",
            "vhost-user-gpu",
            "vhost-user-vga",
            "usb-serial",
            "usb-braille",
            "usb-redir",
            "ccid-card-passthru",
            "isa-debugcon",
            "isa-parallel",
            "ivshmem-doorbell",
            "ipmi-bmc-extern",
            "spapr-vty",
        ),
        ("chardev",),
    ),
    **dict.fromkeys(("tpm-crb", "tpm-tis", "tpm-spapr", "tpm-tis-i2c"), ("tpmdev",)),
    **dict.fromkeys(
        (
            "virtio-mem",
            "virtio-pmem",
            "pc-dimm",
            "nvdimm",
            "spapr-nvdimm",
            "acpi-erst",
            "ivshmem-plain",
        ),
        ("memdev",),
    ),
    **dict.fromkeys(("pci-bridge", "pci-bridge-seat"), ("chassis_nr",)),
    **dict.fromkeys(
        ("isa-ipmi-bt", "isa-ipmi-kcs", "pci-ipmi-bt", "pci-ipmi-kcs", "smbus-ipmi"), ("bmc",)
    ),
    **dict.fromkeys(
        ("vfio-pci", "vfio-pci-nohotplug", "vfio-amd-xgbe", "vfio-calxeda-xgmac", "vfio-platform"),
        ("host", "sysfsdev", "fd"),
    ),
    "cxl-type3": ("memdev", "persistent-memdev", "volatile-memdev"),
    "ccid-card-emulated": ("backend",),
    "cxl-switch-mailbox-cci": ("target",),
    "guest-loader": ("kernel", "initrd"),
    "kvaser_pci": ("canbus",),
    "led": ("color",),
    "pxb": ("bus_nr",),
    "loader": ("file", "addr", "data", "cpu-num"),
    "nvme": ("serial",),
    "spapr-pci-host-bridge": ("index",),
    "spapr-rng": ("rng", "use-kvm"),
    "spapr-tpm-proxy": ("host-path",),
    "usb-mtp": ("rootdir",),
    "vfio-pci-igd-lpc-bridge": ("addr",),
    "vfio-ccw": ("sysfsdev", "fd"),
    "vhost-scsi": ("wwpn",),
    "vhost-vdpa-device": ("vhostdev",),
    "vhost-vsock": ("guest-cid",),
    "virtio-9p": ("fsdev",),
    "virtio-crypto": ("cryptodev",),
    "virtio-input-host": ("evdev",),
    "x-pci-proxy-dev": ("fd",),
    "zpci": ("target",),
}
"""Properties of which a device needs one, tried on 7.2 and 10.0; a type stands here without what
its name says of its bus."""

_ONE_OF: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("chardev", "dbus"): ("name",),
    ("chardev", "hub"): ("chardevs",),
    ("fsdev", "proxy"): ("socket", "sock_fd"),
    ("object", "tls-cipher-suites"): ("priority",),
    ("netdev", "socket"): ("listen", "connect", "mcast", "udp", "fd"),
}
"""Properties of which a backend needs one."""

_BUS = re.compile(r"-(?:pci(?:-non)?(?:-transitional)?|ccw|device)")


@lru_cache(maxsize=1024)
def without_bus(kind: str) -> str:
    """Returns a type without what its name says of its bus: `virtio-net` of `virtio-net-pci`."""
    if kind in _NEEDED:
        return kind
    match = _BUS.search(kind)
    return kind[: match.start()] if match and match.end() == len(kind) else kind


def _says_nothing(value: Value | None) -> bool:
    return value is None or value == ""


def _is_too_low(key: str, value: Value | None) -> bool:
    """Tells whether a number is one that QEMU takes for none."""
    least = {"bus_nr": 1, "chassis_nr": 1, "guest-cid": 3}.get(key)
    count = keyval.number(value)
    return least is not None and count is not None and 0 <= count < least


def needed(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    """Properties without which QEMU refuses an item."""
    if entry.group.name == "device":
        yield from _needed_by_device(entry, catalog)
        return
    known = catalog.properties(entry.group.name, entry.type) or {}
    root = entry.item.root
    one_of = _ONE_OF.get((entry.group.name, entry.type), ())
    if one_of and not any(key.partition(".")[0] in one_of for key in root):
        path = (*entry.path, one_of[0])
        yield Problem("error", path, f"{entry.type} needs {' or '.join(one_of)}.")
    for key, prop in known.items():
        if prop.required and key not in root and not is_needed_anywhere(entry, key):
            top = key.partition(".")[0]
            if not any(name.partition(".")[0] == top for name in root):
                path = (*entry.path, top)
                yield Problem("error", path, f"{entry.type} needs {a(top)}.")
                return  # QEMU, too, says one at a time


def _needed_by_device(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    device = catalog.device(entry.type)
    is_cpu = entry.type.endswith(("-x86_64-cpu", "-i386-cpu"))
    if is_cpu and not {"socket-id", "apic-id"} & entry.item.root.keys():
        path = (*entry.path, "socket-id")
        yield Problem("error", path, "A CPU as a device needs a socket-id.")
    if device is None or not device.creatable:
        return
    usable = any_of(device.name, catalog.properties("device", device.name) or {})
    values = [entry.item.root.get(key) for key in usable]
    if usable and all(
        _says_nothing(v) or _is_too_low(k, v) for k, v in zip(usable, values, strict=True)
    ):
        path = (*entry.path, usable[0])
        yield Problem("error", path, f"{entry.type} needs {a(usable[0])}.")


def sound(subject: Subject) -> Iterator[Problem]:
    """Sound devices without a backend, where QEMU no longer makes one by itself."""
    catalog = subject.catalog
    if catalog is None or catalog.version < (9, 0, 0):
        return
    named = [entry.id for entry in subject.entries_of("audiodev")]
    makes_none = bool(named) or subject.has_option("nodefaults", "audiodev")
    if not makes_none or subject.has_option("audio", "set", "readconfig", "global"):
        return
    for entry in subject.entries_of("device"):
        if "audiodev" in entry.item.root:
            continue
        if "audiodev" in (catalog.properties("device", entry.type) or ()):
            path = (*entry.path, "audiodev")
            fix = Fix(f"makes it {short(named[0])}", (Set(path, named[0]),)) if named else None
            yield Problem("error", path, f"{entry.type} needs an audiodev.", fix)


def any_of(kind: str, known: Mapping[str, Property]) -> tuple[str, ...]:
    """Returns the properties of which a device needs one; none where it needs nothing."""
    return tuple(key for key in _NEEDED.get(without_bus(kind), ()) if key in known)
