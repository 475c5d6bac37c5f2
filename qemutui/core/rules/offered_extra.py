"""Values of options of `extra` that this QEMU cannot read."""

import re
from collections.abc import Iterator, Mapping

from qemutui.core import keyval, options
from qemutui.core.catalog import Catalog
from qemutui.core.finding import Problem
from qemutui.core.property_fault import fault
from qemutui.core.property_type import Property
from qemutui.core.rules.effective import machine_type, place
from qemutui.core.rules.offered_machine import is_machine_key
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.words import quoted

# Options that QEMU reads by a list of keys, with the list's name and the key of a bare value.
_LISTS: Mapping[str, tuple[str, str]] = {
    "action": ("action", ""),
    "boot": ("boot-opts", "order"),
    "icount": ("icount", "shift"),
    "m": ("memory", "size"),
    "mon": ("mon", "chardev"),
    "msg": ("msg", ""),
    "name": ("name", "guest"),
    "overcommit": ("overcommit", ""),
    "rtc": ("rtc", ""),
    "smp": ("smp-opts", "cpus"),
}
_WATCHDOG = ("reset", "shutdown", "poweroff", "inject-nmi", "pause", "none", "debug")
# Words that every version takes, and no others (`qapi/run-state.json`, `system/rtc.c`).
_WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("action", "panic"): ("pause", "shutdown", "exit-failure", "none"),
    ("action", "reboot"): ("reset", "shutdown"),
    ("action", "shutdown"): ("poweroff", "pause"),
    ("action", "watchdog"): _WATCHDOG,
    ("overcommit", "mem-lock"): (*keyval.TRUE, *keyval.FALSE, "on-fault"),
    ("rtc", "clock"): ("host", "rt", "vm"),
    ("rtc", "driftfix"): ("none", "slew"),
    ("vga", ""): ("none", "std", "cirrus", "vmware", "xenfb", "qxl", "tcx", "cg3", "virtio"),
    ("watchdog-action", ""): _WATCHDOG,
}
# Scanned by sscanf, which does not look at what follows.
_USB_DEVICES = frozenset(
    {"mouse", "tablet", "keyboard", "wacom-tablet", "braille", "ccid", "serial", "audio",
     "u2f-key", "help", "?"}
)  # fmt: skip
"""What `usb_legacy_register` makes known in one build or another (`hw/usb`)."""
_DATE = re.compile(r"(?:utc|localtime)$|\s*[+-]?\d+-\s*[+-]?\d+-\s*[+-]?\d+")
_SHIFT = re.compile(r"auto|(?:0x)?[0-9a-f]+")


def unknown_key(subject: Subject) -> Iterator[Problem]:
    """Keys of options that QEMU does not have."""
    catalog = subject.catalog
    if catalog is None:
        return
    found = machine_type(subject)
    for option in subject.options:
        if option.size == 1 or option.value.startswith("{"):
            continue
        if option.name == "machine" and found is not None:
            known = catalog.properties("machine", found[0])
            for key, _ in options.pairs(option.value, "type") if known else ():
                if known and not is_machine_key(key, known) and key not in ("help", "?"):
                    yield _no_key(subject, catalog, option, key)
        elif option.name in _LISTS:
            name, first = _LISTS[option.name]
            known = catalog.properties("option", name)
            for key, _ in options.pairs(option.value, first) if known else ():
                if key not in (known or {}) and key not in ("help", "?"):
                    yield _no_key(subject, catalog, option, key)


def _no_key(subject: Subject, catalog: Catalog, option: options.Option, key: str) -> Problem:
    message = f"{option.written} of QEMU {catalog.release} has no {quoted(key)}."
    return Problem("error", place(subject, option), message)


def bad_value(subject: Subject) -> Iterator[Problem]:
    """Words, switches and types of options that QEMU cannot read."""
    catalog = subject.catalog
    if catalog is None:
        return
    found = machine_type(subject)
    machine = catalog.machine(found[0]) if found is not None else None
    name = machine.name if machine is not None else ""
    for option in subject.options:
        if option.size == 2 and not option.value.startswith("{"):
            for key, message in _faults(option, catalog, name):
                about = f"{key}: " if key else ""
                yield Problem("error", place(subject, option), about + message)


def _lacks(catalog: Catalog, name: str) -> bool:
    """Tells whether a list of options is missing, where others were told."""
    told = catalog.properties("option", "chardev")
    return bool(told) and catalog.properties("option", name) is None


def _faults(option: options.Option, catalog: Catalog, machine: str) -> Iterator[tuple[str, str]]:
    name = option.name
    if name in ("vga", "watchdog-action"):
        pairs = [("", option.value.partition(",")[0])]
    else:
        pairs = options.pairs(option.value, _LISTS.get(name, ("", ""))[1])
    known = catalog.properties("option", _LISTS[name][0]) if name in _LISTS else None
    for key, value in pairs:
        words = _WORDS.get((name, key))
        is_switch = bool(known) and key in (known or {}) and (known or {})[key].kind == "bool"
        if words is not None and not is_switch:
            listed = f"QEMU takes no {quoted(value)} here."
            if value not in words and value not in ("help", "?"):
                yield key, listed
        elif (name, key) == ("rtc", "base") and not _DATE.match(value):
            yield key, "This is utc, localtime or a date."
        elif (name, key) == ("icount", "shift") and not _SHIFT.fullmatch(value):
            yield key, "This is auto or a number."
        elif known and key in known and known[key].kind == "bool":
            found = fault(known[key], value)
            if found is not None:
                yield key, found.message
    if name == "sandbox":
        key, word = options.pairs(option.value, "enable")[0]
        if key == "enable" and keyval.boolean(word) is None and word not in ("help", "?"):
            yield "", "The first word of -sandbox is on or off."
    elif name == "usbdevice" and option.value not in _USB_DEVICES and catalog.version >= (7, 2, 0):
        yield "", f"-usbdevice takes no {quoted(option.value)}."
    elif name == "spice" and catalog.options.get("spice") and _lacks(catalog, "spice"):
        yield "", "QEMU's module for -spice is not installed."
    if name == "uuid":
        found = fault(Property("uuid", "QemuUUID", "text"), option.value)
        if found is not None:
            yield "", found.message
    elif name in ("net", "nic"):
        kind = next((v for k, v in options.pairs(option.value, "type") if k == "type"), "")
        types = catalog.types("netdev")
        model = dict(options.pairs(option.value, "type")).get("model", "")
        is_pc = machine.startswith(("pc-", "isapc"))
        unknown = model not in ("", "virtio", "help", "?") and catalog.device(model) is None
        if unknown and is_pc and kind != "none" and catalog.version < (8, 0, 0):
            yield "", f"QEMU {catalog.release} has no network card {quoted(model)}."
        if kind and types and kind not in (*types, "nic", "none", "help", "?"):
            yield "", f"QEMU {catalog.release} has no network {quoted(kind)}."
