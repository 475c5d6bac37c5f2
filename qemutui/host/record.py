"""What is written down about one run: `$XDG_STATE_HOME/qemutui/runs/<run id>/record.json`.

It is replaced in one step, so that a reader sees all of it, but not forced to the disk: no run
outlives the power failure against which that would help.
"""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from qemutui.host import paths, pids

RECORD = "record.json"
ID = re.compile(r"([A-Za-z0-9._-]+)-([1-9][0-9]*)")
"""The id of a run: the profile's name made safe, and the number."""


class RecordError(Exception):
    """A record cannot be made, read or written; the message is one line."""


class Process(BaseModel):
    """A process as `pids.Identity` names it."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    pid: int
    start: int
    boot: str

    @classmethod
    def of(cls, identity: pids.Identity | None) -> Self | None:
        return None if identity is None else cls(**identity._asdict())

    @property
    def identity(self) -> pids.Identity:
        return pids.Identity(self.pid, self.start, self.boot)


class Record(BaseModel):
    """One run. Keys that a newer qemutui has added are kept."""

    # Where there are no runs, nothing is built: that takes time, and memory that stays.
    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    format: Literal[1] = 1
    id: str
    """The name of its folder: the profile's name made safe, `-`, and the number."""
    number: int
    """Counts the runs of profiles of this name, from 1."""
    profile: str
    """The absolute path of the profile's file; empty if it has none."""
    name: str
    argv: tuple[str, ...]
    binary: str
    directory: str
    environment: tuple[str, ...] = ()
    """The names of the variables that the profile adds; their values may be secret."""
    host: str
    boot: str
    watcher: Process | None = None
    """Who started it; while that process lives, it alone knows how the run ended."""
    process: Process | None = None
    """The process itself; None before it starts, and if it could not be told."""
    pid: int | None = None
    monitor: str = ""
    """The unix socket of the private monitor; empty if the run has none."""
    version: str = ""
    """Of QEMU, as `7.2.22`; empty until its monitor has told."""
    stdout: str = ""
    """Log file in the run's folder; empty if the run was given the terminal."""
    stderr: str = ""
    started: str
    """When, UTC, ISO 8601."""
    stopped: str | None = None
    """The last thing that qemutui did to end it: `system_powerdown`, `quit`, `SIGTERM`, …"""
    reason: str = ""
    """Why QEMU said that it ends: `ShutdownCause` in `qapi/run-state.json`."""
    ended: str | None = None
    """When; for an unknown end, when it was noticed. None while it runs."""
    how: Literal["exited", "signal", "not started", "unknown"] | None = None
    status: int | None = None
    signal: int | None = None
    message: str = ""

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return folder() / self.id


def folder() -> Path:
    """Returns the folder of all runs, which need not exist."""
    return paths.state() / "runs"


def now() -> str:
    """Returns the time as records have it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def write(record: Record) -> None:
    """Replaces `record.json` in the record's folder. Raises OSError."""
    data = json.dumps(record.model_dump(), indent=1).encode("ascii") + b"\n"
    new = record.folder / f".{RECORD}.{os.getpid()}"
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        new.replace(record.folder / RECORD)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def change(record: Record, **fields: object) -> Record:
    """Changes some fields of what is on disk now, which another qemutui may have changed too.

    Raises RecordError.
    """
    try:
        changed = load(record.id).model_copy(update=fields)
        write(changed)
    except OSError as error:
        where = record.folder / RECORD
        raise RecordError(f"{where} cannot be written: {error.strerror}.") from error
    return changed


def load(run: str) -> Record:
    """Reads the record of a run, by its id. Raises RecordError."""
    if not ID.fullmatch(run):
        raise RecordError(f"“{run}” is no name of a run; one looks like alpine-7.")
    path = folder() / run / RECORD
    try:
        record = Record.model_validate(json.loads(path.read_bytes()))
    except FileNotFoundError:
        raise RecordError(f"There is no run {run}.") from None
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise RecordError(f"{path} is damaged: {where}: {first['msg']}.") from error
    except (ValueError, RecursionError) as error:  # no JSON, or no text
        raise RecordError(f"{path} is damaged: it is no JSON.") from error
    if record.id != run:
        raise RecordError(f"{path} is damaged: it belongs to run {record.id}.")
    return record
