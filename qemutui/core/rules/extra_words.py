"""Words of options of `extra` that no version of QEMU reads."""

import re
from collections.abc import Iterator

from qemutui.core import keyval, options
from qemutui.core.finding import Problem
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.values import count_of
from qemutui.core.rules.words import quoted

_DEVICES = frozenset({"serial", "parallel", "monitor", "qmp", "qmp-pretty", "debugcon", "gdb"})
"""Options that describe a character device in one word (`chardev/char.c`,
qemu_chr_parse_compat)."""

_DEVICE = re.compile(
    r"(mon:)?(null|pty|msmouse|wctablet|braille|testdev|stdio|none|vc.*|con:.*|COM.*"
    r"|(chardev|file|pipe|pty|tcp|telnet|tn3270|websocket|udp|unix):.*|/dev/.*|\{.*)?",
    re.DOTALL,
)


def character_device(subject: Subject) -> Iterator[Problem]:
    """Character devices of a kind that there is not."""
    for option in subject.options:
        if option.name in _DEVICES and option.size == 2 and not _DEVICE.fullmatch(option.value):
            message = f"{quoted(option.value)} is no character device."
            yield Problem("error", place(subject, option), message)


def number(subject: Subject) -> Iterator[Problem]:
    """Sizes of -m and numbers of -smp that QEMU cannot read; a later one replaces an earlier."""
    last = {
        (option.name, key): (value, option)
        for option in subject.options
        if option.name in _IMPLIED and option.value[:1] != "{"
        for key, value in options.pairs(option.value, _IMPLIED[option.name])
    }
    for (name, key), (value, option) in last.items():
        if name == "smp" or key == "slots":
            is_read = count_of(value) is not None
        else:
            is_read = key not in ("size", "maxmem") or _is_size(value, key)
        if not is_read and key not in ("help", "?"):
            message = f"{key}: QEMU reads no {quoted(value)} here."
            yield Problem("error", place(subject, option), message)


_IMPLIED = {"m": "size", "smp": "cpus"}


def _is_size(value: str, key: str) -> bool:
    return keyval.size(value, "m" if key == "size" else "b") is not None


def boot_order(subject: Subject) -> Iterator[Problem]:
    """Letters of drives that QEMU refuses (`system/bootdevice.c`, validate_bootdevices)."""
    last = {
        key: (letters, option)
        for option in subject.options
        if option.name == "boot"
        for key, letters in options.pairs(option.value, "order")
        if key in ("order", "once")
    }
    for letters, option in last.values():
        wrong = next((letter for letter in letters if not "a" <= letter <= "p"), None)
        if wrong is not None:
            message = f"{quoted(wrong)} is no drive; a to p are."
            yield Problem("error", place(subject, option), message)
        elif len(set(letters)) < len(letters):
            yield Problem("error", place(subject, option), "A drive stands here twice.")
