"""Backends that only one may use, and that two items refer to."""

from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.finding import Problem
from qemutui.core.rules.known_ids import NODE, Named
from qemutui.core.rules.needs import default_interface
from qemutui.core.rules.subject import Reference, Subject
from qemutui.core.rules.words import short

# A device of these writes to its disk and lets nobody else do so (hw/block/block.c,
# blkconf_apply_backend_options).
_DISKS = ("virtio-blk", "scsi-hd", "ide-hd", "nvme", "usb-storage")
_CDS = ("scsi-cd", "ide-cd")
_MUX_USERS = 4
"""`MAX_MUX` of chardev/chardev-fe.c."""


def _most_users(subject: Subject, thing: Named) -> int:
    """Returns how many may refer to an item; 0: any number, or not sure."""
    if thing.group in ("netdev", "tpmdev"):
        return 1
    if thing.group == "chardev":
        item = subject.profile.chardev[thing.place]
        return _MUX_USERS if thing.type == "mux" or keyval.is_on(item.root.get("mux")) else 1
    if thing.group == "object":
        return 1 if thing.type.startswith(("memory-backend-", "cryptodev-")) else 0
    if thing.group == "device":
        return 1 if thing.type.startswith("ipmi-bmc-") else 0
    return 0


def _uses(subject: Subject, thing: Named, reference: Reference) -> bool:
    """Tells whether a reference surely takes what it refers to for itself."""
    group, place = str(reference.path[0]), reference.path[1]
    if group == "machine":
        return thing.group == "object"
    if thing.group == "netdev":  # filters look on
        return group in ("device", "netdev")
    if thing.group == "device":
        return reference.path[-1] == "bmc"
    if thing.group == "object":
        return group == "device" and reference.path[-1] in ("memdev", "cryptodev")
    return isinstance(place, int)


def used_twice(subject: Subject) -> Iterator[Problem]:
    """References to what an earlier one has taken."""
    for (kind, name), references in subject.referrers.items():
        # Alone, one can only be late on a drive that makes its own device.
        if (len(references) == 1 and kind != NODE) or name in subject.ids.of_extra:
            continue
        things = [thing for thing in subject.ids.those(kind, name) if not thing.off]
        if len(things) != 1:
            continue
        if kind == NODE:
            yield from _disks(subject, name, references)
            continue
        most = _most_users(subject, things[0])
        users = [one for one in references if most and _uses(subject, things[0], one)]
        for user in users[most:] if most else ():
            yield Problem("error", user.path, f"{short(name)} is in use by another one already.")


def _disks(subject: Subject, name: str, references: list[Reference]) -> Iterator[Problem]:
    """Yields the disks upon a node or drive that another one has already."""
    (thing,) = subject.ids.named[NODE][name]
    item = subject.profile.items(thing.group)[thing.place]
    users = [
        (reference, subject.profile.device[int(reference.path[1])])
        for reference in references
        if reference.path[0] == "device" and reference.path[-1] == "drive"
    ]
    if thing.group == "drive":
        # A drive is one device's, whatever it does with it; some make theirs by themselves.
        taken = item.root.get("if", default_interface(subject)) in ("virtio", "ide", "floppy")
        late = users if taken else users[1:]
    else:
        if any(keyval.is_on(item.root.get(key)) for key in ("read-only", "readonly")):
            return
        users = [(one, device) for one, device in users if device.type.startswith((*_DISKS, *_CDS))]
        writes = any(device.type.startswith(_DISKS) for _, device in users)
        shared = all(keyval.is_on(device.root.get("share-rw")) for _, device in users)
        late = users[1:] if writes and not shared else []
    for reference, _ in late:
        yield Problem("error", reference.path, f"{short(name)} is another disk's already.")
