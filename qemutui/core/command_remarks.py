"""What there is to say about a command that was read out of a text."""

import re
from collections.abc import Sequence

from qemutui.core import process_line
from qemutui.core.command import Remark
from qemutui.core.program_choice import OPTIONS, RESERVED, Choice, base
from qemutui.core.shell_words import ShellCommand, ShellWord

_LOOKS_LIKE_A_DASH = "‐‑‒–—―−"
_LOOKS_LIKE_A_QUOTE = "“”„‘’‚«»"
_PROGRAM = re.compile(r"[\w./+~-]+")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_NO_PROGRAMS = "cd pushd popd export set then do done fi else esac for case while until"
_SILENT = frozenset(_NO_PROGRAMS.split())
_MOST_NAMES = 4
_MOST_QEMUS = 8


def quoted(text: str) -> str:
    """Returns a text in quotation marks, cut where it is long."""
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def left_out(text: str, start: int, end: int) -> Remark:
    """Returns the remark that a part of the text is left out."""
    return Remark(f"{quoted(text[start:end])} is left out.", start, end)


def loose(at: int) -> Remark:
    """Returns the remark on a backslash with blanks behind it."""
    message = "Blanks stand behind this “\\”; the line is read as continued all the same."
    return Remark(message, at, at + 1)


def of_word(word: ShellWord) -> list[Remark]:
    """Returns what there is to say about one word."""
    kept, shown = word.kept, quoted(word.text)
    if kept == process_line.IMAGE:
        message = f"{shown} is taken for a disk image: blanks are ambiguous here."
    elif kept == process_line.VALUE:
        message = f"{shown} is taken for one value: blanks are ambiguous here."
    elif kept.startswith('{"'):
        message = f"{shown} is taken as it stands; a shell would drop its quotes."
    elif kept:
        message = f"{quoted(kept)} is kept as it stands: nothing is expanded."
    elif word.text[:1] in _LOOKS_LIKE_A_DASH and word.text:
        message = f"{shown} begins with a typographic dash, which begins no option."
    elif word.text[:1] in _LOOKS_LIKE_A_QUOTE and word.text and word.plain:
        message = f"{shown} begins with a typographic quotation mark, which quotes nothing."
    elif "\xa0" in word.text[: word.plain] and word.text[0] in "-\xa0":
        message = f"A no-break space in {shown} separates no words."
    else:
        return []
    return [Remark(message, word.start, word.end)]


def of_command(text: str, command: ShellCommand, choice: Choice) -> list[Remark]:
    """Returns what there is to say about the command that was chosen."""
    remarks = []
    words = command.words
    for word in words:
        if word.kept or not word.text[:1].isascii() or "\xa0" in word.text:
            remarks += of_word(word)
    for word in words[: choice.start]:
        if word.bare and word.text == "time":
            remarks.append(left_out(text, word.start, word.end))
    if choice.guessed and choice.program is not None:
        kept = words[choice.start : choice.program]
        first, last = (kept or words)[0], words[choice.program - 1]
        shown = quoted(text[first.start : last.end])
        message = f"{shown} is taken for a wrapper of QEMU." if kept else f"{shown} is left out."
        remarks.append(Remark(message, first.start, last.end))
    if command.after == "&":
        remarks.append(left_out(text, command.after_start, command.after_start + 1))
    return remarks


def of_others(
    text: str,
    commands: Sequence[ShellCommand],
    choices: Sequence[Choice | None],
    first: int,
    last: int,
) -> list[Remark]:
    """Returns what there is to say about the commands that were not chosen."""
    remarks = []
    others: list[ShellWord] = []
    qemus = 0
    chosen = choices[first]
    chosen_rank = None if chosen is None else chosen.rank
    piped = _pipeline(commands, first, last)
    for place, (command, choice) in enumerate(zip(commands, choices, strict=True)):
        if first <= place <= last or not command.words:
            continue
        if place in piped:
            start = command.words[0].start
            if place > last:
                start = commands[place - 1].after_start
            remarks.append(left_out(text, start, max(command.words[-1].end, start)))
        elif choice is not None and choice.rank in (0, 1, OPTIONS, chosen_rank):
            qemus += 1
            if qemus <= _MOST_QEMUS:
                remarks.append(_other_qemu(command, choice, place == last + 1))
        elif word := program_of(command):
            others.append(word)
    if qemus > _MOST_QEMUS:
        end = len(text)
        remarks.append(Remark(f"{qemus - _MOST_QEMUS} more of them are left out.", end, end))
    names = list(dict.fromkeys(base(one.text) for one in others if _PROGRAM.fullmatch(one.text)))
    if others:
        more = len(names) - _MOST_NAMES
        shown = ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        message = f"Other commands are left out: {shown}." if names else "Other lines are left out."
        remarks.append(Remark(message, others[0].start, others[0].end))
    return remarks


def _other_qemu(command: ShellCommand, choice: Choice, follows: bool) -> Remark:
    start, end = command.words[0].start, command.words[-1].end
    if choice.program is not None:
        shown = quoted(base(command.words[choice.program].text))
        return Remark(f"Another QEMU command is left out: {shown}.", start, end)
    shown = quoted(command.words[choice.start].text)
    if follows and command.before == "\n":
        message = f"{shown} is left out: the line before it does not go on."
        return Remark(message, start, end)
    return Remark(f"Options on their own are left out, from {shown} on.", start, end)


def _pipeline(commands: Sequence[ShellCommand], first: int, last: int) -> set[int]:
    """Returns which commands are in one pipeline with those from `first` to `last`."""
    found = set()
    while first and commands[first - 1].after in ("|", "|&"):
        first -= 1
        found.add(first)
    while last + 1 < len(commands) and commands[last].after in ("|", "|&"):
        last += 1
        found.add(last)
    return found


def program_of(command: ShellCommand) -> ShellWord | None:
    """Returns the word that names the program of a command; None where there is none to name."""
    for word in command.words:
        if word.bare and (word.text in RESERVED or _ASSIGNMENT.match(word.text)):
            continue
        if _ASSIGNMENT.match(word.text[: word.plain]):
            continue
        return None if word.text in _SILENT else word
    return None
