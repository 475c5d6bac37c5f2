"""Character devices in one word, as -serial, -monitor and others take them.

As `chardev/char.c` (qemu_chr_parse_compat) reads them.
"""

import re

from qemutui.core import options

USERS = frozenset({"serial", "parallel", "monitor", "qmp", "qmp-pretty", "debugcon", "gdb"})
"""Options that take one."""

_STREAM = re.compile(r"(tcp|telnet|tn3270|websocket):([^:,]*):([^:,]+)(?:,(.*))?", re.DOTALL)
_IPV6 = re.compile(r"(tcp|telnet|tn3270|websocket):\[([^\],]*)\]:([^:,]+)(?:,(.*))?", re.DOTALL)


def reference(text: str) -> str | None:
    """Returns the id of the character device that a word refers to; None if it makes its own."""
    before, colon, name = text.partition(":")
    return name if colon and before == "chardev" else None


def backend(text: str) -> dict[str, str] | None:
    """Returns what -chardev would be told, with its type; None where that is not sure.

    The id is not among it.
    """
    word = text.removeprefix("mon:")
    kind, _, rest = word.partition(":")
    if kind in ("file", "pipe") and rest:
        return {"type": kind, "path": rest}
    if kind == "unix":
        path, _, more = rest.partition(",")
        if not path or "=" in path or ",," in rest:
            return None
        return {"type": "socket", "path": path, **dict(options.pairs(more) if more else ())}
    match = _STREAM.fullmatch(word) or _IPV6.fullmatch(word)
    if match is not None and ",," not in word:
        keys = dict(options.pairs(match[4])) if match[4] else {}
        if match[1] != "tcp":
            keys[match[1]] = "on"
        return {"type": "socket", "host": match[2], "port": match[3], **keys}
    if word.startswith("/dev/parport"):
        return None
    if word.startswith("/dev/"):
        return {"type": "serial", "path": word}
    return None
