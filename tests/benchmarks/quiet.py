"""The app at rest on a profile whose VM prints nothing."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.prompt import OURS
from tests.benchmarks.terminal import Terminal, program
from tests.samples import quiet

SETTLED = 3.0  # seconds in which whatever a start sets off comes to rest
F5, F6 = "\x1b[15~", "\x1b[17~"


@contextmanager
def at_rest() -> Iterator[tuple[Terminal, Path]]:
    """Gives the terminal of an app that waits for F5, and its home folder."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        profile = home / "quiet.toml"
        profile.write_text(quiet())
        with program(OURS, [str(profile)], home) as terminal:
            terminal.until("Launch F5")
            terminal.drain(SETTLED)
            yield terminal, home
