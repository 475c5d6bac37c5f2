"""The trash of the desktop: what is thrown away can be brought back, here or by any file manager.

It is the home trash of the specification (freedesktop.org, Trash 1.0), `$XDG_DATA_HOME/Trash`: the
file in `files`, where it came from in `info`. A profile is small, so that one from another file
system is copied there.
"""

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote_from_bytes

from qemutui.core.text import clean
from qemutui.host import paths
from qemutui.host.content import StoreError, reason


class Trashed(NamedTuple):
    """A file in the trash."""

    path: Path
    """Where it came from."""
    file: Path
    info: Path


def _folder() -> Path:
    # Of the data folder itself, not of qemutui's own part of it.
    return paths.profiles().parent.parent / "Trash"


def move(path: Path) -> Trashed:
    """Moves a file into the trash; a symbolic link itself, not what it leads to.

    Raises:
        StoreError: It cannot be moved; it is where it was.
    """
    trash = _folder()
    files, infos = trash / "files", trash / "info"
    source = quote_from_bytes(os.fsencode(path.absolute()), safe="/")
    written = f"[Trash Info]\nPath={source}\nDeletionDate={datetime.now():%Y-%m-%dT%H:%M:%S}\n"
    try:
        for folder in (files, infos):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = 1
        while True:
            name = path.name if number == 1 else f"{path.stem}.{number}{path.suffix}"
            info, file = infos / f"{name}.trashinfo", files / name
            number += 1
            # Making the info file takes the name, as the specification wants it.
            with suppress(FileExistsError):
                descriptor = os.open(info, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                os.write(descriptor, written.encode())
                os.close(descriptor)
                if not os.path.lexists(file):
                    break
                info.unlink()
        try:
            shutil.move(path, file)
        except OSError:
            info.unlink()
            raise
    except OSError as error:
        raise StoreError(
            f"{clean(path.name)} cannot be moved to the trash: {reason(error)}."
        ) from error
    return Trashed(path.absolute(), file, info)


def restore(trashed: Trashed) -> None:
    """Puts a file back to where it came from; never over another one.

    Raises:
        StoreError: There is another file by now, or it cannot be put back.
    """
    name = clean(trashed.path.name)
    try:
        trashed.path.parent.mkdir(parents=True, exist_ok=True)
        # Only making the name fails where another file came into being a moment ago.
        try:
            os.link(trashed.file, trashed.path, follow_symlinks=False)
            trashed.file.unlink()
        except FileExistsError:
            raise
        except OSError:
            if os.path.lexists(trashed.path):
                raise FileExistsError from None
            shutil.move(trashed.file, trashed.path)
    except FileExistsError:
        raise StoreError(f"{name} exists again; the other one stays in the trash.") from None
    except OSError as error:
        raise StoreError(f"{name} cannot be brought back: {reason(error)}.") from error
    with suppress(OSError):
        trashed.info.unlink()
