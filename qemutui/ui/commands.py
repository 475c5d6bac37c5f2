"""What the command palette offers: actions, sections, themes."""

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.screen import Screen

from qemutui.ui import forms, themes
from qemutui.ui.actions import ACTIONS, shown
from qemutui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from qemutui.ui.app import QemutuiApp


def commands(app: "QemutuiApp", screen: Screen[object]) -> list[SystemCommand]:
    """Returns what can be done on a screen."""
    return [*_actions(screen), *_sections(screen), *_themes(app)]


def _actions(screen: Screen[object]) -> Iterator[SystemCommand]:
    if not isinstance(screen, MainScreen):
        return

    def runner(name: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await screen.run_action(name)

        return run

    for action in ACTIONS:
        if action.palette:
            yield SystemCommand(
                action.label, shown(action, screen.app._keymap) or "no key", runner(action.name)
            )


def _sections(screen: Screen[object]) -> Iterator[SystemCommand]:
    if not isinstance(screen, MainScreen):
        return
    for index, section in enumerate(forms.SECTIONS):
        if section is not None:

            def go(index: int = index) -> None:
                screen.sections.cursor = index
                screen.show_section()
                screen.enter_sections()

            yield SystemCommand(f"Section: {section.name}", section.option or "fields", go)


def _themes(app: "QemutuiApp") -> Iterator[SystemCommand]:
    for name in themes.names():

        def choose(name: str = name) -> None:
            app.choose_theme(name)

        yield SystemCommand(f"Theme: {name}", "colours of the screen", choose)
