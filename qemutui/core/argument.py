"""One argument of a command, and which field each part of it came from."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from qemutui.core import keyval
from qemutui.core.groups import Lists
from qemutui.core.keyval import Path, Scalar, Value

Origin = Literal["profile", "extra", "qemutui"]


class Token(NamedTuple):
    """The part of a word that one field wrote: `words[word][start:end]`."""

    word: int
    start: int
    end: int
    path: Path


class Argument(NamedTuple):
    """One option with its value (or the binary, or the wrapper), as separate words of the argv."""

    words: tuple[str, ...]
    path: Path
    """The field, table or item of the profile; `("launch", "monitor")` for what qemutui adds."""
    tokens: tuple[Token, ...] = ()
    origin: Origin = "profile"


class OptionValue:
    """An option's value while it is put together, with the range of each field in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = ""
        self.tokens: list[Token] = []

    def add(self, text: str, path: Path, separator: str = ",") -> None:
        if self.tokens:
            self.text += separator
        start = len(self.text)
        self.text += text
        self.tokens.append(Token(1, start, len(self.text), path))

    def add_field(self, key: str, value: Scalar | None, path: Path) -> None:
        """Adds `key=value`, if the field is set; its text may be empty."""
        if value is not None:
            self.add(f"{key}={keyval.escape(keyval.text(value))}", path)

    def add_first(self, key: str, value: Scalar, path: Path, signs: str) -> None:
        """Adds the first value without its key, unless it is empty or holds one of `signs`.

        QEMU would take an equals sign for the end of a key and a brace for JSON, and
        `util/keyval.c` cannot read a comma there.
        """
        text = keyval.text(value)
        spelled = not text or any(sign in text for sign in signs)
        self.add((f"{key}=" if spelled else "") + keyval.escape(text), path)

    def add_properties(self, properties: Iterable[tuple[str, Value]], lists: Lists) -> None:
        for key, value in properties:
            self.add_property(key, value, lists, (*self.path, key))

    def add_property(self, key: str, value: Value, lists: Lists, path: Path) -> None:
        """Adds what a value at `path` becomes under a key; nothing under one of qemutui's own."""
        if not key.startswith("_"):
            for written, text, place in flatten(key, value, lists, path):
                self.add(f"{written}={keyval.escape(text)}", place)

    def argument(self, option: str) -> Argument:
        return Argument((option, self.text), self.path, tuple(self.tokens))


def flatten(key: str, value: Value, lists: Lists, path: Path) -> Iterator[tuple[str, str, Path]]:
    """Yields key, text and field path of each key=value pair that a value becomes.

    `lists` is how a list is written (`core.groups.Lists`); a table becomes dotted keys.
    """
    if isinstance(value, tuple):
        for index, element in enumerate(value):
            written = f"{key}.{index}" if lists == "index" else key
            yield from flatten(written, element, lists, (*path, index))
    elif isinstance(value, dict):
        for name, element in value.items():
            yield from flatten(f"{key}.{name}", element, lists, (*path, name))
    else:
        yield key, keyval.text(value), path
