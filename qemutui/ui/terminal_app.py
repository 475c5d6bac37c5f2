"""The part of the app that minds the terminal: settings, theme, keys, mouse, clipboard."""

import os
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from qemutui.ui import paste_parser, terminal, theme_css, themes
from qemutui.ui.clipboard import Clipboard
from qemutui.ui.faults import ContainedApp

if TYPE_CHECKING:
    from qemutui.core.settings import Settings


class TerminalApp(ContainedApp, Clipboard):
    """An app as its user has set it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "mouse", "Mouse on, off", show=False, id="mouse"),
        Binding("ctrl+c", "interrupted", "", show=False, id="app.interrupted"),
    ]

    def __init__(self) -> None:
        super().__init__()
        paste_parser.install()
        from qemutui.host import settings

        read = settings.read()
        self.settings: Settings | None = read.settings if read is not None else None
        """What the settings file says; None if there is none."""
        self._settings_faults: list[str] = list(read.faults) if read is not None else []
        self._begin_theme(self.settings.theme if self.settings is not None else "")
        if self.settings is not None and self.settings.keys:
            self._take_keys(self.settings)

    def _begin_theme(self, wished: str) -> None:
        name = terminal.choose(os.environ, wished)
        try:
            terminal.use(self, name)
        except themes.ThemeError as error:
            if name != wished:  # it comes from the environment of this very start
                raise
            self._settings_faults.append(f"settings.toml: {error}")
            terminal.use(self, themes.DEFAULT)

    def _take_keys(self, settings: "Settings") -> None:
        from qemutui.ui import keymap

        keys, faults = keymap.checked(settings.keys)
        self.set_keymap(keys)
        self._settings_faults += [f"settings.toml: {fault}." for fault in faults]

    @property
    def takes_mouse(self) -> bool:
        """Whether the app begins with the mouse."""
        return self.settings is None or self.settings.mouse

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_css.VARIABLE_DEFAULTS

    def on_mount(self) -> None:
        """Minds stops from now on; says what is wrong with the settings, and goes on without."""
        from qemutui.ui.continuing import Continuing

        Continuing(self).install()
        if self._settings_faults:
            first, *others = self._settings_faults
            more = f" {len(others)} more." if others else ""
            self.call_after_refresh(self.say, first + more, "error")

    def choose_theme(self, name: str) -> None:
        """Shows another theme, and remembers it in the settings file."""
        from qemutui.host import settings
        from qemutui.host.content import StoreError

        try:
            themes.load(name)
            shown = terminal.use(self, name)
            settings.remember_theme(name)
        except (themes.ThemeError, StoreError) as error:
            self.say(str(error), "error")
            return
        if shown.name != name:
            self.say(f"This terminal shows {shown.name}; {name} is remembered for others.")

    # Mouse and clipboard

    def action_mouse(self) -> None:
        """Gives the mouse to the terminal, which selects text with it, or takes it back."""
        from qemutui.ui import mouse

        driver = self._driver
        if driver is None:
            return
        if driver._mouse:
            mouse.give(driver)
            self.say(mouse.THEIRS)
        else:
            mouse.take(driver)
            self.say(mouse.OURS)

    def action_interrupted(self) -> None:
        """Says what Ctrl+C does not do where nothing is selected."""
        self.say("Ctrl+Q quits. F6 stops the VM.")
