"""Keeps what was not saved when the app is ended from outside, or fails."""

import re
from datetime import datetime
from pathlib import Path

from qemutui.core.profile import Profile
from qemutui.host import paths, store


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name)[:60].strip("-.") or "untitled"


def newest(name: str, since: float) -> Path | None:
    """Returns the last draft of the VM of this name, if it is younger than `since`.

    Args:
        name: As it was given to `keep`.
        since: Seconds since the epoch.

    Raises:
        OSError: The drafts cannot be listed.
    """
    pattern = re.compile(re.escape(_safe(name)) + r"-\d{8}-\d{6}-\d{6}\.toml")
    folder = paths.state() / "drafts"
    try:
        found = [path for path in folder.iterdir() if pattern.fullmatch(path.name)]
    except FileNotFoundError:
        return None
    last = max(found, default=None, key=lambda path: path.name)
    return last if last is not None and last.stat().st_mtime > since else None


def keep(name: str, document: store.Document | None, profile: Profile) -> Path:
    """Writes a profile that was not saved into a file of its own, and returns that file.

    Args:
        name: What the VM is called.
        document: The file that the profile was read from; its comments are kept.
        profile: What the screen said.

    Raises:
        StoreError: It cannot be written.
        OSError: The folder cannot be made.
    """
    folder = paths.state() / "drafts"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{_safe(name)}-{datetime.now():%Y%m%d-%H%M%S-%f}.toml"
    base = document.elsewhere(path) if document is not None else store.blank(path)
    return store.save(base, profile).path
