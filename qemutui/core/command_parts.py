"""Makes a command of QEMU of the commands of a text, and says what of them was left out."""

import re
from collections.abc import Sequence

from qemutui.core import command_remarks, program_choice
from qemutui.core.command import Command, NoCommandError, NoQemuError, Remark, Word
from qemutui.core.profile import PassedFd
from qemutui.core.program_choice import CALLED_QEMU
from qemutui.core.shell import FIRST_FD
from qemutui.core.shell_expansion import UnclosedError
from qemutui.core.shell_words import Reader, Redirection, ShellCommand, ShellWord

_MODES = {"<": None, "<>": "r+", ">": "w", ">|": "w", ">>": "a"}
_PASSED = range(FIRST_FD, 250)
_MOST_REMARKS = 500
CONTROL = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f]")
"""Finds a control character that stands in no text."""

# Halves of a surrogate pair; U+DC80 to U+DCFF stand for bytes that are no UTF-8.
_NO_ARGUMENT = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")


def command(
    text: str,
    commands: Sequence[ShellCommand],
    *,
    loose: Sequence[int] = (),
    partly: bool = False,
    unclosed: tuple[int, UnclosedError] | None = None,
) -> Command:
    """Returns the QEMU command among commands of a text.

    `loose` is where a backslash with blanks behind it continues a line; `partly` whether not all
    of the text was looked at; `unclosed` what was left out as a quote in it is never closed, and
    the rank of its command. Raises NoCommandError.
    """
    choices = [program_choice.find(one.words) for one in commands]
    ranks = [program_choice.NONE if choice is None else choice.rank for choice in choices]
    rank = min(ranks, default=program_choice.NONE)
    if unclosed is not None and (
        unclosed[0] < rank
        or (rank == program_choice.NONE and CALLED_QEMU.search(text, unclosed[1].start))
    ):
        raise NoCommandError(unclosed[1].message, unclosed[1].start, len(text))
    if rank == program_choice.NONE:
        raise _none(text, commands, unclosed)
    place = ranks.index(rank)
    last = place
    if rank == program_choice.OPTIONS:
        # Options with nothing before them, one a line: no backslash continues what is no command.
        while last + 1 < len(commands) and ranks[last + 1] == rank:
            if commands[last].after != "\n":
                break
            last += 1
    chosen = _merged(commands[place : last + 1])
    choice = choices[place]
    assert choice is not None  # noqa: S101 - its rank says so
    words = chosen.words[choice.start :]
    directory, environment = _before(commands[:place])
    environment |= choice.environment
    _check(chosen.words, "" if directory is None else directory.text)
    redirections = list(chosen.redirections)
    if choice.passing:
        redirections += Reader(choice.passing).line(0).commands[0].redirections
    files, remarks = _files(text, redirections)
    if directory is not None:
        remarks += command_remarks.of_word(directory)
    remarks += command_remarks.of_command(text, chosen, choice)
    remarks += command_remarks.of_others(text, commands, choices, place, last)
    remarks += [command_remarks.loose(at) for at in loose if words[0].start <= at < words[-1].end]
    if partly:
        message = "This text is long: lines that name no QEMU were not looked at."
        remarks.append(Remark(message, len(text), len(text)))
    remarks.sort(key=lambda remark: remark.start)
    if len(remarks) > _MOST_REMARKS:
        more = Remark(f"{len(remarks) - _MOST_REMARKS} more remarks are left out.", 0, len(text))
        remarks = [*remarks[:_MOST_REMARKS], more]
    return Command(
        tuple(Word(word.text, word.start, word.end) for word in words),
        None if choice.program is None else choice.program - choice.start,
        environment,
        "" if directory is None else directory.text,
        files,
        tuple(remarks),
    )


def _merged(commands: Sequence[ShellCommand]) -> ShellCommand:
    """Returns one command of several that follow each other."""
    if len(commands) == 1:
        return commands[0]
    return ShellCommand(
        tuple(word for one in commands for word in one.words),
        tuple(redirection for one in commands for redirection in one.redirections),
        commands[0].before,
        commands[-1].after,
        commands[-1].after_start,
    )


def _before(commands: Sequence[ShellCommand]) -> tuple[ShellWord | None, dict[str, str]]:
    """Returns where `cd` has led, and what was exported, before a command."""
    directory: ShellWord | None = None
    exported: dict[str, str] = {}
    outside: list[tuple[ShellWord | None, dict[str, str]]] = []
    for one in commands:
        words = [word for word in one.words if word.text not in ("--", "-P", "-L", "-x")]
        while words and words[0].bare and words[0].text in program_choice.RESERVED:
            del words[0]
        name = words[0].text if words else ""
        led = len(words) == 2 and words[1].text != "-" and one.before != "||"
        if name in ("cd", "pushd") and led:
            directory = _moved(directory, words[1])
        elif name == "export":
            for word in words[1:]:
                variable, equals, value = word.text.partition("=")
                if equals:
                    exported[variable] = value
        if "(" in one.after or ")" in one.after:
            # What a subshell does is forgotten at its end.
            for sign in one.after[:1000]:
                if sign == "(":
                    outside.append((directory, dict(exported)))
                elif outside:
                    directory, exported = outside.pop()
    return directory, exported


def _moved(directory: ShellWord | None, to: ShellWord) -> ShellWord:
    # `core.shell` writes ./ before a folder whose name begins with a dash.
    text = to.text[2:] if to.text.startswith("./-") else to.text
    if directory is None or text.startswith(("/", "~", "$")):
        return to._replace(text=text)
    return to._replace(text=f"{directory.text.rstrip('/')}/{text}", kept=directory.kept or to.kept)


def _check(words: Sequence[ShellWord], directory: str) -> None:
    """Raises NoCommandError where something cannot be passed to any program."""
    for word in words:
        if found := _NO_ARGUMENT.search(word.text):
            what = "NUL" if found[0] == "\0" else "Half a surrogate pair"
            raise NoCommandError(f"{what} cannot be passed to a program.", word.start, word.end)
    if _NO_ARGUMENT.search(directory):
        raise NoCommandError("No folder can have such a name.", 0, 0)


def _files(
    text: str, redirections: Sequence[Redirection]
) -> tuple[tuple[PassedFd, ...], list[Remark]]:
    """Returns the files that are passed, from descriptor 3 on, and what is left out."""
    files: dict[int, PassedFd] = {}
    remarks = []
    for one in redirections:
        fd = one.fd
        named = one.target.text and not _NO_ARGUMENT.search(one.target.text)
        if one.operator not in _MODES or fd is None or fd not in _PASSED or not named:
            remarks.append(command_remarks.left_out(text, one.start, one.end))
        else:
            files[fd] = PassedFd(path=one.target.text, mode=_MODES[one.operator])
            remarks += command_remarks.of_word(one.target)
    numbers = range(FIRST_FD, max(files, default=FIRST_FD - 1) + 1)
    for fd in [fd for fd in numbers if fd not in files]:
        files[fd] = PassedFd(path="/dev/null", mode="r+")
        at = redirections[0].start
        remarks.append(
            Remark(f"Descriptor {fd} is closed here; /dev/null is passed as it.", at, at)
        )
    return tuple(files[fd] for fd in numbers), remarks


def _none(
    text: str, commands: Sequence[ShellCommand], unclosed: tuple[int, UnclosedError] | None
) -> NoCommandError:
    """Returns why there is no QEMU command."""
    programs = [
        program_choice.behind_wrappers(one.words, word)
        for one in commands
        if (word := command_remarks.program_of(one))
    ]
    if CONTROL.search(text):
        return NoCommandError("This is binary data and no command.", 0, len(text))
    if not programs and unclosed is not None:
        return NoCommandError(unclosed[1].message, unclosed[1].start, len(text))
    if not programs:
        return NoQemuError("There is no QEMU command here.", 0, len(text))
    like = next((one for one in programs if CALLED_QEMU.search(one.text)), programs[0])
    message = program_choice.refusal(like.text)
    if "\xa0" in like.text:
        message = f"A no-break space in {command_remarks.quoted(like.text)} separates no words"
    elif len(programs) > 1 and like is programs[0]:
        message += ", and no other command here is"
    return NoQemuError(f"{message}.", like.start, like.end)
