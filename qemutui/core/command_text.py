"""Reads a command out of what people paste: shell, JSON, `ps`, libvirt's logs, `/proc`."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress

from qemutui.core import command_parts, command_remarks, process_line, program_choice
from qemutui.core.command import Command as Command
from qemutui.core.command import NoCommandError as NoCommandError
from qemutui.core.command import NoQemuError
from qemutui.core.command import Remark as Remark
from qemutui.core.command import Word as Word
from qemutui.core.command_parts import CONTROL
from qemutui.core.program_choice import CALLED_QEMU
from qemutui.core.shell_expansion import UnclosedError
from qemutui.core.shell_words import MOST_WORDS, TOO_MANY, Line, Reader, ShellCommand, ShellWord

LONGEST = 4 * 1024 * 1024
"""How many characters are looked at."""

_FENCE = re.compile(r"^[ \t]*+(?:```|~~~)[^\n`]*$", re.MULTILINE)
_IN_BACKQUOTES = re.compile(r"(?:^|(?<=[\s(]))`([^`\n]+)`")
_OF_INTEREST = re.compile(r"qemu|kvm|^[ \t]*(?:--?[a-z]|cd |export |[A-Z_]+=)", re.IGNORECASE)
_HASH_PROMPT = re.compile(r"^[ \t]*# *(?=\S)[^\n]*(?:qemu|kvm)", re.MULTILINE)
_QUOTED_COMMAND = re.compile(
    r"(?:\b(?:sudo|doas)[ \t]+)?"
    r"(?:\b(?:(?:ba|da|k|z)?sh|su|ssh)\b[^'\"\n;|&]{0,200}?[ \t]|\b\w{1,80}=)"
    r"(?:'(?=[^']*(?:qemu|kvm))([^']*)'"
    r"|\"(?=[^\"]*(?:qemu|kvm))((?:[^\"\\]|\\\n)*)\")"
)
"""A shell, another machine or a variable that is given a command in quotes."""

_LINE = re.compile(r"(?:[^\\\n]++|\\(?:[ \t]++\n(?=[ \t]*+-)|.|\Z))*+\n?", re.DOTALL)
"""A line with those that continue it."""

_LONG = 256 * 1024
"""From this length on, only lines that name a QEMU or begin with an option are looked at."""

_MOST_LOOKS = 8
"""How many times its length is looked at, of a text whose quotes do not fit together."""


def read(text: str) -> Command:
    """Returns the QEMU command of a text. Raises NoCommandError.

    The text is that of a shell, a JSON array of strings, words that NUL separates, or lines of
    `ps`, of a log or of a page, among which the command stands. Of several QEMU commands the first
    is chosen, before all others one whose binary is named and that has options. Nothing is run, and
    nothing is expanded: what a shell would expand is kept as it stands, with a remark.
    """
    if len(text) > LONGEST:
        raise NoCommandError("This is too long: a command has 4 MiB at most.", 0, len(text))
    if not text.strip("\ufeff \t\r\n\0"):
        raise NoCommandError("There is nothing here.", 0, len(text))
    if "\0" in text:
        return _of_separated(text)
    if "\r" not in text:
        return _of_text(text)
    if "\r\n" not in text:
        return _of_text(text.replace("\r", "\n"))
    ends = [found.start() for found in re.finditer("\r\n", text)]
    unix = text.replace("\r\n", "\n")
    # Each line feed lies further on in the text by the carriage returns before it.
    ends = [end - count for count, end in enumerate(ends)]
    try:
        return _moved(_of_text(unix), ends)
    except NoCommandError as error:
        start, end = (at + bisect_left(ends, at) for at in (error.start, error.end))
        raise NoCommandError(error.message, start, end) from None


def of_words(words: Sequence[str]) -> Command:
    """Returns the command of an argv that a shell has read already. Raises NoCommandError.

    The positions are those of the words joined by a space each. One word with blanks in it is a
    text of its own.
    """
    if len(words) == 1 and any(sign in words[0] for sign in " \t\n\0"):
        return read(words[0])
    if len(words) > MOST_WORDS:
        raise NoCommandError(TOO_MANY, 0, 0)
    found, at = [], 0
    for word in words:
        found.append(ShellWord(word, at, at + len(word), len(word), ""))
        at += len(word) + 1
    if at > LONGEST:
        raise NoCommandError("This is too long: a command has 4 MiB at most.", 0, at)
    if not any(words):
        raise NoCommandError("There is nothing here.", 0, at)
    return _of_literal(" ".join(words), tuple(found))


def _moved(command: Command, ends: list[int]) -> Command:
    """Returns a command with its places in a text with the line ends of Windows."""

    def at(position: int) -> int:
        return position + bisect_left(ends, position)

    return command._replace(
        words=tuple(Word(word.text, at(word.start), at(word.end)) for word in command.words),
        remarks=tuple(Remark(one.message, at(one.start), at(one.end)) for one in command.remarks),
    )


def _of_literal(text: str, words: tuple[ShellWord, ...]) -> Command:
    """Returns the command of words that are read already."""
    one = ShellCommand(words, (), "", "", len(text))
    return command_parts.command(text, [one])


def _of_separated(text: str) -> Command:
    words = process_line.separated(text)
    junk = NoCommandError("This is binary data and no command.", 0, len(text))
    choice = program_choice.find(words)
    if choice is None:
        if CONTROL.search(words[0].text) or CONTROL.search(text.replace("\0", "")):
            raise junk
    elif choice.program is None or any(
        CONTROL.search(word.text) for word in words[: choice.program + 1]
    ):
        raise junk
    return _of_literal(text, words)


def _of_text(text: str) -> Command:
    if text.lstrip("\ufeff \t\n").startswith("["):
        words = process_line.json_array(text)
        if words:
            return _of_literal(text, words)
    plain = _without_page(text)
    try:
        return _of_lines(plain, hash_prompts=False)
    except NoCommandError as error:
        # Only where there is no other: a line that begins with # is a comment in a script.
        if _HASH_PROMPT.search(plain):
            with suppress(NoCommandError):
                return _of_lines(plain, hash_prompts=True)
        if isinstance(error, NoQemuError):
            with suppress(NoCommandError):
                return _of_quoted(plain)
        raise


def _of_quoted(text: str) -> Command:
    """Returns the command that a text hands on in quotes: to `sh -c`, to ssh, to a variable."""
    found = _QUOTED_COMMAND.search(text) if len(text) <= _LONG else None
    if found is None:
        raise NoCommandError("There is no QEMU command here.", 0, len(text))
    start, end = found.span(1) if found[1] is not None else found.span(2)
    command = _of_lines(f"{' ' * start}{text[start:end]}", hash_prompts=False)
    before = text[found.start() : start - 1].strip()
    message = f"What stands in quotes behind {command_remarks.quoted(before)} is taken."
    remark = Remark(message, found.start(), start)
    return command._replace(remarks=(remark, *command.remarks))


def _without_page(text: str) -> str:
    """Returns a text of the same length without what a page puts around a command."""
    if text.startswith("\ufeff"):
        text = f" {text[1:]}"
    if "`" not in text and "~~~" not in text:
        return text
    text = _FENCE.sub(lambda found: " " * len(found[0]), text)
    parts: list[str] = []
    done = 0
    for found in _IN_BACKQUOTES.finditer(text):
        if found.start() < done or not CALLED_QEMU.search(found[1]):
            continue
        line = Reader(found[1]).line(0)
        choice = program_choice.find(line.commands[0].words) if line.commands else None
        if choice is None or choice.rank or choice.guessed:
            continue
        begin = text.rfind("\n", done, found.start()) + 1 or done
        end = text.find("\n", found.end())
        end = len(text) if end < 0 else end
        parts += [text[done:begin], " " * (found.start(1) - begin), found[1]]
        parts.append(" " * (end - found.end(1)))
        done = end
    return "".join([*parts, text[done:]])


def _of_lines(text: str, *, hash_prompts: bool) -> Command:
    """Returns the command of lines, of which those are left out that no shell could read."""
    reader = Reader(text, hash_prompts=hash_prompts)
    commands: list[ShellCommand] = []
    loose: list[int] = []
    unclosed: tuple[int, UnclosedError] | None = None
    position, looks, ranked, found, partly = 0, 0, 0, False, False
    while position < len(text):
        line_end = _LINE.match(text, position)
        end = line_end.end() if line_end else len(text)
        if len(text) > _LONG and not _OF_INTEREST.search(text, position, end):
            position, partly = end, True
            continue
        if process := _of_process_line(text, position):
            commands.append(process)
            position = process.after_start + 1
            continue
        while ranked < len(commands) and not found:
            found = _rank(commands[ranked].words) == 0
            ranked += 1
        try:
            line = reader.line(position, end)
        except NoCommandError:
            if found:
                partly = True
                break
            raise
        if line.error is not None:
            # A quote may go on over lines. In a log it may stand alone, too, and then it would hide
            # all lines up to the next one.
            error, rank = line.error, _rank(line.open_words)
            if (rank == 0 and not found) or looks < _MOST_LOOKS * len(text):
                whole = reader.line(position)
                looks += (len(text) if whole.error else whole.end) - position
                if whole.error is None and (rank == 0 or _best(whole) <= 1):
                    line = whole
                elif rank == 0 and not found:
                    error = whole.error or error
                    raise NoCommandError(error.message, error.start, len(text))
        if line.error is not None:
            if unclosed is None or rank < unclosed[0]:
                unclosed = rank, error
            position = text.find("\n", position) + 1 or len(text)
            continue
        commands += line.commands
        loose += line.loose
        position = line.end
    return command_parts.command(text, commands, loose=loose, partly=partly, unclosed=unclosed)


def _rank(words: tuple[ShellWord, ...]) -> int:
    choice = program_choice.find(words)
    return program_choice.NONE if choice is None else choice.rank


def _best(line: Line) -> int:
    return min((_rank(command.words) for command in line.commands), default=program_choice.NONE)


def _of_process_line(text: str, start: int) -> ShellCommand | None:
    """Returns the QEMU command of a line of `ps`; None where the line is no such."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    if not CALLED_QEMU.search(text, start, end):
        return None
    columns = process_line.command_start(text[start:end])
    words = process_line.literal(text, start + columns, end) if columns else ()
    choice = program_choice.find(words) if words else None
    if choice is None or choice.program is None or choice.rank > 1 or choice.guessed:
        return None
    return ShellCommand(process_line.joined(text, words, choice.program), (), "\n", "\n", end)
