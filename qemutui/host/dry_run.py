"""Starts the very command of a profile, paused, to hear whether QEMU accepts it, and ends it.

It has disks and ports as a launch has them; `core.dry_run` says what it has not. A process of our
own ends it and removes its folder where this one is killed.
"""

import os
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from qemutui.core import argv, dry_run, keyval, options
from qemutui.core.image_format import PROBED, change_of_opening
from qemutui.core.profile import Profile
from qemutui.core.stand_ins import NotTriedError
from qemutui.core.verdict import Accepted, Refused, Untold, Verdict, of_end
from qemutui.core.written_images import written_images
from qemutui.host import dry_guard, file_ends, sockets, trusted
from qemutui.host.prepare import prepare
from qemutui.host.probe_errors import MissingError, UntrustedError
from qemutui.host.spawn import NotStartedError
from qemutui.host.stand_ins import StandIns
from qemutui.host.trial import Trial


def run(
    profile: Profile,
    directory: Path,
    *,
    allowed: bool = False,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Starts QEMU and returns its verdict, once nothing of it is left. Takes up to 10 s and more.

    Args:
        profile: What is tried.
        directory: Where QEMU runs (`facts.launch_directory`).
        allowed: The user wants the profile's binary to be run, whichever it is.
        is_cancelled: Is asked all the time whether to give up.

    Raises:
        CancelledError: It was given up.
    """
    try:
        _trust(profile, directory, allowed=allowed)
    except MissingError as error:
        return Refused(("binary",), str(error))
    except UntrustedError as error:
        return Untold(str(error))
    if reason := _changed_images(profile, directory):
        return Untold(reason)
    place = sockets.choose("dry")
    folder = place.with_suffix("")
    try:
        sockets.prepare(place)
        sockets.prepare(folder / "monitor")
    except sockets.SocketFolderError as error:
        return Untold(str(error))
    with ExitStack() as cleaning:
        guard = cleaning.enter_context(dry_guard.start(folder))
        cleaning.callback(_remove, folder)
        stand_ins = StandIns(folder, directory)
        cleaning.callback(stand_ins.close)
        monitor = socket.socket(socket.AF_UNIX)
        cleaning.callback(monitor.close)
        monitor.bind(str(folder / "monitor"))
        monitor.listen(1)
        try:
            dry = dry_run.prepare(profile, str(folder / "monitor"), stand_ins)
        except NotTriedError as error:
            return Untold(f"QEMU was not started: {error}")
        launch = prepare(dry.profile, dry.command, directory, folder / "monitor")
        try:
            trial = Trial(launch._replace(monitor=""), folder, monitor, guard)
        except NotStartedError as error:
            return Refused(error.event.field, error.event.message)
        cleaning.callback(trial.end)
        if options.has(argv.words_of(profile.extra), "trace"):
            left = directory / f"trace-{trial.pid}"  # what the backend "simple" makes unasked
            cleaning.callback(left.unlink, missing_ok=True)
        answered = trial.wait(is_cancelled, stand_ins)
        if answered is not None:
            return Accepted(answered, dry.aside)
        if trial.status is None:
            return Untold(_silence(trial, stand_ins))
        return of_end(trial.status, trial.said, dry.command, dry.replaced, dry.hides_display)


def _silence(trial: Trial, stand_ins: StandIns) -> str:
    """Says why QEMU has not answered, as far as that is known."""
    if name := trial.talks_on or stand_ins.talks_on():
        return f"QEMU waits for an answer on {name}, which a check leaves alone."
    seconds = time.monotonic() - trial.began
    words = trial.said.strip().splitlines()
    return f"QEMU has not answered in {seconds:.0f} s.{f' It said: {words[-1]}' if words else ''}"


def _trust(profile: Profile, directory: Path, *, allowed: bool) -> None:
    """Raises MissingError or UntrustedError where the binary of a profile may not be run."""
    binary = argv.binary(profile)
    path = trusted.resolve(binary, directory, this_one=allowed)
    if "/" in binary or allowed:
        return
    import shutil

    # As `execvp` finds it there: a relative folder may be one of whoever made the profile.
    own_path = profile.launch.environment.get("PATH", os.environ.get("PATH", os.defpath))
    folders = [str(directory / folder) for folder in keyval.text(own_path).split(os.pathsep)]
    found = shutil.which(binary, path=os.pathsep.join(folders))
    if found is None or os.path.abspath(found) != path:  # noqa: PTH100
        raise UntrustedError(binary, found or "")


def _changed_images(profile: Profile, directory: Path) -> str:
    """Says which image QEMU would write into by opening it; nothing where there is none."""
    for name in written_images(profile):
        place = directory / name
        with suppress(OSError, ValueError):
            if reason := change_of_opening(file_ends.read(str(place), PROBED).first):
                return f"QEMU was not started: {place.name} would change, as {reason}."
    return ""


def _remove(folder: Path) -> None:
    """Removes the folder of a dry run, in which there are no folders."""
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()
