"""Makes a profile of a pasted command, and says how well that went."""

from collections.abc import Sequence
from typing import NamedTuple

from qemutui.core import command_text, parse
from qemutui.core.command_text import Command, Remark
from qemutui.core.profile import Profile


class Imported(NamedTuple):
    """The profile of a command."""

    profile: Profile
    remarks: tuple[Remark, ...]
    """What was kept, assumed or left out, by place in the text."""
    understood: int
    """How many options have fields."""
    kept: int
    """How many are kept word for word in `extra`."""
    differences: tuple[tuple[str, str], ...]
    """Options that come out spelled in another way: as they were, as they are."""

    @property
    def sentence(self) -> str:
        """How many options were understood, and whether the command comes out the same."""
        many = len(self.differences)
        same = f"differs in {many} place{'s' * (many != 1)}" if many else "comes out the same"
        options = f"{self.understood} option{'s' * (self.understood != 1)} understood"
        kept = f", {self.kept} kept word for word in Extra" if self.kept else ""
        return f"{options}{kept}. The command {same}."


def from_text(text: str) -> Imported:
    """Returns the profile of what was pasted. Raises `command_text.NoCommandError`."""
    return of_command(command_text.read(text))


def from_words(argv: Sequence[str]) -> Imported:
    """Returns the profile of an argv. Raises `command_text.NoCommandError`."""
    return of_command(command_text.of_words(argv))


def of_command(command: Command) -> Imported:
    """Returns the profile of a command that was read from a text."""
    parsed = parse.understand([word.text for word in command.words], command.program)
    places = command.words
    notes = [Remark(n.message, places[n.word].start, places[n.word].end) for n in parsed.notes]
    remarks = sorted((*command.remarks, *notes), key=lambda remark: remark.start)
    return Imported(parsed.profile, tuple(remarks), parsed.understood, parsed.kept, ())
