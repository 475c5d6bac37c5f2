"""Runs qemutui as a user does: as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "qemutui")
PATIENCE = 30.0  # seconds until a command that does not end fails the test


def environment(**variables: str) -> dict[str, str]:
    """Our environment, in which qemutui of this checkout is found, and more variables."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **variables}


def qemutui(
    *arguments: str | Path,
    stdin: int | bytes = subprocess.DEVNULL,
    cwd: Path | None = None,
    variables: Mapping[str, str] | None = None,
    prefix: tuple[str, ...] = (),
) -> "subprocess.CompletedProcess[str]":
    """Runs a command to its end; `prefix` goes before it."""
    done = subprocess.run(
        [*prefix, *COMMAND, *arguments],
        stdin=None if isinstance(stdin, bytes) else stdin,
        input=stdin if isinstance(stdin, bytes) else None,
        capture_output=True,
        cwd=cwd,
        env=environment(**(variables or {})),
        timeout=PATIENCE,
        check=False,
    )
    texts = [os.fsdecode(stream) for stream in (done.stdout, done.stderr)]
    return subprocess.CompletedProcess(done.args, done.returncode, texts[0], texts[1])
