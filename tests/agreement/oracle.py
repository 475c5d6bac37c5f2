"""What QEMU itself says of a command: the command is started, paused, and ended."""

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from qemutui.core.text import clean
from tests.agreement.surroundings import VERSION

Word = Literal["accepted", "refused", "crashed", "waits"]

PATIENCE = 8.0
"""Seconds until a QEMU that neither answers nor ends counts as one that waits."""


class Verdict(NamedTuple):
    """What became of a command."""

    word: Word
    """`crashed`: ended by a signal of its own making; `waits`: neither answered nor ended, as for
    a client of a socket."""
    message: str = ""
    """The last lines of standard error, without the name of the program."""


def ask(qemu: str, arguments: Sequence[str], folder: Path) -> Verdict:
    """Starts a command with a monitor of its own and without display, and ends it.

    It quits by itself as soon as it has answered `query-status`.
    """
    ours, theirs = socket.socketpair()
    with ours, tempfile.TemporaryFile() as errors:
        ours.sendall(
            b'{"execute":"qmp_capabilities"}\n{"execute":"query-status","id":"came-up"}\n'
            b'{"execute":"quit"}\n'
        )
        process = subprocess.Popen(
            [
                # First, as what is at the end may want a value.
                qemu, "-S", "-display", "none",
                "-chardev", f"socket,id=agreement,fd={theirs.fileno()}",
                "-mon", "chardev=agreement,mode=control", *arguments,
            ],
            pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=errors, cwd=folder, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        try:
            status: int | None = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            status = None
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        answer = _received(ours)
        errors.seek(0)
        said = errors.read(1 << 16).decode(errors="replace")
    if b'"came-up"' in answer:
        return Verdict("accepted")
    word: Word = "waits" if status is None else "refused" if status >= 0 else "crashed"
    return Verdict(word, _message(said))


def _received(connection: socket.socket) -> bytes:
    connection.settimeout(0.2)
    answer = b""
    try:
        while data := connection.recv(1 << 16):
            answer += data
    except (TimeoutError, ConnectionError):
        pass
    return answer


def _message(said: str) -> str:
    """The lines in which QEMU itself speaks, without the program's name; else all there are.

    Warnings are left out, and what libraries print.
    """
    lines = [clean(line) for line in said.splitlines() if line.strip()]
    own = [line[match.end() :] for line in lines if (match := _OWN.match(line))]
    told = [line for line in own if not _WARNING.match(line)]
    return "\n".join((told or lines)[-3:])


_OWN = re.compile(r"\S*qemu-system-\w+: ")
_WARNING = re.compile(r"(?:[^:]*: )?(?:warning|info): |terminating on signal")


class Cache:
    """Verdicts of earlier runs, in a file of one JSON line each; without a file none are kept."""

    def __init__(self, path: Path | None, version: str) -> None:
        self._path, self._version = path, version
        self._known: dict[str, Verdict] = {}
        if path is not None and path.exists():
            for line in path.read_text().splitlines():
                key, word, message = json.loads(line)
                self._known[key] = Verdict(word, message)

    def _key(self, arguments: Sequence[str]) -> str:
        written = json.dumps([self._version, VERSION, list(arguments)])
        return hashlib.sha256(written.encode(errors="surrogatepass")).hexdigest()[:24]

    def get(self, arguments: Sequence[str]) -> Verdict | None:
        """Returns the verdict of a command, or None."""
        return self._known.get(self._key(arguments))

    def put(self, arguments: Sequence[str], verdict: Verdict) -> None:
        """Keeps the verdict of a command; a line is written whole, also by two processes."""
        key = self._key(arguments)
        self._known[key] = verdict
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a") as file:
                file.write(json.dumps([key, *verdict]) + "\n")
