"""Keeps what was not saved when the app is ended from outside, or fails."""

import re
from datetime import datetime
from pathlib import Path

from qemutui.core.profile import Profile
from qemutui.host import paths, store


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
    safe = re.sub(r"[^\w.-]+", "-", name)[:60].strip("-.") or "untitled"
    path = folder / f"{safe}-{datetime.now():%Y%m%d-%H%M%S-%f}.toml"
    base = document.elsewhere(path) if document is not None else store.blank(path)
    return store.save(base, profile).path
