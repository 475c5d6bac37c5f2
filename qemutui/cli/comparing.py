"""Compares two profiles."""

import sys
from typing import TYPE_CHECKING

from qemutui.cli.output import print_json, print_line, say
from qemutui.core import option_difference

if TYPE_CHECKING:
    from qemutui.host.store import Document


def diff(old: "Document", new: "Document", as_json: bool) -> int:
    """Prints what differs between the commands of two profiles; returns 0."""
    changes = option_difference.of_profiles(old.profile, new.profile, runs=True)
    if as_json:
        print_json(
            [
                {
                    "change": change.how,
                    "option": change.option,
                    "name": change.name,
                    "key": change.key,
                    "old": change.old,
                    "new": change.new,
                }
                for change in changes
            ]
        )
        return 0
    arrow = _arrow()
    for change in changes:
        print_line(change.line(arrow))
    if not changes:
        say("The two commands do not differ.")
    return 0


def _arrow() -> str:
    try:
        "→".encode(sys.getfilesystemencoding())
    except UnicodeEncodeError:
        return "->"
    return "→"
