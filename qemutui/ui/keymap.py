"""The keys that a user gives to actions, by their names."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key, key_to_character

_MODIFIERS = {"ctrl", "alt", "shift", "super", "hyper", "meta"}
_TYPING = ("editor", "text", "command text", "search", "palette", "picker", "prompt",
           "import")  # fmt: skip
"""The places in which letters are typed."""
_NAMES = {key.value for key in Keys}
_SAME = {"ctrl+h": "Backspace", "ctrl+i": "Tab", "ctrl+j": "Enter", "ctrl+m": "Enter"}
_SHOWN = {"question_mark": "?", "colon": ":", "escape": "Esc", "delete": "Del", "space": "Space",
          "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓", "left": "←",
          "right": "→"}  # fmt: skip


def checked(wished: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Returns the wishes that can be granted, as for `App.set_keymap`, and what is wrong with all
    others: field, found, expected."""
    places = places_of_keys()
    known = {name for bindings in places.values() for name in bindings}
    keymap: dict[str, str] = {}
    faults: list[str] = []
    for name, text in wished.items():
        keys = [_named(key.strip()) for key in text.split(",")]
        if name not in known:
            faults.append(f"keys.{name}: found an unknown action, expected {_nearest(name, known)}")
            continue
        wrong = next((key for key in keys if not _is_key(key)), None)
        if wrong is not None:
            fault = _SAME.get(wrong)
            why = f"another one: terminals send {fault} for it" if fault else "the name of a key"
            faults.append(f"keys.{name}: found “{wrong}”, expected {why}")
        elif any(name in places[place] for place in _TYPING) and any(map(_types, keys)):
            faults.append(f"keys.{name}: found a letter, expected a key that types nothing")
        else:
            keymap[name] = ",".join(keys)
    for name, same_keys in [*keymap.items()]:
        for same in (f"library.{name}", f"app.{name}"):
            if same in known:
                keymap.setdefault(same, same_keys)
    faults += _clashes(places, keymap)
    return keymap, tuple(faults)


def shown(keys: str) -> str:
    """Returns keys as people write them: `^s F2` for `ctrl+s,f2`."""
    return " ".join(_shown(key) for key in keys.split(","))


def shown_key(app: App[Any], action: str, otherwise: str) -> str:
    """Returns the first key that the user gave an action of the screen, else what it has anyway."""
    keymap = app._keymap
    if not keymap:
        return otherwise
    for screen in reversed(app.screen_stack):
        for _, binding in screen._bindings:
            if binding.action == action and binding.id in keymap:
                return shown(keymap[binding.id].split(",")[0])
    return otherwise


def _shown(key: str) -> str:
    if key in _SHOWN:
        return _SHOWN[key]
    *modifiers, name = key.split("+")
    if modifiers == ["ctrl"] and len(name) == 1:
        return f"^{name}"
    try:
        character = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        character = ""
    # Controls have such names too: tab, escape, backspace.
    if character.isprintable() and character:
        name = character
    else:
        name = _SHOWN.get(name, name if len(name) == 1 else name.capitalize())
    return "+".join([*(part.capitalize() for part in modifiers), name])


def _types(key: str) -> bool:
    return key == "space" or (key_to_character(key) is not None and "+" not in key)


def _named(key: str) -> str:
    return _character_to_key(key) if len(key) == 1 else key


def _is_key(key: str) -> bool:
    if key in _SAME:
        return False
    *modifiers, name = key.split("+")
    if not set(modifiers) <= _MODIFIERS:
        return False
    if name in _NAMES or (len(name) == 1 and name.isprintable()):
        return True
    try:
        return bool(unicodedata.lookup(name.replace("_", " ")))
    except KeyError:
        return False


def _nearest(name: str, known: set[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f"{near[0]}" if near else "a name such as save, copy or list.up"


def _action(name: str) -> str:
    """Returns the name of an action on the main screen, for that of the library or the app."""
    return name.removeprefix("library.").removeprefix("app.")


def _clashes(places: Mapping[str, dict[str, str]], keymap: Mapping[str, str]) -> Iterator[str]:
    """Yields what two actions of one place have in common, where a user made it so."""
    told: set[tuple[str, str]] = set()
    for bindings in places.values():
        owner: dict[str, str] = {}
        for name, keys in (bindings | {n: k for n, k in keymap.items() if n in bindings}).items():
            for key in keys.split(","):
                other = owner.setdefault(key, name)
                if (
                    _action(other) == _action(name)
                    or not {name, other} & keymap.keys()
                    or (other, name) in told
                ):
                    continue
                told.add((other, name))
                mine, theirs = (name, other) if name in keymap else (other, name)
                yield f"keys.{mine}: {_shown(key)} is the key of {theirs} too"


def places_of_keys() -> dict[str, dict[str, str]]:
    """Returns the actions of each place by their names, with their keys."""
    from qemutui.ui.app import QemutuiApp
    from qemutui.ui.screens.adding import AddPicker
    from qemutui.ui.screens.command_text import CommandTextScreen
    from qemutui.ui.screens.difference import Difference
    from qemutui.ui.screens.fault import Details
    from qemutui.ui.screens.help import Help
    from qemutui.ui.screens.importing import ImportScreen
    from qemutui.ui.screens.library import LibraryScreen
    from qemutui.ui.screens.main import MainScreen
    from qemutui.ui.screens.palette import Palette
    from qemutui.ui.screens.prompt import Prompt
    from qemutui.ui.widgets.command_editor import CommandEditor
    from qemutui.ui.widgets.command_view import CommandView
    from qemutui.ui.widgets.editor import LineEditor, TextEditor
    from qemutui.ui.widgets.output_list import OutputList
    from qemutui.ui.widgets.row_list import RowList
    from qemutui.ui.widgets.search_line import SearchLine

    return {
        "main": _bound(QemutuiApp, MainScreen, RowList),
        "command": _bound(CommandView),
        "output": _bound(OutputList),
        "library": _bound(QemutuiApp, LibraryScreen, RowList),
        "editor": _bound(LineEditor),
        "text": _bound(TextEditor),
        "command text": _bound(CommandTextScreen, CommandEditor),
        "search": _bound(SearchLine),
        "palette": _bound(Palette),
        "picker": _bound(AddPicker),
        "prompt": _bound(Prompt),
        "import": _bound(ImportScreen),
        "help": _bound(Help, RowList),
        "difference": _bound(Difference, RowList),
        "details": _bound(Details, RowList),
    }


def _bound(*classes: type[DOMNode]) -> dict[str, str]:
    bound: dict[str, list[str]] = {}
    for one in classes:
        for base in one.__mro__:
            for binding in base.__dict__.get("BINDINGS", ()):
                if isinstance(binding, Binding) and binding.id:
                    keys = [_named(key.strip()) for key in binding.key.split(",")]
                    bound.setdefault(binding.id, []).extend(keys)
    return {name: ",".join(keys) for name, keys in bound.items()}
