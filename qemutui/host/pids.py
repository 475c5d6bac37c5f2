"""Tells processes apart, also after a pid was used again.

A pid alone names nobody: the kernel gives it to the next process. The pid with the time at which
its process started, in clock ticks since boot (field 22 of `/proc/PID/stat`, proc(5)), and the
boot, name one process. Where there is no `/proc`, no process can be told for sure, and none is.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")


class Identity(NamedTuple):
    """One process of one boot of this computer."""

    pid: int
    start: int
    """Clock ticks from boot to its start."""
    boot: str
    """The kernel's random id of the boot."""


def boot() -> str:
    """Returns the id of this boot; empty where the kernel does not tell."""
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _stat(pid: int) -> tuple[str, int] | None:
    """Returns state and start time of a process; None if there is none."""
    try:
        text = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    # The second field is the name in parentheses, and may itself hold blanks and parentheses.
    fields = text.rpartition(b")")[2].split()
    return (fields[0].decode("ascii"), int(fields[19])) if len(fields) > 19 else None


def identify(pid: int) -> Identity | None:
    """Returns who has this pid now, though it be a zombie; None if nobody has."""
    found = _stat(pid)
    return None if found is None else Identity(pid, found[1], boot())


def alive(identity: Identity) -> bool:
    """Says whether this very process still runs; a zombie does not."""
    found = _stat(identity.pid)
    return (
        found is not None
        and found[0] not in "ZX"
        and found[1] == identity.start
        and boot() == identity.boot
    )


def age(identity: Identity) -> float:
    """Returns for how many seconds a process of this boot has lived, by its start time."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - identity.start / os.sysconf("SC_CLK_TCK")


def with_environment(variable: str) -> Iterator[tuple[str, Identity, tuple[str, ...]]]:
    """Finds processes of this user that were started with an environment variable.

    Yields its value, the process, and the process's command line, the oldest process first.
    """
    prefix = variable.encode() + b"="
    found = []
    for folder in _PROC.glob("[0-9]*"):
        try:
            block = (folder / "environ").read_bytes()
            at = 0 if block.startswith(prefix) else block.find(b"\0" + prefix) + 1
            if at == 0 and not block.startswith(prefix):
                continue
            command = (folder / "cmdline").read_bytes()
        except OSError:  # gone meanwhile, or another user's
            continue
        if identity := identify(int(folder.name)):
            value = block[at + len(prefix) :].partition(b"\0")[0]
            words = tuple(os.fsdecode(word) for word in command.split(b"\0"))
            found.append((os.fsdecode(value), identity, words))
    yield from sorted(found, key=lambda one: (one[1].start, one[1].pid))
