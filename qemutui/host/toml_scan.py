"""TOML text cut into the pieces it is made of, every character in exactly one of them.

Only text that `tomllib` has accepted is cut, so nothing is checked here twice; what a value means
is left to `tomllib`. The time is linear in the length of the text.

Blank lines and comments that stand apart are the *gap* before a piece and stay where they are when
pieces move; comments directly above a key or a header are its *lead* and go with it.
"""

import re
import tomllib

Path = tuple[str | int, ...]
"""Where a value lies in the data: keys, and indices of items."""

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*')"""
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_LINE_END = r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)"
_PARTS = re.compile(_PART)
_TRIVIA = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)*(?:[ \t]*(?:#[^\n]*)?\Z)?")
_COMMENTS = re.compile(r"(?:[ \t]*#[^\n]*(?:\n|\Z))*")
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_KEY})[ \t]*\]\]?{_LINE_END}")
_ENTRY = re.compile(rf"([ \t]*)({_KEY})[ \t]*=[ \t]*")
_MEMBER = re.compile(rf"({_KEY})[ \t\r\n]*=[ \t\r\n]*")
_REST = re.compile(_LINE_END)
_STRING = re.compile(
    r'"""[^"\\]*(?:(?:\\.|"{1,2}(?!"))[^"\\]*)*"{3,5}'
    r"|'''[^']*(?:'{1,2}(?!')[^']*)*'{3,5}"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^\n\r#,\]}]*[^\s#,\]}]")
_INSIDE = re.compile(r"[^\[\]{}\"'#]+|#[^\n]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*\n)*")
_TRAIL = re.compile(r"[ \t]*(?:#[^\n]*?)?(?=\r?\n)")


class ScanError(Exception):
    """The text is no valid TOML, or of a newer TOML than this knows."""


class Entry:
    """One `key = value` line (or lines) of a table."""

    __slots__ = ("after", "at", "gap", "key", "lead", "parts", "rest", "value", "value_at")

    def __init__(self, key: str, parts: tuple[str, ...], value: str, rest: str) -> None:
        self.gap = ""
        self.lead = ""
        self.key = key
        """As written, with indentation and equals sign."""
        self.parts = parts
        self.value = value
        """As written."""
        self.rest = rest
        """The rest of the line: space, comment, line end."""
        self.after = ""
        self.at = 0
        """Offset of the key in the source; of a new entry it means nothing."""
        self.value_at = 0

    def text(self) -> str:
        """Returns the entry as it stands in the file."""
        return f"{self.gap}{self.lead}{self.key}{self.value}{self.rest}"


class Block:
    """One header with the entries below it; the first of a document has no header."""

    __slots__ = ("after", "at", "entries", "gap", "header", "lead", "path", "tail")

    def __init__(self, header: str, path: Path) -> None:
        self.gap = ""
        self.lead = ""
        self.header = header
        """The header's line as written; empty for the top level."""
        self.path = path
        """Where its table lies in the data, with the index of an item: `("device", 0)`."""
        self.entries: list[Entry] = []
        self.tail = ""
        """Comments directly below the last entry."""
        self.after = ""
        """Comments further below, before a header of the same group."""
        self.at = 0

    def text(self) -> str:
        """Returns the block as it stands in the file."""
        entries = "".join([entry.text() for entry in self.entries])
        return f"{self.gap}{self.lead}{self.header}{entries}{self.tail}{self.after}"


class Layout:
    """A whole document."""

    def __init__(self, blocks: list[Block], end: str) -> None:
        self.blocks = blocks
        self.end = end
        """Blank lines and comments after everything else."""

    def text(self, newline: str) -> str:
        """Returns the document; a piece that was last in the file and is no more gets its line
        end."""
        pieces: list[str] = []
        for block in self.blocks:
            pieces.append(f"{block.gap}{block.lead}{block.header}")
            pieces.extend([entry.text() for entry in block.entries])
            pieces.append(block.tail)
            pieces.append(block.after)
        pieces = [piece for piece in [*pieces, self.end] if piece]
        last = len(pieces) - 1
        return "".join(
            [
                piece if index == last or piece.endswith("\n") else piece + newline
                for index, piece in enumerate(pieces)
            ]
        )


class Member:
    """One element of an array or of an inline table."""

    __slots__ = ("at", "key", "lead", "parts", "post", "trail", "value")

    def __init__(self, lead: str, key: str, parts: tuple[str, ...], value: str) -> None:
        self.lead = lead
        """What stands between the comma (or bracket) before it and itself."""
        self.key = key
        """As written, with its equals sign; empty in an array."""
        self.parts = parts
        self.value = value
        self.post = ""
        """What stands between the value and its comma."""
        self.trail = ""
        """The rest of the line after the comma."""
        self.at = 0


class Container:
    """An array or inline table as written: `[`, members, `]`."""

    def __init__(self) -> None:
        self.members: list[Member] = []
        self.comma = False
        """Whether the last member has a comma."""
        self.close = ""
        """What stands before the closing bracket."""


def key_parts(key: str) -> tuple[str, ...]:
    """Returns the parts of a dotted key as data: `a."b c"` is `("a", "b c")`."""
    if "." not in key and key[0] not in "\"'":
        return (key,)
    return tuple(
        part if part[0] not in "\"'" else str(tomllib.loads(f"k={part}")["k"])
        for part in _PARTS.findall(key)
    )


def value_end(source: str, start: int) -> int:
    """Returns the offset behind the value that begins at `start`."""
    first = source[start : start + 1]
    if first in ('"', "'"):
        match = _STRING.match(source, start)
    elif first in ("[", "{"):
        return _bracket_end(source, start)
    else:
        match = _PLAIN.match(source, start)
    if match is None:
        raise ScanError(f"no value at offset {start}")
    return match.end()


def _bracket_end(source: str, start: int) -> int:
    depth = 0
    at = start
    while at < len(source):
        char = source[at]
        if char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
            if depth == 0:
                return at + 1
        else:
            match = (_STRING if char in "\"'" else _INSIDE).match(source, at)
            if match is None:
                break
            at = match.end()
            continue
        at += 1
    raise ScanError(f"no end of the bracket at offset {start}")


def _apart(trivia: str) -> tuple[str, str]:
    """Splits blank lines and comments into what stands apart and the comments directly above
    what follows."""
    if "#" not in trivia:
        return trivia, ""
    lines = trivia.split("\n")
    first = len(lines) - 1
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    lead = "\n".join(lines[first:])
    return trivia[: len(trivia) - len(lead)], lead


def _attached(trivia: str) -> tuple[str, str]:
    """Splits off the comments directly below what came before."""
    match = _COMMENTS.match(trivia)
    end = match.end() if match else 0
    return trivia[:end], trivia[end:]


def _close(block: Block, trivia: str, following: Block | None) -> str:
    """Gives the block its comments from the trivia behind it; returns the gap that is left."""
    if block.header or block.entries:
        block.tail, trivia = _attached(trivia)
    if following and block.path and "#" in trivia and following.path[0] == block.path[0]:
        end = trivia.find("\n", trivia.rindex("#")) + 1
        block.after, trivia = trivia[:end], trivia[end:]
    return trivia


def scan(source: str) -> Layout:
    """Cuts a document into its pieces.

    Raises:
        ScanError: The text is not what `tomllib` of Python 3.11 reads.
    """
    block = Block("", ())
    blocks = [block]
    arrays: dict[Path, int] = {}
    at = 0
    while True:
        match = _TRIVIA.match(source, at)
        end = match.end() if match else at
        trivia = source[at:end]
        at = end
        if at >= len(source):
            return Layout(blocks, _close(block, trivia, None))
        if header := _HEADER.match(source, at):
            path = _place(key_parts(header[2]), header[1] == "[[", arrays)
            following = Block(header[0], path)
            apart, following.lead = _apart(trivia)
            following.gap = _close(block, apart, following)
            following.at = header.start(1)
            blocks.append(following)
            block = following
            at = header.end()
        elif match := _ENTRY.match(source, at):
            end = value_end(source, match.end())
            rest = _REST.match(source, end)
            if rest is None:
                raise ScanError(f"no end of the line at offset {end}")
            entry = Entry(match[0], key_parts(match[2]), source[match.end() : end], rest[0])
            entry.gap, entry.lead = _apart(trivia)
            entry.at, entry.value_at = match.start(2), match.end()
            block.entries.append(entry)
            at = rest.end()
        else:
            raise ScanError(f"no statement at offset {at}")


def _place(parts: tuple[str, ...], item: bool, arrays: dict[Path, int]) -> Path:
    """Returns where a header's table lies, and counts the items of arrays of tables."""
    path: Path = ()
    for part in parts[:-1]:
        path += (part,)
        if path in arrays:
            path += (arrays[path] - 1,)
    path += (parts[-1],)
    if item:
        index = arrays.get(path, 0)
        arrays[path] = index + 1
        path += (index,)
    return path


def members(source: str, start: int = 0) -> Container:
    """Cuts the array or inline table that begins at `start` into its members."""
    keyed = source[start] == "{"
    container = Container()
    at = start + 1
    while True:
        space = _SPACE.match(source, at)
        lead = space[0] if space else ""
        at += len(lead)
        if source[at] in "]}":
            container.close = lead
            return container
        key, key_at = "", at
        parts: tuple[str, ...] = ()
        if keyed:
            match = _MEMBER.match(source, at)
            if match is None:
                raise ScanError(f"no key at offset {at}")
            key, parts, at = match[0], key_parts(match[1]), match.end()
        end = value_end(source, at)
        member = Member(lead, key, parts, source[at:end])
        member.at = key_at
        container.members.append(member)
        space = _SPACE.match(source, end)
        after = space[0] if space else ""
        at = end + len(after)
        container.comma = source[at] == ","
        if container.comma:
            member.post = after
            at += 1
        trail = _TRAIL.match(source, at if container.comma else end)
        member.trail = trail[0] if trail else ""
        if not container.comma:
            container.close = after[len(member.trail) :]
            return container
        at += len(member.trail)
