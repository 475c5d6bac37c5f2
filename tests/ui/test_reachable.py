"""Keys that arrive: past multiplexers, and in terminals that keep some for themselves."""

import importlib
import pkgutil

import pytest
from textual.dom import DOMNode
from textual.screen import Screen

from qemutui import ui
from qemutui.ui.actions import ACTIONS
from qemutui.ui.faults import Contained
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
    # A text that is typed is applied by Enter; then the letters of the main screen act.
    is_typed = place == "command text" and "." not in name
    assert not keys & TAKEN or keys - TAKEN or is_typed, f"{name} has no other key"


def test_what_a_desktop_takes_is_in_the_palette_too() -> None:
    (new,) = (action for action in ACTIONS if action.name == "new")
    assert new.keys == "ctrl+n"
    assert new.palette
    assert all(action.palette for action in ACTIONS if not action.keys)


def _classes(above: type) -> set[type]:
    return {above}.union(*map(_classes, above.__subclasses__()))


def _own(above: type) -> list[type]:
    for module in pkgutil.walk_packages(ui.__path__, "qemutui.ui."):
        importlib.import_module(module.name)
    return sorted(
        (one for one in _classes(above) if one.__module__.startswith("qemutui.")), key=repr
    )


def test_every_key_can_be_given_to_another() -> None:
    known = {name for bindings in places_of_keys().values() for name in bindings}
    for one in _own(DOMNode):
        for binding in one.__dict__.get("BINDINGS", ()):
            if binding.id:
                assert binding.id in known, one


def test_no_screen_dies_of_a_fault_in_a_handler() -> None:
    assert all(issubclass(one, Contained) for one in _own(Screen))
