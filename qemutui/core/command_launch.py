"""Lays what stands before and after the options of a command over a profile."""

from collections.abc import Mapping, Sequence

from qemutui.core import argv, edit, keyval
from qemutui.core.argv import words_of
from qemutui.core.command_text import Command
from qemutui.core.profile import PassedFd, Profile, Words


def respelled(before: Words | None, words: Sequence[str]) -> Words | None:
    """Returns words as a list, each as it was spelled before."""
    if words_of(before) == tuple(words):
        return before
    known = before if isinstance(before, tuple) else () if before is None else (before,)
    spelled = {keyval.text(word): word for word in known}
    return tuple(spelled.get(word, word) for word in words) or None


def launched(
    profile: Profile, command: Command, words: Sequence[str], program: int | None
) -> Profile:
    """Returns the profile with what a text says of its program, and of how that is run."""
    if program is not None:
        if words[program] != argv.binary(profile):
            profile = edit.set_value(profile, ("binary",), words[program])
        wrapper = profile.launch.wrapper
        new = respelled(None if wrapper == "" else wrapper, words[:program])
        if new is not wrapper and (new or wrapper):
            profile = edit.set_value(profile, ("launch", "wrapper"), new)
    if command.directory and command.directory != keyval.scalar_text(profile.launch.directory):
        profile = edit.set_value(profile, ("launch", "directory"), command.directory)
    profile = _with_environment(profile, command.environment)
    if command.files:
        profile = _with_files(profile, command.files)
    return profile


def _with_environment(profile: Profile, variables: Mapping[str, str]) -> Profile:
    before = profile.launch.environment
    new = {k: v for k, v in variables.items() if k not in before or keyval.text(before[k]) != v}
    if not new:
        return profile
    return edit.set_value(profile, ("launch", "environment"), {**before, **new})


def _with_files(profile: Profile, files: tuple[PassedFd, ...]) -> Profile:
    def is_known(place: int, file: PassedFd) -> bool:
        old = profile.fd[place]
        return not old.off and (_mode(old), old.path) == (_mode(file), file.path)

    known = len(profile.fd)
    new = tuple(
        profile.fd[place] if place < known and is_known(place, file) else file
        for place, file in enumerate(files)
    )
    return profile if new == profile.fd else edit.set_value(profile, ("fd",), new)


def _mode(file: PassedFd) -> str:
    return "r" if file.mode is None else keyval.text(file.mode)
