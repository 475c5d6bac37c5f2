"""QEMU's own grammar of values: text, commas, booleans, sizes, ids, JSON.

Sources: `util/keyval.c`, `util/qemu-option.c`, `util/cutils.c` (sizes), `util/id.c` (ids).
"""

import re
from decimal import Decimal
from typing import TypeAlias

Scalar: TypeAlias = bool | int | float | str
Value: TypeAlias = Scalar | tuple["Value", ...] | dict[str, "Value"]
Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in a profile, such as `("device", 0, "netdev")`."""

TRUE = frozenset({"on", "yes", "true", "y"})
FALSE = frozenset({"off", "no", "false", "n"})
"""What `qapi_bool_parse` reads; lower case only."""

_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_SIZE = re.compile(
    r"\s*\+?(?:(0x[0-9a-f]+)|([0-9]+(?:\.[0-9]*)?|\.[0-9]+))([bkmgtpe]?)", re.ASCII | re.IGNORECASE
)
_INTEGER = re.compile(r"\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)", re.ASCII)
_POWERS = {letter: index for index, letter in enumerate("bkmgtpe")}


def text(value: Scalar) -> str:
    """Returns a scalar as QEMU is to read it: `on` and `off`, decimal numbers, text as it is."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return str(value)


def scalar_text(value: object) -> str:
    """Returns the text of a scalar; empty for what is not set or is no scalar."""
    return text(value) if isinstance(value, bool | int | float | str) else ""


def escape(value: str) -> str:
    """Doubles the commas, which is all that key=value un-escapes (`get_opt_value`)."""
    return value.replace(",", ",,")


def boolean(value: Scalar) -> bool | None:
    """Returns what QEMU reads as a boolean, or None where it reads none."""
    if isinstance(value, bool):
        return value
    word = text(value)
    return True if word in TRUE else False if word in FALSE else None


def is_on(value: object) -> bool:
    """Tells whether a value is a switch that is on; what is not set is none."""
    return isinstance(value, bool | str) and boolean(value) is True


def is_off(value: object) -> bool:
    """Tells whether a value is a switch that is off; what is not set is none."""
    return isinstance(value, bool | str) and boolean(value) is False


def size(value: object, unit: str = "b") -> int | None:
    """Returns a size in bytes as `qemu_strtosz` reads it, or None where it reads none.

    What is not set or is no scalar is none.

    `unit` is the suffix that a bare number has: `b` in most places, `m` for `-m`. A fraction needs
    a suffix of its own, over one byte; a number of 2^64 bytes or more is refused. What only some
    versions take is read: `.5k` (from 8.1 on) and a suffix after a hexadecimal (before 8.0).
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    written = text(value)
    match = _SIZE.fullmatch(written)
    if match is None:
        return None
    hexadecimal, decimal, suffix = match.groups()
    count = Decimal(int(hexadecimal, 16) if hexadecimal else decimal)
    power = _POWERS[suffix.lower() or "b"]
    if count >= 2**64 or (not power and count % 1):
        return None
    if not suffix and written[-1].isdigit():  # `-m` looks at no more than the last character
        power = _POWERS[unit]
    result = int(count * 1024**power)
    return result if result < 2**64 else None


def number(value: object) -> int | None:
    """Returns an integer as `qemu_strtoi64` reads it, or None where it reads none.

    `0x10` is hexadecimal, `010` octal, `08` nothing; what is not set or is no scalar is none.
    """
    match = _INTEGER.fullmatch(scalar_text(value))
    if match is None or len(match[2]) > 30:
        return None
    digits = match[2].lower()
    base = 16 if digits.startswith("0x") else 8 if digits.startswith("0") else 10
    return int(digits, base) * (-1 if match[1] == "-" else 1)


def is_id(name: str) -> bool:
    """Tells whether `id_wellformed` takes the name."""
    return _ID.fullmatch(name) is not None


def to_json(value: Value) -> str:
    """Returns a value as JSON on one line; characters beyond ASCII stay as they are."""
    import json  # most profiles hold no JSON, and loading this takes longer than building them

    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
