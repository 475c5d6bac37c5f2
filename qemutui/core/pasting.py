"""Adds options that were pasted to a profile."""

from typing import Any, NamedTuple

from qemutui.core import argv, edit, keyval, options
from qemutui.core.argv import words_of
from qemutui.core.command_text import Command
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.parse import Parsed, understand
from qemutui.core.profile import Item, PassedFd, Profile
from qemutui.core.table import same


class Pasted(NamedTuple):
    """What becomes of a profile by options that are pasted into it."""

    profile: Profile
    """The same object where all of them are there already."""
    added: int
    """How many options change something."""
    replaced: int
    """How many values that were there have another one then."""
    first: Path | None
    """Where the first of the options went."""

    @property
    def what(self) -> str:
        """Such as `3 options`."""
        if not self.added:
            return f"{self.replaced} value{'s' * (self.replaced != 1)}"
        return f"{self.added} option{'s' * (self.added != 1)}"

    @property
    def question(self) -> str:
        """Such as `Add 3 options?`, and how many values are replaced."""
        if not self.added:
            return f"Replace {self.what}?" if self.replaced else "Add how it is launched?"
        values = f", replacing {self.replaced} value{'s' * (self.replaced != 1)}"
        return f"Add {self.what}{values if self.replaced else ''}?"


def add_options(profile: Profile, command: Command) -> Pasted:
    """Returns the profile with the options of a command, and with all else that it says.

    Items come last in their groups, what has no field last in Extra. A field that is set already
    gets the new value. An item whose id and words are there already is not added a second time,
    nor is a flag.
    """
    adding = _Adding(profile)
    words = [word.text for word in command.words]
    parsed = understand(words, command.program)
    if command.program is not None:
        adding.program(words, command.program)
    for _, path, _ in parsed.placed:
        adding.option(parsed, path)
    adding.arguments(words_of(parsed.profile.extra))
    if command.directory:
        adding.set(("launch", "directory"), command.directory)
    for name, value in command.environment.items():
        adding.set(("launch", "environment", name), value)
    return Pasted(adding.whole(command.files), adding.added, adding.replaced, adding.first)


class _Adding:
    """A profile that grows."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.added = self.replaced = 0
        self.first: Path | None = None
        self._items: dict[str, list[Item]] = {}
        self._known: dict[str, set[tuple[str, ...]]] = {}
        self._extra: list[str] = []

    def option(self, parsed: Parsed, path: Path) -> None:
        """Adds what an option became, which is the field or item at a path."""
        before = self.profile
        value = edit.get(parsed.profile, path)
        name = str(path[0])
        if isinstance(value, Item):
            self._item(name, value)
        elif name == "name" or len(path) > 1:
            self.set(path, value)
        else:
            keys = [key for key in value.written if (name, key) not in _OPTIONS_OF_BOOT]
            for key in keys:
                was = self.profile
                self.set((name, key), edit.get(value, (key,)))
                path = (name, key) if was is before is not self.profile else path
        if self.profile is not before:
            self._count(path)

    def _count(self, path: Path) -> None:
        self.added += 1
        self.first = self.first or path

    def set(self, path: Path, value: Any) -> None:
        """Gives a field a value."""
        before = edit.get(self.profile, path)
        if not same(_text(before), _text(value)):
            self.replaced += before not in (None, "", ())
            self.profile = edit.set_value(self.profile, path, value)

    def _item(self, name: str, item: Item) -> None:
        there = self.profile.items(name)
        if name not in self._known:
            self._known[name] = {_words(name, one) for one in there if one.id and not one.off}
        if not item.id or _words(name, item) not in self._known[name]:
            new = self._items.setdefault(name, [])
            new.append(item)
            self._count((name, len(there) + len(new) - 1))

    def arguments(self, words: tuple[str, ...]) -> None:
        """Adds arguments to Extra."""
        there = words_of(self.profile.extra)
        flags = {one.written for one in options.read(there) if one.name in options.FLAGS}
        for option in options.read(words):
            if option.written in flags:
                continue
            self._count(("extra", len(there) + len(self._extra)))
            self._extra += words[option.place : option.place + option.size]

    def program(self, words: list[str], program: int) -> None:
        """Takes the program, and what goes before it."""
        if words[program] != argv.binary(self.profile):
            self.replaced += 1
            self.profile = edit.set_value(self.profile, ("binary",), words[program])
        if program and tuple(words[:program]) != words_of(self.profile.launch.wrapper):
            self.set(("launch", "wrapper"), tuple(words[:program]))

    def whole(self, files: tuple[PassedFd, ...]) -> Profile:
        """Returns the profile with all items, arguments and passed files that are new."""
        profile = self.profile
        for name, items in self._items.items():
            profile = edit.set_value(profile, (name,), (*profile.items(name), *items))
        if self._extra:
            before = profile.extra
            there = before if isinstance(before, tuple) else words_of(before)
            profile = edit.set_value(profile, ("extra",), (*there, *self._extra))
        return edit.set_value(profile, ("fd",), (*profile.fd, *files)) if files else profile


def _words(group: str, item: Item) -> tuple[str, ...]:
    return argv.build_item(BY_NAME[group], item, 0).words


_OPTIONS_OF_BOOT = {("boot", name) for name in options.BOOT_OPTIONS}


def _text(value: Any) -> Any:
    """Returns a value as the command has it: a number and its text are the same there."""
    return keyval.text(value) if isinstance(value, bool | int | float | str) else value
