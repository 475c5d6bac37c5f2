"""Reads the value of a key=value option as QEMU does, where that can be written back.

Sources: `util/qemu-option.c` (QemuOpts, which knows bare flags) and `util/keyval.c` (which does
not). What either reads in a way that is hard to say again is left to `extra`.
"""

import re

from qemutui.core.keyval import Scalar

_FLAG = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_HELP = frozenset({"help", "?"})
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)

Pairs = list[tuple[str, str]]


def split(value: str, implied: str = "", *, flags: bool = False) -> Pairs | None:
    """Returns the pairs of a value, or None where no plain pairs are all that it says.

    `implied` is the key of a bare first value. With `flags`, a later word without an equals sign
    is on, or off where it begins with `no`; it is a question for help where it is `help` or `?`.
    Without, a bare first value can hold no comma. A comma at the end is legal and says nothing.
    """
    if "\0" in value or not _is_text(value):
        return None
    parts = value.replace(",,", "\0").split(",")
    if len(parts) > 1 and is_help(parts[0]):
        return None
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    found: Pairs = []
    for place, part in enumerate(parts):
        key, equals, text = part.partition("=")
        if equals:
            if not key or "\0" in key:
                return None
            found.append((key, text.replace("\0", ",")))
        elif place == 0 and implied and part and (flags or "\0" not in part):
            found.append((implied, part.replace("\0", ",")))
        elif flags and _FLAG.fullmatch(part) and not is_help(part) and part != "no":
            found.append((part[2:], "off") if part.startswith("no") else (part, "on"))
        else:
            return None
    return found


def _is_text(value: str) -> bool:
    """Tells whether a profile's file can hold a text: bytes that are no UTF-8 it cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_help(text: str) -> bool:
    """Tells whether a bare word asks for help (`is_help_option` in `util/qemu-option.c`)."""
    return text in _HELP


def same(one: Pairs | None, other: Pairs | None) -> bool:
    """Tells whether QEMU reads two values alike: between keys, their order means nothing to it."""
    if one is None or other is None:
        return False
    return one == other or sorted(one, key=_key) == sorted(other, key=_key)


def _key(pair: tuple[str, str]) -> str:
    return pair[0]


def scalar(text: str) -> Scalar:
    """Returns what a profile holds for a text so that it is passed as the same text.

    That is a boolean for `on` and `off` and a number for a whole one; `yes` and `007` stay texts.
    """
    if text in ("on", "off"):
        return text == "on"
    return int(text) if _WHOLE.fullmatch(text) else text
