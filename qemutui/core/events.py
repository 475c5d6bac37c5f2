"""What a run reports, in the order in which it can happen.

NotStarted, or: Started, then any of the others in any number, then Exited. Answered comes once,
before all that a monitor reports.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from qemutui.core.guest import Status
from qemutui.core.keyval import Path


class NotStarted(NamedTuple):
    """No process was started, or it could not become the program that was asked for."""

    message: str
    """One line: what, where, why; it may hold text of the profile, so it is cleaned to be drawn."""
    field: Path = ()
    """The field of the profile to blame, such as `("fd", 0, "path")`; empty if there is none."""
    status: int = 1
    """What a shell would end with: 127 not found, 126 cannot be run, 1 anything before that."""


class Started(NamedTuple):
    """The process is the program now. That QEMU accepts its command is known only later."""

    pid: int


class Unrecorded(NamedTuple):
    """The record of the run could not be written; the run itself is not touched by it."""

    message: str


class Moved(NamedTuple):
    """The process that was started has ended, and QEMU lives on in another (`-daemonize`)."""

    pid: int


class Answered(NamedTuple):
    """QEMU has accepted its command: it answered `query-status` for the first time."""

    status: Status


class StatusChanged(NamedTuple):
    """The guest goes on, or was paused."""

    status: Status


class ShutDown(NamedTuple):
    """QEMU is about to end, or, under `-no-shutdown`, to pause."""

    reason: str
    """`ShutdownCause` in `qapi/run-state.json`; empty where QEMU does not tell."""


class MonitorLost(NamedTuple):
    """The monitor has gone away while the process lives; it is tried again."""


class MonitorBack(NamedTuple):
    """The monitor answers again."""

    status: Status


class Stepped(NamedTuple):
    """A step of the ladder was taken to stop a run."""

    step: int
    """1 power button, 2 quit, 3 SIGTERM, 4 SIGKILL."""
    patience: float
    """Seconds that the run has until the next step."""


class Refused(NamedTuple):
    """A run could not be signalled: it belongs to another user."""

    message: str


class Stuck(NamedTuple):
    """The process outlived SIGKILL: it waits inside the kernel, for a device or a file system."""

    pid: int


class Exited(NamedTuple):
    """The run is over; with neither status nor signal it ended where nobody could see how."""

    status: int | None
    signal: int | None
    seconds: float | None
    """How long it lived; None where that is not known."""

    @property
    def known(self) -> bool:
        """Whether it was seen how the run ended."""
        return self.status is not None or self.signal is not None


class MonitorEvent(NamedTuple):
    """An event as QEMU sent it (`qapi/`)."""

    name: str
    """Such as `SHUTDOWN`."""
    data: Mapping[str, object]
    at: float
    """When, by the host's clock: seconds since the epoch, to the microsecond; 0.0 if untold."""


Stopping: TypeAlias = Stepped | Refused | Stuck | Exited
Watched: TypeAlias = (
    Moved | Answered | StatusChanged | ShutDown | MonitorLost | MonitorBack | Exited
)
Event: TypeAlias = NotStarted | Started | Unrecorded | Watched | Stopping
