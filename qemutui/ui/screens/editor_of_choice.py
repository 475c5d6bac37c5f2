"""Edits a file in the editor that the user has chosen, while the app gives the terminal away."""

import asyncio
import os
import shlex
import shutil
import signal
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from qemutui.core.text import clean

_PASSED = 0.2
"""Seconds after which the loop has read what came while it stood still."""


def edit(app: App[Any], path: Path) -> str:
    """Runs $VISUAL, else $EDITOR, on a file and waits for its end; returns what went wrong.

    The variables hold words as in a shell (`code --wait`); no shell reads them.
    """
    name = next((name for name in ("VISUAL", "EDITOR") if os.environ.get(name, "").strip()), "")
    if not name:
        return "No editor: neither $VISUAL nor $EDITOR names one."
    try:
        words = shlex.split(os.environ[name])
    except ValueError:
        return f"A quote is never closed in ${name}."
    if not words or shutil.which(words[0]) is None:
        return f"${name} names no program that can be run: {clean(os.environ[name])}."
    try:
        with app.suspend():
            status = _run([*words, str(path)])
    except SuspendNotSupported:
        return "This terminal cannot be given to an editor."
    except OSError as error:
        return f"{clean(words[0])} cannot be run: {(error.strerror or 'unknown error').lower()}."
    return f"{clean(words[0])} ended with status {status}." if status else ""


def _run(words: list[str]) -> int:
    """Runs a program in the foreground. Ctrl+C is its own, and does not end qemutui."""
    import subprocess

    loop = asyncio.get_running_loop()
    handlers = getattr(loop, "_signal_handlers", {})
    ours = handlers.get(signal.SIGINT)
    loop.remove_signal_handler(signal.SIGINT)
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(words, check=False).returncode  # noqa: S603 - what the user named
    finally:
        signal.signal(signal.SIGINT, before)
        if ours is not None:
            # Later: the loop has yet to read which signals came, and would take them for its own.
            again = (signal.SIGINT, ours._callback, *ours._args)
            loop.call_later(_PASSED, loop.add_signal_handler, *again)
