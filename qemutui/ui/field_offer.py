"""All that an open editor offers for its field."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from qemutui.core import bus_choices, edit, field_choices, file_names, keyval, offered, value_words
from qemutui.core.board import Board
from qemutui.core.catalog import Catalog
from qemutui.core.choice import Choice
from qemutui.core.edit import Set
from qemutui.core.finding import Finding
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import DEFAULT_BINARY, Profile
from qemutui.core.value_words import Numbers
from qemutui.ui.sections import Row


class FieldOffer(NamedTuple):
    """What can stand in a field, and what is said of it."""

    path: Path
    choices: tuple[Choice, ...] = ()
    numbers: Numbers | None = None
    """Which numbers it takes, where it is one."""
    unit: str | None = None
    """The unit of a bare number, where it is a size."""
    is_switch: bool = False
    """Whether its words are kept as a boolean."""
    is_file: bool = False
    """Whether it can be a path."""
    is_image: bool = False

    def asks_disk(self, text: str) -> bool:
        """Tells whether a typed text is a path, of which the disk knows more."""
        return self.is_file and (not self.choices or "/" in text)

    def beside(self, text: str) -> tuple[str, ...]:
        """Returns what is said beside a typed text, in full and in short."""
        if self.numbers is not None and self.numbers.words:
            return (self.numbers.words,)
        return value_words.size_words(self.path, text, self.unit) if self.unit else ()


def offer_of(
    profile: Profile,
    row: Row,
    path: Path,
    catalog: Catalog | None,
    programs: Sequence[str] = (),
    board: Board | None = None,
) -> FieldOffer:
    """Returns what is offered for the field at a path, which a row shows or is about to add.

    `programs` are the QEMUs that are found by their names, `board` the buses of the machine.
    """
    if path == ("binary",):
        found = tuple(Choice(name, is_default=name == DEFAULT_BINARY) for name in programs)
        return FieldOffer(path, found, is_file=True)
    known = offered.property_at(profile, path, catalog)
    choices = field_choices.choices(profile, path, catalog)
    choices = choices or bus_choices.choices(profile, path, board, catalog)
    words = () if row.adds else row.choices
    if not choices and words:
        default = "" if row.is_set else row.value
        texts = [keyval.text(word) for word in words if isinstance(word, bool | int | float | str)]
        choices = tuple(Choice(text, is_default=text == default) for text in texts)
    return FieldOffer(
        path,
        choices,
        value_words.numbers_of(profile, path, known, catalog),
        value_words.unit_of(path, known),
        is_switch=known is not None and known.kind == "bool",
        is_file=not choices and file_names.is_file_name(path, known),
        is_image=file_names.is_image_name(path),
    )


def keys_of(rows: Sequence[Row], adding: Row) -> FieldOffer:
    """Returns the keys that a row which adds one can begin with, of those that are not set."""
    place = len(adding.path)
    keys = (
        Choice(
            f"{row.label}=",
            row.help or row.kind,
            deprecated=row.property is not None and row.property.deprecated,
        )
        for row in rows
        if row.is_offered and len(row.path) > place and row.path[:place] == adding.path
    )
    return FieldOffer(adding.path, tuple(keys))


def fixes_of(findings: Iterable[Finding], profile: Profile, path: Path, typed: str) -> list[Choice]:
    """Returns the choices that mend findings of the field at a path."""
    found = (_fix_of(finding, profile, path, typed) for finding in findings)
    return [fix for fix in found if fix is not None]


def _fix_of(finding: Finding, profile: Profile, path: Path, typed: str) -> Choice | None:
    if finding.fix is None:
        return None
    from qemutui.core import reference_choices

    sets = [one for one in finding.fix.edits if isinstance(one, Set) and one.path == path]
    own = sets[-1] if sets else None
    value = typed
    if own is not None:
        value = "" if own.value is None else keyval.scalar_text(own.value)
    # A text is set by being chosen; what is no text is set as it is.
    edits = tuple(one for one in finding.fix.edits if one is not own or own.value != value)
    made = reference_choices.made(profile, edits)
    words = made.description if made is not None else finding.fix.label
    return Choice(value, words, edits=edits, is_fix=True, creates=made is not None)


def with_choice(
    profile: Profile, path: Path, choice: Choice, in_place: bool
) -> tuple[Profile, Path]:
    """Returns the profile with what else a choice does, and where the field is then.

    `in_place`: without it, where items would change their places.
    """
    if not choice.edits:
        return profile, path
    there = edit.apply(profile, choice.edits)
    moved = _moved(profile, there, path)
    return (profile, path) if in_place and moved != path else (there, moved)


def _moved(before: Profile, after: Profile, path: Path) -> Path:
    if path[0] not in BY_NAME or len(path) < 2:
        return path
    group = str(path[0])
    item = edit.get(before, path[:2])
    places = [at for at, one in enumerate(after.items(group)) if one is item]
    return (group, places[0], *path[2:]) if len(places) == 1 else path


def is_element(row: Row) -> bool:
    """Returns whether a row adds an element of a list, whose text is the value itself."""
    return (
        row.adds
        and len(row.path) > 1
        and isinstance(row.path[-1], int)
        and (row.path[0] in ("machine", "cpu", "extra", "launch") or len(row.path) > 2)
    )


def split(row: Row, text: str) -> tuple[str, str]:
    """Returns what stands before the value in the text of a row, and the value."""
    if not row.adds or is_element(row):
        return "", text
    key, sign, value = text.partition("=")
    return (key + sign, value) if sign else ("", text)
