"""What the palette offers: actions, sections, items, profiles, themes."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.binding import Binding
from textual.screen import Screen

from qemutui.core import keyval
from qemutui.ui import forms, sections, themes
from qemutui.ui.actions import ACTIONS, shown
from qemutui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from qemutui.ui.app import QemutuiApp


class Entry(NamedTuple):
    """One row of the palette. Its texts may be foreign: they are cleaned when they are drawn."""

    label: str
    detail: str
    """What follows the label: the keys of an action, the type of an item."""
    kind: str
    """What it is, at the right: empty for an action."""
    run: Callable[[], Awaitable[None] | None]
    path: Path | None = None
    """The file of a profile."""


def commands(app: "QemutuiApp", screen: Screen[Any]) -> list[Entry]:
    """Returns what can be done on a screen, without looking at a disk."""
    if isinstance(screen, MainScreen):
        return [*_actions(screen), *_sections(screen), *_items(screen), *_themes(app)]
    return [*_bindings(screen), *_themes(app)]


def profiles(app: "QemutuiApp") -> list[Entry]:
    """Returns the profiles of the library and the examples; may wait for a disk."""
    from qemutui.host import library
    from qemutui.host.content import StoreError

    def entry(name: str, path: Path, kind: str) -> Entry:
        return Entry(name, "", kind, lambda: app.open_path(path), path)

    try:
        found = [entry(one.stem, one.path, "profile") for one in library.profiles()]
    except StoreError:
        found = []
    return [*found, *(entry(one.name, one.path, "example") for one in library.examples())]


def _runner(screen: Screen[Any], name: str) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await screen.run_action(name)

    return run


def _actions(screen: MainScreen) -> Iterator[Entry]:
    for action in ACTIONS:
        if action.palette:
            yield Entry(
                action.label, shown(action, screen.app._keymap), "", _runner(screen, action.name)
            )


def _bindings(screen: Screen[Any]) -> Iterator[Entry]:
    for binding in type(screen).BINDINGS:
        if isinstance(binding, Binding) and binding.description:
            yield Entry(binding.description, "", "", _runner(screen, binding.action))


def _sections(screen: MainScreen) -> Iterator[Entry]:
    for index, section in enumerate(sections.SECTIONS):
        if section is not None:

            def go(index: int = index) -> None:
                screen.go_to_section(index)

            yield Entry(section.name, section.option, "section", go)


def _items(screen: MainScreen) -> Iterator[Entry]:
    profile = screen.session.profile
    for section in sections.SECTIONS:
        for path in forms.item_paths(profile, section) if section is not None else ():

            def go(path: keyval.Path = path) -> None:
                screen.go_to(path)

            name, kind, _ = forms.item_summary(profile, path)
            yield Entry(name or kind, kind if name else "", str(path[0]), go)


def _themes(app: "QemutuiApp") -> Iterator[Entry]:
    for name in themes.names():

        def choose(name: str = name) -> None:
            app.choose_theme(name)

        yield Entry(name, "", "theme", choose)
