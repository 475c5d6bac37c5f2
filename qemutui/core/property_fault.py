"""What QEMU says against a value of a property, before it looks at anything else.

As the visitors of QEMU read it (`qapi/qobject-input-visitor.c`, `qapi/opts-visitor.c`), and the
properties with a form of their own (`hw/core/qdev-properties-system.c`). Where versions or options
differ, what one of them takes is no fault.
"""

import re
from typing import NamedTuple

from qemutui.core import keyval
from qemutui.core.keyval import Scalar, Value
from qemutui.core.near import nearest
from qemutui.core.property_type import Property


class Fault(NamedTuple):
    """What is wrong with a value."""

    message: str
    """A sentence. It may quote the value."""
    mended: Scalar | None = None
    """What was probably meant."""


_BINARY = re.compile(r"\s*[+-]?0[bB][01]+")
_LIKE_A_SIZE = re.compile(
    r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([kKmMgGtTpPeE]?)(?:[iI]?[bB])?\s*", re.ASCII
)
_MAC = re.compile(r"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}")
_BARE_MAC = re.compile(r"\s*" + r"[.:-]?".join([r"([0-9a-fA-F]{2})"] * 6) + r"\s*")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = r"\s*[+-]?(?:0[xX])?([0-9a-fA-F]+)"
_SLOT = re.compile(rf"{_HEX}(?:\.{_HEX})?")
_LIKE_TRUE = frozenset({"1", "true", "on", "yes", "y", "t", "enable", "enabled"})
_LIKE_FALSE = frozenset({"0", "false", "off", "no", "n", "f", "disable", "disabled"})
_LONGEST = 24


def fault(prop: Property, value: Value, as_json: bool = False) -> Fault | None:
    """Returns what QEMU says against a value; None where it takes it, or where that is not sure.

    `as_json` says that the value is passed as JSON, where numbers and switches are no texts.
    """
    if prop.type.startswith("child<"):
        return Fault("This is a part of it; only QEMU sets it.")
    if isinstance(value, tuple | dict):
        return None
    own = _OWN_FORM.get(_form(prop))
    if own is not None:
        if not as_json or isinstance(value, str):
            return own(keyval.text(value))
        number_too = _form(prop) in ("slot", "block size") and type(value) is int
        return None if number_too else Fault("JSON wants a text here.", keyval.text(value))
    if as_json:
        found = _json(prop, value)
        if found is not None or not isinstance(value, str) or prop.kind in ("int", "size", "bool"):
            return found
    text = keyval.text(value)
    if prop.kind == "bool":
        return _switch(value)
    if prop.kind in ("auto", "enum"):
        return _word(prop, text)
    if prop.kind == "int":
        return _integer(prop, text)
    if prop.kind == "size":
        return _size(text)
    return None


def _form(prop: Property) -> str:
    """Returns which of the forms of `_OWN_FORM` a property has; empty if none."""
    if prop.description.startswith("Slot and optional function number"):
        return "slot"
    if prop.description.startswith("Ethernet 6-byte MAC Address"):
        return "mac"
    if prop.type == "QemuUUID":
        return "uuid"
    if prop.description.startswith("UUID (aka GUID)"):
        return "guid"
    if prop.description.startswith("A power of two between 512 B and 2 MiB"):
        return "block size"
    return ""


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”"


def _switch(value: Scalar) -> Fault | None:
    if keyval.boolean(value) is not None:
        return None
    return Fault(f"This is on or off; QEMU reads no {_quoted(keyval.text(value))}.", _guess(value))


def _guess(value: Scalar) -> bool | None:
    word = keyval.text(value).strip().lower()
    return True if word in _LIKE_TRUE else False if word in _LIKE_FALSE else None


# What QEMU says of these words is known to be all that it takes.
_WHOLE_LISTS = frozenset(
    {"enum", "OnOffAuto", "BiosAtaTranslation", "BlockdevOnError", "FdcDriveType", "PCIELinkSpeed",
     "FloppyDriveType", "PCIELinkWidth", "LostTickPolicy", "OffAutoPCIBAR", "GranuleMode",
     "EndianMode", "SmbiosEntryPointType"}
)  # fmt: skip


def _word(prop: Property, text: str) -> Fault | None:
    words = prop.values
    if text in words or prop.type not in _WHOLE_LISTS:
        return None
    mended: Scalar | None = nearest(text, words)
    if prop.kind == "auto":
        guess = _guess(text)
        mended = guess if mended is None else mended
        return Fault(f"This is on, off or auto; QEMU reads no {_quoted(text)}.", mended)
    listed = ", ".join(words[:-1]) + f" or {words[-1]}" if len(words) > 1 else "".join(words)
    if len(listed) <= 36:
        return Fault(f"QEMU takes {listed} here.", mended)
    return Fault(f"QEMU takes no {_quoted(text)} here.", mended)


def _integer(prop: Property, text: str) -> Fault | None:
    if prop.name == "label-size" or _BINARY.fullmatch(text):  # a size; glibc 2.38 reads 0b1
        return None
    count = keyval.number(text)
    if count is None:
        if text == "":
            return Fault("Empty; QEMU wants a number here.")
        return Fault(f"This is a whole number, not {_quoted(text)}.", _whole(prop, text))
    return _in_range(prop, count)


def _in_range(prop: Property, count: int) -> Fault | None:
    least, most = prop.least, prop.most
    if least is None or most is None:
        return None
    if prop.type == "int" or most == (1 << 64) - 1:  # strtoull takes -1 for the largest number
        least, most = -1 << 63, (1 << 64) - 1
    if least <= count <= most:
        return None
    shown = f"{count}" if abs(count) < 10**12 else "This"
    return Fault(f"{shown} is not in {prop.least}–{prop.most}.")


def _whole(prop: Property, text: str) -> int | None:
    """Returns the number that a size, or a decimal with zeros before it, was meant for."""
    bare = text.strip()
    if bare.isascii() and bare.isdigit():
        return int(bare) if len(bare) < 20 else None
    match = _LIKE_A_SIZE.fullmatch(text)
    count = keyval.size(match[1] + match[2]) if match else None
    return count if count is not None and _in_range(prop, count) is None else None


def _size(text: str) -> Fault | None:
    if keyval.size(text) is not None or _BINARY.fullmatch(text):
        return None
    if text == "":
        return Fault("Empty; QEMU wants a size here.")
    match = _LIKE_A_SIZE.fullmatch(text)
    mended = match[1] + match[2].upper() if match else None
    if mended is not None and keyval.size(mended) is None:
        mended = None
    return Fault(f"QEMU reads no {_quoted(text)}.", mended)


def _json(prop: Property, value: Scalar) -> Fault | None:
    if prop.kind == "bool":
        if isinstance(value, bool):
            return None
        guess = keyval.boolean(value)
        return Fault("JSON wants true or false here.", _guess(value) if guess is None else guess)
    if prop.kind in ("int", "size"):
        if isinstance(value, int) and not isinstance(value, bool):
            return _in_range(prop, value)
        if isinstance(value, float):
            return Fault("JSON wants a whole number here.")
        count = keyval.size(value)
        return Fault("JSON wants a number here, no text.", count)
    if prop.type == "any" or prop.kind in ("list", "internal") or isinstance(value, str):
        return None
    if prop.kind == "text" and prop.type not in ("str", "string"):
        return None
    return Fault("JSON wants a text here.", keyval.text(value))


def _slot(text: str) -> Fault | None:
    match = _SLOT.fullmatch(text)
    if match and "-" not in text and int(match[1], 16) < 32 and int(match[2] or "0", 16) < 8:
        return None
    return Fault("A slot to 1f and a function to 7, such as 1f.7.")


def _mac(text: str) -> Fault | None:
    if _MAC.fullmatch(text):
        return None
    match = _BARE_MAC.fullmatch(text)
    return Fault(
        "A MAC is six bytes: 52:54:00:12:34:56.", ":".join(match.groups()) if match else None
    )


def _uuid(text: str) -> Fault | None:
    return None if _UUID.fullmatch(text) else Fault("QEMU reads no such UUID.")


def _guid(text: str) -> Fault | None:
    return None if text == "auto" else _uuid(text)


def _block_size(text: str) -> Fault | None:
    if (found := _size(text)) is not None:
        return found
    count = keyval.size(text) or 0
    if count == 0 or (512 <= count <= 2 << 20 and not count & (count - 1)):
        return None
    return Fault("This is a power of two from 512 to 2M.")


_OWN_FORM = {
    "slot": _slot, "mac": _mac, "uuid": _uuid, "guid": _guid, "block size": _block_size,
}  # fmt: skip
