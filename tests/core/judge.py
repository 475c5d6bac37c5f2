"""Judges whether two commands are the same to QEMU: written apart from the parser that it judges.

Two commands are the same if they have the same options, in the same order within each option's name
and wherever QEMU looks at the order between options, each with a value that QEMU reads alike
(`tests.core.qemu_reading`). Nothing else may differ. In particular JSON stays JSON, `yes` stays
`yes` unless the key is known to be boolean, and an option that is given twice is not made one.

Left out: which of two options ends QEMU first, where both are wrong or both ask for help.
"""

from collections.abc import Iterator

from tests.core.qemu_reading import JSON, Option, options, pairs_of

_DRIVES = ("hda", "hdb", "hdc", "hdd", "cdrom", "fda", "fdb", "pflash", "sd", "mtdblock", "drive")

_PLACES: dict[str, tuple[str, ...]] = {
    # Every drive is added to one list as it is met, a bare disk image too (`drive_add`).
    **dict.fromkeys(("", *_DRIVES), ("drives",)),
    # A label is made of how many monitors were met before (`monitor_parse`).
    **dict.fromkeys(("qmp", "qmp-pretty", "monitor"), ("monitors",)),
    # These add to the lists of other options as they are met.
    "fsdev": ("fsdevs",),
    "virtfs": ("fsdevs", "devices"),
    "virtfs_synth": ("fsdevs", "devices"),
    "balloon": ("devices",),
    "watchdog": ("devices",),
    "audio": ("audiodevs",),
    "audiodev": ("audiodevs",),
    # Together with a `-machine accel=` these are refused in any order.
    **dict.fromkeys(("accel", "enable-kvm", "no-kvm"), ("accelerators",)),
    "net": ("networks",),
    "nic": ("networks",),
    "gdb": ("gdb",),
    "s": ("gdb",),
    # The last one wins, or undoes what another set.
    **dict.fromkeys(("display", "nographic", "full-screen", "sdl", "curses", "vnc"), ("display",)),
    "portrait": ("rotation",),
    "rotate": ("rotation",),
    "semihosting": ("semihosting",),
    "semihosting-config": ("semihosting",),
    **dict.fromkeys(("runas", "chroot", "run-with", "async-teardown"), ("running",)),
    **dict.fromkeys(("rtc", "localtime", "startdate", "rtc-td-hack"), ("clock",)),
    "overcommit": ("locking",),
    "realtime": ("locking",),
}
"""What an option writes to, beside its own list; two that write to the same keep their order."""

_MACHINE = {
    "enable-kvm": "accel", "no-kvm": "accel", "usb": "usb", "usbdevice": "usb",
    "nographic": "graphics", "kernel": "kernel", "shim": "shim", "initrd": "initrd",
    "append": "append", "dtb": "dtb", "bios": "firmware", "no-acpi": "acpi", "no-hpet": "hpet",
    "no-fd-bootchk": "fd-bootchk", "boot": "boot", "smp": "smp",
    "no-kvm-irqchip": "kernel-irqchip", "kvm-shadow-mem": "kvm-shadow-mem",
}  # fmt: skip
"""The key of `-machine` that an option writes (`machine_opts_dict` in `system/vl.c`)."""

_ACTIONS = {"no-reboot": "reboot", "no-shutdown": "shutdown", "watchdog-action": "watchdog"}
"""The key of `-action` that an option writes."""

_BARRIERS = ("readconfig", "set", "add-fd")
"""What gives other options another meaning: everything stays on its side of them."""


def _keys(option: Option) -> Iterator[str]:
    """The first parts of the keys of an option; all of them for one that cannot be told."""
    text = option.text or ""
    if option.name in JSON and text.startswith("{"):
        reading = option.reading
        value = reading[1] if isinstance(reading, tuple) else ()
        if isinstance(value, tuple) and value[0] == "object":
            yield from (key for key, _ in value[1])
    else:
        yield from (key.partition(".")[0] for key, _ in pairs_of(option.name, text) or ())


def places(option: Option) -> set[str]:
    """What an option writes to, so that its order to others that write there matters."""
    found = set(_PLACES.get(option.name, ()))
    if option.name == "machine":
        found |= {f"machine.{key.replace('_', '-')}" for key in _keys(option)}
    elif option.name == "action":
        found |= {f"action.{key}" for key in _keys(option)}
    elif option.name == "device":
        # Devices in JSON have a list of their own.
        found |= {"devices"} if not (option.text or "").startswith("{") else set()
    elif option.name.startswith("?"):
        found |= {"unknown"} if option.text is None else {"unknown", "drives"}
    if option.name in _MACHINE:
        found.add(f"machine.{_MACHINE[option.name]}")
    if option.name in _ACTIONS:
        found.add(f"action.{_ACTIONS[option.name]}")
    return found


def _sequences(found: list[Option]) -> dict[str, list[Option]]:
    """The options by what their order matters to."""
    sequences: dict[str, list[Option]] = {}
    for option in found:
        for key in (f"-{option.name}", *sorted(places(option))):
            sequences.setdefault(key, []).append(option)
    barriers = [option for option in found if option.name in _BARRIERS]
    if barriers:
        for name in {option.name for option in found}:
            sequences[f"-{name} beside {', '.join(_BARRIERS)}"] = [
                option for option in found if option.name in (name, *_BARRIERS)
            ]
    return sequences


def _said(option: Option | None) -> str:
    if option is None:
        return "nothing"
    name = f"-{option.name}" if option.name else "image"
    return name if option.text is None else f"{name} {option.text!r}"


def _compare(what: str, original: list[Option], produced: list[Option]) -> str | None:
    for number in range(max(len(original), len(produced))):
        before = original[number] if number < len(original) else None
        after = produced[number] if number < len(produced) else None
        if before is None or after is None or before[:1] != after[:1] or before[2] != after[2]:
            return f"{what}, number {number}: {_said(before)} became {_said(after)}"
    return None


def differences(original: list[str], produced: list[str]) -> list[str]:
    """Returns what QEMU would read otherwise in the second command; nothing if they are the same.

    Both are whole: the first word is the program.
    """
    found = []
    if original[:1] != produced[:1]:
        found.append(f"program: {original[:1]!r} became {produced[:1]!r}")
    before, after = _sequences(options(original)), _sequences(options(produced))
    for what in dict.fromkeys((*before, *after)):
        difference = _compare(what, before.get(what, []), after.get(what, []))
        if difference is not None:
            found.append(difference)
    return found
