"""Launches of real programs, and waiting for what they do."""

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from qemutui.host.spawn import Launch, PassedFile


class Programs(NamedTuple):
    """Starts nothing itself; `folder` is where what it describes is to run."""

    folder: Path

    def until(self, condition: Callable[[], object], seconds: float = 30) -> None:
        """Waits until something is true; fails the test after `seconds`."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.005)

    def launch(self, *argv: str, files: tuple[PassedFile, ...] = (), **environment: str) -> Launch:
        """A launch in a folder of the test's own."""
        return Launch(argv, self.folder, environment, files)

    def python(self, code: str, *arguments: str) -> Launch:
        """A launch of a few lines of Python."""
        return self.launch(sys.executable, "-I", "-S", "-c", code, *arguments)

    def qemu(self, binary: str, *arguments: str, files: tuple[PassedFile, ...] = ()) -> Launch:
        """A launch of a QEMU that has nothing to run."""
        quiet = ("-machine", "none,accel=tcg", "-display", "none", "-nodefaults")
        return self.launch(binary, *quiet, *arguments, files=files)

    def until_ready(self, pid: int) -> None:
        """Waits until QEMU handles SIGTERM, which it does some time after its first words."""
        status = Path(f"/proc/{pid}/status")

        def ready() -> int:
            caught = status.read_text().partition("SigCgt:")[2].split()[0]
            return int(caught, 16) & 1 << signal.SIGTERM - 1

        self.until(ready)
