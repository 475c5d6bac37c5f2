"""The texts of a profile that are passed on."""

from collections.abc import Callable, Iterator
from typing import Any

from qemutui.core.keyval import Path
from qemutui.core.profile import Profile, Table

TABLES = ("machine", "cpu", "memory", "smp", "boot", "qmp", "launch", "check")
"""The tables of a profile."""


def texts(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    """Yields every text in a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for index, element in enumerate(value):
            yield from texts((*path, index), element)
    elif isinstance(value, dict):
        for key, element in value.items():
            yield from texts((*path, key), element)
    elif isinstance(value, Table):
        for key, element in (*value.__dict__.items(), *value.others.items()):
            yield from texts((*path, key), element)


def matching(
    path: Path, root: dict[str, Any], fits: Callable[[str], object]
) -> Iterator[tuple[Path, str]]:
    """Yields the texts of an item that fit; quickly, as few do."""
    for key, value in root.items():
        if type(value) is str:
            if fits(value):
                yield (*path, key), value
        elif isinstance(value, tuple | dict):
            for place, text in texts((*path, key), value):
                if fits(text):
                    yield place, text


def profile_texts(profile: Profile) -> Iterator[tuple[Path, str]]:
    """Yields the texts of a profile that are passed on, but for those of its items."""
    for key in ("name", "binary", *TABLES, "extra", "fd"):
        if key != "check":
            yield from texts((key,), getattr(profile, key))
