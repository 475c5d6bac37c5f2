"""TOML values as text: new ones, and old ones in which only what differs is written anew."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import tomli_w

from qemutui.host.matching import match, same
from qemutui.host.toml_scan import Container, Member, ScanError, members

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_WIDTH = 88
"""A list that is longer, in characters, gets a line for each element."""


def key(part: str) -> str:
    """Returns one part of a key, quoted where it must be."""
    return part if _BARE.match(part) else _scalar(part)


def dotted(parts: Sequence[str]) -> str:
    """Returns a key of several parts."""
    return ".".join([key(part) for part in parts])


def _scalar(value: object) -> str:
    return tomli_w.dumps({"k": value})[4:-1]


def inline(value: object) -> str:
    """Returns a value on one line."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key(name)} = {inline(element)}" for name, element in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join([inline(element) for element in value])}]"
    return _scalar(value)


def written(value: object, newline: str) -> str:
    """Returns a value as it stands behind `key = `: text of several lines, and a long list, on
    several lines."""
    if isinstance(value, str) and "\n" in value and "\r" not in value:
        return tomli_w.dumps({"k": value}, multiline_strings=True)[4:-1].replace("\n", newline)
    text = inline(value)
    if isinstance(value, list) and len(text) > _WIDTH:
        return newline.join(["[", *(f"    {inline(element)}," for element in value), "]"])
    return text


def rewritten(source: str, old: object, new: object, newline: str) -> str:
    """Returns the text of a value that was `old` in `source` and is to be `new`.

    Members of arrays and inline tables that are the same keep their text, comments and place.
    """
    if same(old, new, ordered=True):
        return source
    if type(old) is type(new) and isinstance(old, dict | list) and old and new:
        try:
            text = _edited(source, old, new, newline)
            if text and same(tomllib.loads(f"k = {text}")["k"], new, ordered=True):
                return text
        except (ScanError, tomllib.TOMLDecodeError):
            pass  # a layout that cannot be kept; the value itself is not at stake
    return written(new, newline)


def _edited(source: str, old: Any, new: Any, newline: str) -> str:
    """Returns the edited text, or nothing where dotted keys make the members something else."""
    container = members(source)
    kept = container.members
    pairs: list[tuple[Member, bool]] = []
    if isinstance(new, dict):
        if any(len(member.parts) > 1 for member in kept):
            return ""
        by_key = {member.parts[0]: member for member in kept}
        for name, value in new.items():
            member = by_key.get(name)
            if member:
                member.value = rewritten(member.value, old[name], value, newline)
            pairs.append(
                (member or Member("", f"{key(name)} = ", (name,), inline(value)), not member)
            )
    else:
        for value, index in zip(new, match(old, new), strict=True):
            if index is None:
                pairs.append((Member("", "", (), inline(value)), True))
            else:
                member = kept[index]
                member.value = rewritten(member.value, old[index], value, newline)
                pairs.append((member, False))
    return source[0] + _joined(container, pairs, newline) + source[-1]


def _joined(container: Container, pairs: list[tuple[Member, bool]], newline: str) -> str:
    """Puts members together; each flag tells whether the member is new.

    The space before members belongs to their places, unless it holds comments.
    """
    leads = [member.lead for member in container.members]
    _, line, indent = leads[-1].rpartition("\n")
    usual = newline + indent if line else " " if len(leads) == 1 else indent
    commented = any("#" in lead for lead in leads)
    pieces: list[str] = []
    in_comment = False
    for index, (member, new) in enumerate(pairs):
        if commented:
            lead = usual if new else member.lead
        else:
            lead = leads[index] if index < len(leads) else usual
        if in_comment and "\n" not in lead:
            lead = newline + lead
        comma = "," if index < len(pairs) - 1 or container.comma else ""
        pieces += (lead, member.key, member.value, member.post, comma, member.trail)
        in_comment = "#" in member.trail
    if in_comment and "\n" not in container.close:
        pieces.append(newline)
    return "".join([*pieces, container.close])
