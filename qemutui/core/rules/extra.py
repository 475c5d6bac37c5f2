"""Arguments of `extra` that say again what a field says."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from qemutui.core import keyval, options
from qemutui.core.argv import words_of
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile, dump
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.words import quoted, short


class _Field(NamedTuple):
    """What an option says that a profile has fields for."""

    table: str
    section: str
    first: str
    """The key of a bare first value; for an option of one value, the field."""
    merges: bool
    """Whether a second option adds its keys (else it replaces the first)."""


_FIELDS = {
    "name": _Field("name", "General", "guest", True),
    "machine": _Field("machine", "Machine", "type", True),
    "cpu": _Field("cpu", "CPU & memory", "model", False),
    "m": _Field("memory", "CPU & memory", "size", True),
    "smp": _Field("smp", "CPU & memory", "cpus", True),
    "boot": _Field("boot", "Boot", "order", True),
    "kernel": _Field("boot", "Boot", "kernel", False),
    "initrd": _Field("boot", "Boot", "initrd", False),
    "dtb": _Field("boot", "Boot", "dtb", False),
    "append": _Field("boot", "Boot", "append", False),
    "bios": _Field("boot", "Boot", "bios", False),
}


def _said(profile: Profile, field: _Field, name: str) -> dict[str, str]:
    """Returns what the fields of an option say, by QEMU's key; empty where it is not passed."""
    if field.table == "name":
        value = profile.name
        keys = value if isinstance(value, dict) else {} if value in (None, "") else {"guest": value}
        return {key: keyval.text(text) for key, text in keys.items() if text is not None}
    table = getattr(profile, field.table)
    if field.table == "cpu":
        whole = ",".join(filter(None, (*words_of(table.model), *words_of(table.features))))
        return {"model": whole} if whole else {}
    said = {
        key: ":".join(words_of(value)) if key == "accel" else keyval.text(value)
        for key, value in dump(table).items()
        if key[:1] != "_" and (key == "accel" or isinstance(value, bool | int | float | str))
    }
    if name in options.BOOT_OPTIONS:
        return {key: text for key, text in said.items() if key == name}
    return {key: text for key, text in said.items() if key not in options.BOOT_OPTIONS}


def _place(profile: Profile, option: options.Option) -> Path:
    return ("extra", option.place) if isinstance(profile.extra, tuple) else ("extra",)


def again(subject: Subject) -> Iterator[Problem]:
    """Options that replace or repeat what a field says."""
    profile = subject.profile
    for option in subject.options:
        field = _FIELDS.get(option.name)
        path = _place(profile, option)
        if option.name == "enable-kvm":
            accel = ":".join(words_of(profile.machine.accel))
            if accel:
                message = f"{option.written}: replaces {short(accel)} of Machine."
                yield Problem("warning", path, message)
        if field is None:
            continue
        said = _said(profile, field, option.name)
        if not said:
            continue
        keys = {field.first}
        if field.merges and option.value[:1] != "{":
            keys = {key for key, _ in options.pairs(option.value, field.first)}
        replaced = [text for key, text in said.items() if key in keys]
        if replaced:
            words = short(", ".join(replaced)) or "what is there"
            message = f"{option.written} again: replaces {words} of {field.section}."
            yield Problem("warning", path, message)
        else:
            message = f"{option.written} again: is added to that of {field.section}."
            yield Problem("hint", path, message)


def accel(subject: Subject) -> Iterator[Problem]:
    """`-accel` beside the accelerators of `-machine`, which QEMU refuses."""
    profile = subject.profile
    if not any(words_of(profile.machine.accel)):
        return
    for option in subject.options:
        if option.name == "accel":
            fix = Fix("unsets Machine's accel", (Set(("machine", "accel"), None),))
            message = f"{option.written} and Machine's accel exclude each other."
            yield Problem("error", _place(profile, option), message, fix)
            break


def no_value(subject: Subject) -> Iterator[Problem]:
    """An option at the end without its value: it would take what qemutui adds for it."""
    for option in subject.options:
        if options.lacks_value(option):
            message = f"{option.written} lacks its value."
            yield Problem("error", _place(subject.profile, option), message)


_SET_NEVER = frozenset({"object", "machine", "smp-opts", "boot-opts"})
"""Groups of which QEMU refuses to set a part (`system/vl.c`, qemu_set_option)."""


def set_nothing(subject: Subject) -> Iterator[Problem]:
    """`-set` for an item that QEMU has not read before, or not as key=value."""
    if subject.has_option("readconfig"):
        return
    for option in subject.options:
        match = _SET.match(option.value) if option.name == "set" and option.size == 2 else None
        if match is None:
            continue
        group, name = match[1], match[2]
        catalog = subject.catalog
        if group in _SET_NEVER and catalog is not None and catalog.version >= (7, 2, 0):
            yield Problem("error", _place(subject.profile, option), f"-set cannot set {group}.")
            continue
        of_items = group in BY_NAME and group != "blockdev"
        if of_items and name not in subject.ids.of_extra and not _is_text(subject, group, name):
            message = f"There is no {BY_NAME[group].noun} {quoted(name)} to set."
            yield Problem("error", _place(subject.profile, option), message)


_SET = re.compile(r"([^.]{1,63})\.([^.]{1,63})\.[^=]{1,63}=")


def _is_text(subject: Subject, group: str, name: str) -> bool:
    """Tells whether an item is there that is written as key=value."""
    return any(
        scan.entry.group.name == group and scan.entry.id == name and not scan.entry.json
        for scan in subject.scans
    )
