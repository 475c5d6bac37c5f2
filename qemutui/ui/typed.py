"""What a profile becomes while somebody types over one of its rows."""

from qemutui.core import edit, keyval
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.ui.sections import Row

_OURS = ("_off", "_json")
"""Keys of qemutui's own; they are booleans or nothing."""


def with_typed(base: Profile, row: Row, text: str) -> tuple[Profile, Path]:
    """Returns the profile with what is typed, and the path of the field that this is.

    On a row that adds a property, `text` is `key=value`, and half typed a key alone.
    """
    if not row.adds:
        before = edit.get(base, row.path)
        if text == keyval.scalar_text(before):
            return base, row.path
        value = edit.typed(text, before) if text else _nothing(row.path)
        return edit.set_value(base, row.path, value), row.path
    if not text:
        return base, row.path
    if isinstance(row.path[-1], int) and not _is_item(row.path):
        return edit.set_value(base, row.path, text), row.path
    key, sign, value = text.partition("=")
    path = (*row.path, key)
    if not key.strip() or (not sign and edit.get(base, path) is not None):
        return base, row.path
    if key in _OURS:
        switched = keyval.boolean(value)
        return (
            (base, row.path) if switched is None else (edit.set_value(base, path, switched), path)
        )
    there = edit.get(base, path)
    if there is not None:
        # The same key again is one value more, as on a command line.
        values = there if isinstance(there, tuple) else (there,)
        return edit.set_value(base, path, (*values, value)), (*path, len(values))
    return edit.set_value(base, path, edit.typed(value, None)), path


def _is_item(path: Path) -> bool:
    return len(path) == 2 and path[0] in BY_NAME


def _nothing(path: Path) -> str | None:
    """Returns what an emptied value becomes: unset, but `key=` for a property of an item."""
    is_property = len(path) > 2 and path[0] in BY_NAME and path[2] not in ("type", "id")
    return "" if is_property or path[0] == "extra" or isinstance(path[-1], int) else None
