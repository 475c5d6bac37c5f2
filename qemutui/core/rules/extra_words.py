"""Words of options of `extra` that no version of QEMU reads."""

import re
from collections.abc import Iterator, Mapping

from qemutui.core import chardev_words, keyval, options
from qemutui.core.finding import Problem
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.values import count_of, takes_any_slots
from qemutui.core.rules.words import quoted

_DEVICE = re.compile(
    r"(mon:)?(null|pty|msmouse|wctablet|braille|testdev|stdio|none|vc.*|con:.*|COM.*"
    r"|(chardev|file|pipe|pty|tcp|telnet|tn3270|websocket|udp|unix):.*|/dev/.*|\{.*)?",
    re.DOTALL,
)


def character_device(subject: Subject) -> Iterator[Problem]:
    """Character devices of a kind that there is not."""
    for option in subject.options:
        if option.name not in chardev_words.USERS or option.size != 2:
            continue
        if not _DEVICE.fullmatch(option.value):
            message = f"{quoted(option.value)} is no character device."
            yield Problem("error", place(subject, option), message)
        elif _NOWHERE.fullmatch(option.value):
            message = f"{quoted(option.value)} says not where."
            yield Problem("error", place(subject, option), message)


_NOWHERE = re.compile(r"(mon:)?(unix|tcp|telnet|tn3270|websocket):")

_INCOMING = re.compile(r"defer$|[a-z]+:|.*=")

_VNC = re.compile(r"none(,|$)|help|\?|,|$|[^,]*[:=]")
"""How a display of VNC begins (`ui/vnc.c`, vnc_display_open)."""

_SMBIOS: Mapping[str, frozenset[str]] = {
    "1": frozenset({"manufacturer", "product", "version", "serial", "uuid", "sku", "family"}),
    "2": frozenset({"manufacturer", "product", "version", "serial", "asset", "location"}),
    "3": frozenset({"manufacturer", "version", "serial", "asset", "sku"}),
}
"""The keys of the types that every version has alike (`hw/smbios/smbios.c`)."""


def incomplete(subject: Subject) -> Iterator[Problem]:
    """Options without a part, and keys of -smbios that its type does not have."""
    for option in subject.options:
        if option.size != 2 or option.value.startswith("{"):
            continue
        if option.name == "global" and "=" not in option.value:
            message = "-global has no value; it is driver.property=value."
            yield Problem("error", place(subject, option), message)
        elif option.name == "virtfs":
            keys = {key for key, _ in options.pairs(option.value, "fsdriver")}
            if not {"mount_tag", "help", "?"} & keys:
                yield Problem("error", place(subject, option), "virtfs needs a mount_tag.")
        elif option.name == "incoming" and not _INCOMING.match(option.value):
            message = f"{quoted(option.value)} is no address to migrate from."
            yield Problem("error", place(subject, option), message)
        elif option.name == "vnc" and not _VNC.match(option.value):
            message = f"{quoted(option.value)} names no display; none or HOST:NUMBER does."
            yield Problem("error", place(subject, option), message)
        elif option.name == "fw_cfg":
            given = dict(options.pairs(option.value, "name"))
            contents = [key for key in ("file", "string", "gen_id") if given.get(key)]
            if not {"help", "?"} & given.keys() and (
                len(contents) != 1 or not (given.get("name") or "gen_id" in contents)
            ):
                message = "-fw_cfg needs a name, and a file or a string."
                yield Problem("error", place(subject, option), message)
        elif option.name == "smbios":
            pairs = options.pairs(option.value)
            known = _SMBIOS.get(dict(pairs).get("type", ""))
            for key, _ in pairs if known else ():
                if known and key not in known and key not in ("type", "help", "?"):
                    message = f"This type of -smbios has no {quoted(key)}."
                    yield Problem("error", place(subject, option), message)


def number(subject: Subject) -> Iterator[Problem]:
    """Sizes of -m and numbers of -smp that QEMU cannot read; a later one replaces an earlier."""
    last = {
        (option.name, key): (value, option)
        for option in subject.options
        if option.name in _IMPLIED and option.value[:1] not in ("", "{")
        for key, value in options.pairs(option.value, _IMPLIED[option.name])
    }
    for (name, key), (value, option) in last.items():
        if name == "smp" or key == "slots":
            unread = key == "slots" and value.startswith("-") and takes_any_slots(subject)
            is_read = unread or count_of(value) is not None
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
