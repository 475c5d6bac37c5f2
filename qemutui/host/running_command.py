"""The command of a process that runs, as `/proc` has it (proc(5))."""

import os
from typing import NamedTuple

_REMOVED = " (deleted)"
"""What the kernel puts behind the folder of a process once that is removed."""


class NoProcessError(Exception):
    """A process whose command cannot be had: why, in one clear line."""


class RunningCommand(NamedTuple):
    """What a process was started as, and where it is."""

    words: tuple[str, ...]
    """Its argv; a byte that is no character is a surrogate escape."""
    directory: str
    """Where relative paths start."""
    is_removed: bool
    """Whether that folder is gone."""


def read(pid: int) -> RunningCommand:
    """Reads the command of a process.

    Raises:
        NoProcessError: There is none, it has no command, or it is another user's.
    """
    folder = f"/proc/{pid}"
    # The files of /proc, as os.readlink: a Path would be one more module to load.
    try:
        with open(f"{folder}/cmdline", "rb") as file:  # noqa: PTH123
            line = file.read()
        directory = os.readlink(f"{folder}/cwd") if line else ""  # noqa: PTH115
    except (FileNotFoundError, ProcessLookupError, OverflowError):
        raise NoProcessError(_absent(pid)) from None
    except PermissionError:
        raise NoProcessError(
            f"pid {pid} {_owner(folder)}; only the command of a QEMU of your own can be read."
        ) from None
    except OSError as error:
        raise NoProcessError(
            f"The command of pid {pid} cannot be read: {error.strerror}."
        ) from None
    if not line:
        raise NoProcessError(f"pid {pid} has no command: it belongs to the kernel, or has ended.")
    words = tuple(os.fsdecode(word) for word in line.removesuffix(b"\0").split(b"\0"))
    is_removed = directory.endswith(_REMOVED) and not os.path.exists(directory)  # noqa: PTH110
    return RunningCommand(
        words, directory.removesuffix(_REMOVED) if is_removed else directory, is_removed
    )


def _absent(pid: int) -> str:
    if not os.path.exists("/proc/self"):  # noqa: PTH110
        return "There is no /proc here; the command of a process cannot be read."
    return f"There is no process {pid}."


def _owner(folder: str) -> str:
    """Says whose a process is that does not let itself be read."""
    import pwd

    try:
        owner = os.stat(folder).st_uid  # noqa: PTH116
        if owner == os.geteuid():
            return "does not let its folder be seen"
        return f"is a process of {pwd.getpwuid(owner).pw_name}"
    except (OSError, KeyError):
        return "is a process of another user"
