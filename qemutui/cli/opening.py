"""Opens the app."""

import os
from typing import TYPE_CHECKING

from qemutui.cli.output import Problem

if TYPE_CHECKING:
    from qemutui.host.record import Record


def open_app(profile: str | None, run: "Record | None" = None) -> int:
    """Opens the app on a profile, a run or the library, and returns its exit status.

    Args:
        profile: As a user names it.
        run: The run to show.

    Raises:
        Problem: There is no such profile, or no terminal.
    """
    from pathlib import Path

    from qemutui.host import library
    from qemutui.host.content import StoreError

    try:
        path: Path | None = library.find(profile) if profile is not None else None
    except StoreError as error:
        raise Problem(str(error)) from None
    dumb = os.environ.get("TERM", "dumb") == "dumb"
    if dumb or not (os.isatty(0) and os.isatty(1)):
        raise Problem("The app needs a terminal. qemutui argv PROFILE prints the command.")
    from qemutui.host.guard import guarded
    from qemutui.ui.app import run as run_app
    from qemutui.ui.themes import ThemeError

    try:
        with guarded():
            return run_app(path, run)
    except (StoreError, ThemeError) as error:
        raise Problem(str(error)) from None
