"""Values that QEMU reads as a size, a switch or a number, and cannot."""

import re
from collections.abc import Iterator
from typing import Any

from qemutui.core import keyval
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Path
from qemutui.core.rules.effective import machine_keys
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.words import quoted

_LIKE_A_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([kKmMgGtTpPeE]?)(?:[iI]?[bB])?\s*")
_LIKE_TRUE = frozenset({"1", "true", "on", "yes", "y", "t", "enable", "enabled"})
_LIKE_FALSE = frozenset({"0", "false", "off", "no", "n", "f", "disable", "disabled"})

MACHINE_SWITCHES = frozenset(
    {"dump-guest-core", "mem-merge", "usb", "graphics", "suppress-vmdesc", "hpet", "nvdimm",
     "i8042", "sata", "smbus", "default-bus-bypass-iommu"}
)  # fmt: skip
# These are OnOffAuto, which takes no other word.
MACHINE_ON_OFF_AUTO = frozenset({"smm", "vmport"})
_MEMORY = frozenset({"share", "prealloc", "merge", "dump", "reserve", "pmem", "discard-data"})
_CHARDEV = frozenset(
    {"mux", "logappend", "server", "wait", "nodelay", "telnet", "tn3270", "websocket", "abstract",
     "tight", "append", "signal"}
)  # fmt: skip
_USER = frozenset({"restrict", "ipv4", "ipv6"})
_DRIVE = frozenset({"readonly", "read-only", "snapshot"})
_NONE = frozenset[str]()


def judged_switches(entry: Entry) -> frozenset[str]:
    """Returns the keys of an item that surely are booleans, whichever QEMU it is."""
    group = entry.group.name
    if group == "chardev":
        return _CHARDEV
    if group == "object" and entry.type.startswith("memory-backend-"):
        return _MEMORY
    if group == "netdev" and entry.type == "user":
        return _USER
    return _DRIVE if group == "drive" else _NONE


def _guess(value: object) -> bool | None:
    word = keyval.text(value).strip().lower() if isinstance(value, int | float | str) else ""
    return True if word in _LIKE_TRUE else False if word in _LIKE_FALSE else None


def _not_a_switch(path: Path, value: object, auto: bool = False) -> Iterator[Problem]:
    if not isinstance(value, bool | int | float | str):
        return
    word = keyval.text(value)
    good = word in ("on", "off", "auto") if auto else keyval.boolean(value) is not None
    if good:
        return
    guess = _guess(value)
    fix = None
    if guess is not None:
        fix = Fix(f"makes it {keyval.text(guess)}", (Set(path, guess),))
    words = "on, off or auto" if auto else "on or off"
    yield Problem("error", path, f"This is {words}; QEMU reads no {quoted(word)}.", fix)


def item_switch(entry: Entry) -> Iterator[Problem]:
    """Switches of an item that are neither on nor off."""
    known = judged_switches(entry)
    if known and not known.isdisjoint(entry.item.root):
        for key, value in entry.item.root.items():
            if key in known:
                path = (*entry.path, key)
                if entry.json and isinstance(value, str) and keyval.boolean(value) is not None:
                    on = keyval.boolean(value)
                    fix = Fix(f"makes it {str(on).lower()}", (Set(path, on),))
                    yield Problem("error", path, "JSON wants true or false here, no text.", fix)
                else:
                    yield from _not_a_switch(path, value)


def switch(subject: Subject) -> Iterator[Problem]:
    """Switches of machine, boot, QMP and name that are neither on nor off."""
    profile = subject.profile
    for key, value in machine_keys(subject).items():
        if key in MACHINE_SWITCHES or key in MACHINE_ON_OFF_AUTO:
            yield from _not_a_switch(("machine", key), value, key in MACHINE_ON_OFF_AUTO)
    yield from _not_a_switch(("boot", "menu"), profile.boot.menu)
    yield from _not_a_switch(("boot", "strict"), profile.boot.others.get("strict"))
    yield from _not_a_switch(("qmp", "server"), profile.qmp.server)
    yield from _not_a_switch(("qmp", "wait"), profile.qmp.wait)
    if isinstance(profile.name, dict):
        yield from _not_a_switch(("name", "debug-threads"), profile.name.get("debug-threads"))


def _mended_size(value: object, unit: str) -> str | None:
    match = _LIKE_A_SIZE.fullmatch(str(value))
    if match is None:
        return None
    mended = match[1] + match[2].upper()
    return mended if keyval.size(mended, unit) is not None else None


def _empty(path: Path, wanted: str) -> Problem:
    return Problem("error", path, f"Empty; QEMU wants {wanted} here.",
                   Fix("unsets it", (Set(path, None),)))  # fmt: skip


def _not_a_size(path: Path, value: bool | int | float | str, unit: str) -> Iterator[Problem]:
    if keyval.size(value, unit) is None:
        if value == "":
            yield _empty(path, "a size")
            return
        mended = _mended_size(value, unit)
        fix = Fix(f"makes it {mended}", (Set(path, mended),)) if mended else None
        yield Problem("error", path, f"QEMU reads no {quoted(keyval.text(value))}.", fix)


def size(subject: Subject) -> Iterator[Problem]:
    """Sizes of memory that QEMU cannot read."""
    memory = subject.profile.memory
    if memory.size is not None:
        yield from _not_a_size(("memory", "size"), memory.size, "m")
        yield from _hexadecimal(subject)
    if memory.maxmem is not None:
        yield from _not_a_size(("memory", "maxmem"), memory.maxmem, "b")


def _hexadecimal(subject: Subject) -> Iterator[Problem]:
    """A hexadecimal number of MiB: QEMU puts a unit behind it, and from 8.0 on reads none there."""
    catalog, size = subject.catalog, subject.profile.memory.size
    if catalog is None or catalog.version < (8, 0, 0) or not isinstance(size, str):
        return
    count = keyval.size(size, "m")
    if count is not None and re.fullmatch(r"\s*\+?0[xX].*[0-9]", size):
        mended = count >> 20
        fix = Fix(f"makes it {mended}", (Set(("memory", "size"), mended),))
        yield Problem("error", ("memory", "size"), f"QEMU reads no {quoted(size)}.", fix)


def item_size(entry: Entry) -> Iterator[Problem]:
    """Sizes of memory backends that QEMU cannot read."""
    if not entry.type.startswith("memory-backend-"):
        return
    path, value = (*entry.path, "size"), entry.item.root.get("size")
    if not isinstance(value, bool | int | float | str):
        return
    count = keyval.size(value)
    if entry.json and not (isinstance(value, int) and value > 0):
        count = count if count is not None else keyval.size(_mended_size(value, "b") or "")
        fix = Fix(f"makes it {count}", (Set(path, count),)) if count else None
        yield Problem("error", path, "JSON wants the bytes as a number.", fix)
    elif count == 0:
        yield Problem("error", path, "A memory backend needs a size over 0.")
    else:
        yield from _not_a_size(path, value, "b")


def number(subject: Subject) -> Iterator[Problem]:
    """Numbers of -smp and of memory slots that QEMU cannot read."""
    smp = subject.profile.smp
    fields: list[tuple[Path, Any]] = [
        (("smp", name), getattr(smp, name))
        for name in ("cpus", "maxcpus", "sockets", "cores", "threads")
    ]
    fields += ((("smp", key), value) for key, value in smp.others.items() if key in LEVELS)
    fields.append((("memory", "slots"), subject.profile.memory.slots))
    for path, value in fields:
        if value is None or isinstance(value, tuple | dict):
            continue
        count = count_of(value)
        if value == "":
            yield _empty(path, "a number")
        elif count is None:
            text = keyval.text(value)
            if path[0] == "memory" and text.startswith("-") and takes_any_slots(subject):
                continue
            bare = text.strip().lstrip("0")
            fix = None
            if bare.isascii() and bare.isdigit() and count_of(bare) is not None:
                fix = Fix(f"makes it {bare}", (Set(path, bare),))
            yield Problem("error", path, f"This is a whole number, not {quoted(text)}.", fix)
        elif count == 0 and path[0] == "smp":
            fix = Fix("unsets it", (Set(path, None),))
            catalog = subject.catalog
            refused = catalog is not None and catalog.version >= (9, 0, 0)
            message = "QEMU 9.0 and later refuse 0 here."
            yield Problem("error" if refused else "warning", path, message, fix)


def takes_any_slots(subject: Subject) -> bool:
    """Tells whether the machine may have no use for slots, of which QEMU reads -1 as very many."""
    return keyval.text(subject.profile.machine.type or "") == "none" or subject.has_option(
        "machine", "readconfig"
    )


LEVELS = ("drawers", "books", "dies", "clusters", "modules")
"""Levels of the topology that have no field of their own; not every machine has them."""


def count_of(value: object) -> int | None:
    """Returns a number without a sign of 64 bits, as `-smp` reads it, or None if it reads none."""
    count = keyval.number(value)
    if count is None or count >= 1 << 64 or "-" in keyval.scalar_text(value):
        return None
    return count


def processors(value: object) -> int | None:
    """Returns a number as `-smp` counts with it: of 64 bits it keeps 32 (`qapi/machine.json`,
    SMPConfiguration; `hw/core/machine-smp.c`)."""
    count = count_of(value)
    return count & 0xFFFFFFFF if count is not None and count < 1 << 63 else count


def boot_order(subject: Subject) -> Iterator[Problem]:
    """Letters of drives that QEMU refuses (`system/bootdevice.c`, validate_bootdevices)."""
    boot = subject.profile.boot
    for key, value in (("order", boot.order), ("once", boot.others.get("once"))):
        letters = "" if value is None or isinstance(value, tuple | dict) else keyval.text(value)
        for place, letter in enumerate(letters):
            if not "a" <= letter <= "p":
                yield Problem("error", ("boot", key), f"{quoted(letter)} is no drive; a to p are.")
                break
            if letter in letters[:place]:
                mended = "".join(dict.fromkeys(letters))
                fix = Fix(f"makes it {mended}", (Set(("boot", key), mended),))
                yield Problem("error", ("boot", key), f"{letter} stands here twice.", fix)
                break


def memory_limits(subject: Subject) -> Iterator[Problem]:
    """Memory that can grow, without room to grow."""
    memory = subject.profile.memory
    if subject.has_option("m"):
        return
    size = keyval.size(memory.size, "m")
    slots = None if memory.slots is None else count_of(memory.slots)
    if memory.maxmem is None:
        if slots:
            yield Problem("error", ("memory", "slots"), "slots needs maxmem.")
        return
    most = keyval.size(memory.maxmem)
    if size is None or most is None:
        return
    text = keyval.text(memory.maxmem)
    if most < size:
        yield Problem("error", ("memory", "maxmem"), f"{text} is less than the size.")
    elif most == size and slots:
        yield Problem("error", ("memory", "maxmem"), "With slots, maxmem is more than the size.")
