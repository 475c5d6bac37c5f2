"""The command line.

What opens the app is told apart here, without click, whose import alone is a tenth of a start.
"""

import os
import sys
from collections.abc import Sequence

COMPLETE = "_QEMUTUI_COMPLETE"
"""The variable by which a shell asks for completions; click's name for it."""

COMMANDS = frozenset(
    {
        "argv", "attach", "catalog", "check", "diff", "import", "list", "log", "ps", "run",
        "schema", "stop",
    }
)  # fmt: skip
"""The first words that are no profile to open."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Obeys a command line (without the program's name) and returns the exit status."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if COMPLETE in os.environ or not _opens(words):
        from qemutui.cli.commands import obey

        return obey(words)
    from qemutui.cli.opening import open_app
    from qemutui.cli.output import Problem, say

    try:
        return open_app(words[0] if words else None)
    except Problem as error:
        say(str(error))
        return 1


def _opens(words: Sequence[str]) -> bool:
    """Tells whether a command line is none at all, or a profile alone."""
    return not words or (
        len(words) == 1 and not words[0].startswith("-") and words[0] not in COMMANDS
    )
