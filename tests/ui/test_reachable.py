"""Keys that arrive: past multiplexers, and in terminals that keep some for themselves."""

import pytest

from qemutui.ui.actions import ACTIONS
from qemutui.ui.keymap import places_of_keys

PREFIXES = {"ctrl+a", "ctrl+b"}
"""Of screen and of tmux."""
SAME = {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"}
"""What a terminal sends as Backspace, Tab and Enter."""
UNUSED = {"f10", "f11", "f12"}
TAKEN = {"f1", "f5", "f6", "ctrl+p", "ctrl+r", "ctrl+t"}
"""What some terminal or desktop keeps for itself."""


def keys_of_places() -> list[tuple[str, str, set[str]]]:
    return [
        (place, name, set(keys.split(",")))
        for place, bindings in places_of_keys().items()
        for name, keys in bindings.items()
    ]


@pytest.mark.parametrize(("place", "name", "keys"), keys_of_places())
def test_every_key_arrives(place: str, name: str, keys: set[str]) -> None:
    assert not keys & (PREFIXES | SAME | UNUSED)
    assert not keys & TAKEN or keys - TAKEN, f"{name} has no other key"


def test_what_a_desktop_takes_is_in_the_palette_too() -> None:
    (new,) = (action for action in ACTIONS if action.name == "new")
    assert new.keys == "ctrl+n"
    assert new.palette
    assert all(action.palette for action in ACTIONS if not action.keys)
