"""Looks at the files that a profile names, and opens none of them."""

import errno
import os
import stat
from pathlib import Path

from qemutui.core import keyval
from qemutui.core.facts import Facts, FileFact, Kind, Purpose, named_files
from qemutui.core.profile import DEFAULT_BINARY, Profile

_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR})
_KINDS: dict[int, Kind] = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
}


def launch_directory(profile: Profile, profile_path: Path) -> Path:
    """Returns the folder where QEMU runs and where relative names start, as an absolute path.

    It is `launch.directory`, which starts from the folder of the profile's file; without it that
    folder itself. No file is looked at.
    """
    folder = profile_path.parent
    if not folder.is_absolute():
        folder = Path.cwd() / folder
    written = profile.launch.directory
    return folder if written is None else folder / keyval.text(written)


def gather(profile: Profile, directory: Path) -> Facts:
    """Returns what is where the profile's files should be.

    `directory` is where QEMU runs (`launch_directory`). Files are asked for with stat and access
    alone, so that no device, FIFO or socket is opened.
    """
    folders: dict[str, tuple[bool, bool]] = {}
    found: dict[tuple[Purpose, str], FileFact] = {}
    wanted = dict.fromkeys((file.purpose, file.text) for file in named_files(profile))
    wanted["program", DEFAULT_BINARY] = None
    for purpose, text in wanted:
        if purpose == "directory":
            place: str | None = os.fspath(directory)
        elif purpose == "program" and "/" not in text:
            place = _on_path(text)
        else:
            place = os.path.join(directory, text)  # noqa: PTH118 - keeps a slash at the end
        fact = FileFact("missing") if place is None else _look(place, folders)
        found[purpose, text] = fact
    home = os.environ.get("HOME", "")
    return Facts(found, home if home.startswith("/") else None)


def _on_path(name: str) -> str | None:
    """Returns the program that a name stands for, or None; as `execvp` finds it."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        place = os.path.join(folder or ".", name)  # noqa: PTH118 - a Path costs ten times that
        if os.access(place, os.X_OK) and _look(place, {}).kind == "file":
            return place
    return None


def _look(place: str, folders: dict[str, tuple[bool, bool]]) -> FileFact:
    parent = os.path.dirname(place.rstrip("/"))  # noqa: PTH120 - a Path forgets a last slash
    if parent not in folders:
        # access is refused wherever the folder cannot be searched.
        folders[parent] = (
            os.path.isdir(parent or "/"),  # noqa: PTH112
            os.access(parent or "/", os.W_OK | os.X_OK),
        )
    in_folder, can_create = folders[parent]
    try:
        mode = os.stat(place).st_mode  # noqa: PTH116
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        kind: Kind = "missing" if number in _ABSENT else "unknown"
        words = "" if kind == "missing" else os.strerror(number) if number else str(error)
        return FileFact(kind, False, False, False, in_folder, can_create, words)
    return FileFact(
        _KINDS.get(stat.S_IFMT(mode), "unknown"),
        os.access(place, os.R_OK),
        os.access(place, os.W_OK),
        os.access(place, os.X_OK),
        in_folder,
        can_create,
    )
