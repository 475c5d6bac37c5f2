"""Runs, from the prompt: which there are, what they printed, and how they are stopped."""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from qemutui.cli.output import Problem, print_bytes, print_json, print_json_line, print_line, say
from qemutui.core import ending, events, stopping
from qemutui.core.text import clean_line
from qemutui.host import log_copy, process, runs
from qemutui.host.log import Follower
from qemutui.host.record import Record, RecordError, load

_LOOK = 0.1
"""Seconds between two looks at a log that is followed."""
_STATE_WITHIN = 1.5
"""Seconds in which a monitor tells its state, or is taken for one that runs."""


def find(name: str) -> Record:
    """Returns the run that a user names: its id, or a VM's name, which means its last run.

    Of a VM's runs one that lives comes before one that has ended.

    Raises:
        Problem: There is none.
    """
    try:
        return load(name)
    except RecordError:
        pass
    records = runs.all_runs().records
    named = [one for one in records if name in (one.name, one.id.rpartition("-")[0])]
    living = [one for one in named if one.ended is None and runs.living(one)]
    if living or named:
        return (living or named)[-1]
    import difflib

    near = difflib.get_close_matches(name, {one.id for one in records} | {r.name for r in records})
    hint = f" Near: {', '.join(sorted(near))}." if near else " qemutui ps lists those that live."
    raise Problem(f"There is no run “{name}”.{hint}")


def ps(everything: bool, as_json: bool) -> int:
    """Prints the runs that live, or all."""
    listing = runs.all_runs() if everything else runs.open_runs()
    for damaged in listing.damaged:
        say(damaged.message)
    try:
        settled = list(runs.settle(tuple(one for one in listing.records if one.ended is None)))
    except RecordError as error:
        raise Problem(str(error)) from None
    now = {one.id: one for one in settled}
    records = [now.get(one.id, one) for one in listing.records]
    shown = [one for one in records if everything or (one.ended is None and runs.living(one))]
    states = asyncio.run(_states([one for one in shown if one.ended is None]))
    rows = [_row(one, states.get(one.id, "")) for one in shown]
    if as_json:
        print_json(rows)
        return 0
    width = max((len(row["run"]) for row in rows), default=0)
    for row in rows:
        pid = f"pid {row['pid']}" if row["state"] in ("running", "paused") else ""
        clock = "" if row["seconds"] is None else ending.duration(row["seconds"])
        print_line(
            f"{row['run']:{width}}  {row['state']:9}  {clock:>8}  {pid:12}  {row['profile']}"
        )
    if not rows:
        say("No VM runs.")
    return 0


def _row(record: Record, state: str) -> dict[str, Any]:
    words = ending.words(runs.ending(record), runs.seconds(record)) if record.ended else None
    return {
        "run": record.id,
        "name": record.name,
        "state": state or (words.state.split("  ")[0] if words else "running"),
        "pid": (record.process.pid if record.process else record.pid) if not words else None,
        "started": record.started,
        "ended": record.ended,
        "seconds": runs.seconds(record),
        "end": words.sentence if words else None,
        "profile": record.profile,
        "monitor": record.monitor,
        "argv": list(record.argv),
    }


async def _states(records: list[Record]) -> dict[str, str]:
    """Asks each QEMU whether its guest runs; one that does not answer is left out."""
    from qemutui.host import turns
    from qemutui.host.monitor import MonitorError

    async def ask(record: Record) -> tuple[str, str]:
        try:
            async with asyncio.timeout(_STATE_WITHIN), turns.session(record.monitor) as monitor:
                status = await monitor.status()
        except (MonitorError, TimeoutError):
            return record.id, "running"
        return record.id, "running" if status.running else "paused"

    return dict(await asyncio.gather(*(ask(record) for record in records)))


def log(name: str, follow: bool, as_json: bool) -> int:
    """Prints what a run printed; with `follow` until it ends.

    A terminal gets lines that are safe to draw, anything else the bytes of the logs.
    """
    record = find(name)
    logs = [(stream, record.folder / file) for stream, file in _logs(record) if file]
    if not logs:
        raise Problem(f"{record.id} was given the terminal and has no log.")
    plain = as_json or (sys.stdout is not None and sys.stdout.isatty())
    printers = [_lines(one, path, as_json) if plain else _bytes(path) for one, path in logs]
    while True:
        over = not follow or not runs.living(record)
        for printer in printers:
            next(printer)
        if over:
            return 0
        time.sleep(_LOOK)


def _logs(record: Record) -> tuple[tuple[str, str], ...]:
    return ("stdout", record.stdout), ("stderr", record.stderr)


def _bytes(path: Path) -> Iterator[None]:
    """Prints what a log has more, each time it is asked."""
    try:
        with path.open("rb", buffering=0) as file:
            at = 0
            while True:
                for end, piece in log_copy.pieces(file.fileno(), at):
                    print_bytes(piece)
                    at = end
                yield
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None


def _lines(stream: str, path: Path, as_json: bool) -> Iterator[None]:
    """Prints the lines that a log has more, each time it is asked."""
    follower = Follower(path)
    while True:
        try:
            batch = follower.read()
        except OSError as error:
            raise Problem(f"{path} cannot be read: {error.strerror}.") from None
        for line in batch.lines:
            text = line.text + (f" [{line.dropped} bytes more]" if line.dropped else "")
            if as_json:
                print_json_line({"stream": stream, "text": text, "complete": line.complete})
            elif line.complete:
                print_line(clean_line(text))
        if not batch.more:
            yield


def stop(name: str, now: bool, as_json: bool) -> int:
    """Stops a run step by step, and says each; with `now` without asking the guest."""
    record = find(name)
    running = process.attach(record)
    if running is None:
        raise Problem(f"{record.id} does not run.")
    done = asyncio.run(_stop(running, now))
    running.close()
    if done and as_json:
        print_json(_row(load(record.id), ""))
    return 0 if done else 1


async def _stop(running: process.Running, now: bool) -> bool:
    from qemutui.host import turns
    from qemutui.host.ladder import Ladder

    record = running.record
    first: stopping.Step = 2 if now else 1
    ladder = Ladder(running, lambda: turns.session(record.monitor), _patience(record), first)
    async with aclosing(ladder.climb()) as steps:
        async for step in steps:
            match step:
                case events.Stepped(number, _):
                    say(stopping.SENTENCES[number])
                case events.Refused(message):
                    say(message)
                    return False
                case events.Stuck(pid):
                    say(f"pid {pid} waits inside the kernel and cannot be ended.")
                    return False
    final = load(record.id)
    say(f"{record.id}: {ending.words(runs.ending(final), runs.seconds(final)).sentence}")
    return True


def _patience(record: Record) -> float:
    """Returns the seconds that the profile gives its guest to power down."""
    from qemutui.host import store

    try:
        return stopping.powerdown(store.load(Path(record.profile)).profile)
    except store.StoreError:
        return stopping.DEFAULT
