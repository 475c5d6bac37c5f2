"""Reads words that no shell reads again: lines of `ps`, `/proc/PID/cmdline`, JSON arrays."""

import re
from itertools import islice

from qemutui.core import options
from qemutui.core.command import NoCommandError
from qemutui.core.program_choice import is_option
from qemutui.core.shell_words import MOST_WORDS, TOO_MANY, ShellWord

# Columns before the command. Sources: ps(1), "standard format specifiers"; pgrep(1); systemctl(1).
_COLUMNS = re.compile(
    r"(?:"
    r"\s*\S+\s+\d+\s+\d+\s+\d+\s+\S+\s+\S+\s+(?:\d+-)?[\d:]+\s+"  # ps -ef
    r"|\s*\S+\s+\d+\s+[\d.]+\s+[\d.]+\s+\d+\s+\d+\s+\S+\s+[A-Z]\S*\s+\S+\s+[\d:.-]+\s+"  # ps aux
    r"|\s*\d+\s+\S+\s+[A-Z][\w<+]*\s+[\d:.-]+\s+"  # ps ax
    r"|\s*\d+\s+[A-Z]\s+\S+\s+\d+\s+\d+\s+(?:\S+\s+){7,8}(?:\d+-)?[\d:]+\s+"  # ps -lf
    r"|[\s│├└─]*\d+\s+"  # pgrep -a, ps -o pid,args, systemctl status
    r")(?:[ |]*\\_\s+)?(?=[^\s-])"
)
_WORD = re.compile(r"\S+")
_JSON_STRING = re.compile(r"\s*(\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+')\s*([,\]])", re.DOTALL)
_PYTHON_ESCAPE = re.compile(r"\\x([0-9a-f]{2})|\\(.)|\"", re.DOTALL)
IMAGE = "\0image"
"""What `ShellWord.kept` is of a word that is taken for a disk image."""
VALUE = "\0value"
"""What it is of words that are taken for one value."""

_FREE_TEXT = frozenset(("append", "name", "incoming", "smbios", "fw_cfg", "prom-env"))
"""Options whose values often hold blanks."""


def command_start(line: str) -> int:
    """Returns where the command begins in a line of `ps` or `pgrep`; 0 where it is no such."""
    found = _COLUMNS.match(line)
    return found.end() if found else 0


def literal(text: str, start: int, end: int) -> tuple[ShellWord, ...]:
    """Returns what stands between blanks, as it stands."""
    found = islice(_WORD.finditer(text, start, end), MOST_WORDS)
    return tuple(
        ShellWord(one[0], one.start(), one.end(), one.end() - one.start(), "") for one in found
    )


def joined(text: str, words: tuple[ShellWord, ...], program: int) -> tuple[ShellWord, ...]:
    """Joins the words of a value that blanks have divided; `kept` says what was assumed."""
    result = list(words[: program + 1])
    at = program + 1
    while at < len(words):
        word = words[at]
        name = options.name_of(word.text)
        at += 1
        if name is None:
            result.append(word._replace(kept=IMAGE))
            continue
        result.append(word)
        # An option that the table lacks has a value where `options.read` takes it to have one.
        lone = at < len(words) and name not in options.KINDS and words[at].text[:1] == "-"
        if at == len(words) or name in options.FLAGS or lone:
            continue
        first = at
        at += 1
        if words[first].text.startswith(("{", "json:{")):
            depth = _depth(words[first].text)
            while depth > 0 and at < len(words):
                depth += _depth(words[at].text)
                at += 1
        elif name in _FREE_TEXT:
            while at < len(words) and not is_option(words[at].text):
                at += 1
        start, end = words[first].start, words[at - 1].end
        result.append(
            ShellWord(text[start:end], start, end, end - start, VALUE if at - first > 1 else "")
        )
    return tuple(result)


def _depth(text: str) -> int:
    return text.count("{") - text.count("}")


def json_array(text: str) -> tuple[ShellWord, ...] | None:
    """Returns the words of a JSON array of strings; None where the text is no such.

    A list as Python prints it is read, too, and a comma after the last string. Raises
    NoCommandError where they are too many.
    """
    begin = text.find("[")
    position = begin + 1
    words = []
    while found := _JSON_STRING.match(text, position):
        value = _string(found[1])
        if value is None:
            return None
        words.append(ShellWord(value, found.start(1), found.end(1), len(value), ""))
        position = found.end()
        if len(words) > MOST_WORDS:
            raise NoCommandError(TOO_MANY, 0, len(text))
        if found[2] == "]":
            return tuple(words) if not text[position:].strip(" \t\r\n;,") else None
    rest = text[position:].strip()
    return tuple(words) if words and rest == "]" else None


def _string(written: str) -> str | None:
    import json

    if written[0] == "'":
        written = f'"{_PYTHON_ESCAPE.sub(_to_json, written[1:-1])}"'
    try:
        return str(json.loads(written, strict=False))
    except ValueError:
        return None


def _to_json(found: re.Match[str]) -> str:
    """Returns as JSON writes it what Python writes in single quotes."""
    if found[1]:
        return f"\\u00{found[1]}"
    return "'" if found[2] == "'" else '\\"' if found[0] == '"' else found[0]


def separated(text: str) -> tuple[ShellWord, ...]:
    """Returns the words of a text in which NUL ends each, as in `/proc/PID/cmdline`.

    Raises NoCommandError where they are too many.
    """
    if text.count("\0") > MOST_WORDS:
        raise NoCommandError(TOO_MANY, 0, len(text))
    words = []
    start = 0
    for part in text.removesuffix("\n").removesuffix("\0").split("\0"):
        words.append(ShellWord(part, start, start + len(part), len(part), ""))
        start += len(part) + 1
    return tuple(words)
