"""The binaries outside PATH that the user has allowed to be run: `$XDG_STATE_HOME/qemutui/allowed`.

One on a line: the SHA-256 of its content, its size, the times of its last change in ns, its path
with all links resolved. Another content is another program, which nobody has allowed.
"""

import os
from pathlib import Path
from typing import NamedTuple

from qemutui.host import paths


class _Entry(NamedTuple):
    digest: str
    status: str
    path: str


def _file() -> Path:
    return paths.state() / "allowed"


def _entries() -> list[_Entry]:
    try:
        lines = os.fsdecode(_file().read_bytes()).split("\n")
    except OSError:
        return []
    found = []
    for line in lines:
        digest, _, rest = line.partition(" ")
        status, _, path = rest.partition(" ")
        if path.startswith("/"):
            found.append(_Entry(digest, status, path))
    return found


def _status(path: str) -> str:
    status = os.stat(path)  # noqa: PTH116
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}"


def _digest(path: str) -> str:
    import hashlib  # what is allowed is seldom asked

    with open(path, "rb") as file:  # noqa: PTH123
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_allowed(path: str) -> bool:
    """Tells whether the user has allowed a binary, as it is now, to be run."""
    path = os.path.realpath(path)
    entry = next((one for one in _entries() if one.path == path), None)
    if entry is None:
        return False
    try:
        return entry.status == _status(path) or entry.digest == _digest(path)
    except OSError:
        return False


def allow(path: str) -> None:
    """Remembers that a binary, as it is now, may be run.

    Raises:
        OSError: It cannot be read, or this cannot be remembered.
        ValueError: A line feed is in its path.
    """
    path = os.path.realpath(path)
    if "\n" in path:
        raise ValueError("a line feed is in the path")
    status = _status(path)
    new = _Entry(_digest(path), status, path)
    lines = [" ".join(one) for one in [*(e for e in _entries() if e.path != path), new]]
    from qemutui.host import atomic  # what is allowed is seldom changed

    atomic.put(_file(), os.fsencode("\n".join(lines) + "\n"))
