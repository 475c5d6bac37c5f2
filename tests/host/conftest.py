"""No process that a test starts outlives the test."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from qemutui.host import pids
from qemutui.host.spawn import RUN_VARIABLE
from tests.host.programs import Programs


def _left(home: Path) -> list[pids.Identity]:
    found = pids.with_environment(RUN_VARIABLE)
    return [process for run, process, _ in found if Path(run).is_relative_to(home)]


@pytest.fixture
def programs(home: Path) -> Iterator[Programs]:
    """Starts in a folder of its own; afterwards no process of any run of this test is left."""
    folder = home / "vm"
    folder.mkdir()
    yield Programs(folder)
    while left := _left(home):
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(process.pid, 0)
