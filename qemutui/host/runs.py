"""The record of runs: one folder for each, `$XDG_STATE_HOME/qemutui/runs/<run id>/`.

In it: `record.json`, and the logs of a run that had no terminal. The record is written before QEMU
starts, so that whoever comes later can find the VM, whatever became of the one that started it:
by pid and start time, or, where these could not be written any more, by `QEMUTUI_RUN` in the
environment of the process.
"""

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import NamedTuple

from qemutui.core.ending import Ending, has_debug_exit
from qemutui.core.events import Exited, NotStarted
from qemutui.core.guest import signalled
from qemutui.host import paths, pids
from qemutui.host.record import (
    ID,
    RECORD,
    Process,
    Record,
    RecordError,
    change,
    folder,
    load,
    now,
    write,
)
from qemutui.host.spawn import RUN_VARIABLE, Launch

KEEP = 50
"""How many ended runs of one profile are kept."""


STARTS_WITHIN = 5.0
"""Seconds in which a run has a process once it has a record, if it ever has one."""


class Damaged(NamedTuple):
    """A record that was passed over, and why."""

    path: Path
    message: str


class Listing(NamedTuple):
    """Records, the oldest first, and those that cannot be read."""

    records: tuple[Record, ...]
    damaged: tuple[Damaged, ...]


def slug(profile: Path | None, name: str = "") -> str:
    """Returns what the ids of the runs of a profile begin with."""
    text = profile.stem if profile else name
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:40].strip("-.") or "vm"


def _numbered(start: str | None = None) -> list[tuple[int, str]]:
    """Lists number and id of the runs there are, of one name or of all."""
    try:
        names = [entry.name for entry in folder().iterdir()]
    except FileNotFoundError:
        return []
    found = [match for match in map(ID.fullmatch, names) if match and start in (None, match[1])]
    return sorted((int(match[2]), match[0]) for match in found)


def create(launch: Launch, profile: Path | None, name: str, *, terminal: bool = False) -> Record:
    """Makes folder and record of a run that is about to start, and removes old ended ones.

    `terminal` says that the run gets the terminal instead of logs. Raises RecordError.
    """
    start = slug(profile, name)
    me = pids.identify(os.getpid())
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        number = max((number for number, _ in _numbered(start)), default=0) + 1
        while True:
            # Making the folder takes the number: of two qemutui only one succeeds.
            with suppress(FileExistsError):
                (folder() / f"{start}-{number}").mkdir(mode=0o700)
                break
            number += 1
        record = Record(
            id=f"{start}-{number}",
            number=number,
            profile=str(paths.absolute(profile)) if profile else "",
            name=name,
            argv=launch.argv,
            binary=launch.binary,
            directory=str(launch.directory),
            environment=tuple(launch.environment),
            monitor=launch.monitor,
            host=os.uname().nodename,
            boot=pids.boot(),
            watcher=Process.of(me),
            stdout="" if terminal else "stdout.log",
            stderr="" if terminal else "stderr.log",
            started=now(),
        )
        write(record)
        _prune(start, record.profile)
    except OSError as error:
        raise RecordError(f"The run cannot be recorded in {folder()}: {error.strerror}.") from error
    return record


def started(record: Record, pid: int, identity: pids.Identity | None) -> Record:
    """Adds the process, as soon as there is one. Raises RecordError."""
    return change(record, pid=pid, process=Process.of(identity))


def stopping(record: Record, step: str) -> Record:
    """Notes that qemutui is about to end the run, and by what. Raises RecordError."""
    return change(record, stopped=step)


def answered(record: Record, version: str) -> Record:
    """Notes which QEMU it is. Raises RecordError."""
    return record if record.version == version else change(record, version=version)


def shut_down(record: Record, reason: str) -> Record:
    """Notes why QEMU says that it ends. Raises RecordError."""
    return change(record, reason=reason)


def finish(record: Record, end: Exited | NotStarted) -> Record:
    """Notes how a run ended, unless that is known already, or another process is to know.

    Returns the record as it stands then. Raises RecordError.
    """
    current = load(record.id)
    if current.ended is not None and current.how != "unknown":
        return current
    if isinstance(end, NotStarted):
        return change(record, ended=now(), how="not started", message=end.message)
    if end.known:
        how = "exited" if end.signal is None else "signal"
        return change(record, ended=now(), how=how, status=end.status, signal=end.signal)
    watcher = current.watcher
    if watcher and watcher.pid != os.getpid() and pids.alive(watcher.identity):
        return current
    return current if current.ended else change(record, ended=now(), how="unknown")


def _read(numbered: list[tuple[int, str]]) -> Listing:
    records, damaged = [], []
    for _, run in numbered:
        path = folder() / run / RECORD
        try:
            records.append(load(run))
        except RecordError as error:
            # Without a record nothing was started; its folder may be this moment's work.
            if os.path.lexists(path):
                damaged.append(Damaged(path, str(error)))
    return Listing(tuple(sorted(records, key=lambda one: one.started)), tuple(damaged))


def all_runs() -> Listing:
    """Reads every record."""
    return _read(_numbered())


def of_profile(profile: Path) -> Listing:
    """Reads the records of one profile."""
    records, damaged = _read(_numbered(slug(profile, "")))
    path = str(paths.absolute(profile))
    return Listing(tuple(one for one in records if one.profile == path), damaged)


def open_runs(known: Collection[str] = ()) -> Listing:
    """Reads the records of runs whose end was not noted; they may run, or have ended unseen.

    The runs whose ids are in `known` are left out, and their records not read.
    """
    records, damaged = _read([one for one in _numbered() if one[1] not in known])
    return Listing(tuple(one for one in records if one.ended is None), damaged)


def is_ours(record: Record) -> bool:
    """Tells whether this process has started the run, or is about to."""
    me = pids.identify(os.getpid())
    return record.watcher is not None and record.watcher.identity == me


def changed() -> int:
    """Returns what is another number once a run has been added or removed; cheap."""
    try:
        return folder().stat().st_mtime_ns
    except OSError:
        return 0


def find(record: Record) -> pids.Identity | None:
    """Finds the living process of a run of this computer's present boot; None if there is none.

    It is the recorded process, or else one that carries the run's folder and is QEMU by its name:
    QEMU has left the process that was started (`-daemonize`), or outlived its wrapper.
    """
    if record.host != os.uname().nodename or record.boot != pids.boot():
        return None
    if record.process and pids.alive(record.process.identity):
        return record.process.identity
    for run, identity, words in pids.with_environment(RUN_VARIABLE):
        ours = run == str(record.folder) and _may_be(record, identity.pid, words)
        if ours and pids.alive(identity):
            return identity
    return None


def _may_be(record: Record, pid: int, words: tuple[str, ...]) -> bool:
    name = PurePath(words[0]).name
    if name == PurePath(record.binary).name or name.startswith(("qemu-system-", "qemu-kvm")):
        return True
    with suppress(ProcessLookupError):
        return record.process is None and os.getsid(pid) == pid
    return False


def last_words(record: Record, size: int = 4096) -> str:
    """Returns the end of what QEMU printed to standard error; empty where there is no log."""
    if not record.stderr:
        return ""
    try:
        with (record.folder / record.stderr).open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - size))
            return file.read(size).decode("utf-8", "replace")
    except OSError:
        return ""


def ending(record: Record) -> Ending:
    """Returns how a run ended that has, as far as its record and its log tell."""
    printed = "" if record.how == "signal" else last_words(record)
    return Ending(
        status=record.status,
        signal=record.signal,
        stopped=record.stopped or "",
        reason=record.reason,
        from_outside=signalled(printed),
        not_started=record.message if record.how == "not started" else "",
        debug_exit=has_debug_exit(record.argv),
    )


def seconds(record: Record) -> float | None:
    """Returns how long a run lived, or lives; None where nobody saw its end."""
    if record.how in ("unknown", "not started"):
        return None
    end = datetime.now(UTC) if record.ended is None else datetime.fromisoformat(record.ended)
    return (end - datetime.fromisoformat(record.started)).total_seconds()


def living(record: Record) -> bool:
    """Says whether the VM of a record runs now, on this computer."""
    return find(record) is not None


def settle(records: tuple[Record, ...]) -> Iterator[Record]:
    """Notes, of runs that ended while nobody watched, that they ended; yields each as it is then.

    Runs of another computer that shares this folder are left alone, and those that may be about to
    start. Raises RecordError.
    """
    for record in records:
        here = record.host == os.uname().nodename
        gone = here and not may_be_starting(record) and not living(record)
        yield finish(record, Exited(None, None, None)) if gone else record


def may_be_starting(record: Record) -> bool:
    """Tells whether whoever made the record may have started its process this very moment."""
    age = datetime.now(UTC) - datetime.fromisoformat(record.started)
    return record.process is None and 0 <= age.total_seconds() < STARTS_WITHIN


def _prune(start: str, profile: str) -> None:
    import shutil

    ended = [one for one in _read(_numbered(start)).records if one.ended and one.profile == profile]
    for record in ended[:-KEEP]:
        shutil.rmtree(record.folder, ignore_errors=True)  # another qemutui may be at it too
