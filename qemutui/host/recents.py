"""The profiles outside the library that were opened or saved: `$XDG_STATE_HOME/qemutui/recent`.

One path a line, the newest first; what is no text of one line is left out.
"""

import os
from contextlib import suppress
from pathlib import Path

from qemutui.host import library, paths

_MOST = 50


def _file() -> Path:
    return paths.state() / "recent"


def _listed() -> list[Path]:
    try:
        lines = _file().read_bytes().split(b"\n")
    except OSError:
        return []
    return [Path(os.fsdecode(line)) for line in lines if line.startswith(b"/")][:_MOST]


def profiles() -> list[Path]:
    """Returns those that are there still, the newest first."""
    found = []
    for path in _listed():
        with suppress(OSError, ValueError):
            path.lstat()
            found.append(path)
    return found


def add(path: Path) -> None:
    """Notes that a profile was opened or saved; one of the library and an example are not noted.

    What cannot be noted is not: it is listed no more, and nothing else.
    """
    path = paths.absolute(path)
    if path.parent == paths.profiles() or library.is_example(path) or "\n" in str(path):
        return
    listed = _listed()
    if listed[:1] == [path]:
        return
    lines = [os.fsencode(one) for one in [path, *(one for one in listed if one != path)]]
    from qemutui.host import atomic  # who only reads does not need it

    with suppress(OSError):
        atomic.put(_file(), b"\n".join(lines[:_MOST]) + b"\n")
