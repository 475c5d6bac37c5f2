"""Where files live: the folders of the XDG Base Directory Specification.

Nothing is created here. A variable that is empty or relative is ignored, as the specification
says.
"""

import os
import sys
from pathlib import Path

_HOME = {"data": ".local/share", "config": ".config", "cache": ".cache", "state": ".local/state"}


def _folder(variable: str, kind: str) -> Path:
    base = os.environ.get(variable, "")
    if base.startswith("/"):
        return Path(base, "qemutui")
    # Older platformdirs take a relative one; here it would say nothing else, and it is heavy.
    if base or (sys.platform == "linux" and os.environ.get("HOME", "").startswith("/")):
        return Path.home() / _HOME[kind] / "qemutui"
    from platformdirs import PlatformDirs

    return Path(getattr(PlatformDirs("qemutui", appauthor=False), f"user_{kind}_dir"))


def absolute(path: Path) -> Path:
    """Returns a path from the root and without `..`, so that a file has one name here.

    Other symbolic links stay as they are named.
    """
    path = path.absolute()
    if ".." not in path.parts:
        return path
    try:
        return path.parent.resolve() / path.name
    except (OSError, RuntimeError):  # a circle of links: whoever opens it says so
        return path


def typed(text: str) -> Path:
    """Returns the path that a user has typed, `~` and `..` resolved, from the root.

    Where there is no such user, `~` is a name as any other.
    """
    return absolute(Path(os.path.expanduser(text)))  # noqa: PTH111 - a Path raises there


def profiles() -> Path:
    """The library."""
    return _folder("XDG_DATA_HOME", "data") / "profiles"


def config() -> Path:
    """Settings and the user's themes."""
    return _folder("XDG_CONFIG_HOME", "config")


def cache() -> Path:
    """What can be found out again: catalogs."""
    return _folder("XDG_CACHE_HOME", "cache")


def state() -> Path:
    """Runs, logs, drafts."""
    return _folder("XDG_STATE_HOME", "state")


def runtime() -> Path:
    """Sockets. Without `XDG_RUNTIME_DIR` it is a folder of `state`, which is the user's alone,
    while one in /tmp could be made by anybody."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(base, "qemutui") if base.startswith("/") else state() / "run"
