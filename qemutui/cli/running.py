"""Launches from the prompt."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING

from qemutui.cli import profiles
from qemutui.cli.output import Problem, print_json, print_line, say
from qemutui.core import guest, keyval, private_monitor
from qemutui.core.events import Answered, Event, Exited, NotStarted, Refused, Unrecorded
from qemutui.host import library, runs, sockets
from qemutui.host.foreground import run_foreground
from qemutui.host.prepare import prepare
from qemutui.host.process import NotStartedError, Running, start
from qemutui.host.record import Record, RecordError
from qemutui.host.spawn import Launch

if TYPE_CHECKING:
    from qemutui.host.store import Document

_UNANSWERED = 3.0
"""Seconds after which QEMU is left to itself, though it has not answered."""


def run(document: "Document", arguments: Iterable[str]) -> int:
    """Runs a profile on our terminal and returns the exit status that a shell would give."""
    launch = _launch(document, arguments)
    status = run_foreground(launch, _recorded(document, launch, terminal=True), _report)
    sockets.remove(launch.monitor)
    if status == 1:  # QEMU's own, for a command that it refuses
        errors = [one for one in profiles.findings(document) if one.severity == "error"]
        if errors:
            say(f"Errors that qemutui check finds in {document.path}: {len(errors)}.")
    return status


def detach(document: "Document", arguments: Iterable[str], as_json: bool) -> int:
    """Starts a run that outlives us and prints its name once QEMU has accepted its command.

    Returns 0, or how the run ended if that was at once.
    """
    launch = _launch(document, arguments)
    record = _recorded(document, launch, terminal=False)
    try:
        running = start(launch, record)
    except NotStartedError as error:
        _report(error.event)
        return error.event.status
    if as_json:
        print_json({"run": record.id, "pid": running.pid, "monitor": record.monitor})
    else:
        print_line(record.id)
    exited = asyncio.run(_settled(running))
    if running.warning:
        say(running.warning)
    running.close()
    if exited is None or exited.status == 0:
        return 0
    said = runs.last_words(record).strip().splitlines()
    say(f"{record.id} has ended already: {said[-1] if said else 'it said nothing'}")
    say(f"Its log is {record.folder / record.stderr}.")
    return exited.status or 128 + (exited.signal or 0)


async def _settled(running: Running) -> Exited | None:
    """Waits until QEMU has accepted its command; returns how it ended, if it did not."""
    from qemutui.host.watch import Watch

    began = time.monotonic()
    async with aclosing(Watch(running).reports()) as reports:
        while True:
            left = _UNANSWERED - (time.monotonic() - began)
            try:
                async with asyncio.timeout(left):
                    report = await anext(reports)
            except TimeoutError:
                break
            if isinstance(report, Answered):
                return None
            if isinstance(report, Exited):
                return report
    socket = guest.waits_on(runs.last_words(running.record))
    say(f"QEMU waits for a client on {socket}." if socket else "QEMU has not answered yet.")
    return None


def _launch(document: "Document", arguments: Iterable[str]) -> Launch:
    socket = sockets.choose(_title(document))
    command = private_monitor.command(document.profile, str(socket), arguments)
    return prepare(document.profile, command, profiles.directory(document), socket)


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
