"""What a whole command says, of fields and `extra` together, as far as that is sure."""

from collections.abc import Mapping

from qemutui.core import keyval, options
from qemutui.core.accelerators import asked_for
from qemutui.core.argv import binary
from qemutui.core.catalog_entries import Machine
from qemutui.core.keyval import Path, Value
from qemutui.core.rules.subject import Subject


def machine_type(subject: Subject) -> tuple[str, Path] | None:
    """Returns the machine type, empty for the default one, and where it stands; None if unsure."""
    if subject.has_option("readconfig"):
        return None
    kind = subject.profile.machine.type
    found: tuple[str, Path] = ("" if kind is None else keyval.text(kind), ("machine", "type"))
    for option in subject.options:
        if option.name == "machine":
            if option.value.startswith("{"):
                return None
            for key, value in options.pairs(option.value, "type"):
                if key == "type":
                    found = (value, place(subject, option))
    return found


def machine_of(subject: Subject) -> Machine | None:
    """Returns what this QEMU says of the machine; None where that is unknown or unsure."""
    found = machine_type(subject)
    return subject.catalog.machine(found[0]) if subject.catalog is not None and found else None


_SETS: Mapping[str, str] = {
    "usb": "usb", "no-hpet": "hpet", "no-acpi": "acpi", "no-fd-bootchk": "fd-bootchk",
    "nographic": "graphics",
}  # fmt: skip
"""Options that say what a key of -machine says (`system/vl.c`, qemu_init); the later one counts."""


def machine_keys(subject: Subject) -> Mapping[str, Value]:
    """Returns the keys of the machine that no option of `extra` replaces."""
    replaced: set[str] = set()
    for option in subject.options:
        if option.name in ("machine", "readconfig"):
            if option.name == "readconfig" or option.value.startswith("{"):
                return {}
            replaced.update(key for key, _ in options.pairs(option.value, "type"))
        elif option.name in _SETS:
            replaced.add(_SETS[option.name])
    others = subject.profile.machine.others
    plain = {key.replace("_", "-") for key in replaced}
    return {key: value for key, value in others.items() if key.replace("_", "-") not in plain}


def cpu_model(subject: Subject) -> str:
    """Returns the model of -cpu as it stands in its field; empty if that is not what counts."""
    model = subject.profile.cpu.model
    if subject.has_option("cpu") or model is None:
        return ""
    return keyval.text(model).partition(",")[0]


def accelerators(subject: Subject) -> tuple[str, ...] | None:
    """Returns the accelerators in the order in which QEMU tries them; None if that is not sure.

    Empty: none is named, and QEMU takes its usual one.
    """
    return asked_for(subject.profile, subject.options)


def runs_on_tcg(subject: Subject) -> bool:
    """Tells whether it is surely tcg that runs the machine."""
    # Without a word tcg comes first, but in a program called kvm (`system/vl.c`).
    known = subject.catalog is not None and "tcg" in subject.catalog.accelerators
    usual = known and not binary(subject.profile).endswith("kvm")
    return accelerators(subject) in ((("tcg",), ()) if usual else (("tcg",),))


def place(subject: Subject, option: options.Option) -> Path:
    """Returns the field of an option of `extra`."""
    whole = not isinstance(subject.profile.extra, tuple)
    return ("extra",) if whole else ("extra", option.place)
