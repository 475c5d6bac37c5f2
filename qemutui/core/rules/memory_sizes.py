"""How much memory a machine and its backends have."""

from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.profile import Profile
from qemutui.core.rules.subject import Subject

_PAGE = 8192
"""To which the size of memory is rounded up (`system/vl.c`)."""


def of_machine(profile: Profile) -> int | None:
    """Returns the bytes that -m gives a machine; None where it is not set, or unreadable."""
    wanted = keyval.size(profile.memory.size, "m")
    return None if not wanted else -(-wanted // _PAGE) * _PAGE


def of_backends(subject: Subject, name: str) -> Iterator[tuple[int, int]]:
    """Yields the objects of an id that are on, by their places, each with its bytes."""
    for thing in subject.ids.those("object", name):
        size = keyval.size(subject.profile.object[thing.place].root.get("size"))
        if size is not None and not thing.off:
            yield thing.place, size
