"""What QEMU gets in a dry run in place of the user's sockets and of files that it would write."""

import fcntl
import os
import re
import socket
import stat
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from qemutui.core.stand_ins import NotTriedError, Purpose
from qemutui.host import holders, sockets

_ELSEWHERE = ("/dev/fdset/", "/dev/fd/", "/proc/self/", "/dev/std")
"""Names of descriptors, not of files."""
_ABSTRACT = 107
"""Bytes of an abstract name that is not `tight`, filled up with NULs (`util/qemu-sockets.c`)."""
_FLOCK = "hhqqi4x"
"""`struct flock`: type, whence, start, length, pid."""
_SECTIONS = re.compile(r"^\s*\[\s*(chardev|netdev|spice|vnc|trace|object)\b", re.MULTILINE)
_CONFIG = 1 << 20


class StandIns:
    """Stand-ins in one folder. What is not replaced is what QEMU fails at without touching it."""

    def __init__(self, folder: Path, directory: Path) -> None:
        self._folder, self._directory = folder, directory
        self._count = 0
        self._listeners: list[tuple[socket.socket, str]] = []

    def close(self) -> None:
        """Closes the sockets; the folder is not removed."""
        for listener, _ in self._listeners:
            listener.close()

    def __call__(self, purpose: Purpose, name: str) -> str:
        """Returns what QEMU gets in place of a name. As `core.stand_ins.StandIn`."""
        if purpose.endswith("abstract"):
            return self._abstract(purpose, name)
        place = os.path.join(self._directory, name)  # noqa: PTH118 - keeps a slash at the end
        replaces = {
            "listen": _can_listen,
            "connect": _listens,
            "write": _can_write,
            "lock": _can_lock,
            "pipe": _is_pipe,
            "memory": _can_map,
            "config": _is_harmful,
        }[purpose]
        if name.startswith(_ELSEWHERE) or not replaces(place):
            return name
        new = self._new()
        if purpose == "connect":
            self._listen(new, name)
        elif purpose == "pipe":
            pairs = [end for end in (".in", ".out") if os.path.exists(place + end)]  # noqa: PTH110
            for end in pairs if len(pairs) == 2 else [""]:
                os.mkfifo(new + end, 0o600)
        elif purpose == "memory":
            with Path(new).open("wb") as file, suppress(FileNotFoundError):
                status = os.stat(place)  # noqa: PTH116
                file.truncate(status.st_size if stat.S_ISREG(status.st_mode) else 0)
            if not os.path.lexists(place):
                Path(new).unlink()  # which QEMU makes
        return new

    def talks_on(self) -> str | None:
        """Returns the name of a socket that QEMU has connected to, if there is one."""
        for listener, name in self._listeners:
            with suppress(OSError):
                listener.accept()[0].close()
                return name
        return None

    def _new(self) -> str:
        self._count += 1
        return str(self._folder / f"s{self._count}")

    def _abstract(self, purpose: Purpose, name: str) -> str:
        new = self._new()
        if purpose == "connect abstract":
            for tail in ("", "\0" * (_ABSTRACT - len(new))):
                self._listen(f"\0{new}{tail}", name)
        return new

    def _listen(self, address: str, name: str) -> None:
        listener = socket.socket(socket.AF_UNIX)
        self._listeners.append((listener, name))
        listener.bind(address)
        listener.listen(4)
        listener.setblocking(False)


def _parent_takes_files(place: str) -> bool:
    parent = os.path.dirname(place) or "/"  # noqa: PTH120
    return os.path.isdir(parent) and os.access(parent, os.W_OK | os.X_OK)  # noqa: PTH112


def _can_listen(place: str) -> bool:
    is_short = len(os.fsencode(place)) <= sockets.LONGEST
    return is_short and _parent_takes_files(place) and not os.path.isdir(place)  # noqa: PTH112


def _listens(place: str) -> bool:
    with suppress(OSError):
        is_socket = stat.S_ISSOCK(os.stat(place).st_mode)  # noqa: PTH116
        known = holders.unix_listeners()
        return is_socket and any(p in known for p in (place, os.path.realpath(place)))
    return False


def _can_open(place: str, access: int, is_kind: Callable[[int], bool]) -> bool:
    """Tells whether QEMU can open a file of a kind, or make it where there is none."""
    try:
        mode = os.stat(place).st_mode  # noqa: PTH116
    except FileNotFoundError:
        return _parent_takes_files(place)
    except (OSError, ValueError):
        return False
    return is_kind(mode) and os.access(place, access)


def _can_write(place: str) -> bool:
    return _can_open(place, os.W_OK, stat.S_ISREG)


def _can_lock(place: str) -> bool:
    return _can_write(place) and not _is_locked(place)


def _is_locked(place: str) -> bool:
    """Tells whether somebody has locked a file for writing; it is opened to read."""
    try:
        with Path(place).open("rb") as file:
            asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            found = fcntl.fcntl(file, fcntl.F_OFD_GETLK, asked)
    except OSError:
        return False
    kind: int = struct.unpack(_FLOCK, found)[0]
    return kind != fcntl.F_UNLCK


def _is_pipe(place: str) -> bool:
    with suppress(OSError, ValueError):
        names = [place] if os.path.exists(place) else [place + ".in", place + ".out"]  # noqa: PTH110
        return all(stat.S_ISFIFO(os.stat(name).st_mode) for name in names)  # noqa: PTH116
    return False


def _can_map(place: str) -> bool:
    return _can_open(place, os.R_OK | os.W_OK, lambda mode: not stat.S_ISDIR(mode))


def _is_harmful(place: str) -> bool:
    with suppress(OSError, ValueError):
        if not stat.S_ISREG(os.stat(place).st_mode):  # noqa: PTH116
            raise NotTriedError(f"{place} is no file whose options can be seen before.")
        with Path(place).open(encoding="utf-8", errors="replace") as file:
            found = _SECTIONS.search(file.read(_CONFIG))
        if found:
            raise NotTriedError(f"{place} has a [{found[1]}], which might open a socket of yours.")
    return False
