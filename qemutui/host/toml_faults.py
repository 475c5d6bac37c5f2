"""What is wrong with a text that should be TOML, in words."""

import re
from collections.abc import Callable, Iterator

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|'[^'\n]*+')"""
_TOKEN = re.compile(
    r"#[^\n]*+"
    r'|"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    rf"|(?P<key>{_PART}(?:[ \t]*+\.[ \t]*+{_PART})++)"
    rf"|{_PART}|(?P<open>[\[{{])|(?P<close>[\]}}])|.",
    re.DOTALL,
)
_PARTS = re.compile(_PART)
_KEY = re.compile(rf"[ \t]*({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*=[ \t]*")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")


def _tokens(source: str) -> Iterator[re.Match[str]]:
    return _TOKEN.finditer(source)


def _line(source: str, offset: int) -> int:
    return source.count("\n", 0, offset) + 1


def long_key(source: str, most: int) -> int:
    """Returns the line of the first key with more than `most` parts, 0 if there is none."""
    for token in _tokens(source):
        if token["key"] and len(_PARTS.findall(token["key"])) > most:
            return _line(source, token.start())
    return 0


def deep_bracket(source: str, most: int) -> int:
    """Returns the line of the first bracket inside `most` others, 0 if there is none."""
    depth = 0
    for token in _tokens(source):
        if token["open"]:
            depth += 1
            if depth > most:
                return _line(source, token.start())
        elif token["close"]:
            depth = max(0, depth - 1)
    return 0


def explain(source: str, message: str) -> tuple[int, str]:
    """Returns the line, from 1, and what is wrong there, for a message of `tomllib`.

    The words hold text of the source, uncleaned.
    """
    source = source.replace("\r\n", "\n")  # as tomllib counts
    place = _PLACE.search(message)
    bare = message[: place.start()] if place else message
    if place and place[1]:
        line, column = int(place[1]), int(place[2])
    else:
        line, column = source.rstrip().count("\n") + 1, 0
    lines = source.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    rest = written[column - 1 :] if column else ""
    for start, words in _WORDS:
        if bare.startswith(start):
            return line, words(written, rest, bare)
    return line, bare[:1].lower() + bare[1:]


def _snippet(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 24 else text[:23] + "…"


def _value(written: str, rest: str, _message: str) -> str:
    found = rest.partition("#")[0].strip()
    key = _KEY.match(written)
    if key and not written[key.end() :].partition("#")[0].strip():
        return f"a value is missing after “{_snippet(key[1])} =”"
    if not found:
        return "a value is missing"
    return f"“{_snippet(found)}” is no value; text stands in quotes"


def _equals(written: str, rest: str, _message: str) -> str:
    key = written[: len(written) - len(rest)].strip()
    return f"“=” is missing after “{_snippet(key)}”" if key else "“=” is missing"


def _twice(written: str, _rest: str, message: str) -> str:
    quoted = re.search(r"key '(.*)'\Z", message)
    header = re.match(r"[ \t]*(\[\[?[^\]\n]*\]?\]?)", written)
    key = _KEY.match(written)
    name = quoted[1] if quoted else header[1] if header else key[1] if key else ""
    return f"“{_snippet(name)}” is given twice" if name else "this key is given twice"


def _closed(written: str, rest: str, message: str) -> str:
    return _twice(written, rest, message).replace("given twice", "complete; nothing can be added")


def _always(words: str) -> Callable[[str, str, str], str]:
    return lambda _written, _rest, _message: words


_WORDS: tuple[tuple[str, Callable[[str, str, str], str]], ...] = (
    ("Invalid value", _value),
    ("Expected '=' after a key", _equals),
    ("Invalid statement", _always("a key, a [table] or a comment is expected here")),
    ("Unterminated string", _always("a quote is never closed")),
    ("Expected \"'", _always("a quote is never closed")),
    ("Illegal character '\\n'", _always("a quote is not closed on its line")),
    ("Found invalid character '\\n'", _always("a quote is not closed on its line")),
    ("Unclosed array", _always("a “,” or “]” is missing in a list")),
    ("Unclosed inline table", _always("a “,” or “}” is missing in a table")),
    ("Duplicate inline table key", _twice),
    ("Cannot declare", _twice),
    ("Cannot overwrite a value", _twice),
    ("Cannot mutate immutable namespace", _closed),
    ("Cannot redefine namespace", _closed),
    (
        "Expected newline or end of document",
        lambda _written, rest, _message: f"“{_snippet(rest)}” stands after a complete value",
    ),
    ("Invalid initial character for a key part", _always("a key is expected here")),
    ("Expected ']'", _always("“]” is missing")),
    ("Expected ']]'", _always("“]]” is missing")),
    (
        "Unescaped '\\' in a string",
        _always("“\\” begins nothing that TOML knows; write “\\\\”, or use single quotes"),
    ),
    ("Invalid hex value", _always("an escape lacks hexadecimal digits")),
    ("Escaped character is not a Unicode scalar", _always("an escape is no character")),
    ("Invalid date or datetime", _always("there is no such date or time")),
)
