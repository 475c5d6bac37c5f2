"""Words of options of `extra` that no version of QEMU reads."""

import re
from collections.abc import Iterator

from qemutui.core import options
from qemutui.core.finding import Problem
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Subject
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
