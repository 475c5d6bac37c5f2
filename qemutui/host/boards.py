"""Asks a QEMU which buses a machine has by itself; it starts the machine and stops it again.

What it printed is kept beside its catalog, and goes with that when QEMU changes.
"""

import json
import zlib
from contextlib import suppress
from pathlib import Path

from qemutui.core import board, board_words, config_file
from qemutui.core.argv import binary
from qemutui.core.board import Board
from qemutui.core.catalog import Catalog
from qemutui.core.profile import Profile
from qemutui.host import atomic, catalogs, trusted
from qemutui.host.facts import configs
from qemutui.host.probe_errors import MissingError, UntrustedError

_ASKED = ("-accel", "tcg", "-display", "none", "-S", "-qmp", "stdio")
_PATIENCE = 5.0
"""Seconds that a machine has to start."""
_COMMANDS = (
    {"execute": "qmp_capabilities"},
    {"execute": "human-monitor-command", "arguments": {"command-line": "info qtree"}},
    {"execute": "quit"},
)
_KEPT = 32
"""How many boards of a QEMU are kept on disk."""

_known: dict[tuple[str, tuple[str, ...]], Board | None] = {}
"""By what the answer depends on: the QEMU and the words."""


def of(
    profile: Profile, directory: Path, catalog: Catalog, *, allowed: bool = False
) -> Board | None:
    """Returns the board of a profile, or None where QEMU may not be asked, or does not tell.

    Where it is not known already, this takes a tenth of a second, at worst five.

    Args:
        profile: Of it nothing is passed on but what `core.board_words` lets through.
        directory: Where QEMU runs: a relative path starts there.
        catalog: What that QEMU offers.
        allowed: The user wants this very binary to be run, this time.
    """
    whole = config_file.expanded(profile, configs(profile, directory)).profile
    words = board_words.words(whole, catalog)
    if words is None:
        return None
    try:
        path = trusted.resolve(binary(profile), directory, this_one=allowed)
    except (MissingError, UntrustedError):
        return None
    key = catalogs.key_of(path)
    if key is None:
        return None
    known = (key.decode(), words)
    if known not in _known:
        _known[known] = _load(path, key, words) or _ask(path, key, words)
    return _known[known]


def _file(path: str, key: bytes, words: tuple[str, ...]) -> Path:
    return catalogs.file_of(path, key + json.dumps(words).encode()).with_suffix(".board")


def _sum(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)


def _load(path: str, key: bytes, words: tuple[str, ...]) -> Board | None:
    try:
        content = _file(path, key, words).read_bytes()
        total, _, text = content.partition(b"\n")
        return board.read(words, text.decode()) if total == _sum(text) else None
    except (OSError, ValueError):
        return None


def _ask(path: str, key: bytes, words: tuple[str, ...]) -> Board | None:
    text = text_of(path, words)
    try:
        found = None if text is None else board.read(words, text)
    except ValueError:
        return None
    if text is not None:
        with suppress(OSError):  # then it is asked again the next time
            _store(_file(path, key, words), text)
    return found


def text_of(path: str, words: tuple[str, ...]) -> str | None:
    """Returns what a QEMU that may be run prints for `info qtree`; None where it does not.

    Args:
        path: The binary, from the root.
        words: What it is started with, of `core.board_words`.
    """
    from qemutui.host import child  # what starts programs is seldom needed

    commands = "".join(json.dumps(command) + "\n" for command in _COMMANDS)
    try:
        talk = child.ended([path, *words, *_ASKED], _PATIENCE, commands.encode())
        replies = [json.loads(line) for line in talk.output.splitlines()]
        texts = [one["return"] for one in replies if isinstance(one.get("return"), str)]
    except (OSError, ValueError, AttributeError, TimeoutError, child.TooMuchError):
        return None
    return texts[0] if texts else None


def _store(file: Path, text: str) -> None:
    atomic.put(file, _sum(text.encode()) + b"\n" + text.encode())
    boards = list(file.parent.glob(f"{file.name.partition('-')[0]}-*.board"))
    if len(boards) > _KEPT:
        for other in sorted(boards, key=lambda one: one.stat().st_mtime)[:-_KEPT]:
            other.unlink(missing_ok=True)
