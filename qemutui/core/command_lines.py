"""Reads the text of one command whose program is known, as somebody edits it."""

import re
from collections.abc import Sequence

from qemutui.core import command_text, shell
from qemutui.core.command_text import Command, NoCommandError, Remark, Word
from qemutui.core.shell_words import Line, Reader

_NEXT = re.compile(r"\\.|\$?'|\"|(?<![^ \t\n])\#|\n", re.DOTALL)
_REST = {
    "'": re.compile(r"[^']*+'"),
    "$'": re.compile(r"(?:\\.|[^'\\])*+'", re.DOTALL),
    '"': re.compile(r"(?:\$\(printf '[^']*+'\)|\\.|[^\"\\])*+\"", re.DOTALL),
    "#": re.compile(r"[^\n]*+"),
}
"""What belongs to a sign that opens something. Within double quotes `core.shell` writes printf."""
_GOES_ON = re.compile(r"\n(?=[ \t]*+-)")
_STAND_IN = "qemu"
"""A name that every reader of commands knows."""


def joined(text: str) -> str:
    """Returns a text in which a line that begins with a dash goes on with the line before.

    No command begins with a dash. Each character keeps its place: a line feed, and the comment
    before it, become blanks.
    """
    parts: list[str] = []
    done = position = 0
    while found := _NEXT.search(text, position):
        start, position = found.span()
        if rest := _REST.get(found[0]):
            closed = rest.match(text, position)
            if closed is None:
                break  # nothing after this is a line of its own
            position = closed.end()
        if found[0] in ("#", "\n"):
            end = _GOES_ON.match(text, position if found[0] == "#" else start)
            if end is not None:
                position = end.end()
                parts += [text[done:start], " " * (position - start)]
                done = position
    return "".join([*parts, text[done:]])


def read(text: str, begins: str, program: Sequence[str]) -> Command:
    """Returns the command of a text.

    Where the text begins with `begins`, which is how a shell reads the words of `program`, the last
    of them is QEMU, whatever it is called.

    Raises:
        NoCommandError: The text holds no command.
    """
    text = joined(text)
    if not text.startswith(begins) or text[len(begins) :].lstrip("\\")[:1].strip():
        return command_text.read(text)
    shift = max(0, len(_STAND_IN) - len(begins))
    stand_in = _STAND_IN.ljust(len(begins)) + text[len(begins) :]
    line = Reader(stand_in).line(0)
    if line.error is not None:
        raise NoCommandError(line.error.message, line.error.start - shift, len(text))
    words: Sequence[Word]
    if _is_plain(stand_in, line):
        words = [Word(one.text, one.start, one.end) for one in line.commands[0].words]
        found = Command((), None, {}, "", (), ())
    else:
        found = command_text.read(stand_in)
        words = found.words
    own: list[Word] = []
    for word in program:
        at = begins.find(shell.quote(word), own[-1].end if own else 0)
        own.append(Word(word, max(0, at), max(0, at) + len(shell.quote(word))))
    moved = [Word(one.text, one.start - shift, one.end - shift) for one in words[1:]]
    remarks = [Remark(one.message, one.start - shift, one.end - shift) for one in found.remarks]
    return found._replace(words=(*own, *moved), program=len(program) - 1, remarks=tuple(remarks))


def _is_plain(text: str, line: Line) -> bool:
    """Tells whether a line is one command, of which nothing is to be remarked."""
    if len(line.commands) != 1 or line.loose or text[line.end :].strip():
        return False
    (command,) = line.commands
    is_kept = any(word.kept for word in command.words)
    return not (is_kept or command.redirections or command.before or command.after.strip())
