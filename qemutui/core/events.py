"""What a run reports, in the order in which it can happen.

NotStarted, or: Started, then Unrecorded, Moved, Signalled and Refused in any number, then Exited
or Stuck.
"""

from typing import NamedTuple, TypeAlias

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


class Signalled(NamedTuple):
    """A signal was sent to a run that is being stopped."""

    signal: int
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


Stopping: TypeAlias = Signalled | Refused | Stuck | Exited
Event: TypeAlias = NotStarted | Started | Unrecorded | Moved | Stopping
