"""Makes a profile of a pasted command, and says how well that went."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qemutui.core import command_text, options, parse
from qemutui.core.command_text import Command, Remark
from qemutui.core.profile import Profile, dump, read


class Imported(NamedTuple):
    """The profile of a command."""

    profile: Profile
    remarks: tuple[Remark, ...]
    """What was kept, assumed or left out, by place in the text."""
    understood: int
    """How many options have fields."""
    kept: tuple[str, ...]
    """The options that are kept word for word in `extra`, as written."""
    unknown: tuple[str, ...]
    """Names of options that no QEMU is known to have, without dashes."""
    differences: tuple[tuple[str, str], ...]
    """Options that come out in other words, which QEMU reads alike: as they were, as they are."""

    @property
    def sentence(self) -> str:
        """How many options were understood, and whether the command comes out the same."""
        many = len(self.differences)
        same = f"differs in {_counted(many, 'place')}" if many else "comes out the same"
        kept = f", {len(self.kept)} kept word for word in Extra" if self.kept else ""
        return f"{_counted(self.understood, 'option')} understood{kept}. The command {same}."


def _counted(many: int, what: str) -> str:
    return f"{many} {what}{'s' * (many != 1)}"


def from_text(text: str) -> Imported:
    """Returns the profile of what was pasted. Raises `command_text.NoCommandError`."""
    return of_command(command_text.read(text))


def from_words(argv: Sequence[str]) -> Imported:
    """Returns the profile of an argv. Raises `command_text.NoCommandError`."""
    return of_command(command_text.of_words(argv))


def of_command(command: Command, takes_value: Mapping[str, bool] | None = None) -> Imported:
    """Returns the profile of a command that was read from a text.

    `takes_value` says of options that no QEMU is known to have whether they have a value.
    """
    words = [word.text for word in command.words]
    parsed = parse.understand(words, command.program, takes_value)
    places = command.words
    notes = [Remark(n.message, places[n.word].start, places[n.word].end) for n in parsed.notes]
    remarks = sorted((*command.remarks, *notes), key=lambda remark: remark.start)
    first = 0 if command.program is None else command.program + 1
    return Imported(
        _around(parsed.profile, command),
        tuple(remarks),
        len(parsed.placed),
        tuple(option.written for option in parsed.kept),
        tuple(option.name for option in parsed.kept if not options.is_known(option)),
        tuple(_differences(parsed, words[first:])),
    )


def _around(profile: Profile, command: Command) -> Profile:
    """Returns the profile with what stands around the words: folder, environment, files."""
    if not (command.directory or command.environment or command.files):
        return profile
    launch = dump(profile.launch)
    if command.directory:
        launch["directory"] = command.directory
    if command.environment:
        launch["environment"] = command.environment
    data = dump(profile)
    if launch:
        data["launch"] = launch
    if command.files:
        data["fd"] = [dump(file) for file in command.files]
    return read({name: data[name] for name in Profile.model_fields if name in data})


def _differences(parsed: parse.Parsed, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for option, _, value in parsed.placed:
        if option.value != value or option.written != f"-{option.name}":
            before = words[option.place : option.place + option.size]
            yield " ".join(before), f"-{option.name} {value}"
