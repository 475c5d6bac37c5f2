"""Asks a QEMU that may be run without anybody's word: one on PATH, under a name of QEMU's."""

import re
import shutil
import subprocess
from pathlib import Path, PurePath

_TRUSTED = re.compile(r"qemu-system-[A-Za-z0-9_]+|qemu-kvm|kvm")
_PATIENCE = 5.0
"""Seconds that QEMU has to print a text."""


def find(binary: str) -> str | None:
    """Returns the absolute path of a binary that may be asked, or None where it may not."""
    name = PurePath(binary).name
    found = shutil.which(name) if _TRUSTED.fullmatch(name) else None
    trusted = found is not None and binary in (name, found) and Path(found).is_absolute()
    return found if trusted else None


def ask(binary: str, option: str) -> str | None:
    """Returns what a binary prints for an option such as `-help`.

    None where it may not be asked, cannot be run or does not answer in time.
    """
    path = find(binary)
    if path is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603
            [path, option],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace")
