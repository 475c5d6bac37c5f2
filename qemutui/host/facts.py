"""Looks at the files and ports that a profile names.

Of images and of what is booted the ends are read, and files of options; nothing else is opened."""

import errno
import os
import stat
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from qemutui.core import config_file, keyval
from qemutui.core.boot_files import HEADER, firmware_fault, kernel_fault
from qemutui.core.facts import Facts, FileFact, Kind, Listener, Purpose, named_files
from qemutui.core.image_format import FOOTER, PROBED, excluded, format_of
from qemutui.core.ports import NamedPort, named_peers, named_ports
from qemutui.core.profile import DEFAULT_BINARY, Profile
from qemutui.host import file_ends, holders

_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR})
_KINDS: dict[int, Kind] = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
}


def launch_directory(profile: Profile, folder: Path) -> Path:
    """Returns the folder where QEMU runs and where relative names start, as an absolute path.

    It is `launch.directory`, which starts from `folder`, that of the profile's file; without it
    that folder itself. No file is looked at.
    """
    if not folder.is_absolute():
        folder = Path.cwd() / folder
    written = profile.launch.directory
    return folder if written is None else folder / keyval.text(written)


def gather(
    profile: Profile,
    directory: Path,
    own: Container[int] = (),
    data_folders: Sequence[str] = (),
) -> Facts:
    """Returns what is where the profile's files should be.

    `directory` is where QEMU runs (`launch_directory`). Files are asked for with stat and access,
    and of images that are regular files the first bytes are read, so that no device, FIFO or
    socket is opened. `own` are processes whose locks and sockets are none of anybody else.
    `data_folders` are those of QEMU itself.
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
        if purpose == "pipe" and fact.kind == "missing":
            fact = _look(f"{place}.in", folders)
        if purpose in ("firmware", "rom") and "/" not in text and fact.kind == "missing":
            fact = _look_in(data_folders, text, folders) or fact
        found[purpose, text] = fact
    _find_holders(found, directory, own)
    home = os.environ.get("HOME", "")
    ports = named_ports(profile)
    return Facts(
        found,
        home if home.startswith("/") else None,
        _listeners((*ports, *named_peers(profile)), own),
        holders.first_port(),
        holders.free_memory(),
        holders.most_memory(),
        holders.localhost() if any(port.host == "localhost" for port in ports) else (),
        configs=configs(profile, directory),
    )


def configs(profile: Profile, directory: Path) -> dict[str, str]:
    """Returns what is in the files of `-readconfig`, by their names as written.

    Files that cannot be read as text, and long ones, are left out. `directory` is where QEMU runs.
    """
    found = {}
    for name in config_file.names(profile):
        with suppress(OSError, ValueError):
            start, _, _ = file_ends.read(os.path.join(directory, name), config_file.LONGEST)  # noqa: PTH118
            if len(start) < config_file.LONGEST:
                found[name] = start.decode()
    return found


_OF_QEMU = "keymaps"
"""What is among QEMU's own files wherever they are; without it they are somewhere else, as in a
container."""


def _look_in(
    data_folders: Sequence[str], name: str, folders: dict[str, tuple[bool, bool]]
) -> FileFact | None:
    """Looks for a file where QEMU does (`system/datadir.c`); None where these are not known."""
    for folder in data_folders:
        fact = _look(f"{folder}/{name}", folders)
        if fact.kind != "missing" and fact.readable:
            return fact
    if any(_look(f"{folder}/{_OF_QEMU}", folders).kind == "folder" for folder in data_folders):
        return FileFact("missing", False, False, False, searched=True)
    return None


def _find_holders(
    found: dict[tuple[Purpose, str], FileFact], directory: Path, own: Container[int]
) -> None:
    """Adds to the facts what images hold, and who uses images and sockets."""
    images: dict[tuple[Purpose, str], holders.Node] = {}
    sockets: dict[tuple[Purpose, str], int] = {}
    listening: Mapping[str, int] | None = None
    for key, fact in found.items():
        place = os.path.join(directory, key[1])  # noqa: PTH118
        if key[0] == "image" and fact.kind == "file" and fact.readable:
            with suppress(OSError):
                found[key], images[key] = _read_image(place, fact)
        elif key[0] in ("kernel", "firmware") and fact.kind == "file" and fact.readable:
            with suppress(OSError):
                found[key] = _read_boot_file(key[0] == "kernel", place, fact)
        elif key[0] == "listen" and fact.kind == "socket":
            listening = holders.unix_listeners() if listening is None else listening
            inode = listening.get(os.path.abspath(place))  # noqa: PTH100
            if inode is not None:
                sockets[key] = inode
    locked = holders.locked() if images else {}
    in_use = {key: node for key, node in images.items() if node in locked}
    users = holders.users(in_use.values())
    for key, node in in_use.items():
        user = users.get(node, -1)
        if user not in own:
            found[key] = found[key]._replace(user=user, lock=locked[node])
    owners = holders.socket_owners(sockets.values())
    for key, inode in sockets.items():
        user = owners.get(inode, -1)
        if user not in own:
            found[key] = found[key]._replace(user=user)


def _read_image(place: str, fact: FileFact) -> tuple[FileFact, holders.Node]:
    start, end, status = file_ends.read(place, PROBED, FOOTER)
    fact = fact._replace(image=format_of(start), excluded=excluded(start, end))
    return fact, (status.st_dev, status.st_ino)


def _read_boot_file(is_kernel: bool, place: str, fact: FileFact) -> FileFact:
    start, _, status = file_ends.read(place, HEADER if is_kernel else 0)
    if is_kernel:
        return fact._replace(fault=kernel_fault(start, status.st_size))
    return fact._replace(fault=firmware_fault(status.st_size))


def _listeners(ports: tuple[NamedPort, ...], own: Container[int]) -> tuple[Listener, ...]:
    wanted = {(port.protocol, port.port) for port in ports}
    if not wanted:
        return ()
    taken = [
        listener
        for listener in holders.listeners({protocol for protocol, _ in wanted})
        if (listener.protocol, listener.port) in wanted
    ]
    owners = holders.socket_owners(listener.inode for listener in taken)
    known = (listener._replace(pid=owners.get(listener.inode, 0)) for listener in taken)
    return tuple(listener for listener in known if listener.pid not in own or not listener.pid)


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
