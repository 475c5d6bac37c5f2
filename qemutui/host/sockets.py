"""Where the sockets of private monitors lie: a folder that is the user's alone."""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from qemutui.host import paths

LONGEST = 107
"""Bytes of a path that QEMU and Python both take for a unix socket."""
_SUFFIX = ".qmp"


class SocketFolderError(Exception):
    """The folder of the sockets cannot be used; the message is one line."""


def choose(name: str) -> Path:
    """Returns a path that no other run has, for a VM of this name. Nothing is made.

    It is in `paths.runtime()`, or where that is too long for a socket in a folder of /tmp.
    """
    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:24].strip("-.") or "vm"
    token = os.urandom(3).hex()
    for folder in (paths.runtime(), Path(f"/tmp/qemutui-{os.getuid()}")):  # noqa: S108 - see prepare
        for stem in (f"{slug}-{token}", token):
            path = folder / f"{stem}{_SUFFIX}"
            if len(os.fsencode(path)) <= LONGEST:
                return path
    return path


def prepare(path: Path) -> None:
    """Makes the folder of a socket, and sees to it that nobody else can enter it.

    Raises:
        SocketFolderError: It cannot be made, or belongs to somebody else.
    """
    folder = path.parent
    try:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700, parents=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            raise SocketFolderError(
                f"{folder} is not a folder of yours, so no private monitor can be put there. "
                "launch.monitor = false starts without one."
            )
        if status.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise SocketFolderError(
            f"{folder} cannot be used for the private monitor: {error.strerror}. "
            "launch.monitor = false starts without one."
        ) from error


def remove(path: str) -> None:
    """Removes the socket of a run that has ended; one that QEMU removed itself is no error."""
    if path.endswith(_SUFFIX):
        with suppress(OSError):
            if stat.S_ISSOCK(Path(path).lstat().st_mode):
                Path(path).unlink()
