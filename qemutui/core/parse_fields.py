"""Makes tables of a profile of the values of the options that have fields."""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from qemutui.core import argv, option_value
from qemutui.core.keyval import Scalar
from qemutui.core.option_value import Pairs
from qemutui.core.options import BOOT_OPTIONS
from qemutui.core.profile import Boot, Machine, Memory, Options, Smp
from qemutui.core.profile import read as read_profile

Data = dict[str, Any]
"""Keys of a table, in the order of the command."""


class Field(NamedTuple):
    """What becomes of an option that a profile has fields for."""

    table: str
    """The table of the profile, or the field `name`."""
    read: Callable[[str], Any]
    """Returns what a value says, or None where the fields cannot say it."""
    implied: str = ""
    """The key of a bare first value."""


def _table(implied: str, model: type[Options], own: Iterable[str] = ()) -> Callable[[str], Any]:
    """Returns the reader of an option that `util/keyval.c` reads.

    `own` are fields of the table that are options of their own.
    """
    texts = ("type",) if model is Machine else ()

    def read(value: str) -> Data | None:
        if value.startswith("{"):
            return None
        pairs = option_value.split(value, implied)
        if not pairs or _repeats(pairs) or any(k[0] == "_" or k in own for k, _ in pairs):
            return None
        found: Data = {}
        for key, text in pairs:
            if key == "accel" and model is Machine:
                found[key] = tuple(text.split(":"))
            else:
                found[key] = text if key in texts else option_value.scalar(text)
        if found.get("type") == "":
            return None
        # The implied key comes first, as it is passed.
        return {implied: found[implied], **found} if implied in found else found

    return read


def _repeats(pairs: Pairs) -> bool:
    return len({key for key, _ in pairs}) < len(pairs)


def _one(name: str) -> Callable[[str], Data]:
    """Returns the reader of an option whose value is one text."""
    return lambda value: {name: value}


def _name(value: str) -> str | dict[str, Scalar] | None:
    pairs = option_value.split(value, "guest", flags=True)
    if not pairs or _repeats(pairs) or any(key.startswith("_") for key, _ in pairs):
        return None
    if len(pairs) == 1 and pairs[0][0] == "guest":
        return pairs[0][1] or ({"guest": ""} if "=" in value else None)
    return {k: text if k == "guest" else option_value.scalar(text) for k, text in pairs}


def _cpu(value: str) -> Data | None:
    """Splits at commas, as every CPU's parser does; none of them knows an escape."""
    model, *features = value.split(",")
    if not value or (not model and not features):
        return None
    found: Data = {"model": model} if model else {}
    return {**found, "features": tuple(features)} if features else found


_NETWORK = re.compile(
    r"(tcp|telnet|tn3270|websocket):([^:,]{0,64}):([^:,]{1,32})(?:,(.*))?", re.DOTALL
)
_BARE_CHARDEVS = frozenset({"stdio", "pty", "null", "none", "vc"})


def _qmp(value: str) -> Data | None:
    """Reads the address of a monitor as `qemu_chr_parse_compat` of `chardev/char.c` does."""
    if value in _BARE_CHARDEVS:
        return {"type": value}
    if value.startswith("unix:"):
        pairs = option_value.split(value.removeprefix("unix:"), "path", flags=True)
        start: Data = {"type": "unix"}
        texts = {"path"}
    elif match := _NETWORK.fullmatch(value):
        kind, host, port, rest = match.groups()
        pairs = option_value.split(rest, flags=True) if rest else []
        start = {"type": kind, **({"host": host} if host else {})}
        start["port"] = option_value.scalar(port)
        texts = set()
    else:
        return None
    if pairs is None or _repeats(pairs) or any(k[0] == "_" or k in start for k, _ in pairs):
        return None
    return start | {k: text if k in texts else option_value.scalar(text) for k, text in pairs}


FIELDS: dict[str, Field] = {
    "name": Field("name", _name, "guest"),
    "machine": Field("machine", _table("type", Machine), "type"),
    "cpu": Field("cpu", _cpu),
    "m": Field("memory", _table("size", Memory), "size"),
    "smp": Field("smp", _table("cpus", Smp), "cpus"),
    **{name: Field("boot", _one(name)) for name in BOOT_OPTIONS},
    "boot": Field("boot", _table("order", Boot, BOOT_OPTIONS), "order"),
    "qmp": Field("qmp", _qmp),
}
"""By the name of the option, in the order of the command."""


def field(name: str, value: str) -> tuple[Any, str] | None:
    """Returns what the fields of an option say and how it is passed, or None where they cannot.

    That is a text or a table for `-name`, else the keys of a table in the order of the command.
    A bare flag, keys in another order and a bare or spelled first key are no difference to QEMU.
    """
    found = FIELDS[name].read(value)
    if found is None:
        return None
    written = _written(name, found)
    if written is not None and (written == value or _same(name, value, written)):
        return found, written
    return None


def _written(name: str, found: Any) -> str | None:
    """Returns the value that a profile with these fields alone passes."""
    for argument in argv.build(read_profile({FIELDS[name].table: found})):
        if argument.words[0] == f"-{name}":
            return argument.words[1]
    return None


def _same(name: str, value: str, written: str) -> bool:
    """Tells whether QEMU reads a value, and what is passed for it, alike."""
    if name == "qmp":
        return _qmp(value) == _qmp(written)
    implied = FIELDS[name].implied
    if not implied:
        return False
    one, other = (
        option_value.split(text, implied, flags=name == "name") for text in (value, written)
    )
    return option_value.same(one, other)
