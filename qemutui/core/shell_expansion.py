"""What a shell would expand, as far as a reader needs it that runs nothing: where it ends.

Source: POSIX.1-2017, Shell Command Language, 2.2 and 2.6; the bash manual, ANSI-C Quoting.
"""

import re

DEEPEST = 100
"""How many brackets and quotes may be open at once."""

_STOP = re.compile(r"\\.|['\"`()}]|\$[({]", re.DOTALL)
_CLOSER = {'"': '"', "`": "`", "$(": ")", "(": ")", "<(": ")", ">(": ")", "${": "}"}
_PRINTED = re.compile(r"\$\(printf '([^']*+)'\)")
_FORMAT = re.compile(r"(?:[^%\\]|%%|\\\\|\\[0-7]{1,3})*+")
_FORMAT_PART = re.compile(r"[^%\\]+|%%|\\\\|\\[0-7]{1,3}")
_ANSI_PART = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|c(.)|(.))",
    re.DOTALL,
)
_ANSI_SIGNS = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "v": "\v", "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip


class UnclosedError(ValueError):
    """Something that is opened is never closed, or too much is open; the message says what."""

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start


def unclosed(opener: str, start: int) -> UnclosedError:
    """Returns the error for an opening sign that is never closed."""
    quote = opener in ("'", '"', "`")
    return UnclosedError(f"A {'quote' if quote else f'“{opener}”'} is never closed.", start)


def end_of(text: str, start: int, limit: int, opener: str, quoted: bool) -> int:
    """Returns where an expansion ends that begins with `opener` at `start`, `limit` at most.

    `quoted` tells whether it stands in double quotes. Raises UnclosedError.
    """
    opened = [(_CLOSER[opener], start, opener)]
    position = start + len(opener)
    while opened:
        stop = _STOP.search(text, position, limit)
        closer, at, written = opened[-1]
        if stop is None:
            raise unclosed(written, at)
        sign = stop[0]
        position = stop.end()
        if sign == closer:
            opened.pop()
        elif sign == "'":
            outer = opened[-2][0] if len(opened) > 1 else '"' if quoted else ""
            if closer != '"' and not (closer == "}" and outer == '"'):
                position = text.find("'", position, limit) + 1
                if not position:
                    raise unclosed(sign, stop.start())
        elif sign in _CLOSER and not (sign == "(" and closer != ")"):
            # A backquote in a backquote is escaped; another one belongs to the one outside.
            if sign == "`" and any(one[0] == "`" for one in opened):
                continue
            opened.append((_CLOSER[sign], stop.start(), sign))
            if len(opened) > DEEPEST:
                raise UnclosedError("Too many brackets are open at once.", stop.start())
    return position


def printed(text: str, start: int, limit: int) -> tuple[str, int] | None:
    """Returns what `$(printf 'FORMAT')` at `start` prints, and its end; None where it is no such.

    Only a format of octal escapes, `%%` and `\\\\` is read, which is how `core.shell` writes
    control characters.
    """
    found = _PRINTED.match(text, start, limit)
    if found is None or found[1].startswith("-") or not _FORMAT.fullmatch(found[1]):
        return None
    data = bytearray()
    for part in _FORMAT_PART.findall(found[1]):
        if part[0] == "\\" and part != "\\\\":
            code = int(part[1:], 8)
            if not 0 < code < 256:
                return None
            data.append(code)
        else:
            data += _bytes(part[0] if part in ("%%", "\\\\") else part)
    return data.rstrip(b"\n").decode("utf-8", "surrogateescape"), found.end()


def ansi(body: str) -> str:
    """Returns what stands in `$'…'`, as bash reads it."""
    if "\\" not in body:
        return body
    data = bytearray()
    position = 0
    for part in _ANSI_PART.finditer(body):
        data += _bytes(body[position : part.start()])
        position = part.end()
        octal, two, four, eight, control, sign = part.groups()
        if octal or two:
            code = int(octal, 8) & 0xFF if octal else int(two, 16)
            if not code:
                return data.decode("utf-8", "surrogateescape")
            data.append(code)
        elif four or eight:
            code = int(four or eight, 16)
            if not code:
                return data.decode("utf-8", "surrogateescape")
            data += _bytes(chr(code) if code < 0x110000 else part[0])
        elif control:
            data += bytes([ord(control) & 0x1F]) if control.isascii() else _bytes(part[0])
        else:
            data += _bytes(_ANSI_SIGNS.get(sign, part[0]))
    data += _bytes(body[position:])
    return data.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
