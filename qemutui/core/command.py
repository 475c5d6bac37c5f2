"""A command as it was read out of a text, with the place of each word."""

from typing import NamedTuple

from qemutui.core.profile import PassedFd


class Word(NamedTuple):
    """One word of a command, and where it stands in the text: `text[start:end]`."""

    text: str
    start: int
    end: int


class Remark(NamedTuple):
    """What was left out, kept or assumed, and the part of the text that it is about."""

    message: str
    start: int
    end: int


class Command(NamedTuple):
    """One command of a text."""

    words: tuple[Word, ...]
    """The argv: what goes before the program (sudo, gdb --args), the program, its options."""
    program: int | None
    """Which word is the QEMU binary; None where the words are options alone."""
    environment: dict[str, str]
    directory: str
    """Where the text changes to before (`cd DIR &&`); empty where it does not."""
    files: tuple[PassedFd, ...]
    """What redirections pass, from descriptor 3 on."""
    remarks: tuple[Remark, ...]


class NoCommandError(ValueError):
    """A text holds no command that can be read; the message is one sentence."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


class NoQemuError(NoCommandError):
    """A text can be read, and no command in it is QEMU's."""
