"""How QEMU is run: the kernel's companions, passed files, switches of `launch`."""

import math
from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Path
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.words import quoted

_MODES = ("r", "w", "r+", "a")
_LIKE_MODES = {
    "read": "r", "ro": "r", "rb": "r", "write": "w", "wb": "w", "wo": "w", "rw": "r+", "w+": "r+",
    "rb+": "r+", "r+b": "r+", "append": "a", "a+": "a", "ab": "a",
}  # fmt: skip


def kernel(subject: Subject) -> Iterator[Problem]:
    """`append` and `initrd` without a kernel, which QEMU refuses; in `extra` too."""
    boot = subject.profile.boot
    whole = isinstance(subject.profile.extra, tuple)
    none = subject.profile.machine.type == "none" and not subject.has_option("machine")
    if none and boot.kernel and not subject.has_option("kernel", "readconfig"):
        yield Problem("error", ("boot", "kernel"), "The machine none boots no kernel.")
    if boot.kernel is not None or "kernel" in subject.profile.machine.others:
        return
    if subject.has_option("kernel", "readconfig"):
        return
    if any(option.name == "machine" and "kernel" in option.value for option in subject.options):
        return
    for name in ("append", "initrd"):
        if getattr(boot, name) is not None:
            yield Problem("error", ("boot", name), f"{name} needs a kernel.")
    for option in subject.options:
        if option.name in ("append", "initrd"):
            path: Path = ("extra", option.place) if whole else ("extra",)
            yield Problem("error", path, f"{option.written} needs a kernel.")


def passed_file(subject: Subject) -> Iterator[Problem]:
    """Passed files without a path, or with a mode that is none."""
    for index, passed in enumerate(subject.profile.fd):
        if passed.off:
            continue
        if passed.path is None or not keyval.text(passed.path):
            yield Problem("error", ("fd", index, "path"), "A passed file needs a path.")
        mode = passed.mode
        if mode is not None and mode not in _MODES:
            path = ("fd", index, "mode")
            likely = _LIKE_MODES.get(keyval.text(mode).lower())
            fix = Fix(f"makes it {likely}", (Set(path, likely),)) if likely else None
            message = f"A mode is r, w, r+ or a, not {quoted(keyval.text(mode))}."
            yield Problem("error", path, message, fix)


def powerdown(subject: Subject) -> Iterator[Problem]:
    """A time to power down that is no number of seconds."""
    value = subject.profile.launch.powerdown
    try:
        seconds = math.nan if isinstance(value, bool) else float(value)
    except (ValueError, OverflowError):
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        path = ("launch", "powerdown")
        fix = Fix("makes it 20", (Set(path, None),))
        yield Problem("error", path, "This is a number of seconds, 0 or more.", fix)


def monitor(subject: Subject) -> Iterator[Problem]:
    """A switch for the private monitor that is neither on nor off."""
    value = subject.profile.launch.monitor
    if keyval.boolean(value) is None:
        path = ("launch", "monitor")
        message = f"This is true or false, not {quoted(keyval.text(value))}."
        yield Problem("error", path, message, Fix("makes it true", (Set(path, None),)))


def environment(subject: Subject) -> Iterator[Problem]:
    """Names that no variable can have."""
    for name in subject.profile.launch.environment:
        if not name or "=" in name or "\0" in name:
            path = ("launch", "environment", name)
            fix = Fix("unsets it", (Set(path, None),))
            yield Problem("error", path, f"No variable can be called {quoted(name)}.", fix)
