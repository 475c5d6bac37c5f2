"""A command that is edited as text, and laid over the profile that it was made from."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from qemutui.core import argv, command_lines, edit, options, shell
from qemutui.core.argv import Argument, words_of
from qemutui.core.command_launch import launched, respelled
from qemutui.core.command_places import Places
from qemutui.core.command_text import Command, Remark, Word
from qemutui.core.groups import BY_NAME, GROUPS
from qemutui.core.keyval import Path
from qemutui.core.merging import merge_items, merge_table
from qemutui.core.parse import Parsed, understand
from qemutui.core.profile import Item, Launch, Profile, Table
from qemutui.core.table import same

_TABLES = ("machine", "cpu", "memory", "smp", "boot", "qmp")
"""The tables that become options."""

Option = tuple[str, ...]
"""The words of one option: itself, and its value."""


class Laid(NamedTuple):
    """What a text makes of the profile that it is laid over."""

    profile: Profile
    remarks: tuple[Remark, ...]
    """What was kept, assumed or left out of what is new, by place in the text."""
    places: Places
    """Where in the text each field stands."""


class Overlay:
    """The own command of a profile as text, and what the profile becomes by another text.

    What a command does not say is kept: notes, items that are off, how it is launched, what is
    checked, tables and keys that nobody knows. What reads as before stays the very object that it
    was, so that its spelling in the file stays too.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._builder = argv.Builder()
        command = self._builder.build(profile)
        has_wrapper = command[0].path == ("launch", "wrapper")
        self._program = len(command[0].words) if has_wrapper else 0
        self._words = argv.words(command)

    @cached_property
    def text(self) -> str:
        """Wrapper, program and options, an option a line, as a shell reads them.

        Raises:
            shell.CannotPassError: A word cannot be written for a shell.
        """
        launch = self.profile.launch.model_copy(update={"environment": {}})
        bare = self.profile.model_copy(update={"launch": launch, "fd": ()})
        return shell.multi_line(bare, argv.build(bare))

    @cached_property
    def _begins(self) -> str:
        """Wrapper and program, as the text begins."""
        launch = Launch(wrapper=self.profile.launch.wrapper)
        bare = Profile(binary=self.profile.binary, launch=launch)
        return shell.multi_line(bare, argv.build(bare))

    def read(self, text: str) -> Command:
        """Returns the command of a text.

        Raises:
            command_text.NoCommandError: It holds none.
        """
        return command_lines.read(text, self._begins, self._words[: self._program + 1])

    def lay(self, text: str, command: Command) -> Laid:
        """Returns what a command makes of the profile; the same one where all of it is said."""
        words = [word.text for word in command.words]
        start = self._program + 1
        known = words[:start] == self._words[:start]
        program = self._program if known else command.program
        first = 0 if program is None else program + 1
        profile = launched(self.profile, command, words, program)
        notes: list[Remark] = []
        if words[first:] != self._words[start:]:
            profile, notes = self._with_options(profile, command.words[first:])
        remarks = sorted((*command.remarks, *notes), key=lambda remark: remark.start)
        return Laid(profile, tuple(remarks), Places(text, command.words, program, profile))

    def _with_options(
        self, profile: Profile, words: Sequence[Word]
    ) -> tuple[Profile, list[Remark]]:
        given = [word.text for word in words]
        parsed = _read(profile, given)
        split = _split(given)
        # What stands in Extra, and what reads as no field or item, stays where it is.
        kept = _found(_split(words_of(self.profile.extra)), split)
        told = _found(list(self._old.unread.values()), split)
        laid = self._laid(profile, split, kept, told)
        # The order between Extra and the fields may mean something: then all is read anew.
        if _said(_read(laid, self._options_of(laid)).profile) != _said(parsed.profile):
            new = parsed.profile
            laid = self._merged(profile, new, words_of(new.extra), self._old.unread)
        ends = list(accumulate(map(len, split)))
        notes = []
        for note in parsed.notes:
            at = bisect_right(ends, note.word - 1)
            if at not in kept and at not in told:
                first = words[ends[at] - len(split[at])]
                notes.append(Remark(note.message, first.start, words[ends[at] - 1].end))
        return laid, notes

    def _options_of(self, profile: Profile) -> list[str]:
        command = self._builder.build(profile)
        return argv.words(command[_start_of(command) :])

    @cached_property
    def _old(self) -> "_Reading":
        return _reading(self.profile)

    def _laid(
        self, profile: Profile, split: Sequence[Option], kept: set[int], told: set[int]
    ) -> Profile:
        """Returns the profile with those options of a text that are new."""
        rest = [w for place, one in enumerate(split) if place not in kept | told for w in one]
        new = _read(profile, rest).profile
        still = {split[place] for place in told}
        gone = {path: one for path, one in self._old.unread.items() if one not in still}
        extra = _in_order(split, kept, _split(words_of(new.extra)))
        return self._merged(profile, new, extra, gone)

    def _merged(
        self, profile: Profile, new: Profile, extra: Sequence[str], gone: Mapping[Path, Option]
    ) -> Profile:
        """Returns the profile with what `new` says otherwise, and without what is gone."""
        old = self._old
        update: dict[str, Any] = {}
        for name in _TABLES:
            table = getattr(profile, name)
            for path in gone:
                if path[0] == name:
                    table = _cleared(table, path)
            update[name] = merge_table(table, getattr(old.profile, name), getattr(new, name))
        for group in GROUPS:
            name = group.name
            items = [
                (item, old.items.get((name, index)))
                for index, item in enumerate(profile.items(name))
                if (name, index) not in gone
            ]
            update[name] = merge_items(group, items, new.items(name))
        if ("name",) in gone or not same(old.profile.name, new.name):
            update["name"] = new.name
        update["extra"] = respelled(profile.extra, extra)
        for name, value in update.items():
            if not _is(value, getattr(profile, name)):
                profile = edit.set_value(profile, (name,), value)
        return profile


class _Reading(NamedTuple):
    """How the fields and items of a profile read as text."""

    profile: Profile
    """What is read of them, without what cannot be read."""
    items: dict[Path, Item]
    """How each item reads, by its path."""
    unread: dict[Path, Option]
    """The options that do not read as what they stand for, by the paths of their fields."""


def _reading(profile: Profile) -> _Reading:
    bare = profile.model_copy(update={"extra": None})
    command = argv.build(bare)
    parsed = _read(bare, argv.words(command[_start_of(command) :]))
    paths = {option.place: path for option, path, _ in parsed.placed}
    items: dict[Path, Item] = {}
    unread: dict[Path, Option] = {}
    place = 0
    for argument in command[_start_of(command) :]:
        path = paths.get(place)
        place += len(argument.words)
        if path is None or path[0] != argument.path[0]:
            unread[argument.path] = argument.words
        elif path[0] in BY_NAME:
            items[argument.path] = edit.get(parsed.profile, path)
    return _Reading(parsed.profile, items, unread)


def _cleared(table: Table, path: Path) -> Table:
    """Returns a table without what became the option at a path."""
    keys = path[1:] or [
        key
        for key in table.written
        if not key.startswith("_") and not (path == ("boot",) and key in options.BOOT_OPTIONS)
    ]
    for key in keys:
        table = table.with_key(str(key), None)
    return table


def _is(one: Any, other: Any) -> bool:
    """Tells whether two values are the same object, or lists of the same objects."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
    return one is other


def lay_over(profile: Profile, command: Command) -> Profile:
    """Returns the profile that a command makes of another one (`Overlay`)."""
    return Overlay(profile).lay("", command).profile


def _read(profile: Profile, given: Sequence[str]) -> Parsed:
    return understand([argv.binary(profile), *given], 0)


def _start_of(command: Sequence[Argument]) -> int:
    """Returns which argument of a command is its first option."""
    return next(n for n, argument in enumerate(command) if argument.path == ("binary",)) + 1


def _said(profile: Profile) -> tuple[Any, ...]:
    """Returns all that the options of a command say."""
    tables = (getattr(profile, name) for name in _TABLES)
    items = (profile.items(group.name) for group in GROUPS)
    return (profile.name, words_of(profile.extra), *tables, *items)


def _split(words: Sequence[str]) -> list[Option]:
    """Returns words as options, each with its value."""
    read = options.read(words)
    return [tuple(words[option.place : option.place + option.size]) for option in read]


def _found(before: Sequence[Option], given: Sequence[Option]) -> set[int]:
    """Returns which options of a text are those of before, in the same order; the last ones."""
    places: dict[Option, list[int]] = defaultdict(list)
    for place, option in enumerate(given):
        places[option].append(place)
    kept: set[int] = set()
    end = len(given)
    for option in reversed(before):
        found = places[option]
        at = bisect_left(found, end) - 1
        if at >= 0:
            end = found[at]
            kept.add(end)
    return kept


def _in_order(given: Sequence[Option], kept: set[int], new: list[Option]) -> list[str]:
    """Returns what stands in Extra now, in the order of the text."""
    found: list[Option] = []
    for place in reversed(range(len(given))):
        if place in kept:
            found.append(given[place])
        elif new and new[-1] == given[place]:
            found.append(new.pop())
    return [word for option in (*new, *reversed(found)) for word in option]
