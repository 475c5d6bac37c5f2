"""What a run executes, as a profile: for a run whose own profile has no file any more."""

from collections.abc import Sequence
from itertools import pairwise

from qemutui.core import keyval, private_monitor
from qemutui.core.argv import words
from qemutui.core.profile import Launch, Profile


def profile(argv: Sequence[str], binary: str, monitor: str) -> Profile:
    """Returns a profile with the same command; its arguments stand in `extra`, word for word.

    Variables and passed files of the run are not in its command, and not in the profile.

    Args:
        argv: What was executed, with the wrapper and the private monitor.
        binary: The QEMU in it.
        monitor: The path of the private monitor's socket; empty if there is none.
    """
    at = argv.index(binary) if binary in argv else 0
    launch = Launch(wrapper=tuple(argv[:at]) or None, monitor=bool(monitor))
    own = _own(argv[at + 1 :], monitor)
    plain = Profile(binary=argv[at], extra=tuple(own), launch=launch)
    if own[:1] == ["-name"] and len(own) > 1:
        named = plain.model_copy(update={"name": own[1], "extra": tuple(own[2:])})
        if words(private_monitor.command(named, monitor)) == list(argv):
            return named
    return plain


def _own(arguments: Sequence[str], monitor: str) -> list[str]:
    """Returns the arguments without those that were added for the private monitor."""
    if monitor:
        socket = f",path={keyval.escape(monitor)},"
        for at, (option, value) in enumerate(pairwise(arguments)):
            if option == "-chardev" and socket in value:
                return list(arguments[:at])
    return list(arguments)
