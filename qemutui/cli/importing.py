"""Makes a profile of a command line, from the prompt."""

import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from qemutui.cli.output import Problem, print_bytes, say
from qemutui.core import command_text
from qemutui.core.argv import words_of
from qemutui.core.command_text import Command, NoCommandError
from qemutui.core.importing import Imported
from qemutui.core.profile import Profile, dump, read
from qemutui.core.text import clean
from qemutui.host import store
from qemutui.host.importing import of_command

_MOST = 16 << 20
"""Bytes of a text that are read; a profile cannot be larger either."""
_LONGEST_TYPED = 4095
"""Bytes of a line that a terminal passes on; it drops what follows (termios(3), canonical mode)."""
_BY_NUMBER = re.compile(
    r"""(?:^|[,{\s"'])([\w.-]*fds?["']?\s*[=:]\s*["']?\d[\d:]*)|(/dev/fd/\d+)"""
)
"""Where an option names an open file by its number: `fd=24`, `vhostfds=3:4`, `"fd":"24"`."""


def convert(words: Sequence[str], output: str, name: str | None, force: bool) -> int:
    """Makes a profile of the command that the words are; `-` or none: that is on standard input."""
    try:
        with store.without_plugins():
            imported = of_command(_command(words))
    except NoCommandError as error:
        raise Problem(error.message) from None
    return _deliver(imported, [], output, name, force)


def convert_running(pid: int, output: str, name: str | None, force: bool) -> int:
    """Makes a profile of the command of a process that runs; QEMU is to run where that one does."""
    from qemutui.core import private_monitor
    from qemutui.host import running_command

    try:
        running = running_command.read(pid)
    except running_command.NoProcessError as error:
        raise Problem(str(error)) from None
    notes = []
    words = private_monitor.without(running.words)
    if len(words) < len(running.words):
        notes.append("The private monitor that qemutui added is left out.")
    if running.is_removed:
        notes.append(f"The folder in which pid {pid} runs was removed: {running.directory}")
    if numbers := [match[0] for word in words for match in _BY_NUMBER.finditer(word)]:
        more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
        notes.append(
            f"The command names files by the numbers that pid {pid} has them open with "
            f"({numbers[0].strip(',{ ')}{more}); which files these are cannot be known."
        )
    try:
        with store.without_plugins():
            imported = of_command(command_text.of_words(words))
    except NoCommandError as error:
        raise Problem(f"pid {pid}: {error.message}") from None
    placed = imported.profile.launch.with_key("directory", running.directory)
    profile = imported.profile.with_key("launch", placed)
    return _deliver(imported._replace(profile=profile), notes, output, name, force)


def _command(words: Sequence[str]) -> Command:
    if not words or tuple(words) == ("-",):
        return command_text.read(_standard_input())
    return command_text.of_words(words)


def _standard_input() -> str:
    if sys.stdin is None:
        raise Problem("Standard input is closed, and no command was given.")
    typed = sys.stdin.isatty()
    if typed:
        say("Type or paste a command; Ctrl+D on a line of its own ends it.")
    try:
        text = sys.stdin.buffer.read(_MOST + 1)
    except OSError as error:
        raise Problem(f"Standard input cannot be read: {error.strerror}.") from None
    if len(text) > _MOST:
        raise Problem("Standard input has over 16 MiB; that is no command.")
    if typed and any(len(line) >= _LONGEST_TYPED for line in text.split(b"\n")):
        raise Problem(
            f"A line is longer than the {_LONGEST_TYPED} bytes that a terminal passes on. "
            "Put it into a file: qemutui import < FILE."
        )
    return os.fsdecode(text)


def _deliver(
    imported: Imported, notes: list[str], output: str, name: str | None, force: bool
) -> int:
    profile = imported.profile
    if name is not None:
        profile, renamed = _named(profile, name)
        notes.append(renamed)
    if output in ("", "-"):
        try:
            content = store.encoded(store.blank(Path("The profile")), profile)
        except store.StoreError as error:
            raise Problem(_refused(profile, error)) from None
        print_bytes(_drawable(content) if sys.stdout and sys.stdout.isatty() else content)
    else:
        notes += _write(profile, Path(output), force)
    for message, times in Counter(remark.message for remark in imported.remarks).items():
        say(message if times == 1 else f"{message} ({times} times)")
    for before, after in imported.differences:
        say(f"{before} comes out as {after or 'nothing'}.")
    say(imported.sentence)
    for note in notes:
        say(note)
    return 0


def _drawable(content: bytes) -> bytes:
    """Returns the same TOML for a terminal: what it could obey stands in texts alone, which know
    escapes."""
    return "".join(
        sign if sign in "\n\t" or clean(sign) == sign else f"\\U{ord(sign):08x}"
        for sign in content.decode()
    ).encode()


def _named(profile: Profile, name: str) -> tuple[Profile, str]:
    old = profile.name
    guest = old.get("guest") if isinstance(old, dict) else old
    new = {**old, "guest": name} if isinstance(old, dict) else name
    if guest is None:
        note = f"--name adds -name {name} to it."
    else:
        note = f"--name puts {name} in the place of {guest}."
    if "-name" in words_of(profile.extra) or "--name" in words_of(profile.extra):
        note += " Another -name stays in Extra, which QEMU reads later."
    said = dump(profile)
    return read({"name": new} | said | {"name": new}), note


def _write(profile: Profile, path: Path, force: bool) -> list[str]:
    """Writes a file and returns what is to be said about it."""
    placed = _placed(profile, path)
    try:
        blank = store.blank(path)
        if force:
            blank = blank.expecting(store.stamp(path))
        store.save(blank, placed)
    except store.Conflict as error:
        hint = "" if force else " --force replaces it."
        raise Problem(f"{error}{hint}") from None
    except store.StoreError as error:
        raise Problem(_refused(profile, error)) from None
    notes = []
    if placed is not profile:
        notes.append(f"QEMU will run in {placed.launch.directory}, where its relative files are.")
    if "/" in str(path) or path.suffix == ".toml":
        return [*notes, f"Saved {path}."]
    return [*notes, f"Saved {path}; as it has no .toml at its end, ./{path} opens it."]


def _placed(profile: Profile, path: Path) -> Profile:
    """Returns the profile with the folder where we are, where its file is to lie in another and
    the command depends on that."""
    from qemutui.core import keyval
    from qemutui.core.relative import names_relative_files

    written = profile.launch.directory
    start = "" if written is None else keyval.text(written)
    try:
        here = os.getcwd()  # noqa: PTH109
        if start.startswith("/") or path.parent.samefile(here):
            return profile
    except OSError:  # no such folder: saving says so
        return profile
    if not start and not names_relative_files(profile):
        return profile
    place = os.path.normpath(os.path.join(here, start))  # noqa: PTH118
    return profile.with_key("launch", profile.launch.with_key("directory", place))


def _refused(profile: Profile, error: store.StoreError) -> str:
    """Says why there is no profile: if a byte of the command is to blame, which word holds it."""
    from qemutui.core import argv

    for word in argv.words(argv.build(profile)):
        if bytes_ := [sign for sign in word if "\udc80" <= sign <= "\udcff"]:
            return (
                f"The command holds the byte 0x{ord(bytes_[0]) - 0xDC00:02x}, which is no UTF-8 "
                f"and cannot stand in a profile: {word}"
            )
    return str(error)
