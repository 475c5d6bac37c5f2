"""Opens the app."""

import os

from qemutui.cli.output import Problem


def open_app(profile: str | None, run: str = "") -> int:
    """Opens the app on a profile, a run or the library, and returns its exit status.

    Args:
        profile: As a user names it.
        run: The id of a run.

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
    from qemutui.host import guard

    def app(parent: int) -> int:
        from qemutui.host.record import RecordError
        from qemutui.ui.app import run as run_app
        from qemutui.ui.themes import ThemeError

        try:
            return run_app(path, run, parent)
        except (StoreError, RecordError, ThemeError) as error:
            raise Problem(str(error)) from None

    return guard.run(app)
