"""One run of a VM as the screen knows it: its phase, its end, and the words for both."""

import signal
import time
from typing import TYPE_CHECKING, Literal, NamedTuple

from qemutui.core.argv import Argument
from qemutui.core.events import Exited, NotStarted
from qemutui.core.profile import Profile

if TYPE_CHECKING:
    from qemutui.host.process import Running
    from qemutui.ui.session import Session

Phase = Literal["starting", "running", "stopping", "ended"]

SETTLED_AFTER = 1.0
"""Seconds that a QEMU without a private monitor has to live to count as running."""


_LONGEST = 86400.0


class Words(NamedTuple):
    """What is said of a state: in the header, and as a sentence."""

    state: str
    sentence: str
    severity: str = ""


class Run:
    """A run that the app started. Not frozen: the app is its only owner."""

    def __init__(self, session: "Session") -> None:
        self.session = session
        self.profile: Profile = session.settled
        self.command: tuple[Argument, ...] = session.command
        self.title = session.title
        self.phase: Phase = "starting"
        self.began = time.monotonic()
        self.running: Running | None = None
        self.step = 0
        """Of stopping: 1 is SIGTERM, 2 SIGKILL."""
        self.end: Exited | NotStarted | None = None
        self.seconds = 0.0

    @property
    def patience(self) -> float:
        """Seconds between two steps of stopping, from the profile."""
        written = self.profile.launch.powerdown
        number = isinstance(written, int | float) and not isinstance(written, bool)
        return float(written) if number and 0 <= float(written) <= _LONGEST else 20.0

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.phase != "ended"

    @property
    def pid(self) -> int | None:
        """The process, once there is one."""
        return self.running.pid if self.running is not None else None

    def age(self) -> float:
        """Returns the seconds since the launch, or how long it lived."""
        return time.monotonic() - self.began if self.is_alive else self.seconds

    def ended(self, end: Exited | NotStarted) -> None:
        """Takes note of the end."""
        self.seconds = self.age()
        self.phase, self.end = "ended", end

    @property
    def failed(self) -> bool:
        """Whether it ended by itself and not well."""
        if isinstance(self.end, NotStarted):
            return True
        if self.end is None or self.step:
            return False
        return self.end.signal is not None or self.end.status not in (0, None)

    def words(self) -> Words:
        """Returns what is said of how it ended."""
        end = self.end
        if isinstance(end, NotStarted):
            return Words("not started", end.message, "error")
        if end is None:
            return Words(self.phase, "")
        lived = duration(self.seconds)
        if end.signal is not None:
            name = signal.Signals(end.signal).name if end.signal in _SIGNALS else str(end.signal)
            if self.step:
                return Words(f"stopped {lived}", f"Ended by {name}.")
            sentence = f"Killed by signal {end.signal}, not by qemutui."
            if end.signal == signal.SIGKILL:
                sentence += " Out of memory?"
            return Words(name, sentence, "error")
        if end.status is None:
            return Words(f"ended {lived}", "Ended; how is not known.")
        if self.step:
            return Words(f"stopped {lived}", "Ended by SIGTERM.")
        if end.status == 0:
            return Words(f"exited 0 {lived}", f"QEMU ended with status 0 after {lived}.")
        if end.status % 2 and end.status > 1 and self._has_debug_exit():
            value = end.status >> 1
            sentence = f"Status {end.status}: isa-debug-exit value {value}."
            return Words(f"exited {end.status} {lived}", sentence)
        after = f"exit {end.status} after {self.seconds:.1f} s"
        return Words(after, "No field could be named; QEMU's words are above.", "error")

    def _has_debug_exit(self) -> bool:
        return any("isa-debug-exit" in word for arg in self.command for word in arg.words)


_SIGNALS = {number.value for number in signal.Signals}


def duration(seconds: float) -> str:
    """Returns a time as `00:12` or `01:02:03`."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
