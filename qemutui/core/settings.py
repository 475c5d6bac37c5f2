"""What a user sets once: the theme, whose the mouse is, the keys."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qemutui.core.keyval import Path
from qemutui.core.shape import BOOLEAN, ShapeError, found


class Settings(BaseModel):
    """The settings file, `settings.toml`."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    theme: str = ""
    """The name of a theme; empty for the default."""
    mouse: bool = True
    """Whether the app takes the mouse; else it is the terminal's until F9."""
    keys: Mapping[str, str] = Field(default_factory=dict)
    """Keys by the name of an action, such as `save` or `list.up`: Textual's names of keys,
    separated by commas. They take the place of all keys that the action has."""


_EXPECTED = {"theme": "the name of a theme", "mouse": BOOLEAN, "keys": "a table of actions"}
_KEYS = 'keys such as "f2" or "ctrl+s,f2"'


def settings_of(data: Mapping[str, Any]) -> tuple[Settings, tuple[ShapeError, ...]]:
    """Returns the settings in the data of a file, and what in it is none: that is left out."""
    faults: list[ShapeError] = []
    kept: dict[str, object] = {}
    for key, value in data.items():
        if key not in Settings.model_fields:
            faults.append(ShapeError((key,), "an unknown key", f"one of {', '.join(_EXPECTED)}"))
        elif key == "keys" and isinstance(value, Mapping):
            keys: dict[str, str] = {}
            for path, text in _leaves(value, ()):
                if isinstance(text, str) and text.strip(" ,"):
                    keys[".".join(map(str, path))] = text
                else:
                    faults.append(ShapeError(("keys", *path), _kind(text), _KEYS))
            kept["keys"] = keys
        else:
            try:
                Settings.model_validate({key: value})
            except ValidationError:
                faults.append(ShapeError((key,), found(value), _EXPECTED[key]))
            else:
                kept[key] = value
    return Settings.model_validate(kept), tuple(faults)


def _leaves(table: Mapping[str, Any], above: Path) -> Iterator[tuple[Path, Any]]:
    """Yields what the tables hold: without quotes `list.up` is a table of its own to TOML."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _kind(value: object) -> str:
    return "nothing" if isinstance(value, str) else found(value)
