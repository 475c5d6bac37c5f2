"""Which accelerator QEMU will use."""

from collections.abc import Iterable, Iterator

from qemutui.core import argv, options
from qemutui.core.argv import words_of
from qemutui.core.catalog import Catalog
from qemutui.core.options import Option
from qemutui.core.profile import Profile

_UNSURE = frozenset({"readconfig", "enable-hax", "xen-attach", "xen-domid", "qtest"})
"""Options that name another one, or that may."""


def asked_for(profile: Profile, extra: Iterable[Option]) -> tuple[str, ...] | None:
    """Returns the accelerators in the order in which QEMU tries them; None if that is not sure.

    Empty: none is named, and QEMU takes its usual one. `extra` are the options of the profile's.
    """
    names = list(_of_machine(profile))
    repeated: list[str] = []
    for option in extra:
        if option.name == "enable-kvm":
            names = ["kvm"]
        elif option.name == "accel":
            repeated += [v for k, v in options.pairs(option.value, "accel") if k == "accel"]
        elif option.name == "machine":
            if option.value.startswith("{"):
                return None
            for key, value in options.pairs(option.value, "type"):
                if key == "accel":
                    names = value.split(":")
        elif option.name in _UNSURE:
            return None
    if repeated and any(names):
        return None
    return tuple(name for name in (repeated or names) if name)


def _of_machine(profile: Profile) -> Iterator[str]:
    for word in words_of(profile.machine.accel):
        yield from word.split(":")


def named(profile: Profile) -> tuple[str, ...]:
    """Returns the accelerators in the order in which QEMU tries them, as far as that is seen."""
    found = asked_for(profile, options.read(words_of(profile.extra)))
    if found is None:
        found = tuple(filter(None, _of_machine(profile)))
    return found or default(profile)


def default(profile: Profile) -> tuple[str, ...]:
    """Returns what QEMU tries where none is named: tcg, and kvm before it where its own name ends
    so (`configure_accelerators` in `system/vl.c`)."""
    return ("kvm", "tcg") if argv.binary(profile).endswith("kvm") else ("tcg",)


def used(profile: Profile, catalog: Catalog) -> str:
    """Returns the first accelerator that is usable here; empty where none is."""
    known = catalog.accelerators
    return next((name for name in named(profile) if name in known and known[name].usable), "")


def problem(profile: Profile, catalog: Catalog) -> str:
    """Returns why QEMU will not use kvm although the profile names it, as a sentence."""
    kvm = catalog.accelerators.get("kvm")
    if kvm is None or kvm.usable or "kvm" not in named(profile):
        return ""
    if used(profile, catalog) == "tcg" and kvm.reason == "No /dev/kvm.":
        return "No /dev/kvm; QEMU will use tcg, which is slower."
    return kvm.reason
