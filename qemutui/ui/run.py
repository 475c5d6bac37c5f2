"""One run of a VM as the screen knows it: its phase, its state, its end."""

import time
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qemutui.core import argv, ending, private_monitor
from qemutui.core.argument import Argument
from qemutui.core.ending import Ending, Words
from qemutui.core.events import Exited, NotStarted
from qemutui.core.guest import Status
from qemutui.core.profile import Profile

if TYPE_CHECKING:
    from qemutui.host.ladder import Ladder
    from qemutui.host.process import Running
    from qemutui.host.watch import Watch
    from qemutui.ui.session import Session

Phase = Literal["starting", "running", "stopping", "ended"]


_keys = count(1)


class Run:
    """A run that is watched. Not frozen: the app is its only owner."""

    def __init__(
        self,
        title: str,
        path: Path | None,
        profile: Profile | None,
        command: tuple[Argument, ...],
    ) -> None:
        self.key = str(next(_keys))
        """What tells it from the app's other runs."""
        self.title = title
        self.path = path
        """The profile's file; None where it has none yet."""
        self.profile = profile
        """What was launched; None for a run whose profile has changed since, or is gone."""
        self.command = command
        """What was executed, with the field of each part; empty where that is not known."""
        self.session: Session | None = None
        """The session that launched it."""
        self.phase: Phase = "starting"
        self.began = time.monotonic()
        self.running: Running | None = None
        self.watch: Watch | None = None
        self.status: Status | None = None
        """What QEMU says of its guest; None until it has answered."""
        self.has_monitor = True
        self.ladder: Ladder | None = None
        self.step = 0
        """Of stopping, 1 to 4."""
        self.step_ends = 0.0
        self.end: Exited | NotStarted | None = None
        self.seconds = 0.0
        self._ending = Ending()

    @classmethod
    def of_session(cls, session: "Session", more: Iterable[str] = ()) -> "Run":
        """Returns a run of what is on the screen, not started yet; `more` for this run alone."""
        document = session.document
        path = document.path if document is not None else None
        run = cls(session.title, path, session.settled, session.command_with(more))
        run.session = session
        return run

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.phase != "ended"

    @property
    def is_paused(self) -> bool:
        """Whether it runs, but its guest does not."""
        return self.phase == "running" and self.status is not None and not self.status.running

    @property
    def was_found(self) -> bool:
        """Whether it was started by another program, or an earlier time of this one."""
        return self.running is not None and not self.running.is_child

    @property
    def pid(self) -> int | None:
        """The process, once there is one."""
        return self.running.pid if self.running is not None else None

    @property
    def id(self) -> str:
        """The name of its record; empty before it has one."""
        return self.running.record.id if self.running is not None else ""

    @property
    def since(self) -> str:
        """When it was started, as `12:04`; empty before."""
        if self.running is None:
            return ""
        return f"{datetime.fromisoformat(self.running.record.started).astimezone():%H:%M}"

    def age(self) -> float:
        """Returns the seconds since the launch, or how long it lived."""
        return time.monotonic() - self.began if self.is_alive else self.seconds

    def step_left(self) -> float:
        """Returns the seconds until the next step of stopping."""
        return max(0.0, self.step_ends - time.monotonic())

    def ended(self, end: Exited | NotStarted) -> None:
        """Takes note of the end."""
        self.seconds = self.age()
        self.phase, self.end = "ended", end
        if isinstance(end, NotStarted):
            self._ending = Ending(not_started=end.message)
        elif self.running is not None:
            from qemutui.host import runs

            seen = runs.ending(self.running.record)
            self._ending = seen._replace(status=end.status, signal=end.signal)

    @property
    def failed(self) -> bool:
        """Whether it ended by itself and not well."""
        return not self.is_alive and self.words().severity == "error"

    def words(self, blamed: str = "") -> Words:
        """Returns what is said of how it ended; `blamed` is the field that QEMU complained of."""
        return ending.words(self._ending, self.seconds, blamed)

    def is_of(self, profile: Profile) -> bool:
        """Tells whether what runs is what a profile says."""
        if self.profile is not None:
            return self.profile == profile
        if self.running is None:
            return False
        record = self.running.record
        command = private_monitor.command(profile, record.monitor)
        if tuple(argv.words(command)) != record.argv:
            return False
        # A run of an earlier time was started from this very profile.
        self.profile, self.command = profile, command
        return True
