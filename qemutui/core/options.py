"""Reads words of a command line as QEMU options with their values, as `qemu_init` does."""

from collections.abc import Sequence
from typing import NamedTuple

FLAGS = frozenset(
    {
        "S", "s", "h", "help", "version", "mem-prealloc", "audio-help", "snapshot", "usb",
        "nographic", "portrait", "full-screen", "win2k-hack", "no-fd-bootchk", "no-acpi", "no-hpet",
        "no-quit", "singlestep", "one-insn-per-tick", "preconfig", "enable-kvm", "xen-attach",
        "xen-domid-restrict", "no-reboot", "no-shutdown", "daemonize", "only-migratable",
        "nodefaults", "no-user-config", "enable-sync-profile", "async-teardown", "semihosting",
        "old-param", "perfmap", "jitdump", "sdl", "curses",
    }
)  # fmt: skip
"""Options without a value (`qemu-options.hx`); every other one takes the next word, even if it
begins with a dash."""

ALIASES = {"M": "machine"}


class Option(NamedTuple):
    """An option and its value; a disk image without an option has the name ``""``."""

    name: str
    """Without dashes, an alias as what it stands for."""
    value: str
    place: int
    """The index of the option among the words."""
    written: str
    """The option as written, with its dashes."""


def read(words: Sequence[str]) -> tuple[Option, ...]:
    """Returns the options of words that begin where an option may stand."""
    options = []
    index = 0
    while index < len(words):
        written = words[index]
        name = written.removeprefix("-").removeprefix("-") if written[:1] == "-" else ""
        takes_value = bool(name) and name not in FLAGS and index + 1 < len(words)
        value = words[index + 1] if takes_value else "" if name else written
        options.append(Option(ALIASES.get(name, name), value, index, written))
        index += 2 if takes_value else 1
    return tuple(options)


def pairs(value: str, implied: str = "") -> list[tuple[str, str]]:
    """Returns the key=value pairs of an option's value; `implied` is the key of a bare first one.

    A later value without `=` has the value `on` (or `off`, where its name begins with `no`).
    """
    found = []
    for place, part in enumerate(value.replace(",,", "\0").split(",")):
        key, equals, text = part.replace("\0", ",").partition("=")
        if equals:
            found.append((key, text))
        elif place == 0 and implied:
            found.append((implied, key))
        elif key:
            found.append((key.removeprefix("no"), "off") if key[:2] == "no" else (key, "on"))
    return found
