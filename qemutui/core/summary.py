"""A profile in a few words: what a list says of it, and what it is found by."""

from collections.abc import Iterator

from qemutui.core.argv import binary
from qemutui.core.groups import GROUPS
from qemutui.core.keyval import scalar_text
from qemutui.core.profile import Profile


def machine(profile: Profile) -> tuple[str, ...]:
    """Returns architecture, machine and first accelerator, as far as the profile names them."""
    accel = profile.machine.accel
    first = (accel[0] if accel else None) if isinstance(accel, tuple) else accel
    parts = (
        binary(profile).rsplit("/", 1)[-1].removeprefix("qemu-system-"),
        scalar_text(profile.machine.type),
        scalar_text(first).split(":")[0],
    )
    return tuple(part for part in parts if part)


def words(profile: Profile) -> Iterator[str]:
    """Yields what a profile is found by: machine, CPU, what items are and are called, files."""
    yield from machine(profile)
    for value in (profile.name, profile.cpu.model, profile.boot.kernel, profile.notes):
        yield scalar_text(value)
    for group in GROUPS:
        for item in profile.items(group.name):
            yield from map(scalar_text, item.root.values())
