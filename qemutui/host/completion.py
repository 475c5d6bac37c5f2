"""What a half typed path may become."""

import os
from pathlib import Path
from typing import NamedTuple

_MOST = 2000
"""Entries of a folder that are looked at."""


class Completion(NamedTuple):
    """What a path can be completed to."""

    text: str
    """The typed text with what all candidates share."""
    names: tuple[str, ...]
    """The candidates, folders with a `/` at their end, by name."""


def complete(text: str, start: Path) -> Completion:
    """Completes the path of a profile: folders, and files that end in `.toml`.

    Args:
        text: What is typed; `~` is the home folder.
        start: Where a relative path starts.
    """
    head, slash, prefix = text.rpartition("/")
    typed = head + slash
    try:
        folder = start / Path(typed).expanduser()
        names = entries(folder, prefix, ".toml")
    except (OSError, RuntimeError, ValueError):  # no such folder, no such user, a NUL
        return Completion(text, ())
    common = _common(names) if names else prefix
    return Completion(typed + common, tuple(names))


def entries(folder: Path, prefix: str, suffix: str = "") -> list[str]:
    """Returns what a folder holds and begins so, by name: folders with a `/` at their end, and
    files that end so. What is hidden is left out unless `prefix` begins with a dot.

    Raises:
        OSError: There is no such folder, or it cannot be read.
        ValueError: The name holds a NUL.
    """
    names = []
    with os.scandir(folder) as found:
        for _, entry in zip(range(_MOST), found, strict=False):
            if not entry.name.startswith(prefix) or (entry.name[0] == "." and prefix[:1] != "."):
                continue
            if entry.is_dir():
                names.append(entry.name + "/")
            elif entry.name.endswith(suffix):
                names.append(entry.name)
    return sorted(names)


def _common(names: list[str]) -> str:
    first, last = names[0], names[-1]  # by name, so that all others stand between them
    length = next((at for at, pair in enumerate(zip(first, last, strict=False))
                   if pair[0] != pair[1]), min(len(first), len(last)))  # fmt: skip
    return first[:length]


def programs(prefix: str) -> list[str]:
    """Returns the names of what PATH holds and begins so, sorted."""
    names: set[str] = set()
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        try:
            with os.scandir(folder or ".") as entries:
                names.update(entry.name for entry in entries if entry.name.startswith(prefix))
        except OSError:  # a folder that is not there
            continue
    return sorted(names)
