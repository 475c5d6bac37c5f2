"""Which accelerator QEMU will use."""

from collections.abc import Iterator

from qemutui.core import argv
from qemutui.core.argv import words_of
from qemutui.core.catalog import Catalog
from qemutui.core.profile import Profile


def named(profile: Profile) -> tuple[str, ...]:
    """Returns the accelerators of a profile, in the order in which QEMU tries them."""
    return (*_of_machine(profile), *_of_extra(profile)) or default(profile)


def default(profile: Profile) -> tuple[str, ...]:
    """Returns what QEMU tries where none is named: tcg, and kvm before it where its own name ends
    so (`configure_accelerators` in `system/vl.c`)."""
    return ("kvm", "tcg") if argv.binary(profile).endswith("kvm") else ("tcg",)


def _of_machine(profile: Profile) -> Iterator[str]:
    for word in words_of(profile.machine.accel):
        yield from word.split(":")


def _of_extra(profile: Profile) -> Iterator[str]:
    words = words_of(profile.extra)
    for at, word in enumerate(words):
        if word in ("-enable-kvm", "--enable-kvm"):
            yield "kvm"
        elif word in ("-accel", "--accel") and at + 1 < len(words):
            first = words[at + 1].partition(",")[0]
            yield first.removeprefix("accel=")


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
