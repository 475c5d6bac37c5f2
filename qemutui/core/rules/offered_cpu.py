"""CPU models, their features, and accelerators that this QEMU or this computer does not have."""

import re
from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.argv import words_of
from qemutui.core.catalog import Catalog
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Path
from qemutui.core.near import nearest
from qemutui.core.property_fault import Fault, fault
from qemutui.core.property_type import Property
from qemutui.core.rules.effective import accelerators, cpu_model
from qemutui.core.rules.offered_properties import problem_of
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.words import quoted

_MOST = {"family": 270, "model": 255, "stepping": 15}
"""The largest numbers of a processor's version (`target/i386/cpu.c`)."""
_HARDWARE = frozenset({"kvm", "hvf", "whpx", "nvmm", "mshv", "hax", "xen"})
# Numbers of a processor's version, which models of PowerPC can be named by.
_VERSION = re.compile(r"(?:0x)?[0-9a-f]+", re.IGNORECASE)


def unknown_model(subject: Subject) -> Iterator[Problem]:
    """A CPU model that QEMU does not have."""
    catalog, name = subject.catalog, cpu_model(subject)
    if catalog is None or not name or not catalog.cpus or name in catalog.cpus:
        return
    if name in ("help", "?") or name == "host":
        return
    lower = {model.lower() for model in catalog.cpus}
    if not catalog.is_x86 and (name.lower() in lower or _VERSION.fullmatch(name)):
        return
    near = nearest(name, tuple(catalog.cpus))
    path = ("cpu", "model")
    fix = None
    if near is not None and "," not in keyval.text(subject.profile.cpu.model or ""):
        fix = Fix(f"makes it {near}", (Set(path, near),))
    yield Problem("error", path, f"QEMU {catalog.release} has no CPU model {quoted(name)}.", fix)


def needs_kvm(subject: Subject) -> Iterator[Problem]:
    """The host's own CPU without an accelerator that runs it."""
    catalog, name = subject.catalog, cpu_model(subject)
    names = accelerators(subject)
    if catalog is None or name != "host" or names is None:
        return
    if subject.profile.launch.wrapper and any(n in _HARDWARE for n in names):
        return  # it may be another user, who has the rights
    if "tcg" in names and "tcg" in catalog.accelerators:
        names = names[: names.index("tcg") + 1]  # it always works: what follows is never tried
    known = [n for n in names if n in catalog.accelerators and catalog.accelerators[n].usable]
    if any(n in _HARDWARE for n in names if n not in catalog.accelerators or n in known):
        return
    if not names and "tcg" not in catalog.accelerators:
        return
    path = ("cpu", "model")
    fix = Fix("makes it max", (Set(path, "max"),)) if "max" in catalog.cpus else None
    if not names:
        message = "host needs kvm, and QEMU takes tcg without accel."
    elif set(names) <= {"tcg"}:
        rest = len(accelerators(subject) or ()) > len(names)
        message = f"host needs kvm, accel has {'tcg before it' if rest else 'only tcg'}."
    else:
        message = "host needs kvm, which cannot be used here."
    yield Problem("error", path, message, fix)


def _features(subject: Subject) -> Iterator[tuple[Path, str]]:
    features = subject.profile.cpu.features
    for index, word in enumerate(words_of(features)):
        path: Path = ("cpu", "features")
        if isinstance(features, tuple):
            path = (*path, index)
        for part in word.split(","):
            if part:
                yield path, part


def unknown_feature(subject: Subject) -> Iterator[Problem]:
    """CPU features that QEMU does not have, and values that it cannot read as one."""
    catalog, model = subject.catalog, cpu_model(subject)
    if catalog is None or model not in catalog.cpus:
        return
    if not catalog.is_x86:
        yield from _without_value(subject, catalog)
        return
    properties = catalog.properties("cpu", model)
    if properties is None:
        return
    known = {name.replace("_", "-"): prop for name, prop in properties.items()}
    for path, word in _features(subject):
        name, equals, text = word.lstrip("+-").partition("=")
        if equals and word[0] in "+-":
            name, equals = word[1:], ""
        plain = name.replace("_", "-")
        if plain == "tsc-freq":
            continue
        if plain not in known:
            near = nearest(plain, tuple(known))
            yield Problem("error", path, f"{model} has no feature {quoted(name)}.",
                          _renamed(subject, path, word, name, near))  # fmt: skip
        elif equals and word[0] not in "+-":
            prop = known[plain]
            if plain in _MOST:
                prop = Property(plain, "uint32", "int", least=0, most=_MOST[plain])
            found = fault(prop, text) if prop.kind in ("bool", "int") else None
            if plain == "vendor" and len(text.encode()) != 12:
                found = Fault("A vendor has 12 characters.")
            if found is not None:
                yield problem_of(path, found._replace(mended=None))


def _renamed(subject: Subject, path: Path, word: str, name: str, near: str | None) -> Fix | None:
    if near is None or len(path) < 3:
        return None
    index = path[2]
    whole = words_of(subject.profile.cpu.features)[index if isinstance(index, int) else 0]
    if whole != word:
        return None
    return Fix(f"makes it {near}", (Set(path, word.replace(name, near, 1)),))


_BARE = frozenset({"arm", "aarch64", "riscv32", "riscv64", "s390x", "ppc", "ppc64"})


def _without_value(subject: Subject, catalog: Catalog) -> Iterator[Problem]:
    """Features as x86 has them (`hw/core/cpu-common.c`, cpu_common_parse_features)."""
    if catalog.target not in _BARE:
        return
    for path, word in _features(subject):
        if "=" not in word:
            name = word.lstrip("+-")
            value = "off" if word[0] == "-" else "on"
            fix = Fix(f"makes it {name}={value}", (Set(path, f"{name}={value}"),))
            plain = len(path) == 3 and "," not in word
            yield Problem("error", path, f"{catalog.target} wants {name}=on or {name}=off.",
                          fix if plain else None)  # fmt: skip


def accelerator(subject: Subject) -> Iterator[Problem]:
    """Accelerators that QEMU does not have, or that cannot be used here."""
    catalog, names = subject.catalog, accelerators(subject)
    if catalog is None or not names or not catalog.accelerators:
        return
    told = catalog.accelerators
    working = [n for n in names if n in told and told[n].usable]
    of_field = bool(words_of(subject.profile.machine.accel))
    path: Path = ("machine", "accel") if of_field else ("extra",)
    known = any(name in told for name in names)
    # A wrapper may be another user, who has the rights.
    unsure = bool(subject.profile.launch.wrapper) and known
    severity = "warning" if working or unsure else "error"
    for index, name in enumerate(names):
        if name in working or (working and names.index(working[0]) < index):
            continue
        here, fix = _accel_place(subject, path, names, index)
        if name not in told:
            near = nearest(name, tuple(told)) or (None if working or "tcg" not in told else "tcg")
            message = f"QEMU {catalog.release} has no accelerator {quoted(name)}."
            if near is not None and here is not None:
                fix = Fix(f"makes it {near}", (Set(here, near),))
        else:
            message = _unusable(told[name].reason, name, working)
        if severity == "error":
            yield Problem("error", here or path, message, fix)
        else:
            yield Problem("warning", here or path, message, fix if name not in told else None)


def _accel_place(
    subject: Subject, path: Path, names: tuple[str, ...], index: int
) -> tuple[Path | None, Fix | None]:
    """Returns the field of one accelerator, if it has one of its own, and a fix that adds tcg."""
    words = words_of(subject.profile.machine.accel)
    catalog = subject.catalog
    if path[0] != "machine" or words != names:
        return None, None
    fix = None
    if catalog is not None and "tcg" in catalog.accelerators and "tcg" not in names:
        fix = Fix("adds tcg", (Set(("machine", "accel"), (*names, "tcg")),))
    own = (*path, index) if isinstance(subject.profile.machine.accel, tuple) else path
    return own, fix


def _unusable(reason: str, name: str, working: list[str]) -> str:
    """Says why an accelerator is not used, and what is used instead."""
    if name == "kvm" and reason.startswith("/dev/kvm"):
        reason = "No access to /dev/kvm."
    reason = reason.rstrip(".") or f"{name} cannot be used here"
    return f"{reason}; QEMU will use {working[0]}." if working else f"{reason}."
