"""Which QEMU may be run without a word of the user, and asking such a one.

Opening a profile must run nothing that the profile names: it may come from anybody. What may be run
is what the system or the user has put on PATH under a name of QEMU's, and what the user has
allowed.
"""

import os
import re
import shutil
from pathlib import Path

from qemutui.host import allowed
from qemutui.host.probe_errors import MissingError, NoQemuError, UntrustedError

_NAME = re.compile(r"qemu-system-[A-Za-z0-9_-]+|qemu-kvm|kvm")
_PATIENCE = 5.0
"""Seconds that QEMU has to print a text."""
_NO_QEMU = ("No QEMU on PATH. Debian: apt install qemu-system · Fedora: dnf install qemu · "
            "Arch: pacman -S qemu-full.")  # fmt: skip


def resolve(binary: str, directory: Path, *, this_one: bool = False) -> str:
    """Returns the path, from the root, of a binary that may be run.

    Args:
        binary: As a profile or the user names it.
        directory: Where a relative path starts.
        this_one: The user wants this very binary to be run.

    Raises:
        MissingError: There is none; NoQemuError where there is no QEMU at all.
        UntrustedError: Nobody has allowed it.
    """
    path = _file(binary, directory)
    if path is None:
        raise _missing(binary)
    if not (this_one or _on_path(path) or allowed.is_allowed(path)):
        raise UntrustedError(binary, path)
    return path


def find(binary: str) -> str | None:
    """Returns the path, from the root, of a binary that may be asked, or None where it may not.

    A relative path is none that may be asked: it is not known where it starts.
    """
    if "/" in binary and not binary.startswith("/"):
        return None
    try:
        return resolve(binary, Path("/"))
    except (MissingError, UntrustedError):
        return None


def _file(binary: str, directory: Path) -> str | None:
    if not binary or "\0" in binary:
        return None
    if "/" in binary:
        path = os.path.abspath(directory / binary)  # noqa: PTH100 - `..` of a link is rare here
        return path if os.path.isfile(path) else None  # noqa: PTH113
    found = shutil.which(binary)
    return os.path.abspath(found) if found else None  # noqa: PTH100


def _on_path(path: str) -> bool:
    """Tells whether a file is on PATH, under a name of QEMU's; a relative folder of PATH is one
    of whoever made the current folder."""
    folder, _, name = path.rpartition("/")
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    trusted = (os.path.normpath(one) for one in folders if one.startswith("/"))
    return _NAME.fullmatch(name) is not None and (folder or "/") in trusted


def _missing(binary: str) -> MissingError:
    if "/" in binary:
        return MissingError(binary, f"{binary} is not there.")
    from qemutui.host.completion import programs

    if any(_NAME.fullmatch(name) for name in programs("qemu-")):
        return MissingError(binary, f"{binary} is not on PATH.")
    return NoQemuError(binary, _NO_QEMU)


def ask(binary: str, option: str) -> str | None:
    """Returns what a binary prints for an option such as `-help`.

    None where it may not be asked, cannot be run or does not answer in time.
    """
    path = find(binary)
    if path is None:
        return None
    from qemutui.host import child  # what starts programs is seldom needed

    try:
        return child.ended([path, option], _PATIENCE).output.decode("utf-8", "replace")
    except (OSError, TimeoutError, child.TooMuchError):
        return None
