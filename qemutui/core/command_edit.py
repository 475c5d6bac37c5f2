"""A command that is edited as text, and laid over the profile that it was made from."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from qemutui.core import argv, edit, keyval, options, shell
from qemutui.core.argv import Argument, words_of
from qemutui.core.command_text import Command
from qemutui.core.groups import BY_NAME, GROUPS
from qemutui.core.keyval import Path
from qemutui.core.merging import merge_items, merge_table
from qemutui.core.parse import Parsed, understand
from qemutui.core.profile import Item, PassedFd, Profile, Table, Words
from qemutui.core.table import same

_TABLES = ("machine", "cpu", "memory", "smp", "boot", "qmp")
"""The tables that become options."""

_BOOT_OPTIONS = ("bios", "kernel", "initrd", "dtb", "append")
"""The fields of `boot` that are options of their own."""

Option = tuple[str, ...]
"""The words of one option: itself, and its value."""


class Overlay:
    """The own command of a profile as text, and what the profile becomes by another text.

    What a command does not say is kept: notes, items that are off, how it is launched, what is
    checked, tables and keys that nobody knows. What reads as before stays the very object that it
    was, so that its spelling in the file stays too.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        command = argv.build(profile)
        has_wrapper = command[0].path == ("launch", "wrapper")
        self._program = len(command[0].words) if has_wrapper else 0
        self._words = argv.words(command)

    def text(self) -> str:
        """Returns wrapper, program and options, an option a line, as a shell reads them.

        Raises:
            shell.CannotPassError: A word cannot be written for a shell.
        """
        launch = self.profile.launch.model_copy(update={"environment": {}})
        bare = self.profile.model_copy(update={"launch": launch, "fd": ()})
        return shell.multi_line(bare, argv.build(bare))

    def lay(self, command: Command) -> Profile:
        """Returns the profile that a command makes of this one; the same one where all is said."""
        words = [word.text for word in command.words]
        start = self._program + 1
        known = words[:start] == self._words[:start]
        program = self._program if known else command.program
        profile = _launched(self.profile, command, words, program)
        given = words if program is None else words[program + 1 :]
        if given == self._words[start:]:
            return profile
        read = _read(profile, given).profile
        laid = self._laid(profile, given)
        # The order between Extra and the fields may mean something: then all is read anew.
        if _said(_read(laid, _options_of(laid)).profile) != _said(read):
            laid = self._merged(profile, read, words_of(read.extra), self._old.unread)
        return laid

    @cached_property
    def _old(self) -> "_Reading":
        return _reading(self.profile)

    def _laid(self, profile: Profile, given: Sequence[str]) -> Profile:
        """Returns the profile with what is new of a text; what stands in Extra stays there."""
        split = _split(given)
        kept = _found(_split(words_of(self.profile.extra)), split)
        unread = self._old.unread
        told = _found(list(unread.values()), split)
        rest = [w for place, one in enumerate(split) if place not in kept | told for w in one]
        new = _read(profile, rest).profile
        still = [split[place] for place in told]
        gone = {path: option for path, option in unread.items() if option not in still}
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
        update["extra"] = _respelled(profile.extra, extra)
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
    parsed = _read(bare, _options_of(bare))
    paths = {option.place: path for option, path in parsed.placed}
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
        if not key.startswith("_") and not (path == ("boot",) and key in _BOOT_OPTIONS)
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
    return Overlay(profile).lay(command)


def _read(profile: Profile, given: Sequence[str]) -> Parsed:
    return understand([argv.binary(profile), *given], 0)


def _start_of(command: Sequence[Argument]) -> int:
    """Returns which argument of a command is its first option."""
    return next(n for n, argument in enumerate(command) if argument.path == ("binary",)) + 1


def _options_of(profile: Profile) -> list[str]:
    command = argv.build(profile)
    return argv.words(command[_start_of(command) :])


def _said(profile: Profile) -> tuple[Any, ...]:
    """Returns all that the options of a command say."""
    tables = (getattr(profile, name) for name in _TABLES)
    items = (profile.items(group.name) for group in GROUPS)
    return (profile.name, words_of(profile.extra), *tables, *items)


# Extra


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


def _respelled(before: Words | None, words: Sequence[str]) -> Words | None:
    """Returns words as a list, each as it was spelled before."""
    if words_of(before) == tuple(words):
        return before
    known = before if isinstance(before, tuple) else () if before is None else (before,)
    spelled = {keyval.text(word): word for word in known}
    return tuple(spelled.get(word, word) for word in words) or None


# What goes before the options


def _launched(
    profile: Profile, command: Command, words: Sequence[str], program: int | None
) -> Profile:
    """Returns the profile with what a text says of its program, and of how that is run."""
    if program is not None:
        if words[program] != argv.binary(profile):
            profile = edit.set_value(profile, ("binary",), words[program])
        wrapper = profile.launch.wrapper
        new = _respelled(None if wrapper == "" else wrapper, words[:program])
        if new is not wrapper and (new or wrapper):
            profile = edit.set_value(profile, ("launch", "wrapper"), new)
    if command.directory and command.directory != edit.scalar_text(profile.launch.directory):
        profile = edit.set_value(profile, ("launch", "directory"), command.directory)
    profile = _with_environment(profile, command.environment)
    if command.files:
        profile = _with_files(profile, command.files)
    return profile


def _with_environment(profile: Profile, variables: Mapping[str, str]) -> Profile:
    before = profile.launch.environment
    new = {k: v for k, v in variables.items() if k not in before or keyval.text(before[k]) != v}
    if not new:
        return profile
    return edit.set_value(profile, ("launch", "environment"), {**before, **new})


def _with_files(profile: Profile, files: tuple[PassedFd, ...]) -> Profile:
    def is_known(place: int, file: PassedFd) -> bool:
        old = profile.fd[place]
        return not old.off and (_mode(old), old.path) == (_mode(file), file.path)

    known = len(profile.fd)
    new = tuple(
        profile.fd[place] if place < known and is_known(place, file) else file
        for place, file in enumerate(files)
    )
    return profile if new == profile.fd else edit.set_value(profile, ("fd",), new)


def _mode(file: PassedFd) -> str:
    return "r" if file.mode is None else keyval.text(file.mode)
