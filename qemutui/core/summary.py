"""A profile in a few words: what a list says of it, and what it is found by."""

from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.argv import binary
from qemutui.core.groups import GROUPS
from qemutui.core.profile import Profile


def machine(profile: Profile) -> tuple[str, ...]:
    """Returns architecture, machine and first accelerator, as far as the profile names them."""
    accel = profile.machine.accel
    first = (accel[0] if accel else None) if isinstance(accel, tuple) else accel
    parts = (
        binary(profile).rsplit("/", 1)[-1].removeprefix("qemu-system-"),
        _text(profile.machine.type),
        _text(first).split(":")[0],
    )
    return tuple(part for part in parts if part)


def words(profile: Profile) -> Iterator[str]:
    """Yields what a profile is found by: machine, CPU, what items are and are called, files."""
    yield from machine(profile)
    for value in (profile.name, profile.cpu.model, profile.boot.kernel, profile.notes):
        yield _text(value)
    for group in GROUPS:
        for item in profile.items(group.name):
            yield from map(_text, item.root.values())


def _text(value: object) -> str:
    return keyval.text(value) if isinstance(value, bool | int | float | str) else ""
