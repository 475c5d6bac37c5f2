"""The settings file: read once at the start, written when a theme is chosen."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qemutui.core.text import clean
from qemutui.host import paths

if TYPE_CHECKING:
    from qemutui.core.settings import Settings
    from qemutui.core.shape import ShapeError


class Read(NamedTuple):
    """What a settings file says."""

    settings: "Settings"
    faults: tuple[str, ...]
    """What in it is not understood, each in one line with file, line and field."""


def path() -> Path:
    """Returns where the settings are, if there are any."""
    return paths.config() / "settings.toml"


def read() -> Read | None:
    """Returns the settings; None if there is no file. What is wrong in it is left out, and said."""
    file = path()
    if not os.path.lexists(file):
        return None
    from qemutui.core.settings import Settings, settings_of
    from qemutui.host import content, toml_read

    try:
        source = _source(file)
        data = toml_read.parse(file.name, source)
    except content.StoreError as error:
        return Read(Settings(), (str(error),))
    settings, faults = settings_of(data)
    return Read(settings, tuple(_said(file, source, fault) for fault in faults))


def remember_theme(name: str) -> None:
    """Writes the theme into the file; its comments and all else in it stay as they are.

    Raises:
        StoreError: The file cannot be read, or not written.
    """
    from qemutui.host import atomic, content, layout, toml_read

    file = path().resolve()  # of a link, what it points to
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            atomic.create(file, layout.rewrite("", {}, {"theme": name}).encode())
            return
        source = _source(file)
        data = toml_read.parse(file.name, source)
        if data.get("theme") == name:
            return
        written = layout.rewrite(source, data, data | {"theme": name})
        atomic.replace(file, written.encode(), lambda: None)
    except OSError as error:
        reason = error.strerror or str(error)
        raise content.StoreError(f"{file.name} was not written: {clean(reason)}.") from None


def _source(file: Path) -> str:
    from qemutui.host import content

    return content.decoded(file.name, content.read(file).content).removeprefix("\ufeff")


def _said(file: Path, source: str, fault: "ShapeError") -> str:
    from qemutui.host.toml_position import position

    place = position(source, fault.path)
    where = f", line {place[0]}" if place else ""
    return f"{file.name}{where}: {clean(str(fault))}."
