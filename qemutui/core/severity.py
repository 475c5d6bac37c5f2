"""Tells which lines of a log are errors and warnings of QEMU itself. Cheap: every line is asked."""

import re

_LONGEST_NAME = 200
"""Characters of a line in which it tells what it is; a flood may have lines of any length."""
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z ")
"""What `-msg timestamp=on` puts before a line."""
_PROGRAM = re.compile(r"\S*(?:qemu|kvm)\S*: ")
_HARMLESS = ("info:", "terminating on signal")


def severity_of(line: str) -> str:
    """Returns `error` or `warning` for what QEMU says of itself, else nothing.

    `util/error-report.c` begins a line with the program's name, then the option that is spoken of,
    then `warning:` or `info:`.
    """
    rest = said(line[: 2 * _LONGEST_NAME])
    if rest is None:
        return ""
    if "warning: " in rest:
        return "warning"
    return "" if rest.startswith(_HARMLESS) or ": info: " in rest else "error"


def unstamped(line: str) -> str:
    """Returns a line without the time that QEMU may have put before it."""
    match = _STAMP.match(line) if line[:1].isdigit() else None
    return line[match.end() :] if match else line


def said(line: str) -> str | None:
    """Returns what a line says after QEMU's name, or None where it does not begin with that."""
    line = unstamped(line)
    match = _PROGRAM.match(line[:_LONGEST_NAME])
    return line[match.end() :] if match else None
