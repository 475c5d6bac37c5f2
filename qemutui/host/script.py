"""Writes a command into a file that a shell runs."""

from pathlib import Path

from qemutui.host import atomic
from qemutui.host.content import StoreError, reason


class ExistsError(StoreError):
    """There is such a file already."""


def write(path: Path, command: str, over: bool) -> None:
    """Writes a script of one command, which may be run by its owner.

    Args:
        path: Where to.
        command: For a POSIX shell.
        over: Whether a file that is there already is replaced.

    Raises:
        ExistsError: There is such a file, and it is not to be replaced.
        StoreError: It cannot be written.
    """
    try:
        content = f"#!/bin/sh\n{command}\n".encode()
    except UnicodeEncodeError as error:
        raise StoreError(f"{error.object[error.start]!r} cannot be written as UTF-8.") from None
    try:
        if over and path.exists():
            if not path.is_file():
                raise StoreError(f"{path} is no regular file.")
            atomic.replace(path.resolve(), content, lambda: None)
        else:
            atomic.create(path, content)
        path.chmod(path.stat().st_mode | 0o100)
    except FileExistsError:
        raise ExistsError(f"{path.name} exists already.") from None
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {reason(error)}.") from error
