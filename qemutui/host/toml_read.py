"""Reads TOML that somebody else wrote: refuses in words what would take too long or go too deep."""

import re
import tomllib
from typing import Any

from qemutui.core.text import clean
from qemutui.host.content import StoreError

MAX_DEPTH = 100
"""How deep tables and lists may lie in each other."""
MAX_PARTS = 64
"""How many parts a dotted key may have; tomllib needs seconds for thousands."""
_MAX_BITS = 14_284  # 4300 digits: what Python turns into text

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")


def parse(name: str, source: str) -> dict[str, Any]:
    """Returns what `tomllib` makes of a file's text.

    Args:
        name: What messages call the file.
        source: Its text, without a byte order mark.

    Raises:
        StoreError: It is no TOML, or beyond the limits of this module.
    """
    shown = clean(name)
    if found := _CONTROL.search(source):
        line = source.count("\n", 0, found.start()) + 1
        raise StoreError(
            f"{shown}, line {line}: the character U+{ord(found[0]):04X} cannot stand in TOML."
        )
    if any(line.count(".") >= MAX_PARTS for line in source.split("\n")):  # a key is on one line
        from qemutui.host.toml_faults import long_key

        if line := long_key(source, MAX_PARTS):
            raise StoreError(f"{shown}, line {line}: a key has more than {MAX_PARTS} parts.")
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        from qemutui.host.toml_faults import explain

        line, words = explain(source, str(error))
        raise StoreError(f"{shown}, line {line}: {clean(words)}.") from None
    except RecursionError:
        raise _too_deep(shown, source) from None
    except ValueError:  # int() of more than 4300 digits
        raise _too_long(shown, source) from None
    _refuse_extremes(shown, source, data)
    return data


def _refuse_extremes(shown: str, source: str, data: dict[str, Any]) -> None:
    waiting: list[tuple[int, Any]] = [(1, data)]
    while waiting:
        depth, value = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep(shown, source)
        inside = value.values() if isinstance(value, dict) else value
        for element in inside:
            if isinstance(element, dict | list):
                waiting.append((depth + 1, element))
            elif isinstance(element, int) and element.bit_length() > _MAX_BITS:
                raise _too_long(shown, source)


def _too_deep(shown: str, source: str) -> StoreError:
    from qemutui.host.toml_faults import deep_bracket

    line = deep_bracket(source, MAX_DEPTH)
    where = f", line {line}" if line else ""
    return StoreError(f"{shown}{where}: lists and tables lie more than {MAX_DEPTH} deep.")


def _too_long(shown: str, source: str) -> StoreError:
    found = re.search(r"[0-9a-fA-F_]{3500}", source)
    where = f", line {source.count(chr(10), 0, found.start()) + 1}" if found else ""
    return StoreError(f"{shown}{where}: a number has more than 4300 digits.")
