"""What drives, nodes and throttle groups refuse of values that each are good.

As `blockdev.c` (drive_new, blockdev_init), `block/file-posix.c` (raw_open_common) and
`util/throttle.c` (throttle_is_valid) of 7.2 and 10.0.
"""

from collections.abc import Iterable, Iterator, Mapping

from qemutui.core import keyval
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Path, Value
from qemutui.core.rules.subject import Entry

_DIRECT = frozenset({"none", "directsync"})
_FILES = frozenset({"file", "host_device"})
_NO_POLICY = frozenset({"floppy", "pflash", "mtd", "sd", "xen"})
"""Interfaces whose drives have neither werror nor rerror."""
_SHORT = {"total": "", "read": "_rd", "write": "_wr"}


def refused(entry: Entry) -> Iterable[Problem]:
    """Values of a drive, a node or a throttle group that do not go together."""
    return _refused(entry) if entry.group.name in ("drive", "blockdev", "object") else ()


def _refused(entry: Entry) -> Iterator[Problem]:
    group = entry.group.name
    if group == "drive":
        yield from _native(entry)
        yield from _rates(entry, "throttling.")
        if str(entry.item.root.get("if")) in _NO_POLICY:
            for key in ("werror", "rerror"):
                if key in entry.item.root:
                    fix = Fix("unsets it", (Set((*entry.path, key), None),))
                    message = f"A drive with if={entry.item.root['if']} has no {key}."
                    yield Problem("error", (*entry.path, key), message, fix)
    elif group == "blockdev" and entry.type in _FILES:
        yield from _native(entry)
    elif group == "object" and entry.type == "throttle-group":
        yield from _rates(entry, "x-")


def _flat(entry: Entry) -> dict[str, Value]:
    """Returns what an item says under dotted keys, as -drive has them."""
    found: dict[str, Value] = {}
    for key, value in entry.item.root.items():
        if isinstance(value, dict):
            found.update({f"{key}.{inner}": one for inner, one in value.items()})
        else:
            found[key] = value
    return found


def _is_on(value: object) -> bool:
    return isinstance(value, bool | str) and keyval.boolean(value) is True


def _native(entry: Entry) -> Iterator[Problem]:
    """Yields that aio=native needs a file that is opened with O_DIRECT."""
    root = _flat(entry)
    is_drive = entry.group.name == "drive"
    file = root.get("file")
    elsewhere = is_drive and (not isinstance(file, str) or not file or ":" in file)
    if root.get("aio") != "native" or elsewhere or (is_drive and "snapshot" in root):
        return
    if str(root.get("cache")) in _DIRECT or _is_on(root.get("cache.direct")):
        return
    if is_drive:
        path: Path = (*entry.path, "cache")
        fix: Fix | None = Fix("makes it none", (Set(path, "none"),))
        known = "cache" in root
        message = "aio=native needs cache=none."
    else:
        message, fix, known = "aio=native needs cache.direct.", None, False
        path = entry.path
    yield Problem("error", path if known else (*entry.path, "aio"), message, fix)


def _count(root: Mapping[str, Value], *keys: str) -> int:
    for key in keys:
        value = root.get(key)
        if isinstance(value, int | str) and not isinstance(value, bool):
            return keyval.number(value) or 0
    return 0


def _rates(entry: Entry, prefix: str) -> Iterator[Problem]:
    """Yields what is wrong with limits of a rate."""
    root = _flat(entry)
    for unit in ("bps", "iops"):
        for burst, short_burst in (("", ""), ("-max", "_max")):
            found = {}
            for what, short in _SHORT.items():
                names = (f"{prefix}{unit}-{what}{burst}", f"{unit}{short}{short_burst}")
                if _count(root, *names):
                    found[what] = next(name for name in names if name in root)
            if "total" in found and len(found) > 1:
                path = (*entry.path, found["total"])
                message = "A rate of all excludes those of reads and of writes."
                yield Problem("error", path, message, Fix("unsets it", (Set(path, None),)))
        for what, short in _SHORT.items():
            yield from _burst(entry, f"{prefix}{unit}-{what}", f"{unit}{short}")


def _burst(entry: Entry, long: str, short: str) -> Iterator[Problem]:
    """Yields what is wrong with the burst of one rate."""
    root = _flat(entry)
    rate = _count(root, long, short)
    key = f"{long}-max" if f"{long}-max" in root else f"{short}_max"
    most = _count(root, key)
    if most and rate and most < rate:
        yield Problem("error", (*entry.path, key), "A burst is not lower than the rate.")
    elif most and not rate and entry.group.name == "object":
        yield Problem("error", (*entry.path, key), f"{key} needs {long}.")
    for length in (f"{long}-max-length", f"{short}_max_length"):
        if length in root:
            count = _count(root, length)
            if count == 0 and keyval.number(str(root[length])) == 0:
                yield Problem("error", (*entry.path, length), "A burst has a second at least.")
            elif count > 1 and not most:
                yield Problem("error", (*entry.path, length), f"{length} needs {key}.")
