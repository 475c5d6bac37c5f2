"""Tells whether a command depends on where it is run."""

import re
from collections.abc import Iterator

from qemutui.core import argv, facts, options
from qemutui.core.profile import Profile

_FILES = frozenset(
    {
        "hda", "hdb", "hdc", "hdd", "cdrom", "fda", "fdb", "pflash", "mtdblock", "sd", "D",
        "pidfile", "readconfig", "kernel", "initrd", "dtb", "shim", "mem-path", "option-rom", "L",
        "chroot", "dump-vmstate", "",
    }
)  # fmt: skip
"""Options whose whole value is the name of a file (`qemu-options.hx`); the one without a name is a
disk image."""
_NAME = re.compile(
    r"[^/]+/.*"  # `images/a`, `./a`
    r"|[^/]*\.[A-Za-z]\w*"  # `disk.qcow2`
)
_URL = re.compile(r"[\w+]+://[^,\s\"]*")
_SEPARATORS = re.compile(r"[,=:\"{}\s]+")


def names_relative_files(profile: Profile) -> bool:
    """Tells whether the command of a profile seems to name files from where it is run.

    In doubt it does: what only looks like such a name counts too.
    """
    return any(not text.startswith("/") for text in _names(profile))


def _names(profile: Profile) -> Iterator[str]:
    for file in facts.named_files(profile):
        if file.purpose != "directory" and (file.purpose != "program" or "/" in file.text):
            yield file.text
    words = argv.words(argv.build(profile))
    for option in options.read(words[len(argv.words_of(profile.launch.wrapper)) + 1 :]):
        if option.name in _FILES:
            yield option.value
        else:
            for part in _SEPARATORS.split(_URL.sub("", option.value)):
                if _NAME.fullmatch(part):
                    yield part
