"""Profiles on disk: read with care, written so that nothing is lost.

Saving needs more modules than loading; they are imported where they are used, because `qemutui
argv` only loads.
"""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from qemutui.core.profile import FORMAT, Profile, ShapeError, dotted, dump, read
from qemutui.core.text import clean
from qemutui.host import content
from qemutui.host.content import MAX_SIZE, Content, Stamp
from qemutui.host.content import StoreError as StoreError
from qemutui.host.toml_read import parse


class Conflict(StoreError):  # noqa: N818 - it is the caller's to decide, and no fault of anybody
    """The file is not what it was when the profile was loaded; nothing was written.

    To write all the same, save `document.expecting(conflict.stamp)`.
    """

    def __init__(self, message: str, stamp: Stamp | None) -> None:
        super().__init__(message)
        self.stamp = stamp
        """What is there now; None if nothing is."""


class NoSpace(StoreError):  # noqa: N818 - as above
    """There is no room for the file; it is as it was."""


class Document(NamedTuple):
    """A profile and the file that it came from."""

    path: Path
    source: str
    """The text of the file, byte order mark and line ends included."""
    data: dict[str, Any]
    """What `tomllib` makes of the source."""
    stamp: Stamp | None
    """What the file must be when the profile is saved; None: there must be no file."""
    profile: Profile

    def expecting(self, stamp: Stamp | None) -> "Document":
        """Returns the same document, to be saved over what has this stamp."""
        return self._replace(stamp=stamp)

    def elsewhere(self, path: Path) -> "Document":
        """Returns the same document, to be saved as a new file."""
        return self._replace(path=path, stamp=None)


def blank(path: Path) -> Document:
    """Returns an empty profile, to be saved as a new file."""
    return Document(path, "", {}, None, Profile())


def load(path: Path) -> Document:
    """Reads a profile. An empty file is an empty profile.

    Raises:
        StoreError: There is no such file, or it is no profile that this version reads.
    """
    found = content.read(path)
    if found.links > 1:
        _refuse_unfinished(path)
    source = content.decoded(path.name, found.content)
    data = parse(path.name, source.removeprefix("\ufeff"))
    version = data.get("format", FORMAT)
    if type(version) is int and version != FORMAT:
        raise StoreError(
            f"{clean(path.name)} is format {version}; this qemutui reads {FORMAT}. "
            "It is left untouched."
        )
    try:
        with without_plugins():
            profile = read(data)
    except ShapeError as error:
        where = _line(source, error.path)
        raise StoreError(
            f"{clean(path.name)}{where}: {clean(dotted(error.path))}: "
            f"found {error.found}, expected {error.expected}."
        ) from None
    return Document(path, source, data, found.stamp, profile)


@contextmanager
def without_plugins() -> Iterator[None]:
    """Keeps pydantic from looking for plugins in the metadata of every package, and from importing
    what reads it: a twentieth of a start. Where pydantic looks elsewhere, this does nothing.
    """
    loader = "pydantic.plugin._loader"
    if loader in sys.modules:
        yield
        return
    nothing = ModuleType(loader)
    vars(nothing)["get_plugins"] = tuple
    sys.modules[loader] = nothing
    try:
        yield
    finally:
        del sys.modules[loader]


def stamp(path: Path) -> Stamp | None:
    """Returns what identifies the content of a file, None if there is none.

    Raises:
        StoreError: What is there cannot be read, or is no file.
    """
    found = content.there(path)
    return found.stamp if found else None


def glance(path: Path, known: Stamp | None) -> Stamp | None:
    """Returns what identifies the content of a file, as `stamp`; reads it only where its size,
    its time or the file itself is not the known one.

    Raises:
        StoreError: What is there cannot be read, or is no file.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{clean(str(path))}: {content.reason(error)}.") from error
    if known is not None and (status.st_size, status.st_mtime_ns, status.st_ino) == known[:3]:
        return known
    return stamp(path)


def save(document: Document, profile: Profile) -> Document:
    """Writes a profile into the file of a document, changing only what differs.

    A symbolic link is followed. If the file already says the same, nothing is written.

    Returns:
        The document as it is on disk now.

    Raises:
        Conflict: The file is not what `document.stamp` says.
        StoreError: The file cannot be written; it is as it was.
    """
    from qemutui.host import atomic

    target = Path(os.path.realpath(document.path))
    name = clean(document.path.name)
    found = content.there(target)
    _refuse_conflict(document, found)
    source = _edited(document, profile, name)
    encoded = _encoded(source, name)
    if found and found.content == encoded:
        return document._replace(source=source, stamp=found.stamp, profile=profile)

    def check() -> None:
        _refuse_conflict(document, content.there(target))

    try:
        if found is None:
            atomic.create(target, encoded)
        else:
            _refuse_read_only(target)
            if found.links > 1:
                _refuse_unfinished(target)
                atomic.write_in_place(target, encoded, check)
            else:
                atomic.replace(target, encoded, check)
    except FileExistsError:
        check()
        raise StoreError(f"{name} was not saved: something is in the way.") from None
    except OSError as error:
        _refuse_unfinished(target)
        kind = NoSpace if error.errno in _FULL else StoreError
        raise kind(_not_saved(name, error)) from error
    data = parse(name, source.removeprefix("\ufeff"))
    return Document(document.path, source, data, content.read(target).stamp, profile)


def encoded(document: Document, profile: Profile) -> bytes:
    """Returns what `save` would write.

    Raises:
        StoreError: TOML cannot say it, or it is too large.
    """
    name = clean(document.path.name)
    return _encoded(_edited(document, profile, name), name)


def _edited(document: Document, profile: Profile, name: str) -> str:
    """Returns the text to write."""
    from qemutui.host.matching import merge, same

    base, new = dump(document.profile), dump(profile)
    for key in Profile.model_fields:
        # What an edit left empty is not set; what the file itself leaves empty stays.
        if new.get(key) in ([], {}) and not (key in base and same(base[key], new[key])):
            del new[key]
    data = merge(document.data, base, new)
    if data is document.data and (document.stamp or document.source):
        return document.source
    from qemutui.host.layout import rewrite

    if "format" not in data:
        data = {"format": FORMAT, **data}
    body = document.source.removeprefix("\ufeff")
    mark = "\ufeff" if document.source.startswith("\ufeff") else ""
    try:
        return mark + rewrite(body, document.data, data)
    except (ValueError, RecursionError):
        raise StoreError(f"{name} was not saved: TOML cannot say what it holds.") from None


def _encoded(source: str, name: str) -> bytes:
    try:
        encoded = source.encode()
    except UnicodeEncodeError as error:
        line = source.count("\n", 0, error.start) + 1
        raise StoreError(
            f"{name} was not saved: what would be line {line} holds U+"
            f"{ord(source[error.start]):04X}, which is no character."
        ) from None
    if len(encoded) > MAX_SIZE:
        raise StoreError(f"{name} was not saved: it would be over 16 MiB.")
    return encoded


def _refuse_conflict(document: Document, found: Content | None) -> None:
    name = clean(document.path.name)
    if found is None:
        if document.stamp:
            raise Conflict(f"{name} was deleted.", None)
        return
    there = found.stamp
    if document.stamp is None:
        raise Conflict(f"{name} exists already.", there)
    if document.stamp.digest != there.digest:
        at = time.strftime("%H:%M", time.localtime(there.mtime_ns / 1e9))
        raise Conflict(f"{name} changed on disk at {at}.", there)


def _refuse_read_only(path: Path) -> None:
    """Raises the system's OSError for a file that is not to be written to, though its folder
    lets it be replaced."""
    os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC))


def _refuse_unfinished(path: Path) -> None:
    """Refuses a file with several names whose last save did not end: it may be half written."""
    from qemutui.host.atomic import backup_of

    backup = backup_of(Path(os.path.realpath(path)))
    if os.path.lexists(backup):
        raise StoreError(
            f"{clean(path.name)}: a save did not end. Its content from before is in "
            f"{clean(str(backup))}; put that back, or remove it."
        )


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_SAVED: dict[int | None, str] = {
    errno.ENOSPC: "No space left for {}. The file is as it was; save elsewhere.",
    errno.EDQUOT: "No space left for {}. The file is as it was; save elsewhere.",
    errno.EFBIG: "No space left for {}. The file is as it was; save elsewhere.",
    errno.EROFS: "{} was not saved: the file system is read-only. Save elsewhere.",
    errno.EACCES: "{} was not saved: permission denied. Save elsewhere.",
    errno.EPERM: "{} was not saved: permission denied. Save elsewhere.",
    errno.ENOENT: "{} was not saved: there is no such folder.",
    errno.ENOTDIR: "{} was not saved: there is no such folder.",
    errno.ENAMETOOLONG: "{} was not saved: the name is too long.",
}


def _not_saved(name: str, error: OSError) -> str:
    words = _NOT_SAVED.get(error.errno)
    return words.format(name) if words else f"{name} was not saved: {content.reason(error)}."


def _line(source: str, path: tuple[str | int, ...]) -> str:
    """Returns `, line 3` for what is written at a path, or for what holds it; else nothing."""
    from qemutui.host.toml_position import position

    body = source.removeprefix("\ufeff")
    for depth in range(len(path), 0, -1):
        if found := position(body, path[:depth]):
            return f", line {found[0]}"
    return ""
