"""What a file of `-readconfig` says, as the options of a command line that say the same.

The form is that of `util/qemu-config.c` (qemu_config_foreach); a file of another form, and one with
a group that is not in the table here, is not read.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from qemutui.core import options
from qemutui.core.argv import words_of
from qemutui.core.edit import Edit, Insert
from qemutui.core.finding import Finding, Fix
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile

LONGEST = 1 << 16
"""How many characters of a file are read; a longer one says nothing."""

_LONGEST_LINE = 1022
_GROUP = re.compile(r'\[([\w-]{1,63})(?:\s+"([^"]{1,63})")?\]\s*')
_KEY = re.compile(r'\s*([^\s"=]{1,63})\s+=\s+"([^"]+)"\s*')
_OPTIONS: Mapping[str, str] = {
    "memory": "m", "smp-opts": "smp", "boot-opts": "boot",
    **{name: name for name in ("device", "drive", "chardev", "netdev", "fsdev", "object", "tpmdev",
                               "machine", "accel", "global", "name", "rtc", "msg", "mon")},
}  # fmt: skip
"""The groups that say what an option of the command line says, and that option."""


def read(text: str) -> tuple[str, ...] | None:
    """Returns the words that say what a file says; None where that is not known."""
    words: list[str] = []
    pairs: list[str] = []
    for line in text.split("\n"):
        if len(line) > _LONGEST_LINE or "\0" in line:
            return None
        if line == "" or line[0] == "#":
            continue
        group, key = _GROUP.fullmatch(line), _KEY.fullmatch(line)
        if group is not None and group[1] in _OPTIONS:
            pairs = [f"id={group[2]}"] if group[2] else []
            words += [f"-{_OPTIONS[group[1]]}", ",".join(pairs)]
        elif key is not None and words:
            pairs.append(f"{key[1]}={key[2].replace(',', ',,')}")
            words[-1] = ",".join(pairs)
        else:
            return None
    return tuple(words) if "" not in words else None


class Expanded(NamedTuple):
    """A profile with what its files of `-readconfig` say in their place."""

    profile: Profile
    places: tuple[int, ...] = ()
    """For each word of its `extra` the index of the one that it comes from; empty: nothing has
    changed."""

    def of_original(self, finding: Finding) -> Finding:
        """Returns a finding of the profile as one of that which it was made of."""
        if not self.places or finding.path[0] != "extra" or len(finding.path) < 2:
            return finding._replace(fix=self._fix(finding.fix))
        return finding._replace(path=self._path(finding.path), fix=self._fix(finding.fix))

    def _path(self, path: Path) -> Path:
        return ("extra", self.places[int(path[1])], *path[2:])

    def _fix(self, fix: Fix | None) -> Fix | None:
        """Returns a fix of the original; None for one of what stands in a file."""
        if fix is None or not self.places:
            return fix
        edits: list[Edit] = []
        for edit in fix.edits:
            if edit.path[0] != "extra":
                edits.append(edit)
            elif (
                isinstance(edit, Insert)
                or len(edit.path) < 2
                or self.places.count(self.places[int(edit.path[1])]) > 1
            ):
                return None
            else:
                edits.append(edit._replace(path=self._path(edit.path)))
        return fix._replace(edits=tuple(edits))


def names(profile: Profile) -> Iterator[str]:
    """Yields the names of the files of `-readconfig`."""
    for option in options.read(words_of(profile.extra)):
        if option.name == "readconfig" and option.size == 2:
            yield option.value


def expanded(profile: Profile, texts: Mapping[str, str]) -> Expanded:
    """Returns a profile that says itself what its files say.

    `texts` is what is in the files, by their names as written; one that is not there, or that is
    not understood, is left as it is.
    """
    if not texts or not isinstance(profile.extra, tuple):
        return Expanded(profile)
    given = words_of(profile.extra)
    words: list[str] = []
    places: list[int] = []
    for option in options.read(given):
        said = None
        if option.name == "readconfig" and option.value in texts:
            said = read(texts[option.value])
        own = given[option.place : option.place + option.size] if said is None else said
        words += own
        places += (option.place + (index if said is None else 0) for index in range(len(own)))
    if tuple(words) == given:
        return Expanded(profile)
    return Expanded(profile.model_copy(update={"extra": tuple(words)}), tuple(places))
