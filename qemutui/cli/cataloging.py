"""Prints what a QEMU offers."""

import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qemutui.cli.output import Problem, print_json, print_line, say
from qemutui.core import catalog_listing
from qemutui.core.text import clean

if TYPE_CHECKING:
    from qemutui.core.catalog import Catalog

_BINARY = re.compile(r".*/.*|qemu-system-.*|qemu-kvm", re.DOTALL)
_FIRST = "qemu-system-x86_64"
_WIDEST = 24
"""Columns of a terminal that all but the first and the last column of a table get at most."""
_LEAST = 16
"""Columns that are left for what is last in a row, or it is not cut."""
_NEAR = 5


def is_binary(word: str) -> bool:
    """Tells whether the first word of `qemutui catalog` is a binary, not a name."""
    return _BINARY.fullmatch(word) is not None


def default_binary() -> str:
    """Returns the QEMU that is asked where none is named."""
    from qemutui.host.completion import programs

    found = programs("qemu-system-")
    return _FIRST if _FIRST in found or not found else found[0]


def known_words(before: Sequence[str]) -> list[str]:
    """Returns what can stand behind the words `before`, as far as that is known without a run."""
    from qemutui.host import catalogs
    from qemutui.host.completion import programs

    if len(before) > 1 or (before and not is_binary(before[0])):
        return []
    catalog = catalogs.cached(before[0] if before else default_binary(), _here())
    found = [] if before else programs("qemu-system-")
    found += catalog_listing.CATEGORIES
    return found + list(catalog_listing.names(catalog) if catalog else ())


def _here() -> Path:
    return Path(os.path.abspath("."))  # noqa: PTH100


def show(words: Sequence[str], allow: bool, as_json: bool) -> int:
    """Prints what is asked for, and returns the exit status. Raises Problem.

    Args:
        words: A binary, a category or a name; the first can be left out, or both.
        allow: Whether the binary may be run from now on.
        as_json: Whether it is printed as JSON.
    """
    named = len(words) == 2 or bool(words and is_binary(words[0]))
    binary = words[0] if named else default_binary()
    what = words[int(named)] if len(words) > int(named) else ""
    catalog = _ask(binary, allow)
    name = catalog_listing.category(what)
    if catalog.note and (name == "devices" or not what):
        say(catalog.note)
    if not what:
        _show_all(binary, catalog, as_json)
    elif name and as_json:
        print_json(catalog_listing.plain_list(catalog, name))
    elif name:
        _print_table(catalog_listing.table(catalog, name))
    else:
        return _show_one(binary, catalog, what, as_json)
    return 0


def _ask(binary: str, allow: bool) -> "Catalog":
    from qemutui.host import allowed, catalogs

    try:
        try:
            return catalogs.of(binary, _here())
        except catalogs.UntrustedError as error:
            if not allow:
                raise Problem(f"{error} --allow allows it, from now on.") from None
            allowed.allow(error.path)
        return catalogs.of(binary, _here())
    except catalogs.ProbeError as error:
        raise Problem(str(error)) from None
    except (OSError, ValueError) as error:
        raise Problem(f"{binary} cannot be allowed: {error}") from None


def _show_all(binary: str, catalog: "Catalog", as_json: bool) -> None:
    if as_json:
        about = {"binary": binary, "version": catalog.release, "package": catalog.package,
                 "target": catalog.target, "note": catalog.note}  # fmt: skip
        lists = {name: catalog_listing.plain_list(catalog, name)
                 for name in catalog_listing.CATEGORIES}  # fmt: skip
        print_json({**about, **lists})
        return
    package = f" ({catalog.package})" if catalog.package else ""
    print_line(f"{binary}: QEMU {catalog.release}{package} for {catalog.target}")
    rows = [(name, str(len(catalog_listing.table(catalog, name))))
            for name in catalog_listing.CATEGORIES]  # fmt: skip
    width = max(len(count) for _, count in rows)
    _print_table([(name, f"{count:>{width}}") for name, count in rows])


def _show_one(binary: str, catalog: "Catalog", name: str, as_json: bool) -> int:
    found = catalog_listing.find(catalog, name)
    if as_json and found:
        print_json([catalog_listing.plain(one) for one in found])
        return 0
    if not found:
        from difflib import get_close_matches

        near = get_close_matches(name, catalog_listing.names(catalog), _NEAR)
        hint = f" Near it: {', '.join(f'“{one}”' for one in near)}." if near else ""
        say(f"{binary} {catalog.release} has no “{name}”.{hint}")
        return 1
    for one in found:
        print_line(f"{one.kind} {one.name}")
        _print_table(one.facts, indent="  ")
        if one.properties is None:
            reason = "crashed on them" if one.name in catalog.crashed else "does not tell them"
            say(f"The properties of {one.name} are unknown: QEMU {reason}.")
        else:
            _print_table(catalog_listing.property_rows(one.properties), indent="    ")
    return 0


def _width() -> int:
    """Returns how wide a line may be; 0 where it is read by no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout and sys.stdout.isatty() else 0


def _print_table(rows: Sequence[Sequence[str]], indent: str = "") -> None:
    """Prints rows in columns; those that are empty everywhere are left out."""
    most = _width()
    columns = [[clean(cell) for cell in column] for column in zip(*rows, strict=True)]
    columns = [column for column in columns if any(column)]
    widths = [max(map(len, column)) for column in columns]
    if most and widths:
        widths = [widths[0], *(min(width, _WIDEST) for width in widths[1:-1]), *widths[1:][-1:]]
        before = len(indent) + sum(width + 2 for width in widths[:-1])
        if most < before + min(_LEAST, widths[-1]):
            most = 0  # values are worth more than even lines; the terminal wraps
    for row in zip(*columns, strict=True):
        cells = [f"{_cut(cell, width):{width}}" for cell, width in zip(row, widths, strict=True)]
        print_line(_cut((indent + "  ".join(cells)).rstrip(), most))


def _cut(text: str, most: int) -> str:
    if not most or len(text) <= most:
        return text
    try:
        "…".encode(sys.getfilesystemencoding())
    except UnicodeEncodeError:
        return text[:most]
    return f"{text[: most - 1]}…"
