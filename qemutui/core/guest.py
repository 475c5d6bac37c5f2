"""What QEMU says of its guest over QMP: whether it runs, and why it does not.

Source: `RunState` and `ShutdownCause` in `qapi/run-state.json`.
"""

import re
from typing import NamedTuple


class Status(NamedTuple):
    """The guest's state, as `query-status` has it."""

    name: str
    """Such as `running`, `paused`, `io-error`."""
    running: bool
    """Whether its CPUs run."""


RUNNING = Status("running", True)

_PAUSED = {
    "paused": "Paused by stop.",
    "prelaunch": "Paused before the guest starts (-S).",
    "io-error": "Paused: disk error.",
    "guest-panicked": "The guest panicked.",
    "watchdog": "Paused: watchdog.",
    "internal-error": "Paused: an error inside QEMU.",
    "debug": "Paused by a debugger.",
    "shutdown": "The guest has shut down; QEMU stays (-no-shutdown).",
    "inmigrate": "Waits for an incoming migration.",
    "postmigrate": "Paused after migration.",
    "preconfig": "Waits to be configured (-preconfig).",
    "suspended": "The guest sleeps.",
}
_SERIOUS = frozenset({"io-error", "guest-panicked", "internal-error"})


def sentence(status: Status) -> str:
    """Returns what is said of a guest that does not run; empty for one that does."""
    if status.running:
        return ""
    return _PAUSED.get(status.name, f"Paused: {status.name}.")


def is_serious(status: Status) -> bool:
    """Tells whether somebody has to see to it."""
    return status.name in _SERIOUS


def can_power_down(status: Status | None) -> bool:
    """Tells whether the guest can hear its power button; None: nothing is known of it."""
    return status is not None and (status.running or status.name == "suspended")


_WAITS = re.compile(r"waiting for connection on: (?:disconnected:)?(\S+)")
_SIGNALLED = re.compile(r"terminating on signal (\d+)")


def waits_on(printed: str) -> str:
    """Returns the socket that QEMU waits for a client on, by what it printed; empty for none.

    `chardev/char-socket.c`: `info: QEMU waiting for connection on: disconnected:unix:/a,server=on`.
    """
    found: list[str] = _WAITS.findall(printed)
    if not found:
        return ""
    address = found[-1].removesuffix(",server=on").removesuffix(",server")
    kind, _, rest = address.partition(":")
    return rest.rpartition("/")[2] if kind == "unix" else rest


def signalled(printed: str) -> int | None:
    """Returns the signal that QEMU says it ends on (`system/runstate.c`), or None."""
    found = _SIGNALLED.findall(printed)
    return int(found[-1]) if found else None
