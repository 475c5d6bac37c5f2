"""The words with which QEMU is asked for the board of a profile: those that decide which buses and
devices it has before the first `-device`, and nothing else of the profile.

Everything in them is a name that the catalog knows, a number, or a word of this module.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qemutui.core import keyval, options
from qemutui.core.argv import words_of
from qemutui.core.catalog import Catalog
from qemutui.core.profile import Item, Profile

# `default_list` of `system/vl.c`: one of these as a -device, or in a -global, and QEMU leaves a
# device of its own away.
_INSTEAD_WORDS = """
isa-serial isa-parallel isa-fdc floppy ide-cd ide-hd scsi-cd scsi-hd VGA isa-vga cirrus-vga
isa-cirrus-vga vmware-svga qxl-vga virtio-vga ati-vga vhost-user-vga virtio-vga-gl
virtio-vga-rutabaga
"""
_INSTEAD = frozenset(_INSTEAD_WORDS.split())
_DISKS = frozenset({"ide-cd", "ide-hd", "scsi-cd", "scsi-hd", "floppy"})
_DISPLAYS = frozenset({"std", "cirrus", "vmware", "qxl", "xenfb", "virtio", "tcx", "cg3", "none"})

# Machine properties of text that make no device on a bus that others could go on.
_NO_MATTER_WORDS = """
kernel-irqchip memory-backend max-ram-below-4g kvm-shadow-mem dumpdtb dtb firmware phandle-start
gic-version kvm-type memory-encryption confidential-guest-support pcspk-audiodev audiodev
pflash0 pflash1 nvdimm-persistence igd-passthru dump-guest-core mem-merge suppress-vmdesc smm
vmport x-oem-id x-oem-table-id oem-id oem-table-id accel hmat aux-ram-share
"""
_NO_MATTER = frozenset(_NO_MATTER_WORDS.split())

# Options of `extra` that change no board: what is not here, below or in `_VAGUE` may.
_HARMLESS_WORDS = """
cpu m smp name boot bios kernel initrd dtb append qmp accel enable-kvm no-kvm object chardev
fsdev blockdev netdev audiodev tpmdev device drive net nic nodefaults vga usb add-fd rtc display
overcommit icount action sandbox trace plugin msg compat fw_cfg mon mem-path k uuid vnc serial
parallel monitor qmp-pretty debugcon pidfile gdb d D dfilter seed L loadvm echr incoming chroot
runas run-with watchdog-action tb-size h help version mem-prealloc snapshot nographic sdl curses
portrait full-screen no-frame no-quit alt-grab ctrl-grab show-cursor win2k-hack no-fd-bootchk S
s singlestep one-insn-per-tick no-reboot no-shutdown daemonize only-migratable no-user-config
enable-fips enable-sync-profile async-teardown perfmap jitdump smbios acpitable numa spice
option-rom global no-hpet prom-env semihosting semihosting-config pflash
"""
_HARMLESS = frozenset(_HARMLESS_WORDS.split())
_VAGUE: dict[str, tuple[str, ...]] = {
    "": ("IDE", "SCSI", "sd-bus", "PCI"), "hda": ("IDE", "SCSI", "PCI"),
    "hdb": ("IDE", "SCSI", "PCI"), "hdc": ("IDE", "SCSI", "PCI"), "hdd": ("IDE", "SCSI", "PCI"),
    "cdrom": ("IDE", "SCSI", "PCI"), "fda": ("floppy-bus",), "fdb": ("floppy-bus",),
    "drive": ("IDE", "SCSI", "floppy-bus", "sd-bus"), "sd": ("sd-bus",), "mtdblock": ("SSI",),
    "net": ("PCI", "ISA"), "nic": ("PCI", "ISA"), "usbdevice": ("usb-bus", "SCSI"),
    "audio": (), "watchdog": ("PCI", "ISA"),
    "virtfs": (), "virtfs_synth": (), "serial": ("isa-serial",), "parallel": ("isa-parallel",),
}  # fmt: skip
"""Options of `extra` that put devices on buses of these types, where is not followed here."""

# Keys whose defaults decide where devices go, and what they bring.
_PLACING_WORDS = """
addr bus multifunction port ports p2 p3 num-ports unit scsi-id lun channel chassis chassis_nr
slot cad bus_nr nsid nr max_ports shpc masterbus max_luns
"""
_PLACING = frozenset(_PLACING_WORDS.split())
_INTERFACES = {"ide": re.compile(r"(pc|isapc)(-.*)?|q35"), "none": re.compile("microvm|none")}
"""What a drive without an interface has, and the machines of which that is known."""


def replaced_by(device: Item) -> str:
    """Returns the driver for which QEMU leaves a device of its own away; empty for others."""
    driver = str(device.root.get("driver") or device.type)
    return driver if driver in _INSTEAD else ""


def words(
    profile: Profile, catalog: Catalog, drivers: Iterable[str] | None = None
) -> tuple[str, ...] | None:
    """Returns the words to ask for a board, or None where it depends on what is not known.

    `drivers` are what `replaced_by` returns of the devices that are on, where that is known.
    """
    if drivers is None:
        drivers = (replaced_by(item) for item in profile.device if not item.off)
    extra = options.read(words_of(profile.extra))
    machine = catalog.machine(keyval.scalar_text(profile.machine.type))
    if machine is None or not _is_name(machine.name) or _is_xen(profile, extra):
        return None
    keys = _machine_keys(profile, catalog, machine.name)
    if keys is None or any(o.name not in _HARMLESS and o.name not in _VAGUE for o in extra):
        return None
    if any(option.name in ("usb", "usbdevice") for option in extra):
        keys["usb"] = "on"
    found = ["-machine", ",".join([machine.name, *(f"{k}={keys[k]}" for k in sorted(keys))])]
    if any(option.name == "nodefaults" for option in extra):
        found.append("-nodefaults")
    else:
        found += _instead(profile, extra, drivers)
    for option in extra:
        if option.name == "vga":
            if option.value not in _DISPLAYS:
                return None
            found += ["-vga", option.value]
        elif option.name in ("global", "audio") and _changes_much(option):
            return None
    usual = next((word for word, names in _INTERFACES.items() if names.fullmatch(machine.name)), "")
    for item in profile.drive:
        if not item.off:
            drive = _drive(item, usual)
            if drive is None:
                return None
            found += drive
    return tuple(found)


def _is_xen(profile: Profile, extra: Sequence[options.Option]) -> bool:
    """Tells whether the accelerator may be one that adds devices to the machine."""
    names = [*words_of(profile.machine.accel), *(o.value for o in extra if o.name == "accel")]
    return any("xen" in name for name in names)


def vague(extra: Sequence[options.Option]) -> frozenset[str]:
    """Returns the types of buses on which options put devices in places that are not known, and
    the types of devices of which they add some."""
    return frozenset(
        type_
        for option in extra
        if not (option.name == "nic" and option.value.startswith("none"))
        and not (option.name == "net" and not option.value.startswith("nic"))
        for type_ in _VAGUE.get(option.name, ())
    )


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[\w.+-]+", text, re.ASCII) is not None


def _machine_keys(profile: Profile, catalog: Catalog, name: str) -> dict[str, str] | None:
    """Returns the properties that may add or remove devices."""
    properties = catalog.properties("machine", name) or {}
    keys = {}
    for key, value in profile.machine.others.items():
        if key in _NO_MATTER:
            continue
        known = properties.get(key)
        text = "" if isinstance(value, tuple | dict) else keyval.text(value)
        if known is None or not _is_name(key):
            return None
        if known.kind == "bool":
            switch = keyval.boolean(text)
            if switch is None:
                return None
            keys[key] = keyval.text(switch)
        elif known.kind == "auto" and text in ("on", "off", "auto"):
            keys[key] = text
        else:
            return None
    return keys


def _instead(
    profile: Profile, extra: Sequence[options.Option], drivers: Iterable[str]
) -> Iterator[str]:
    """Yields what keeps QEMU from adding the devices for which the profile has its own."""
    named = set(drivers)
    for option in extra:
        if option.name == "device" and option.value[:1] != "{":
            named |= {v for k, v in options.pairs(option.value, "driver") if k == "driver"}
        elif option.name == "global":
            named.add(_driver(option.value)[0])
    for driver in sorted(named & _INSTEAD):
        # A property that changes nothing; of other drivers than disks none is made here.
        own = "write-cache=auto" if driver in _DISKS else "qemutui=1"
        yield from ("-global", f"{driver}.{own}")
    if any(not item.off for item in profile.netdev) or any(
        option.name in ("netdev", "net", "nic") for option in extra
    ):
        yield from ("-net", "none")


def _driver(value: str) -> tuple[str, str]:
    """Returns driver and property of a `-global`."""
    pairs = dict(options.pairs(value))
    if "driver" in pairs:
        return pairs["driver"], pairs.get("property", "")
    driver, _, key = value.partition("=")[0].rpartition(".")
    return driver, key


def _changes_much(option: options.Option) -> bool:
    """Tells whether a -global or an -audio changes what is where in ways not followed here."""
    if option.name == "audio":
        return "model" in option.value
    driver, key = _driver(option.value)
    return key in _PLACING or driver in ("isa-fdc", "sysbus-fdc") or not driver


_WORDS = {"if": ("ide", "scsi", "floppy", "sd"), "media": ("disk", "cdrom")}


def _drive(item: Item, usual: str) -> list[str] | None:
    """Returns a drive of the same place without content; None where its place is not known."""
    root: dict[str, Any] = item.root
    interface = keyval.text(root.get("if", usual))
    if interface in ("none", "virtio", "pflash"):
        return []
    said = {"if": interface}
    for key in ("media", "index", "bus", "unit"):
        if key in root:
            said[key] = keyval.text(root[key])
    for key, text in said.items():
        if text not in _WORDS[key] if key in _WORDS else not re.fullmatch(r"\d{1,3}", text):
            return None
    written = ",".join(f"{key}={text}" for key, text in said.items())
    return ["-drive", f"{written},driver=null-co,read-zeroes=on"]
