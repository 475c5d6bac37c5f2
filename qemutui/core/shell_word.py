"""Reads one word of shell text: its quotes are undone, what would be expanded stays as it stands.

Source: POSIX.1-2017, Shell Command Language, 2.2; the bash manual, Quoting.
"""

import re
from typing import NamedTuple

from qemutui.core import shell_expansion
from qemutui.core.shell_expansion import unclosed


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


class WordReader:
    """Reads words out of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = len(text)
        self._no_json_before = 0

    def read(self, start: int, end: int) -> ShellWord:
        """Returns the word at `start`; at `end` the text ends. Raises UnclosedError."""
        self._end = end
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
