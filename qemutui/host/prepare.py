"""Turns a profile into what is executed."""

from collections.abc import Iterable
from pathlib import Path

from qemutui.core import argv, keyval
from qemutui.core.profile import Profile
from qemutui.host.spawn import Launch, PassedFile


def prepare(profile: Profile, directory: Path, arguments: Iterable[str] = ()) -> Launch:
    """Returns the launch of a profile that runs in `directory`.

    `arguments` are added at the end of the command, for this run alone.
    """
    command = argv.build(profile)
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
    words = (*argv.words(command), *arguments)
    return Launch(words, directory.absolute(), environment, files, len(wrapper))
