"""Reads the commands of shell text, each word with its place; runs and expands nothing.

Source: POSIX.1-2017, Shell Command Language; what bash adds (`$'…'`, `<<<`, `&>`, `<(…)`) as its
manual has it. Brackets and reserved words only end commands, so that a part of a script is read
as well as a whole one.
"""

import re
from typing import NamedTuple

from qemutui.core.command import NoCommandError
from qemutui.core.shell_expansion import UnclosedError
from qemutui.core.shell_word import ShellWord as ShellWord
from qemutui.core.shell_word import WordReader


class Redirection(NamedTuple):
    """A redirection of a command: `fd` is None where no number is written."""

    fd: int | None
    operator: str
    target: ShellWord
    start: int
    end: int


class ShellCommand(NamedTuple):
    """A simple command, and the operators that stand before and after it."""

    words: tuple[ShellWord, ...]
    redirections: tuple[Redirection, ...]
    before: str
    after: str
    """A line feed, an operator, a run of brackets, or nothing at the end of the text."""
    after_start: int


class Line(NamedTuple):
    """The commands up to the first line feed that ends one."""

    commands: list[ShellCommand]
    end: int
    error: UnclosedError | None
    open_words: tuple[ShellWord, ...]
    """With an error: the words of the command in which it is."""
    loose: list[int]
    """Where blanks follow a backslash that was read as continuing the line."""


_SIMPLE = re.compile(
    r"([^ \t\n'\"\\$`;&|<>()*?\[{~#][^ \t\n'\"\\$`;&|<>()*?\[{~]*+)(?:[ \t]++|(?=\n)|\Z)"
)
"""A word without anything that a shell would read, and the blanks behind it."""

_TOKEN = re.compile(
    r"(?P<blank>(?:[ \t]|\\\n(?:[ \t]*>[ \t]+(?=-))?)++|\\[ \t]*\Z|\#[^\n]*+)"
    r"|(?P<loose>\\[ \t]++\n(?=[ \t]*+-))"
    r"|(?P<end>\n)"
    r"|(?P<redirect>(?P<fd>[0-9]*|\{\w+\})(?P<way><<<|<<-|<<|<>|<&|<(?!\()|>>|>\||>&|>(?!\())|&>>?)"
    r"|(?P<operator>&&|\|\|?&?|;;?&?|&|[()]++)"
)
_PROMPT = re.compile(
    r"[ \t]*+(?:(?:\[[^\]\n]{1,80}\]|\([\w.-]+\)|[\w.-]+@[\w.-]+(?:[: ][^\s$#%>]*)?"
    r"|➜[ ]+\S+|[\w.-]+:\S*)?[ \t]?[$#%❯➜][ \t]+|(?:\++|[-*•])[ \t]+|ExecStart=[-@:+!]*|@)"
)
_HASH = re.compile(r"[ \t]*+#")
MOST_WORDS = 500_000
"""How many words are read; a command counts as four more, and so does a line."""
TOO_MANY = "There are too many words here to find a command among them."

_MOST_HERE_DOCUMENTS = 1000


class Reader:
    """Reads lines of commands out of one text."""

    def __init__(self, text: str, *, hash_prompts: bool = False) -> None:
        """`hash_prompts`: a line that begins with `# ` is typed by root, and no comment."""
        self._text = text
        self._hash_prompts = hash_prompts
        self._words = WordReader(text)
        self._left = MOST_WORDS
        self._here_documents = 0
        self._end = len(text)

    def line(self, start: int, end: int | None = None) -> Line:
        """Returns the commands of the line that begins at `start`; at `end` the text ends.

        Raises NoCommandError where there is more in the text than can be read.
        """
        text = self._text
        self._end = len(text) if end is None else end
        commands: list[ShellCommand] = []
        words: list[ShellWord] = []
        redirections: list[Redirection] = []
        documents: list[tuple[str, bool]] = []
        loose: list[int] = []
        before = "\n"
        position = self._after_prompt(start)
        prompted = position > start

        def close(operator: str, at: int) -> None:
            nonlocal before
            if operator == "\n" and not words and not redirections:
                return
            self._left -= 4 + len(words)
            if self._left < 0:
                raise NoCommandError(TOO_MANY, 0, len(text))
            commands.append(ShellCommand(tuple(words), tuple(redirections), before, operator, at))
            words.clear()
            redirections.clear()
            before = operator

        try:
            while position < self._end:
                if simple := _SIMPLE.match(text, position, self._end):
                    word, stop = simple[1], simple.end(1)
                    words.append(ShellWord(word, position, stop, stop - position, ""))
                    position = simple.end()
                    continue
                token = _TOKEN.match(text, position, self._end)
                if token is None:
                    words.append(self._words.read(position, self._end))
                    position = words[-1].end
                    continue
                kind = token.lastgroup
                at, position = position, token.end()
                if kind == "operator":
                    close(token[0], at)
                elif kind == "end":
                    close("\n", at)
                    position = self._after_documents(position, documents)
                    break
                elif kind == "loose":
                    loose.append(at)
                elif kind == "redirect":
                    if prompted and token[0] == ">" and _continues(text, at):
                        continue
                    position = self._redirection(token, redirections, documents)
        except UnclosedError as error:
            return Line(commands, position, error, tuple(words), loose)
        if words or redirections:
            close("", position)
        self._left -= 4
        return Line(commands, position, None, (), loose)

    def _after_prompt(self, start: int) -> int:
        found = _PROMPT.match(self._text, start, self._end)
        if found is None:
            return start
        if not self._hash_prompts and _HASH.match(self._text, start):
            return start
        return found.end()

    def _redirection(
        self,
        token: re.Match[str],
        redirections: list[Redirection],
        documents: list[tuple[str, bool]],
    ) -> int:
        """Adds a redirection, and returns where it ends."""
        start = position = token.end()
        while (
            blank := _TOKEN.match(self._text, position, self._end)
        ) and blank.lastgroup == "blank":
            position = blank.end()
        if blank is None and position < self._end:
            target = self._words.read(position, self._end)
        else:
            target = ShellWord("", start, start, 0, "")
        way = token["way"] or token[0]
        if way in ("<<", "<<-"):
            documents.append((target.text, way == "<<-"))
        fd = token["fd"] or ""
        number = int(fd) if fd.isdecimal() and len(fd) < 5 else -1 if fd else None
        redirections.append(Redirection(number, way, target, token.start(), target.end))
        return target.end

    def _after_documents(self, position: int, documents: list[tuple[str, bool]]) -> int:
        """Returns where the text goes on after here-documents; one without an end is none."""
        for delimiter, tabs in documents:
            self._here_documents += 1
            if self._here_documents > _MOST_HERE_DOCUMENTS:
                break
            indent = "\t*" if tabs else ""
            ending = re.compile(f"^{indent}{re.escape(delimiter)}$", re.MULTILINE)
            if found := ending.search(self._text, position):
                position = found.end() + 1
            else:
                # Each one that has no end costs a look at all the rest.
                self._here_documents += _MOST_HERE_DOCUMENTS // 16
        return min(position, len(self._text))


def _continues(text: str, position: int) -> bool:
    """Tells whether only blanks stand before a position on a line that continues another."""
    begin = text.rfind("\n", 0, position)
    return text[begin - 1 : begin] == "\\" and not text[begin + 1 : position].strip()
