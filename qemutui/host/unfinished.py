"""The command that an import was left with, kept for the next one."""

import os
from contextlib import suppress
from pathlib import Path

_MOST = 1 << 22
"""Bytes that are read at most; an import takes less."""


def _file() -> Path:
    from qemutui.host import paths

    return paths.state() / "import.txt"


def keep(text: str) -> None:
    """Keeps a text in place of the one that was kept; an empty one keeps nothing.

    Raises OSError.
    """
    from qemutui.host import atomic

    path = _file()
    if not text.strip():
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = text.encode("utf-8", "surrogatepass")
    if path.exists():
        atomic.replace(path, content, lambda: None)
    else:
        atomic.create(path, content)


def kept() -> str:
    """Returns the text that was kept; empty where there is none that can be read."""
    with suppress(OSError, UnicodeDecodeError):
        descriptor = os.open(_file(), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(_MOST).decode("utf-8", "surrogatepass")
    return ""
