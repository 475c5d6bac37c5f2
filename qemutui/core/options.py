"""QEMU's options: what each is called, whether it takes a value, and what kind of value that is.

Sources: `qemu-options.hx` (names and arities) and `qemu_init` in `system/vl.c` (how each is read),
QEMU 5.0 to 10.1. Options that a version has dropped stay: a command of that time is still read.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from qemutui.core.groups import GROUPS
from qemutui.core.rules.words import short

Kind = Literal["fields", "group", "key=value", "text", "flag"]
"""What becomes of a value: fields of a table of the profile, an item of a group, or an argument of
`extra`, which QEMU reads as key=value or as one text; a flag has no value."""

_KEY_VALUE = """
accel numa add-fd set global audio display spice acpitable smbios nic net compat fw_cfg mon
overcommit rtc icount action sandbox trace plugin msg virtfs iscsi semihosting-config realtime
run-with
"""
_TEXT = """
mem-path k soundhw uuid fda fdb hda hdb hdc hdd cdrom mtdblock sd pflash usbdevice rotate vga g vnc
serial parallel monitor qmp-pretty debugcon pidfile gdb d D dfilter seed L xen-domid
loadvm option-rom watchdog watchdog-action echr incoming chroot runas prom-env readconfig
writeconfig qtest qtest-log dump-vmstate shim bt clock balloon virtioserial startdate hdachs tb-size
"""
_FLAGS = """
h help version mem-prealloc audio-help snapshot usb nographic sdl curses portrait full-screen
no-frame no-quit alt-grab ctrl-grab show-cursor win2k-hack no-fd-bootchk no-acpi no-hpet S s
singlestep one-insn-per-tick preconfig enable-kvm enable-hax no-kvm no-kvm-irqchip no-kvm-pit
no-kvm-pit-reinjection xen-create xen-attach xen-domid-restrict no-reboot no-shutdown daemonize
only-migratable nodefaults no-user-config nodefconfig enable-fips enable-sync-profile semihosting
old-param async-teardown perfmap jitdump virtfs_synth igd-passthru std-vga tdf localtime
"""

BOOT_OPTIONS = ("bios", "kernel", "initrd", "dtb", "append")
"""The options of one text that are fields of `boot`, in the order of the command."""

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(_KEY_VALUE.split(), "key=value"),
    **dict.fromkeys(_TEXT.split(), "text"),
    **dict.fromkeys(_FLAGS.split(), "flag"),
    **dict.fromkeys(("name", "machine", "cpu", "m", "smp", "boot", "qmp"), "fields"),
    **dict.fromkeys(BOOT_OPTIONS, "fields"),
    **dict.fromkeys((group.option[1:] for group in GROUPS), "group"),
}
"""The kind of every option, by its name without a dash."""

FLAGS = frozenset(name for name, kind in KINDS.items() if kind == "flag")
"""Options without a value; every other one takes the next word, even if that begins with a dash."""

ALIASES = {"M": "machine", "h": "help"}


class Option(NamedTuple):
    """An option and its value; a disk image without an option has the name ``""``."""

    name: str
    """Without dashes, an alias as what it stands for."""
    value: str
    place: int
    """The index of the option among the words."""
    written: str
    """The option as written, with its dashes."""
    size: int
    """How many words it has, 1 or 2; an option that lacks its value has 1."""


def name_of(word: str) -> str | None:
    """Returns the name of the option that a word is, or None where it is a disk image.

    QEMU takes one dash or two (`lookup_opt` in `system/vl.c`). Dashes alone, which QEMU refuses,
    are their own name.
    """
    if word[:1] != "-":
        return None
    name = word[2:] if word[1:2] == "-" else word[1:]
    return ALIASES.get(name, name) or word


def read(words: Sequence[str], takes_value: Mapping[str, bool] | None = None) -> tuple[Option, ...]:
    """Returns the options of words that begin where an option may stand.

    `takes_value` says it of options that the table lacks. One that is in neither is taken to have
    the next word for its value, unless that begins with a dash.
    """
    options = []
    index = 0
    known = takes_value or {}
    while index < len(words):
        written = words[index]
        name = name_of(written)
        follows = index + 1 < len(words)
        if name is None:
            takes = False
        elif name in KINDS:
            takes = follows and name not in FLAGS
        else:
            takes = follows and known.get(name, words[index + 1][:1] != "-")
        value = words[index + 1] if takes else written if name is None else ""
        options.append(Option(name or "", value, index, written, 1 + takes))
        index += 1 + takes
    return tuple(options)


def has(words: Sequence[str], name: str) -> bool:
    """Tells whether words have an option of this name."""
    return any(option.name == name for option in read(words))


def is_known(option: Option) -> bool:
    """Tells whether an option is one of QEMU's; a disk image is."""
    return not option.name or option.name in KINDS


def lacks_value(option: Option) -> bool:
    """Tells whether an option stands at the end without the value that it takes."""
    return option.size == 1 and KINDS.get(option.name, "flag") != "flag"


def assumption(option: Option) -> str:
    """Says what is assumed of an option that no QEMU is known to have."""
    if option.size == 1:
        return f"{option.written} is not known; it gets no value."
    return f"{option.written} is not known; {short(option.value)} is taken for its value."


def pairs(value: str, implied: str = "") -> list[tuple[str, str]]:
    """Returns the key=value pairs of an option's value; `implied` is the key of a bare first one.

    A later value without `=` has the value `on` (or `off`, where its name begins with `no`).
    """
    found = []
    for place, part in enumerate(value.replace(",,", "\0").split(",")):
        key, equals, text = part.replace("\0", ",").partition("=")
        if equals:
            found.append((key, text))
        elif place == 0 and implied:
            found.append((implied, key))
        elif key:
            found.append((key.removeprefix("no"), "off") if key[:2] == "no" else (key, "on"))
    return found
