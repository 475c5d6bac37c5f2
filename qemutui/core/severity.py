"""Tells which lines of a log are errors and warnings of QEMU itself. Cheap: every line is asked."""

import re

_LONGEST_NAME = 200
"""Characters of a line in which it tells what it is; a flood may have lines of any length."""
_STAMP = r"\d{4}-\d\d-\d\dT[\d:.]+Z "  # of `-msg timestamp=on`
_PROGRAM = re.compile(r"\S*(?:qemu|kvm)\S*: (?P<rest>.*)", re.DOTALL)
_STAMPED = re.compile(_STAMP + _PROGRAM.pattern, re.DOTALL)
_HARMLESS = ("info:", "terminating on signal")


def severity_of(line: str) -> str:
    """Returns `error` or `warning` for what QEMU says of itself, else nothing.

    `util/error-report.c` begins a line with the program's name, then the option that is spoken of,
    then `warning:` or `info:`.
    """
    head = line[:_LONGEST_NAME]
    match = (_STAMPED if head[:1].isdigit() else _PROGRAM).match(head)
    if match is None:
        return ""
    rest = match["rest"]
    if "warning: " in rest:
        return "warning"
    return "" if rest.startswith(_HARMLESS) or ": info: " in rest else "error"


def unstamped(line: str) -> str:
    """Returns a line without the time that QEMU may have put before it."""
    match = re.match(_STAMP, line)
    return line[match.end() :] if match else line


def said(line: str) -> str | None:
    """Returns what a line says after QEMU's name, or None where it does not begin with that."""
    line = unstamped(line)
    match = _PROGRAM.match(line[:_LONGEST_NAME])
    return line[match.start("rest") :] if match else None
