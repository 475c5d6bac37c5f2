"""The sections of a profile, the fields that every profile has, and the rows that show them."""

from typing import TYPE_CHECKING, Literal, NamedTuple

from qemutui.core.keyval import Path, Value
from qemutui.core.profile import DEFAULT_BINARY

if TYPE_CHECKING:
    from qemutui.core.property_type import Property

Kind = Literal["text", "number", "size", "switch", "choice", "path", "long", "list", "table"]


class Field(NamedTuple):
    """A field that every profile has, at a fixed path."""

    path: Path
    label: str
    kind: Kind = "text"
    help: str = ""
    placeholder: str = ""
    choices: tuple[Value, ...] = ()
    """What Space turns through; a switch has true and false."""


class Section(NamedTuple):
    """One row of the section list."""

    name: str
    option: str = ""
    fields: tuple[Field, ...] = ()
    groups: tuple[str, ...] = ()
    """The tables of items that it lists; `fd` for passed files."""


class Row(NamedTuple):
    """One row of a form: a value that can be edited, or the place where one can be added."""

    path: Path
    label: str
    value: str
    kind: str = ""
    help: str = ""
    is_set: bool = True
    choices: tuple[Value, ...] = ()
    adds: bool = False
    property: "Property | None" = None
    """What QEMU says of it; None where QEMU does not, or nobody has asked."""
    default: str = ""
    """What holds while it is not set, as `value` says it then; empty where QEMU does not tell."""
    is_offered: bool = False
    """Whether it stands below `Not set`: QEMU offers it, and the profile does not have it."""


SWITCH: tuple[Value, ...] = (True, False)


def _field(path: str, kind: Kind, text: str, placeholder: str = "", *choices: Value) -> Field:
    parts = tuple(path.split("."))
    chosen = SWITCH if kind == "switch" else choices
    return Field(parts, parts[-1], kind, text, placeholder, chosen)


GENERAL = (
    _field("name", "text", "-name, and the title", "file name"),
    _field("binary", "path", "the QEMU that runs", DEFAULT_BINARY),
    _field("notes", "long", "for people; not in the command"),
)
MACHINE = (
    _field("machine.type", "choice", "-machine, the board"),
    _field("machine.accel", "list", "tried in this order"),
)
CPU = (
    _field("cpu.model", "choice", "-cpu, the model"),
    _field("cpu.features", "list", "such as +avx2, -x2apic, pmu=off"),
    _field("memory.size", "size", "-m; a bare number is MiB"),
    _field("memory.slots", "number", "slots for memory that is plugged in"),
    _field("memory.maxmem", "size", "with all that is plugged in"),
    _field("smp.cpus", "number", "-smp; CPUs at the start"),
    _field("smp.maxcpus", "number", "with all that are plugged in"),
    _field("smp.sockets", "number", "CPU sockets"),
    _field("smp.cores", "number", "cores in a socket"),
    _field("smp.threads", "number", "threads in a core"),
)
BOOT = (
    _field("boot.kernel", "path", "-kernel"),
    _field("boot.initrd", "path", "-initrd"),
    _field("boot.append", "long", "the kernel's command line"),
    _field("boot.dtb", "path", "-dtb, a device tree"),
    _field("boot.bios", "path", "-bios, the firmware"),
    _field("boot.order", "text", "-boot; drive letters such as cad"),
    _field("boot.menu", "switch", "a menu of what to boot from"),
)
QMP = (
    _field("qmp.type", "choice", "a socket of your own", "", "unix", "tcp"),
    _field("qmp.path", "path", "of a unix socket; at most 107 bytes"),
    _field("qmp.host", "text", "of a tcp socket"),
    _field("qmp.port", "number", "of a tcp socket"),
    _field("qmp.server", "switch", "QEMU listens; off: it connects"),
    _field("qmp.wait", "switch", "wait for a client before starting"),
)
LAUNCH = (
    _field("launch.monitor", "switch", "private QMP monitor, + in the command", "on"),
    _field("launch.directory", "path", "where QEMU runs", "the profile's folder"),
    _field("launch.wrapper", "list", "goes before the binary, as sudo"),
    _field("launch.environment", "table", "variables, as NAME=value"),
    _field("launch.powerdown", "number", "seconds before stopping harder", "20"),
)

FIRST = Section("General", fields=GENERAL)
SECTIONS: tuple[Section | None, ...] = (
    FIRST,
    Section("Machine", "-machine", MACHINE),
    Section("CPU & memory", "-cpu -m", CPU),
    Section("Boot", "-boot", BOOT),
    Section("QMP", "-qmp", QMP),
    None,
    Section("Devices", "-device", groups=("device",)),
    Section("Objects", "-object", groups=("object",)),
    Section("Networks", "-netdev", groups=("netdev",)),
    Section("Storage", "-blockdev", groups=("blockdev", "drive")),
    Section("Char devices", "-chardev", groups=("chardev",)),
    Section("Shares", "-fsdev", groups=("fsdev",)),
    Section("Audio", "-audiodev", groups=("audiodev",)),
    Section("TPM", "-tpmdev", groups=("tpmdev",)),
    None,
    Section("Passed files", groups=("fd",)),
    Section("Launch", fields=LAUNCH),
    Section("Extra"),
)
"""Every section in the order of the screen; None is a blank row."""

_NUMBERS = {section.name: at for at, section in enumerate(SECTIONS) if section}
_OF_TABLE = {
    field.path[0]: section.name for section in SECTIONS if section for field in section.fields
} | {group: section.name for section in SECTIONS if section for group in section.groups}


def section_of(path: Path) -> str:
    """Returns the name of the section that shows a field; General for what none shows."""
    table = path[0] if path else "name"
    if table == "extra":
        return "Extra"
    return _OF_TABLE.get(table, "General")


def section_index(name: str) -> int:
    """Returns the index of a section in `SECTIONS`."""
    return _NUMBERS[name]
