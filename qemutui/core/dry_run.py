"""Makes the command of a dry run: the profile's own, that touches nothing but disks and ports.

The options and their order stay, so that QEMU says of them what it would say at a launch; what
they name of sockets and of files that QEMU writes is replaced by a stand-in, and no display opens.
"""

from typing import NamedTuple

from qemutui.core import dry_run_extra, edit, keyval, options, private_monitor
from qemutui.core.argument import Argument
from qemutui.core.argv import build, words_of
from qemutui.core.groups import GROUPS
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.core.stand_ins import (
    Purpose,
    StandIn,
    Table,
    change_item,
    change_machine,
    change_socket,
)


class DryRun(NamedTuple):
    """What is executed."""

    profile: Profile
    """The profile with its stand-ins."""
    command: tuple[Argument, ...]
    """Its fields are those of the profile it was made of."""
    aside: tuple[str, ...]
    """The options that were left out of it, as written."""
    replaced: dict[str, str]
    """Stand-ins, with what the profile says in their place."""
    hides_display: bool
    """Whether the profile has a display that was not opened."""


def prepare(profile: Profile, monitor: str, stand_in: StandIn) -> DryRun:
    """Returns the dry run of a profile.

    Args:
        profile: What is tried.
        monitor: A unix socket that somebody listens on; QEMU connects to it as a monitor.
        stand_in: Finds what QEMU gets in place of a name.

    Raises:
        NotTriedError: Something is named in a way that no stand-in can take the place of.
    """
    replaced: dict[str, str] = {}

    def noted(purpose: Purpose, name: str) -> str:
        new = stand_in(purpose, name)
        if new != name:
            replaced[new] = name
        return new

    before = profile
    profile = edit.set_value(profile, ("launch", "monitor"), None)
    profile = _with_items(profile, noted)
    profile = _with_tables(profile, noted)
    words, aside, hides = dry_run_extra.changed(words_of(profile.extra), noted)
    if words != words_of(before.extra):
        single = not isinstance(profile.extra, tuple)
        profile = edit.set_value(profile, ("extra",), words[0] if single else words)
    command = list(build(profile))
    own = [
        Argument(("-S",), private_monitor.PATH, origin="qemutui"),
        *private_monitor.added(profile, monitor, listens=False),
    ]
    # At the end an option without its value would take ours for it.
    program = next(i for i, argument in enumerate(command) if argument.path == ("binary",))
    command[program + 1 : program + 1] = own
    read = options.read(words)
    if not (read and options.lacks_value(read[-1])):
        # The last display counts.
        hidden = Argument(("-display", "none"), private_monitor.PATH, origin="qemutui")
        command.append(hidden)
    return DryRun(profile, tuple(command), aside, replaced, hides)


def _with_items(profile: Profile, stand_in: StandIn) -> Profile:
    for group in GROUPS:
        for index, item in enumerate(profile.items(group.name)):
            if item.off:
                continue
            table = Table(dict(item.root))
            change_item(group.name, item.type, table, stand_in)
            for path, value in table.changes:
                profile = edit.set_value(profile, (group.name, index, *path), value)
    return profile


def _with_tables(profile: Profile, stand_in: StandIn) -> Profile:
    machine = Table(dict(profile.machine.written))
    change_machine(machine, stand_in)
    for path, value in machine.changes:
        profile = edit.set_value(profile, ("machine", *path), value)
    qmp = profile.qmp
    fields = Table(dict(qmp.written))
    if qmp.type is not None:
        kind = keyval.text(qmp.type)
        change_socket(kind, fields, stand_in)
        for path, value in fields.changes:
            profile = edit.set_value(profile, ("qmp", *path), value)
    for index, file in enumerate(profile.fd):
        if not file.off and file.path is not None and str(file.mode) in ("w", "a"):
            place: Path = ("fd", index, "path")
            name = keyval.text(file.path)
            profile = edit.set_value(profile, place, stand_in("write", name))
    return profile
