"""What a property of QEMU takes: its kind, its range, its words."""

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from qemutui.core import keyval

Kind = Literal["bool", "auto", "enum", "int", "size", "text", "reference", "list", "internal"]
"""`auto` is on, off or auto; `int` an integer; `size` a size or an integer; `internal` what a user
cannot set: children, links to parts of the machine, and values that QEMU only shows."""


class Property(NamedTuple):
    """A property of a type, or a member of a backend."""

    name: str
    type: str
    """As QEMU calls it: `uint32`, `OnOffAuto`, `link<iothread>`."""
    kind: Kind
    description: str = ""
    default: Any = None
    """As JSON has it; None where QEMU does not tell."""
    values: tuple[str, ...] = ()
    """The words of an enum."""
    least: int | None = None
    """The smallest integer."""
    most: int | None = None
    """The largest integer."""
    reference: str = ""
    """What its value is the id of: a group's name, `node` (a drive or a blockdev), or `object:` or
    `device:` and the QOM type that the object or the device is derived from."""
    required: bool = False
    deprecated: bool = False

    @property
    def default_text(self) -> str:
        """The default as one would write it; empty where QEMU does not tell."""
        default = self.default
        if isinstance(default, bool | int | float | str):
            return keyval.text(default)
        return "" if default is None else keyval.to_json(default)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that it takes; empty where they cannot be counted."""
        if self.kind == "bool":
            return ("on", "off")
        return self.values if self.kind in ("auto", "enum") else ()


_INTEGER = re.compile(r"(u?)int(\d*)(?:_t)?")
_LINK = re.compile(r"link<([\w.-]+)>")
_TYPE_WORDS = re.compile(r"[\w-]+(?:\|[\w-]+)+")
_VALID = re.compile(r".*Valid values are ((?:[\w-]+(?:, and |, | and ))+[\w-]+)\.?", re.DOTALL)
_ENUMS = {
    "LostTickPolicy": ("discard", "delay", "slew"),
    "OffAutoPCIBAR": ("off", "auto", *(f"bar{number}" for number in range(6))),
    "NotifyVMexitOption": ("run", "internal-error", "disable"),
}
"""The words of types that some versions do not describe (`qapi/misc.json`, `common.json`,
`run-state.json`)."""
_WORDS = re.compile(r"(?:.*[\s,(])?([\w.+-]+(?:/[\w.+-]+)+)\)?", re.DOTALL)
_INTERNAL = re.compile(r"child<.*|link<(?:memory-region|irq|device|bus|PCI|i8042|pit-common)>"
                       r"|X86CPUFeatureWordInfo|GuestPanicInformation|guest statistics"
                       r"|struct tm|container|busnr")  # fmt: skip
_BACKENDS = (
    (re.compile(r"ID of an? (netdev|chardev|audiodev|tpm)\b"), None),
    (re.compile(r"ID of a block device|Node name or ID"), "node"),
    (re.compile(r"Audiodev to use"), "audiodev"),
)
_TEXT = frozenset({"str", "string", "QemuUUID"})


def property_of(row: Mapping[str, Any]) -> Property:
    """Makes a property of a row of `device-list-properties`, or one in its form.

    Beyond QEMU's `name`, `type`, `description` and `default-value` a row may have `values`,
    `reference`, `required` and `deprecated` (`core.catalog_schema`).
    """
    name, written = str(row["name"]), str(row["type"])
    description = str(row.get("description") or "")
    values = tuple(map(str, row.get("values") or ()))
    reference = str(row.get("reference") or "") or _reference(name, written, description)
    least = most = None
    kind: Kind
    if written == "bool":
        kind = "bool"
    elif written == "OnOffAuto":
        kind, values = "auto", values or ("on", "off", "auto")
    elif reference:
        kind = "reference"
    elif values:
        kind = "enum"
    elif written == "size":
        kind, least, most = "size", 0, (1 << 64) - 1
    elif match := _INTEGER.fullmatch(written):
        kind = "int"
        least, most = _range(bool(match[1]), int(match[2] or 64))
    elif match := _TYPE_WORDS.fullmatch(written):
        kind, values = "enum", tuple(written.split("|"))
    elif written in _TEXT:
        match = _VALID.fullmatch(description)
        kind = "enum" if match else "text"
        values = tuple(re.split(r", and |, | and ", match[1])) if match else ()
    elif written in _ENUMS and "/" not in description:
        kind, values = "enum", _ENUMS[written]
    elif written == "list" or written.endswith("List") or written.startswith("["):
        kind = "list"
    elif _INTERNAL.fullmatch(written):
        kind = "internal"
    elif match := _WORDS.fullmatch(description):
        kind, values = "enum", tuple(match[1].split("/"))
    else:
        kind = "text"
    return Property(
        name, written, kind, description, row.get("default-value"), values, least, most, reference,
        bool(row.get("required")), bool(row.get("deprecated")),
    )  # fmt: skip


def _range(unsigned: bool, bits: int) -> tuple[int, int]:
    return (0, (1 << bits) - 1) if unsigned else (-1 << (bits - 1), (1 << (bits - 1)) - 1)


def _reference(name: str, written: str, description: str) -> str:
    if (match := _LINK.fullmatch(written)) and not _INTERNAL.fullmatch(written):
        return f"object:{match[1]}"
    for pattern, kind in _BACKENDS:
        if match := pattern.search(description):
            return kind or {"tpm": "tpmdev"}.get(match[1], match[1])
    return "chardev" if name == "chardev" and written in _TEXT else ""
