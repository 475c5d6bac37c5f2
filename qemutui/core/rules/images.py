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
from qemutui.core.rules.effective import machine_type, place
from qemutui.core.rules.known_ids import Named
from qemutui.core.rules.needs import default_interface
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


_LET_OTHERS = frozenset({"pflash", "sd", "mtd"})
"""Interfaces of drives beside which others may write."""


def _takes_alone(subject: Subject, image: _Image) -> bool:
    """Tells whether a device surely uses an image, and lets nobody else write into it."""
    if image.shares:
        return False
    group = str(image.path[0])
    if group == "extra":
        return True
    item = subject.profile.items(group)[int(image.path[1])]
    if group == "drive" and str(item.root.get("if")) in _LET_OTHERS:
        return False
    names = (item.id, item.root.get("node-name"))
    readers = chain.from_iterable(subject.referrers.get(("node", str(n)), ()) for n in names if n)
    users = [subject.profile.device[int(r.path[1])] for r in readers if r.path[0] == "device"]
    if any(user.type in ("sd-card", "emmc") or _is_on(user.root, "share-rw") for user in users):
        return False
    return image.is_attached or bool(users)


_DISKS = frozenset({"", "hda", "hdb", "hdc", "hdd", "cdrom", "fda", "fdb"})


def _of_extra(subject: Subject) -> Iterator[_Image]:
    """Yields the images of options of `extra` that are one word."""
    machine = machine_type(subject)
    if machine is None or not _USUAL.fullmatch(machine[0]):
        return
    for option in subject.options:
        fact = subject.facts.files.get(("image", option.value))
        if option.name in _DISKS and fact is not None and fact.kind == "file":
            path = place(subject, option)
            writes = option.name != "cdrom"
            yield _Image(path, option.value, "", path, True, writes, False)


def one_writer(subject: Subject) -> Iterator[Problem]:
    """Images of two disks of which one writes (`block/file-posix.c`, raw_check_lock_bytes)."""
    # What waits for a migration has its disks not yet (`block.c`, BDRV_O_INACTIVE).
    if subject.has_option("snapshot", "incoming") or subject.is_rewritten:
        return
    seen: dict[str, _Image] = {}
    for image in chain((image for image, _ in _images(subject)), _of_extra(subject)):
        name = image.text.removeprefix("./")
        before = seen.setdefault(name, image)
        if before.path == image.path or not (before.writes or image.writes):
            continue
        if _takes_alone(subject, before) and _takes_alone(subject, image):
            message = f"Another disk has {short(image.text)} already, and one of them writes."
            yield Problem("error", image.path, message)


def read_only_disk(subject: Subject) -> Iterator[Problem]:
    """Disks of IDE that are read-only (`hw/ide/qdev.c`, ide_dev_initfn)."""
    if subject.is_rewritten or subject.has_option("incoming"):
        return
    for scan in subject.scans:
        entry = scan.entry
        if entry.group.name != "drive" and entry.type != "ide-hd":
            continue
        root = entry.item.root
        if entry.group.name == "drive" and root.get("media", "disk") == "disk":
            if root.get("if", default_interface(subject)) == "ide":
                for key in ("readonly", "read-only"):
                    if _is_on(root, key):
                        path = (*entry.path, key)
                        fix = Fix("switches it off", (Set(path, False),))
                        yield Problem("error", path, "A disk of IDE is not read-only.", fix)
        elif entry.type == "ide-hd":
            name = root.get("drive")
            things = subject.ids.those("node", name) if isinstance(name, str) else ()
            if len(things) == 1 and _is_read_only(subject, things[0]):
                message = f"{short(str(name))} is read-only, a disk of IDE is not."
                yield Problem("error", (*entry.path, "drive"), message)


def _is_read_only(subject: Subject, thing: Named) -> bool:
    item = subject.profile.items(thing.group)[thing.place]
    return not thing.off and _is_on(item.root, "read-only", "readonly")


def image_in_use(subject: Subject) -> Iterator[Problem]:
    """Images that another process has locked."""
    loose = subject.has_option("incoming") or subject.is_rewritten or subject.profile.launch.wrapper
    for image, fact in _images(subject):
        if not fact.user or image.shares:
            continue
        hinders = fact.lock == "written" or (fact.lock == "guarded" and image.writes)
        if hinders:
            who = f"pid {fact.user}" if fact.user > 0 else "another process"
            message = f"{short(image.text)} is in use by {who}."
            is_sure = image.is_attached and not loose
            yield Problem("error" if is_sure else "warning", image.path, message)
