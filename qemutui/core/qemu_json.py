"""Reads JSON as QEMU does (`qobject/json-lexer.c`): strings may stand in single quotes."""

import re
from typing import Any

from qemutui.core.keyval import Value

_DEEPEST = 24
"""More levels than any option has; a profile's file takes 64."""

_STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'((?:\\.|[^\'\\])*)\'', re.DOTALL)


class _NotAValueError(ValueError):
    """JSON that a profile cannot hold."""


def read(text: str) -> dict[str, Value] | None:
    """Returns a JSON object, or None where it is none or a profile cannot hold it.

    No profile holds null, a key twice, an infinite number or an integer beyond 64 bits.
    """
    import json  # most commands hold no JSON, and loading this takes longer than reading them

    try:
        try:
            found = _loads(json, text)
        except json.JSONDecodeError:
            if "'" not in text:
                return None
            found = _loads(json, _STRING.sub(_double_quoted, text))
        return _value(found, 0) if isinstance(found, dict) else None  # type: ignore[return-value]
    except (ValueError, RecursionError):
        return None


def _loads(json: Any, text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)


def _double_quoted(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[0]
    return '"' + match[1].replace("\\'", "'").replace('"', '\\"') + '"'


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NotAValueError
    return found


def _refuse(constant: str) -> None:
    raise _NotAValueError(constant)


def _value(value: Any, depth: int) -> Value:
    if depth > _DEEPEST:
        raise _NotAValueError
    if isinstance(value, dict):
        return {_text(key): _value(element, depth + 1) for key, element in value.items()}
    if isinstance(value, list):
        return tuple(_value(element, depth + 1) for element in value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**64:
        return value
    if isinstance(value, float) and abs(value) != float("inf"):
        return value
    raise _NotAValueError


def _text(text: str) -> str:
    text.encode()  # half a surrogate pair has no bytes
    return text


def same(one: Value, other: Value) -> bool:
    """Tells whether QEMU reads two values alike: the order of keys means nothing to it."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other
