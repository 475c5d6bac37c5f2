"""Adds options that were pasted to a profile."""

from typing import Any, NamedTuple

from qemutui.core import argv, edit, keyval, options
from qemutui.core.argv import words_of
from qemutui.core.command_text import Command
from qemutui.core.groups import GROUPS
from qemutui.core.parse import understand
from qemutui.core.profile import Profile, Table
from qemutui.core.table import same

_TABLES = ("machine", "cpu", "memory", "smp", "boot", "qmp")


class Pasted(NamedTuple):
    """What becomes of a profile by options that are pasted into it."""

    profile: Profile
    """The same object where all of them are there already."""
    options: int
    """How many options there are in what was pasted."""
    replaced: int
    """How many fields have another value then."""

    @property
    def what(self) -> str:
        """Such as `3 options`."""
        return f"{self.options} option{'s' * (self.options != 1)}"

    @property
    def question(self) -> str:
        """Such as `Add 3 options?`, and how many values are replaced."""
        values = f"{self.replaced} value{'s' * (self.replaced != 1)}"
        what = f"Add {self.what}" if self.options else "Take the program"
        return f"{what}, replacing {values}?" if self.replaced else f"{what}?"


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
        adding.launch(words, command.program)
    for name in _TABLES:
        adding.table(name, getattr(parsed.profile, name))
    adding.set(("name",), parsed.profile.name)
    for group in GROUPS:
        known = {
            argv.build_item(group, item, 0).words
            for item in profile.items(group.name)
            if item.id and not item.off
        }
        for item in parsed.profile.items(group.name):
            if argv.build_item(group, item, 0).words not in known:
                adding.append(group.name, item)
    extra = words_of(profile.extra)
    there = {option.written for option in options.read(extra) if option.name in options.FLAGS}
    more = words_of(parsed.profile.extra)
    for option in options.read(more):
        if option.written not in there:
            extra += more[option.place : option.place + option.size]
    adding.arguments(extra)
    if command.directory:
        adding.set(("launch", "directory"), command.directory)
    for name, value in command.environment.items():
        adding.set(("launch", "environment", name), value)
    for file in command.files:
        adding.append("fd", file)
    return Pasted(adding.profile, len(parsed.placed) + len(parsed.kept), adding.replaced)


class _Adding:
    """A profile that grows, and how many of its values were replaced."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.replaced = 0

    def set(self, path: keyval.Path, value: Any) -> None:
        before = edit.get(self.profile, path)
        if value is None or same(_text(before), _text(value)):
            return
        self.replaced += before not in (None, "", ())
        self.profile = edit.set_value(self.profile, path, value)

    def table(self, name: str, table: Table) -> None:
        for key, value in table.written.items():
            self.set((name, key), value)

    def append(self, name: str, item: Any) -> None:
        there = edit.get(self.profile, (name,))
        self.profile = edit.set_value(self.profile, (name,), (*there, item))

    def arguments(self, words: tuple[str, ...]) -> None:
        before = self.profile.extra
        known = words_of(before)
        if words != known:
            old = before if isinstance(before, tuple) else known
            self.profile = edit.set_value(self.profile, ("extra",), (*old, *words[len(known) :]))

    def launch(self, words: list[str], program: int) -> None:
        if words[program] != argv.binary(self.profile):
            self.set(("binary",), words[program])
        if program and tuple(words[:program]) != words_of(self.profile.launch.wrapper):
            self.set(("launch", "wrapper"), tuple(words[:program]))


def _text(value: Any) -> Any:
    """Returns a value as the command has it: a number and its text are the same there."""
    return keyval.text(value) if isinstance(value, bool | int | float | str) else value
