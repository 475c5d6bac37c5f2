"""What became of a command that is imported, a row for each thing that there is to say."""

from collections.abc import Iterator
from typing import NamedTuple

from qemutui.core import argv, keyval, shell
from qemutui.core.argument import Argument
from qemutui.core.command_text import Remark
from qemutui.core.groups import BY_NAME
from qemutui.core.importing import Imported
from qemutui.core.profile import Profile
from qemutui.ui.places import place_of
from qemutui.ui.sections import section_of


class ImportRow(NamedTuple):
    """A remark, an option that comes out, or what of the profile stands in no option."""

    text: str
    """What is said, or the value of what stands in no option."""
    place: str = ""
    """Where in the profile it went; empty for a remark."""
    option: Argument | None = None
    was: str = ""
    """How it was written, where it comes out in other words."""
    ranges: tuple[tuple[int, int], ...] = ()
    """The parts of the text that a remark is about, from one character to before another."""


class Outcome(NamedTuple):
    """What there is to show of a text."""

    sentence: str
    rows: tuple[ImportRow, ...] = ()
    profile: Profile | None = None
    """None where the text holds no command."""
    differs: bool = False
    fault: tuple[int, int] | None = None
    """What of the text is to blame that it holds no command."""


def outcome(imported: Imported) -> Outcome:
    """Returns what there is to show of a command that was understood."""
    rows = (*_remarks(imported.remarks), *_options(imported), *_settings(imported.profile))
    return Outcome(imported.sentence, rows, imported.profile, bool(imported.differences))


def _remarks(remarks: tuple[Remark, ...]) -> Iterator[ImportRow]:
    """Yields each sentence once, with all parts of the text that it is about."""
    ranges: dict[str, list[tuple[int, int]]] = {}
    for remark in remarks:
        ranges.setdefault(remark.message, []).append((remark.start, remark.end))
    for message, places in ranges.items():
        times = f" ({len(places)} times)" if len(places) > 1 else ""
        yield ImportRow(message + times, ranges=tuple(places))


def _options(imported: Imported) -> Iterator[ImportRow]:
    profile = imported.profile
    before = {after: before for before, after in imported.differences}
    for argument in argv.build(profile):
        if argument.path == ("binary",) and profile.binary is None:
            continue
        text = " ".join(argument.words)
        is_item = argument.path[0] in BY_NAME
        place = place_of(profile, argument.path) if is_item else section_of(argument.path)
        yield ImportRow(text, place, argument, before.get(text, ""))


def _settings(profile: Profile) -> Iterator[ImportRow]:
    """Yields how QEMU is run: no option says so."""
    if profile.launch.directory is not None:
        place = place_of(profile, ("launch", "directory"))
        yield ImportRow(keyval.text(profile.launch.directory), place)
    for name, value in profile.launch.environment.items():
        yield ImportRow(
            f"{name}={keyval.text(value)}", place_of(profile, ("launch", "environment"))
        )
    for index, file in enumerate(profile.fd):
        path = "" if file.path is None else keyval.text(file.path)
        mode = "" if file.mode is None else f", {keyval.text(file.mode)}"
        yield ImportRow(
            f"descriptor {index + shell.FIRST_FD}{mode}: {path}", place_of(profile, ("fd", index))
        )
