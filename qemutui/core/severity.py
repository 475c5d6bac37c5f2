"""Tells which lines of a log are errors and warnings of QEMU itself. Cheap: every line is asked."""

import re

_LONGEST_NAME = 200
"""Characters of a line in which it tells what it is; a flood may have lines of any length."""
_PROGRAM = re.compile(r"\S*(?:qemu|kvm)\S*: (?P<rest>.*)", re.DOTALL)
_HARMLESS = ("info:", "terminating on signal")


def severity_of(line: str) -> str:
    """Returns `error` or `warning` for what QEMU says of itself, else nothing.

    `util/error-report.c` begins a line with the program's name, then the option that is spoken of,
    then `warning:` or `info:`.
    """
    match = _PROGRAM.match(line[:_LONGEST_NAME])
    if match is None:
        return ""
    rest = match["rest"]
    if "warning: " in rest:
        return "warning"
    return "" if rest.startswith(_HARMLESS) or ": info: " in rest else "error"
