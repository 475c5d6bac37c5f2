"""Reads the commands of shell text, each word with its place; runs and expands nothing.

Source: POSIX.1-2017, Shell Command Language; what bash adds (`$'…'`, `<<<`, `&>`, `<(…)`) as its
manual has it. Brackets and reserved words only end commands, so that a part of a script is read
as well as a whole one.
"""

import re
from typing import NamedTuple

from qemutui.core import shell_expansion
from qemutui.core.command import NoCommandError
from qemutui.core.shell_expansion import UnclosedError, unclosed


class ShellWord(NamedTuple):
    """A word as a program gets it, from `text[start:end]`."""

    text: str
    start: int
    end: int
    plain: int
    """How many characters, from the first on, stand there without any quoting."""
    kept: str
    """The first thing in it that a shell would expand; empty where there is none."""

    @property
    def bare(self) -> bool:
        """Whether nothing of it is quoted or expanded."""
        return self.plain == len(self.text)


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
    r"|(?P<redirect>(?P<fd>\d*|\{\w+\})(?P<way><<<|<<-|<<|<>|<&|<(?!\()|>>|>\||>&|>(?!\())|&>>?)"
    r"|(?P<operator>&&|\|\|?&?|;;?&?|&|[()]++)"
)
_PIECE = re.compile(
    r"(?P<plain>[^ \t\n'\"\\$`;&|<>()]++)"
    r"|'(?P<single>[^']*+)'"
    r"|\"(?P<double>[^\"\\$`]*+)\""
    r"|\\(?P<escaped>.)"
    r"|\$'(?P<ansi>(?:[^'\\]|\\.)*+)'"
    r"|(?P<mixed>\$?\")"
    r"|(?P<expansion>\$[A-Za-z_]\w*|\$[0-9@*#?$!-]|\$\(|\$\{|`|[<>]\()"
    r"|(?P<literal>[$\\](?!'))",
    re.DOTALL,
)
_INNER = re.compile(
    r"(?P<plain>[^\"\\$`]++)|\\(?P<escaped>[\n\"\\$`])|(?P<close>\")"
    r"|(?P<expansion>\$[A-Za-z_]\w*|\$[0-9@*#?$!-]|\$\(|\$\{|`)|(?P<literal>[\\$])"
)
_GLOB = re.compile(r"[*?]|\[[^\[\]]+\]|\{[^{}]*(?:,|\.\.)[^{}]*\}|(?<![^=:])~(?=/|$)")
_JSON_PART = re.compile(r"[^\"{}\[\]\n]++|\"(?:[^\"\\\n]|\\.)*+\"|[{}\[\]]")
_PROMPT = re.compile(
    r"[ \t]*+(?:(?:\[[^\]\n]{1,80}\]|\([\w.-]+\)|[\w.-]+@[\w.-]+(?:[: ][^\s$#%>]*)?"
    r"|➜[ ]+\S+|[\w.-]+:\S*)?[ \t]?[$#%❯➜][ \t]+|ExecStart=[-@:+!]*|@)"
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
        self._no_json_before = 0
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
                    words.append(self._word(position))
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
            target = self._word(position)
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

    def _word(self, start: int) -> ShellWord:
        text = self._text
        if text.startswith('{"', start) and start >= self._no_json_before:
            json_end = self._json_end(start)
            if json_end and text[json_end : json_end + 1] in ("", *" \t\n;&|<>)"):
                word = text[start:json_end]
                return ShellWord(word, start, json_end, 0, word)
        piece = _PIECE.match(text, start, self._end)
        if piece is not None and piece.lastgroup == "plain":
            position = piece.end()
            if position == self._end or text[position] in " \t\n":
                found = _GLOB.search(piece[0])
                return ShellWord(
                    piece[0], start, position, position - start, found[0] if found else ""
                )
        return self._pieces(start, piece)

    def _pieces(self, start: int, piece: re.Match[str] | None) -> ShellWord:
        text = self._text
        parts: list[str] = []
        plain, is_plain, kept = 0, True, ""
        position = start
        while piece is not None:
            kind, position = piece.lastgroup, piece.end()
            if kind == "plain":
                parts.append(piece[0])
                plain += len(piece[0]) if is_plain else 0
                if not kept and (found := _GLOB.search(piece[0])):
                    kept = found[0]
            elif kind == "expansion":
                is_plain = False
                part, position, expanded = self._expansion(piece, quoted=False)
                parts.append(part)
                kept = kept or expanded
            elif kind == "escaped":
                if piece[0] != "\\\n":
                    is_plain = False
                    parts.append(piece[0][1:])
            elif kind == "mixed":
                is_plain = False
                position, expanded = self._double(piece.end() - 1, parts)
                kept = kept or expanded
            else:
                is_plain = False
                part = piece[kind or 0]
                parts.append(shell_expansion.ansi(part) if kind == "ansi" else part)
            piece = _PIECE.match(text, position, self._end)
        if position < self._end and text[position] in "'\"$":
            raise unclosed("'" if text[position] == "$" else text[position], position)
        return ShellWord("".join(parts), start, position, plain, kept)

    def _double(self, start: int, parts: list[str]) -> tuple[int, str]:
        """Reads what stands in double quotes; returns its end and what would be expanded."""
        position, kept = start + 1, ""
        while piece := _INNER.match(self._text, position, self._end):
            kind, position = piece.lastgroup, piece.end()
            if kind == "close":
                return position, kept
            if kind == "expansion":
                part, position, expanded = self._expansion(piece, quoted=True)
                parts.append(part)
                kept = kept or expanded
            elif piece[0] != "\\\n":
                parts.append(piece[kind or 0])
        raise unclosed('"', start)

    def _expansion(self, piece: re.Match[str], *, quoted: bool) -> tuple[str, int, str]:
        """Returns what an expansion is read as, its end, and itself where it is kept."""
        opener, start, end = piece[0], piece.start(), piece.end()
        if opener == "$(" and (found := shell_expansion.printed(self._text, start, self._end)):
            written, after = found
            if quoted or not re.search(r"[\s*?\[]|^$", written):
                return written, after, ""
        if opener in ("$(", "${", "`", "<(", ">("):
            end = shell_expansion.end_of(self._text, start, self._end, opener, quoted)
        written = self._text[start:end]
        return written, end, written

    def _json_end(self, start: int) -> int:
        """Returns where unquoted JSON ends on its line; 0 where it does not."""
        depth, position = 0, start
        while part := _JSON_PART.match(self._text, position, self._end):
            position = part.end()
            if part[0] in ("{", "["):
                depth += 1
            elif part[0] in ("}", "]"):
                depth -= 1
                if not depth:
                    return position
        self._no_json_before = position
        return 0


def _continues(text: str, position: int) -> bool:
    """Tells whether only blanks stand before a position on a line that continues another."""
    begin = text.rfind("\n", 0, position)
    return text[begin - 1 : begin] == "\\" and not text[begin + 1 : position].strip()
