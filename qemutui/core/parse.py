"""Makes a profile of an argv: what has a field goes to its field, all the rest to `extra`."""

from collections.abc import Sequence
from typing import NamedTuple

from qemutui.core.profile import Profile


class Note(NamedTuple):
    """What was assumed about a word of the argv, or where it went."""

    message: str
    word: int
    """Its index in the argv."""


class Parsed(NamedTuple):
    """A profile, and what there is to say about how it was made."""

    profile: Profile
    notes: tuple[Note, ...]
    understood: int
    """How many options went to fields and groups."""
    kept: int
    """How many are kept word for word in `extra`."""


def understand(argv: Sequence[str], program: int | None = 0) -> Parsed:
    """Returns the profile of an argv; never raises.

    `program` is the index of the QEMU binary, what is before it is the wrapper; None: the words are
    options alone.
    """
    words = list(argv) if program is None else list(argv[program + 1 :])
    binary = {} if program is None else {"binary": argv[program]}
    return Parsed(Profile(extra=tuple(words) or None, **binary), (), 0, len(words))


def parse(argv: Sequence[str]) -> Profile:
    """Returns the profile of an argv, whose element 0 is the QEMU binary; never raises."""
    return understand(argv).profile
