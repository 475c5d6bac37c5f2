"""What the profile of a session is compared with, and how that is called."""

from typing import TYPE_CHECKING, NamedTuple

from qemutui.core import argv, option_difference, private_monitor, recovered
from qemutui.core.option_difference import Change
from qemutui.core.profile import Profile, dotted

if TYPE_CHECKING:
    from qemutui.host.record import Record
    from qemutui.ui.run import Run
    from qemutui.ui.session import Session


class Comparison(NamedTuple):
    """What differs, from something older to a profile."""

    title: str
    changes: tuple[Change, ...]
    nothing: str = "Nothing differs."
    """What is said where there are no changes."""


def of_profiles(title: str, old: Profile, new: Profile) -> Comparison:
    """Compares two states of a profile, or two profiles."""
    changes = option_difference.of_profiles(old, new)
    nothing = "Nothing differs." if old == new else "Nothing differs but the order of keys."
    return Comparison(title, changes, nothing)


def to_run(run: "Run", session: "Session") -> Comparison:
    """Compares what was executed with what the screen says; the private monitor is left out."""
    title = f"To what runs, {run.id}" if run.is_alive else f"To the last run, {run.id}"
    title = title.rstrip(", ")
    new = session.settled
    if run.profile is not None:
        command = [one for one in run.command if one.path != private_monitor.PATH]
        return Comparison(title, option_difference.of_run(command, run.profile, new))
    if run.running is None:
        return Comparison(title, ())
    return Comparison(title, _to_record(run.running.record, session))


def _to_record(record: "Record", session: "Session") -> tuple[Change, ...]:
    """Compares what is written down of a run: of its environment that is the names alone."""
    new = session.settled
    old = recovered.profile(record.argv, record.binary, record.monitor)
    changes = option_difference.of_commands(argv.build(old), argv.build(new))
    directory = str(session.launch_directory(new))
    if directory != record.directory:
        path = ("launch", "directory")
        there = Change("changed", dotted(path), "", None, record.directory, directory, path)
        changes = (*changes, there)
    environment = new.launch.environment or {}
    for name in dict.fromkeys((*environment, *record.environment)):
        where = ("launch", "environment", name)
        if name not in record.environment:
            changes = (*changes, Change("added", dotted(where), "", None, None, "", where))
        elif name not in environment:
            changes = (*changes, Change("removed", dotted(where), "", None, "", None, where))
    return changes
