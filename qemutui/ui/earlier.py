"""The output of a run that is over, from its record: its command, its logs, how it ended."""

import shlex
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from qemutui.core import ending
from qemutui.host import runs
from qemutui.host.log import Follower
from qemutui.ui.printed import KEPT, Entry, Printed, Source, entry_of, rule_of

if TYPE_CHECKING:
    from qemutui.host.record import Record


def printed_of(
    record: "Record", blamed: Callable[[list[str]], str]
) -> tuple[Printed, list[tuple[Source, Follower]]]:
    """Returns what a run has printed, and the logs in it whose lines are not all counted.

    `blamed` names the field that error lines complain of; empty if there is none.
    """
    printed = Printed()
    when = datetime.fromisoformat(record.started).astimezone()
    qemu = record.version or record.binary
    rule = rule_of(record.number, qemu, record.pid, f"{when:%d %b %H:%M}")
    printed.add([rule, Entry(f"$ {shlex.join(record.argv)}")])
    logs = []
    for stream, name in (("stdout", record.stdout), ("stderr", record.stderr)):
        if not name:
            continue
        source, follower = printed.source(stream), Follower(record.folder / name)
        try:
            lines = follower.leap(KEPT).lines
        except OSError as error:
            printed.add([Entry(f"The log cannot be read: {error.strerror}.", severity="error")])
            continue
        printed.add([entry_of(line, "", source) for line in lines])
        source.total, source.gap = follower.total, follower.gap
        logs.append((source, follower))
    ended = _how(record, "")
    if ended.severity == "error":
        printed.mark_last_error()
        ended = _how(record, blamed(printed.errors()))
    if ended.state:
        printed.add([Entry(ended.state)])
    printed.add([Entry(ended.sentence, severity=ended.severity)])
    printed.trim()
    return printed, logs


def _how(record: "Record", blamed: str) -> ending.Words:
    """Says how a run ended."""
    if record.ended is None:
        return ending.Words("", "It has not ended, or nobody saw it end.")
    return ending.words(runs.ending(record), runs.seconds(record), blamed)
