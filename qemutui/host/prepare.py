"""Turns a profile and its command into what is executed."""

from collections.abc import Iterable
from pathlib import Path

from qemutui.core import argv, keyval, private_monitor
from qemutui.core.argument import Argument
from qemutui.core.profile import Profile
from qemutui.host.spawn import Launch, PassedFile


def prepare(profile: Profile, command: Iterable[Argument], directory: Path, socket: Path) -> Launch:
    """Returns the launch of a profile.

    Args:
        profile: What is to run.
        command: Its command, with all that is added to it.
        directory: Where it runs.
        socket: Where the private monitor listens, if the command has one.
    """
    arguments = tuple(command)
    wrapper = argv.words_of(profile.launch.wrapper)
    files = tuple(
        PassedFile(
            "" if file.path is None else keyval.text(file.path),
            "r" if file.mode is None else keyval.text(file.mode),
            file.off,
        )
        for file in profile.fd
    )
    environment = {name: keyval.text(value) for name, value in profile.launch.environment.items()}
    watched = any(argument.path == private_monitor.PATH for argument in arguments)
    return Launch(
        tuple(argv.words(arguments)),
        directory.absolute(),
        environment,
        files,
        len(wrapper),
        str(socket) if watched else "",
    )
