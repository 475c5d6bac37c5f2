"""Asks a QEMU which buses a machine has by itself; it starts the machine and stops it again."""

import json
import os
import subprocess
from pathlib import Path

from qemutui.core import board, board_words
from qemutui.core.argv import binary
from qemutui.core.board import Board
from qemutui.core.catalog import Catalog
from qemutui.core.profile import Profile
from qemutui.host import trusted

_ASKED = ("-accel", "tcg", "-display", "none", "-S", "-qmp", "stdio")
_PATIENCE = 5.0
"""Seconds that a machine has to start."""
_COMMANDS = (
    {"execute": "qmp_capabilities"},
    {"execute": "human-monitor-command", "arguments": {"command-line": "info qtree"}},
    {"execute": "quit"},
)
_MOST = 64
"""How many answers are kept."""

_known: dict[tuple[str, int, int, tuple[str, ...]], Board | None] = {}


def of(profile: Profile, directory: Path, catalog: Catalog) -> Board | None:
    """Returns the board of a profile, or None where it may not be asked for or is not told.

    This may take a tenth of a second. `directory` is where QEMU runs: a relative path starts
    there.
    """
    words = board_words.words(profile, catalog)
    path = trusted.find(binary(profile))
    if words is None or path is None:
        return None
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    key = (path, status.st_mtime_ns, status.st_ctime_ns, words)
    if key not in _known:
        if len(_known) >= _MOST:
            _known.clear()
        _known[key] = _ask(path, words)
    return _known[key]


def _ask(path: str, words: tuple[str, ...]) -> Board | None:
    try:
        done = subprocess.run(  # noqa: S603
            [path, *words, *_ASKED],
            input="".join(json.dumps(command) + "\n" for command in _COMMANDS).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
            cwd="/",
        )
        replies = [json.loads(line) for line in done.stdout.splitlines()]
        texts = [one["return"] for one in replies if isinstance(one.get("return"), str)]
        return board.read(words, texts[0]) if texts else None
    except (OSError, ValueError, AttributeError, subprocess.TimeoutExpired):
        return None
