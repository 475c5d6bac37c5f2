"""Files that are always whole: what they held before, or what they are to hold.

Everything here raises OSError as the system gives it, and then the file is as it was.
"""

import errno
import fcntl
import itertools
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

SUFFIX = ".qemutui-save"
"""What the names of temporary files and backups end with; they begin with a dot."""

_numbers = itertools.count(1)


def backup_of(target: Path) -> Path:
    """Returns where the old content is while a file with several names is written in place."""
    return _beside(target, "backup")


def create(target: Path, content: bytes) -> None:
    """Writes a new file.

    Raises:
        FileExistsError: There is one already, even if it came into being a moment ago.
    """
    descriptor, temporary = _temporary(target, 0o666)
    try:
        _write(descriptor, content)
        os.fsync(descriptor)
        try:
            os.link(temporary, target)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
                raise
            # A file system without hard links: an empty file holds the name.
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
            temporary.rename(target)
    finally:
        temporary.unlink(missing_ok=True)
        os.close(descriptor)
    _sync_folder(target)


def put(target: Path, content: bytes) -> None:
    """Writes a file of qemutui's own, or another one in its place; the folder is made.

    It is not synced: what is in such a file can be found out, or said, again.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def replace(target: Path, content: bytes, check: Callable[[], None]) -> None:
    """Puts a new file in the place of a regular one: same mode, owner where permitted.

    `check` is called last before the replacement; what it raises leaves the old file.
    """
    status = target.stat()
    descriptor, temporary = _temporary(target, 0o600)
    try:
        _write(descriptor, content)
        _keep_attributes(descriptor, target, status)
        os.fsync(descriptor)
        check()
        temporary.rename(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    _sync_folder(target)


def write_in_place(target: Path, content: bytes, check: Callable[[], None]) -> None:
    """Writes a file that has several names, so that it stays one file.

    The old content is in `backup_of(target)` meanwhile, and stays there if the process dies.

    Raises:
        FileExistsError: That backup exists: an earlier save did not end.
    """
    descriptor = os.open(target, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        old = _read(descriptor)
        backup = backup_of(target)
        _write_backup(backup, old, stat.S_IMODE(os.fstat(descriptor).st_mode))
        _sync_folder(backup)
        try:
            check()
            try:
                if len(content) > len(old):
                    os.posix_fallocate(descriptor, 0, len(content))  # a full disk shows here
                _fill(descriptor, content)
            except BaseException:
                _fill(descriptor, old)
                raise
        except BaseException:
            if _read(descriptor) == old:
                backup.unlink()
            raise
        backup.unlink()
    finally:
        os.close(descriptor)
    _sync_folder(target)


def _write_backup(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode & 0o600)
    try:
        _write(descriptor, content)
        os.fsync(descriptor)
    except BaseException:
        path.unlink()
        raise
    finally:
        os.close(descriptor)


def _fill(descriptor: int, content: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    _write(descriptor, content)
    os.ftruncate(descriptor, len(content))
    os.fsync(descriptor)


def _read(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    pieces = []
    while piece := os.read(descriptor, 1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def _write(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def _beside(target: Path, word: str) -> Path:
    short = os.fsdecode(os.fsencode(target.name)[:200])  # 255 bytes are the most
    return target.with_name(f".{short}.{word}{SUFFIX}")


def _temporary(target: Path, mode: int) -> tuple[int, Path]:
    """Creates an empty file beside the target and locks it, so that whoever finds it knows
    whether its writer lives."""
    _sweep(target)
    while True:
        path = _beside(target, f"{os.getpid()}-{next(_numbers)}")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        except FileExistsError:
            continue
        with suppress(OSError):  # a file system without locks; then nobody sweeps it either
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:
            return descriptor, path
        os.close(descriptor)  # swept between open and lock


def _sweep(target: Path) -> None:
    """Removes temporary files that killed processes left beside the target."""
    start = _beside(target, "").name.removesuffix(SUFFIX)
    backup = backup_of(target)
    try:
        paths = list(target.parent.iterdir())
    except OSError:
        return  # a folder that cannot be listed can still be written to
    for path in paths:
        ours = path.name.startswith(start) and path.name.endswith(SUFFIX)
        if not ours or path == backup:
            continue
        with suppress(OSError):  # gone, locked, or another user's: not ours to remove
            flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            descriptor = os.open(path, flags)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
            finally:
                os.close(descriptor)


def _keep_attributes(descriptor: int, target: Path, status: os.stat_result) -> None:
    mode = stat.S_IMODE(status.st_mode)
    own = os.fstat(descriptor)
    if own.st_gid != status.st_gid:
        try:
            os.fchown(descriptor, -1, status.st_gid)
        except PermissionError:
            # What the old group could do, the new one may not be meant to do.
            mode = mode & ~0o070 | (mode & 0o007) << 3
    if own.st_uid != status.st_uid:
        with suppress(PermissionError):
            os.fchown(descriptor, status.st_uid, -1)
    with suppress(OSError):  # a file system without them
        for name in os.listxattr(target):
            with suppress(OSError):  # some are the system's alone
                os.setxattr(descriptor, name, os.getxattr(target, name))
    os.fchmod(descriptor, mode)


def _sync_folder(target: Path) -> None:
    try:
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        return  # may be written to, not read
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
            raise
    finally:
        os.close(folder)
