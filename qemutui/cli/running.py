"""Launches from the prompt."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from qemutui.cli import profiles
from qemutui.cli.output import Problem, print_line, say
from qemutui.core import keyval
from qemutui.core.events import Event, NotStarted, Refused, Unrecorded
from qemutui.host import library, runs
from qemutui.host.foreground import run_foreground
from qemutui.host.prepare import prepare
from qemutui.host.process import NotStartedError, start
from qemutui.host.record import Record, RecordError
from qemutui.host.spawn import Launch

if TYPE_CHECKING:
    from qemutui.host.store import Document

_LAST = 4096
"""Bytes at the end of a log in which QEMU's last line is looked for."""
_REFUSED_WITHIN = 1.0
"""Seconds in which QEMU refuses a command; without a monitor there is no better sign."""


def run(document: "Document", arguments: Iterable[str]) -> int:
    """Runs a profile on our terminal and returns the exit status that a shell would give."""
    launch = prepare(document.profile, profiles.directory(document), arguments)
    status = run_foreground(launch, _recorded(document, launch, terminal=True), _report)
    if status == 1:  # QEMU's own, for a command that it refuses
        errors = [one for one in profiles.findings(document) if one.severity == "error"]
        if errors:
            say(f"Errors that qemutui check finds in {document.path}: {len(errors)}.")
    return status


def detach(document: "Document", arguments: Iterable[str]) -> int:
    """Starts a run that outlives us and prints its name.

    Returns 0, or how the run ended if that was at once.
    """
    launch = prepare(document.profile, profiles.directory(document), arguments)
    record = _recorded(document, launch, terminal=False)
    try:
        running = start(launch, record)
    except NotStartedError as error:
        _report(error.event)
        return error.event.status
    print_line(record.id)
    deadline = time.monotonic() + _REFUSED_WITHIN
    while (exited := running.poll()) is None and time.monotonic() < deadline:
        time.sleep(0.02)
    if running.warning:
        say(running.warning)
    running.close()
    if exited is None or exited.status == 0:
        return 0
    log = record.folder / record.stderr
    said = log.read_bytes()[-_LAST:].decode("utf-8", "replace").strip().splitlines()
    say(f"{record.id} has ended already: {said[-1] if said else 'it said nothing'}")
    say(f"Its log is {log}.")
    return exited.status or 128 + (exited.signal or 0)


def _recorded(document: "Document", launch: Launch, *, terminal: bool) -> Record:
    # The file of every example has the same name; without it the run is called after the example.
    is_example = library.is_example(document.path)
    try:
        return runs.create(
            launch, None if is_example else document.path, _title(document), terminal=terminal
        )
    except RecordError as error:
        raise Problem(str(error)) from None


def _title(document: "Document") -> str:
    """Returns what the VM is called: the guest's name, else the file's."""
    name = document.profile.name
    if isinstance(name, dict):
        name = name.get("guest")
    if name is not None and (text := keyval.text(name)):
        return text
    example = library.is_example(document.path)
    return document.path.parent.name if example else document.path.stem


def _report(event: Event) -> None:
    """Says what the user would not see otherwise."""
    if isinstance(event, NotStarted | Refused | Unrecorded):
        say(event.message)
