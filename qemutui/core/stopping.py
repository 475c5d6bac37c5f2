"""The ladder by which a run is stopped: its steps in words, and how long the first one has."""

from typing import Literal

from qemutui.core.profile import Profile

Step = Literal[1, 2, 3, 4]
"""Power button, quit, SIGTERM, SIGKILL."""

LAST: Step = 4
SENTENCES: dict[int, str] = {
    1: "1/4 Asked the guest to power down.",
    2: "2/4 Told QEMU to quit.",
    3: "3/4 SIGTERM.",
    4: "4/4 SIGKILL.",
}

SHORT = 5.0
"""Seconds that every step but the first has: what is left to QEMU itself takes no longer."""
DEFAULT = 20.0
"""Seconds that a guest has to power down where its profile does not say it."""
_LONGEST = 86400.0


def powerdown(profile: Profile | None) -> float:
    """Returns the seconds that a guest has to power down: `launch.powerdown`, if it is sensible."""
    written = profile.launch.powerdown if profile is not None else DEFAULT
    number = isinstance(written, int | float) and not isinstance(written, bool)
    return float(written) if number and 0 <= float(written) <= _LONGEST else DEFAULT
