"""What the parts of a profile have to do with each other, for who goes from one to the other."""

from collections.abc import Iterator

from qemutui.core import edit
from qemutui.core.check import check
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path, Value
from qemutui.core.profile import Item, Profile

_DANGLING = "dangling-reference"


def _others(profile: Profile, path: Path) -> Iterator[tuple[Path, Item]]:
    for group in BY_NAME:
        for index, item in enumerate(profile.items(group)):
            if (group, index) != path:
                yield (group, index), item


def called(profile: Profile, path: Path, name: str) -> Path | None:
    """Returns the field of the id of what is called so, beside the item at `path`."""
    found = (other for other, item in _others(profile, path) if item.id == name)
    return next(((*other, "id") for other in found), None)


def users(profile: Profile, path: Path, name: str) -> list[Path]:
    """Returns the fields that hold a name: of other items than that at `path`, and of machine."""
    found: list[Path] = []
    for other, item in _others(profile, path):
        for key, value in item.properties:
            found += _holding((*other, key), value, name)
    for key, value in profile.machine.others.items():
        found += _holding(("machine", key), value, name)
    return found


def _holding(path: Path, value: Value, name: str) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _holding((*path, key), inner, name)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _holding((*path, index), inner, name)
    elif value == name:
        yield path


def left_behind(profile: Profile, path: Path) -> str | None:
    """Returns the title of what refers to the item at `path`, and to nothing without it."""
    before = {finding.path for finding in check(profile) if finding.rule == _DANGLING}
    for finding in check(edit.remove(profile, path)):
        if finding.rule == _DANGLING and finding.path not in before:
            at = finding.path
            if at[0] == path[0] and len(at) > 1 and int(at[1]) >= int(path[1]):
                at = (at[0], int(at[1]) + 1)
            return edit.title_of(profile, at[:2])
    return None
