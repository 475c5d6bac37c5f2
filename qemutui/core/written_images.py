"""The images that QEMU opens to write."""

from collections.abc import Iterator

from qemutui.core import edit, options
from qemutui.core.argv import words_of
from qemutui.core.facts import named_files
from qemutui.core.profile import Item, Profile
from qemutui.core.stand_ins import Pairs, Settings, Table, is_on

_DISKS = frozenset({"", "hda", "hdb", "hdc", "hdd", "fda", "fdb", "mtdblock", "sd", "pflash"})
"""Options whose value is an image; one without an option has no name."""
_PROBED = frozenset({None, "qcow2", "qed", "parallels"})
"""Formats of which opening an image may change it."""


def written_images(profile: Profile) -> Iterator[str]:
    """Yields the names of files that may be images of a format with a state of its own."""
    for file in named_files(profile):
        item = edit.get(profile, file.path[:2])
        if file.purpose == "image" and isinstance(item, Item):
            is_drive = file.path[0] == "drive"
            if not _is_spared(Table(dict(item.root)), is_drive=is_drive):
                yield file.text
    for option in options.read(words_of(profile.extra)):
        if option.name in _DISKS:
            yield option.value
        elif option.name in ("drive", "blockdev") and not option.value.startswith("{"):
            is_drive = option.name == "drive"
            pairs = Pairs(option.value, "" if is_drive else "driver")
            name = pairs.get("file" if is_drive else "filename") or pairs.get("file.filename")
            if name and not _is_spared(pairs, is_drive=is_drive):
                yield name


def _is_spared(settings: Settings, *, is_drive: bool) -> bool:
    """Tells whether an image is not written, or has no such format."""
    if is_drive and settings.get("format") not in _PROBED:
        return True
    return any(is_on(settings, key) for key in ("readonly", "read-only", "snapshot"))
