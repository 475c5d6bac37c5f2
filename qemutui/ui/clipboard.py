"""What is copied: it goes to the terminal (OSC 52), and what became of it is said."""

import os
import shlex
from pathlib import Path

from textual.app import App

from qemutui.ui.widgets.footer_line import NOTICE_SECONDS

MOST = 56_000
"""Bytes of text that every terminal with OSC 52 takes: hterm and old xterms stop at 74 994 bytes
of base64."""

_TMUX = "In tmux: set -g set-clipboard on."
"""Its default, `external`, is deaf to what runs in it."""


class Clipboard(App[int]):
    """An app that says what it copied. Ctrl+C, `y` and cut text all come through here."""

    def __init__(self) -> None:
        super().__init__()
        self._has_copied = False

    def say(self, text: str, severity: str = "information") -> None:
        """Shows a notice."""
        raise NotImplementedError

    @property
    def is_silent(self) -> bool:
        """Whether no notice is shown."""
        raise NotImplementedError

    def profile_word(self) -> str:
        """Returns how the profile that is shown is called on the command line."""
        raise NotImplementedError

    def copy_to_clipboard(self, text: str) -> None:
        """Copies a text through the terminal, and says how much it was.

        Nothing tells whether the terminal obeyed; the first time, what to do if it did not is said
        too: at once where there is room, else after the notice.
        """
        text = text.encode("utf-8", "replace").decode()
        super().copy_to_clipboard(text)
        count = len(text)
        copied = f"Copied {_grouped(count)} character{'s' * (count != 1)}"
        if len(text.encode()) > MOST:
            self.say(f"{copied}; some terminals take no more than {_grouped(MOST)}.", "warning")
            return
        self.say(f"{copied}.")
        if self._has_copied:
            return
        self._has_copied = True
        hint = _hint(self.profile_word())
        if len(hint) + 2 > self.size.width:
            hint = _hint("PROFILE")
        self._say_on([f"{copied}.", hint, *([_TMUX] if os.environ.get("TMUX") else [])])

    def _say_on(self, sentences: list[str]) -> None:
        """Says as many sentences as there is room for, and the others after them."""
        said, *rest = sentences
        while rest and len(f"{said} {rest[0]}") + 2 <= self.size.width:
            said += f" {rest.pop(0)}"
        self.say(said)

        def go_on() -> None:
            # What has been said meanwhile is of more use.
            if self.is_silent:
                self._say_on(rest)

        if rest:
            self.set_timer(NOTICE_SECONDS + 0.1, go_on)


def _hint(profile: str) -> str:
    return f"Nothing there? The terminal blocks OSC 52; try qemutui argv {profile} --shell."


def word_of(path: Path | None, library: Path) -> str:
    """Returns how a profile is called on the command line: a name of the library, or a file."""
    if path is None:
        return "PROFILE"
    # A file is told from a name by a slash, or by its end.
    if path.parent == library:
        return shlex.quote(path.stem)
    try:
        here = Path.cwd()
    except FileNotFoundError:  # it was removed
        return shlex.quote(str(path))
    if not path.is_relative_to(here):
        return shlex.quote(str(path))
    word = str(path.relative_to(here))
    return shlex.quote(word if "/" in word or word.endswith(".toml") else f"./{word}")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")
