"""Disk images of another format than is said, or that another process uses."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from qemutui.core import keyval
from qemutui.core.edit import Set
from qemutui.core.facts import FileFact
from qemutui.core.finding import Fix, Problem
from qemutui.core.image_format import KNOWN
from qemutui.core.keyval import Path
from qemutui.core.rules.effective import machine_type
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.words import short


class _Image(NamedTuple):
    """An image file, and how it is opened."""

    path: Path
    text: str
    format: str
    """The driver that reads it; empty where QEMU guesses."""
    format_path: Path
    is_attached: bool
    """Whether a device surely uses it."""
    writes: bool
    shares: bool
    """Whether it takes no locks, or lets others write."""


def _is_on(table: dict[str, Any], *keys: str) -> bool:
    return any(keyval.is_on(table.get(key)) for key in keys)


def _takes_no_lock(table: dict[str, Any]) -> bool:
    return _is_on(table, "force-share") or table.get("locking") == "off"


_USUAL = re.compile(r"(pc|isapc)(-.*)?|q35|")
"""Machines that attach drives where nothing else is said, and firmware."""


def _of_drive(subject: Subject, entry: Entry) -> Iterator[_Image]:
    root = entry.item.root
    name = root.get("file")
    if not isinstance(name, str):
        return
    key = "format" if "format" in root or "driver" not in root else "driver"
    is_cdrom = root.get("media") == "cdrom"
    changes_a_copy = _is_on(root, "snapshot") or subject.has_option("snapshot")
    readers = subject.referrers.get(("node", entry.id), []) if entry.id else []
    users = [subject.profile.device[int(r.path[1])] for r in readers if r.path[0] == "device"]
    is_cdrom = is_cdrom or any(user.type.endswith("-cd") for user in users)
    interface = root.get("if")
    machine = machine_type(subject)
    usual = machine is not None and _USUAL.fullmatch(machine[0]) is not None
    yield _Image(
        (*entry.path, "file"),
        name,
        str(root.get(key, "")),
        (*entry.path, key),
        usual if interface in ("pflash", None) else interface != "none" or bool(users),
        not (is_cdrom or changes_a_copy or _is_on(root, "readonly", "read-only")),
        _is_on(root, "force-share") or "file.locking" in root,
    )


def _of_node(subject: Subject, entry: Entry) -> Iterator[_Image]:
    """Yields the image of a node upon a file, which is in it or a node of its own."""
    root = entry.item.root
    below = root.get("file")
    if entry.type == "file":
        path: Path = (*entry.path, "filename")
        node = root
    elif isinstance(below, str):
        things = [t for t in subject.ids.those("node", below) if t.group == "blockdev"]
        if len(things) != 1 or things[0].off or things[0].type != "file":
            return
        path = ("blockdev", things[0].place, "filename")
        node = subject.profile.blockdev[things[0].place].root
    elif isinstance(below, dict) and below.get("driver") == "file":
        path, node = (*entry.path, "file", "filename"), below
    else:
        return
    name = node.get("filename")
    if isinstance(name, str):
        readers = subject.referrers.get(("node", entry.id), [])
        devices = [reference for reference in readers if reference.path[0] == "device"]
        users = [subject.profile.device[int(r.path[1])] for r in devices]
        cds = [user for user in users if user.type.endswith("-cd")]
        writes = not (_is_on(root, "read-only") or _is_on(node, "read-only") or cds)
        shares = _takes_no_lock(root) or _takes_no_lock(node)
        format_path = (*entry.path, "type")
        driver = "" if entry.type == "file" else entry.type
        yield _Image(path, name, driver, format_path, bool(devices), writes, shares)


def _images(subject: Subject) -> Iterator[tuple[_Image, FileFact]]:
    images = chain(
        *(_of_node(subject, entry) for entry in subject.entries_of("blockdev")),
        *(_of_drive(subject, entry) for entry in subject.entries_of("drive")),
    )
    for image in images:
        fact = subject.facts.files.get(("image", image.text))
        if fact is not None and fact.kind == "file":
            yield image, fact


def image_format(subject: Subject) -> Iterator[Problem]:
    """Images whose first bytes are not of the format that is said."""
    for image, fact in _images(subject):
        if fact.image is None:
            continue
        name, found = short(image.text), fact.image
        fix = Fix(f"makes it {found or 'raw'}", (Set(image.format_path, found or "raw"),))
        is_told = image.format in KNOWN or image.format in fact.excluded
        if is_told and found != image.format:
            is_sure = not (subject.profile.launch.wrapper or subject.has_option("set"))
            message = f"{name} is not {image.format}" + (f", but {found}." if found else ".")
            yield Problem("error" if is_sure else "warning", image.format_path, message, fix)
        elif image.format == "raw" and found and found != "luks":
            message = f"{name} is {found}; as raw a guest sees its inside."
            yield Problem("warning", image.format_path, message, fix)
        elif not image.format and not found and image.path[0] == "drive":
            message = "QEMU guesses raw, and lets no guest change its first block."
            yield Problem("hint", image.format_path, message, fix)


def image_in_use(subject: Subject) -> Iterator[Problem]:
    """Images that another process has locked."""
    loose = subject.is_rewritten or subject.profile.launch.wrapper
    for image, fact in _images(subject):
        if not fact.user or image.shares:
            continue
        hinders = fact.lock == "written" or (fact.lock == "guarded" and image.writes)
        if hinders:
            who = f"pid {fact.user}" if fact.user > 0 else "another process"
            message = f"{short(image.text)} is in use by {who}."
            is_sure = image.is_attached and not loose
            yield Problem("error" if is_sure else "warning", image.path, message)
