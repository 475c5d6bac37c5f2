"""Terminals that are closed after each test, and VMs that do not outlive it."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from qemutui.host import pids
from qemutui.host.spawn import RUN_VARIABLE
from tests.terminal.terminal import Process, Terminal

Open = Callable[..., Terminal]


def _runs(home: Path) -> list[pids.Identity]:
    found = pids.with_environment(RUN_VARIABLE)
    return [process for run, process, _ in found if Path(run).is_relative_to(home)]


@pytest.fixture
def terminal(home: Path) -> Iterator[Open]:
    """Opens terminals, as `Terminal` does."""
    opened: list[Terminal] = []

    def start(
        command: Sequence[str] | Callable[[str], Process],
        columns: int = 80,
        rows: int = 24,
        **variables: str,
    ) -> Terminal:
        opened.append(Terminal(command, columns, rows, **variables))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
    for process in _runs(home):
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
