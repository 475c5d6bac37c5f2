"""Drafts: what is on a screen and was not saved, so that no end of the app loses it.

Each profile that is being edited has a draft of its own in each app, `$XDG_STATE_HOME/qemutui/
drafts/NAME.toml`, and beside it `NAME.json`, which says what it is a draft of and who writes it.
Two apps on one profile therefore never write the same draft, and the draft of an app that lives is
that app's alone.
"""

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from qemutui.core.profile import Profile
from qemutui.host import paths, pids, store


class Origin(NamedTuple):
    """What a draft is a draft of."""

    path: Path | None
    """The profile's file; None where there never was one."""
    directory: Path
    """Where relative paths of the profile start."""
    example: Path | None = None
    """The example that the profile is a copy of."""


class Draft(NamedTuple):
    """A draft that nobody writes any more."""

    file: Path
    origin: Origin
    at: float
    """When it was written last, in seconds since the epoch."""


def _folder() -> Path:
    return paths.state() / "drafts"


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name)[:60].strip("-.") or "untitled"


def _about(file: Path) -> Path:
    return file.with_suffix(".json")


def _path(value: Any) -> Path | None:
    return Path(value) if isinstance(value, str) and value else None


def _read(file: Path) -> Draft | None:
    """Returns a draft; None where its app lives, or it is gone."""
    about: Any = {}
    with suppress(OSError, ValueError, RecursionError):
        about = json.loads(_about(file).read_bytes())
    about = about if isinstance(about, dict) else {}
    owner = about.get("owner")
    if isinstance(owner, list) and len(owner) == 3 and pids.alive(pids.Identity(*owner)):
        return None
    directory = _path(about.get("directory")) or Path.cwd()
    origin = Origin(_path(about.get("path")), directory, _path(about.get("example")))
    with suppress(OSError):
        return Draft(file, origin, file.stat().st_mtime)
    return None


def _found(pattern: str) -> Iterator[Draft]:
    """Yields drafts that nobody writes any more, the newest first. Raises OSError."""
    try:
        files = [path for path in _folder().iterdir() if re.fullmatch(pattern, path.name)]
    except FileNotFoundError:
        return
    for file in sorted(files, key=lambda path: path.name[-_TIME:], reverse=True):
        if (draft := _read(file)) is not None:
            yield draft


_STAMP = r"-\d{8}-\d{6}-\d{6}\.toml"
_TIME = len("-20260131-120000-000000.toml")


def of_profile(path: Path) -> Draft | None:
    """Returns the newest draft of a file that nobody writes any more.

    Raises:
        OSError: The drafts cannot be listed.
    """
    drafts = _found(re.escape(_safe(path.stem)) + _STAMP)
    return next((draft for draft in drafts if draft.origin.path == path), None)


def without_file() -> list[Draft]:
    """Returns the drafts of profiles that have no file, or none any more, the newest first.

    Raises:
        OSError: The drafts cannot be listed.
    """
    return [
        draft
        for draft in _found(".*" + _STAMP)
        if draft.origin.path is None or not os.path.lexists(draft.origin.path)
    ]


def drop(draft: Draft) -> None:
    """Removes a draft; what cannot be removed stays."""
    _remove(draft.file)


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink()
    with suppress(OSError):
        _about(file).unlink()


class Keeper:
    """Writes the draft of one profile that is being edited. To be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.file: Path | None = None
        """The draft, once there is one."""
        self._origin: Origin | None = None
        self._profile: Profile | None = None
        """What the draft says."""

    def adopt(self, draft: Draft) -> None:
        """Goes on with a draft that was found: it is this app's from now on."""
        with self._lock:
            self.file, self._origin, self._profile = draft.file, None, None
            self._describe(draft.file, draft.origin)

    def keep(
        self, origin: Origin, base: store.Document | None, name: str, profile: Profile
    ) -> Path:
        """Writes what is not saved, unless the draft says it already, and returns the draft.

        Args:
            origin: What it is a draft of.
            base: What the profile was read from; its comments are kept.
            name: What the file is called, or would be.
            profile: What the screen says.

        Raises:
            StoreError: TOML cannot say it.
            OSError: It cannot be written; the draft is as it was.
        """
        from qemutui.host import atomic

        with self._lock:
            file = self.file
            # Profiles are never changed in place: the same object says the same.
            if file and profile is self._profile and origin == self._origin and file.exists():
                return file
            if file is None:
                _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
                file = _folder() / f"{_safe(name)}-{datetime.now():%Y%m%d-%H%M%S-%f}.toml"
            content = store.encoded(base or store.blank(file), profile)
            # Who writes it is known before there is anything to be found.
            self._describe(file, origin)
            if self.file is None:
                atomic.create(file, content)
                self.file = file
            elif file.exists():
                atomic.replace(file, content, lambda: None)
            else:
                atomic.create(file, content)
            self._profile = profile
            return file

    def _describe(self, file: Path, origin: Origin) -> None:
        if origin == self._origin:
            return
        me = pids.identify(os.getpid())
        about = {
            "path": str(origin.path or ""),
            "directory": str(origin.directory),
            "example": str(origin.example or ""),
            "owner": list(me) if me is not None else None,
        }
        new = file.with_suffix(f".{os.getpid()}")
        new.write_bytes(json.dumps(about).encode())
        new.replace(_about(file))
        self._origin = origin

    def drop(self) -> None:
        """Removes the draft, if there is one."""
        with self._lock:
            if self.file is not None:
                _remove(self.file)
            self.file = self._origin = self._profile = None
