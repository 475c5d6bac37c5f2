"""What the screen calls a place in a profile: `Devices › share › fsdev`."""

from qemutui.core import edit
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.ui import glyphs, sections


def field_name(path: Path) -> str:
    """Returns the last part of a path that has a name, such as `hostfwd`."""
    return next((str(key) for key in reversed(path) if isinstance(key, str)), "")


def place_of(profile: Profile, path: Path) -> str:
    """Returns the section, the item and the field that a path leads to."""
    section = sections.section_of(path)
    parts = [section]
    in_item = len(path) >= 2 and isinstance(path[1], int) and path[0] != "extra"
    if in_item:
        parts.append(
            f"fd {int(path[1]) + 3}" if path[0] == "fd" else edit.title_of(profile, path[:2])
        )
    if path[0] == "extra":
        parts.append(f"argument {int(path[1]) + 1}" if len(path) > 1 else "")
    elif len(path) > (2 if in_item else 0):
        parts.append(field_name(path[2 if in_item else 0 :]))
    return f" {glyphs.STEP} ".join(part for part in parts if part)


def field_label(profile: Profile, path: Path) -> str:
    """Returns what undo calls a field: `fsdev of share`."""
    name = field_name(path)
    if len(path) > 1 and isinstance(path[1], int) and path[0] != "extra":
        return f"{name} of {edit.title_of(profile, path[:2])}"
    return name
