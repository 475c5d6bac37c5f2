"""Reads which options a QEMU has, and which of them take a value, out of its `-help`."""

import re

_LINE = re.compile(r"(--?[A-Za-z0-9_][\w-]*(?:(?:/| or )--?[\w-]+)*)( ?)( ?)", re.ASCII)


def takes_value(text: str) -> dict[str, bool]:
    """Returns the options that stand at the beginning of a line of `-help`, without their dash.

    One blank comes before a value, more before the description of an option that takes none
    (`qemu-options.hx`).
    """
    found: dict[str, bool] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match:
            for name in re.split(r"/| or ", match[1]):
                found.setdefault(name.lstrip("-"), bool(match[2]) and not match[3])
    return found
