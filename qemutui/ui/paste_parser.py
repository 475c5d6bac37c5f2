"""Takes what is pasted out of the terminal's input as a whole.

Textual looks at each character of it: ten million of them keep every key waiting for ten seconds.
"""

from collections.abc import Iterable
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

_BEGINS, _ENDS = "\x1b[200~", "\x1b[201~"


class PasteParser(XTermParser):
    """A parser of the terminal's input with a short way for what is pasted."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasted: list[str] | None = None
        """The parts of what is being pasted, the last one longer than the end of a paste."""

    def feed(self, data: str) -> Iterable[Message]:
        """Yields what the next characters of the input mean; no characters are its end."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                # What begins at the end of one read is found by Textual, in the long way.
                before, begins, data = data.partition(_BEGINS)
                if before:
                    yield from super().feed(before)
                if begins:
                    self._pasted = [""]
                continue
            last = self._pasted.pop() + data
            text, ends, data = last.partition(_ENDS)
            if ends:
                whole = "".join([*self._pasted, text])
                self._pasted = None
                yield events.Paste(whole.replace("\0", ""))
            else:
                cut = max(0, len(last) - len(_ENDS))
                self._pasted += [last[:cut], last[cut:]]


def install() -> None:
    """Has the drivers that come after this parse their input so."""
    from textual.drivers import linux_driver

    driver: Any = linux_driver
    driver.XTermParser = PasteParser
