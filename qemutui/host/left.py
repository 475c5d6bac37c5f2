"""Where each profile was left: `$XDG_STATE_HOME/qemutui/places.json`, to come back to it.

What cannot be read or written is forgotten without a word: nothing is lost but a place.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from qemutui.host import paths

KEPT = 200
"""Profiles whose places are kept, those that were left last."""


class Place(NamedTuple):
    """Where one was in a profile."""

    section: str
    field: tuple[str | int, ...]
    """The path of the field or item of the cursor; empty where there was none."""
    pane: str
    """The pane that had the focus: `sections`, `items` or `properties`."""


def _file() -> Path:
    return paths.state() / "places.json"


def _read() -> dict[str, Any]:
    try:
        found = json.loads(_file().read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def recall(profile: Path) -> Place | None:
    """Returns where a profile was left, if that is known."""
    match _read().get(str(profile)):
        case [str(section), list(field), str(pane)]:
            if all(isinstance(key, str | int) for key in field):
                return Place(section, tuple(field), pane)
    return None


def remember(profile: Path, place: Place) -> None:
    """Keeps where a profile is left."""
    places = _read()
    places.pop(str(profile), None)
    places[str(profile)] = place
    kept = dict(list(places.items())[-KEPT:])
    from qemutui.host import atomic  # who only reads does not need it

    with suppress(OSError):
        atomic.put(_file(), json.dumps(kept).encode("ascii"))
