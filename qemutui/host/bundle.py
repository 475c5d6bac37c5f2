"""Writes what a bug report needs into one file: command, versions, findings, the end of the log."""

import os
import platform
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qemutui import __version__
from qemutui.core.argument import Argument
from qemutui.core.finding import Finding
from qemutui.core.mask import Masker
from qemutui.core.profile import Profile
from qemutui.core.text import clean, clean_line
from qemutui.host import trusted
from qemutui.host.log_copy import NotSavedError, create, logs
from qemutui.host.record import Record

_TAIL = 64 << 10
"""Bytes of the end of each log."""
_WIDEST = 2000
"""Characters of a line of a log."""


def write(
    profile: Profile,
    command: Sequence[Argument],
    record: Record | None,
    findings: Sequence[Finding],
    folder: Path,
) -> Path:
    """Writes a new file, such as `alpine-7-bug.txt`, and returns its path.

    Secrets are masked. Nothing is executed but a QEMU on PATH, for its version. Raises
    NotSavedError.
    """
    masker = Masker()
    words = [word for argument in command for word in argument.words]
    # All that is secret has to be known before the first text is masked.
    shown = [shlex.join(clean(word) for word in masker.words(words))]
    if record is not None:
        shown.append(shlex.join(clean(word) for word in masker.words(record.argv)))
    environment = profile.launch.environment
    masked = masker.environment(environment if isinstance(environment, Mapping) else {})
    parts = [
        ("versions", list(_versions(words, record))),
        ("command", [shown[0]]),
        ("environment", [f"{clean(name)}={value}" for name, value in masked.items()]),
        ("findings", [
            f"{finding.severity} {'.'.join(map(str, finding.path))}: {finding.message}"
            for finding in findings
        ]),
    ]  # fmt: skip
    if record is not None:
        parts.append(("run", [*_run(record), f"command: {shown[1]}"]))
        parts += [(f"end of {stream}", _end_of(path)) for stream, path in logs(record)]
    lines = ["A bug bundle of qemutui. Secrets are masked; read it before you send it."]
    for title, content in parts:
        lines += ["", f"== {title} ==", *(content or ["none"])]
    stem = record.id if record is not None else "qemutui"
    text = "\n".join(clean_line(line) for line in masker.text("\n".join(lines)).split("\n"))
    path, file = create(folder, f"{stem}-bug", ".txt")
    try:
        with file:
            file.write(text.encode("utf-8", "replace") + b"\n")
    except OSError as error:
        path.unlink(missing_ok=True)
        raise NotSavedError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def _versions(words: Sequence[str], record: Record | None) -> Iterator[str]:
    yield f"qemutui {__version__}"
    yield f"Python {platform.python_version()}"
    yield f"{platform.system()} {platform.release()} {platform.machine()}"
    binary = record.binary if record is not None else words[0] if words else ""
    yield f"{binary}: {_version(binary)}"


def _version(binary: str) -> str:
    """Asks a QEMU on PATH; what a profile names else is not run."""
    if trusted.find(binary) is None:
        return "not on PATH as qemu-system-*, so it was not asked"
    told = trusted.ask(binary, "--version")
    if told is None:
        return "did not tell its version"
    return told[:_WIDEST].partition("\n")[0] or "no version"


def _run(record: Record) -> Iterator[str]:
    names = ("id", "started", "ended", "how", "status", "signal", "stopped", "message")
    for name in (*names, "directory", "pid"):
        value = getattr(record, name)
        if value not in (None, ""):
            yield f"{name}: {value}"


def _end_of(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            lines = file.read(_TAIL).split(b"\n")
    except OSError as error:
        return [f"it cannot be read: {error.strerror}"]
    if size > _TAIL:
        lines[0] = f"… {size - _TAIL} bytes before".encode()
    return [line.decode("utf-8", "replace")[:_WIDEST] for line in lines]
