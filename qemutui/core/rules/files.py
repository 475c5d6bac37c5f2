"""Files that are named and not there, or not what is needed."""

from collections.abc import Iterator
from itertools import chain

from qemutui.core import keyval
from qemutui.core.argv import binary
from qemutui.core.edit import Set
from qemutui.core.facts import FileFact, NamedFile, table_files
from qemutui.core.finding import Fix, Problem, Severity
from qemutui.core.profile import DEFAULT_BINARY
from qemutui.core.rules.expansion import SHELL
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.words import short


def named(subject: Subject) -> Iterator[NamedFile]:
    """Yields the files that a profile names."""
    yield from table_files(subject.profile)
    yield from chain.from_iterable(scan.files for scan in subject.scans)


def _reason(file: NamedFile, fact: FileFact) -> str:
    """Returns what stands in the way, or nothing."""
    name = short(file.text)
    if file.purpose == "connect":
        return _reason_alone(file, fact)
    if fact.kind == "unknown":
        return f"{name}: {fact.error.lower()}." if fact.error else ""
    if fact.kind == "missing":
        return _reason_missing(file, fact)
    folder = fact.kind == "folder"
    denied = f"{name}: permission denied."
    if file.purpose in ("folder", "directory", "interface"):
        return "" if folder and fact.executable else denied if folder else f"{name} is no folder."
    if file.purpose == "listen":
        if folder:
            return f"{name} is a folder."
        if fact.kind == "file":
            return f"{name} is a file; QEMU would remove it."
        # QEMU removes a socket of this name first, for which the folder must be writable.
        return "" if fact.can_create else f"You cannot write beside {name}."
    if fact.kind == "socket":  # open(2) fails with ENXIO
        return f"{name} is a socket; a file belongs here."
    if file.purpose == "memory" and folder:
        return "" if fact.writable else denied
    if folder and file.purpose != "open":
        return f"{name} is a folder; a file belongs here."
    if file.purpose == "image" and fact.kind == "device" and file.path[0] == "blockdev":
        return f"{name} is a device; its driver is host_device."
    if file.purpose == "disk device" and fact.kind == "file":
        return f"{name} is no device; its driver is file."
    if file.purpose in ("program", "script"):
        return "" if fact.executable else f"{name} cannot be run: permission denied."
    reads, writes = file.purpose != "create", file.purpose in ("create", "update")
    return "" if fact.readable >= reads and fact.writable >= writes else denied


def _reason_alone(file: NamedFile, fact: FileFact) -> str:
    """Returns why QEMU cannot connect to a socket. Who listens need not be seen from here."""
    name = short(file.text)
    if fact.kind == "missing":
        return f"{name} is not there; nobody listens."
    if fact.kind not in ("socket", "unknown"):
        return f"{name} is no socket."
    return "" if fact.kind == "unknown" or fact.writable else f"{name}: permission denied."


def _reason_missing(file: NamedFile, fact: FileFact) -> str:
    name = short(file.text)
    if file.purpose == "interface":
        return f"There is no interface {short(file.text.rpartition('/')[2])}."
    if file.purpose in ("firmware", "rom") and "/" not in file.text:
        return ""
    if file.purpose == "program" and "/" not in file.text:
        return "Not on PATH."
    if file.purpose in ("listen", "memory", "create"):
        if not fact.in_folder:
            return f"The folder of {name} is not there."
        return "" if fact.can_create else f"You cannot write beside {name}."
    return f"{name} is not there."


def missing(subject: Subject) -> Iterator[Problem]:
    """Files that QEMU, or qemutui for QEMU, will not find or not be able to use."""
    facts, launch = subject.facts, subject.profile.launch
    if not facts.files:
        return
    own = {file.text for file in named(subject) if file.purpose == "listen"}
    for file in named(subject):
        fact = facts.files.get((file.purpose, file.text))
        reason = "" if fact is None else _reason(file, fact)
        if fact is not None and not reason and fact.fault and _boots_as_pc(subject):
            reason = f"{short(file.text)} is {fact.fault}."
        if fact is not None and fact.searched and _wants_firmware(subject, file):
            reason = f"{short(file.text)} is neither there nor among QEMU's own files."
        if file.purpose == "connect" and file.text in own:
            continue
        if not reason or SHELL.match(file.text):
            continue
        # A wrapper may be another user, or another root folder.
        wrapped = bool(launch.wrapper) and file.path[0] not in ("launch", "fd")
        is_bios = file.path == ("boot", "bios")
        unused = is_bios and (subject.profile.machine.type == "none" or _has_flash(subject))
        harmless = unused or file.path == ("boot", "dtb") or _is_unused_share(subject, file)
        replaced = file.purpose == "listen" and fact is not None and fact.kind == "file"
        severity: Severity = "warning" if wrapped or harmless or replaced else "error"
        fix = None
        default = facts.files.get(("program", DEFAULT_BINARY))
        if file.path == ("binary",) and default is not None and default.kind == "file":
            fix = Fix(f"takes {DEFAULT_BINARY}", (Set(file.path, DEFAULT_BINARY),))
        yield Problem(severity, file.path, reason, fix)


def _wants_firmware(subject: Subject, file: NamedFile) -> bool:
    """Tells whether QEMU ends where it does not find a file that it looks for by its name alone."""
    if subject.has_option("L"):
        return False
    if file.path[0] == "device":
        return True
    return file.path[0] == "boot" and not _has_flash(subject) and _boots_as_pc(subject)


def _has_flash(subject: Subject) -> bool:
    """Tells whether there may be flash, of which a PC takes the firmware instead of a file."""
    flash = any(entry.item.root.get("if") == "pflash" for entry in subject.entries_of("drive"))
    flash = flash or subject.has_option("pflash", "drive")
    return flash or "pflash0" in subject.profile.machine.others


def _boots_as_pc(subject: Subject) -> bool:
    kind = subject.profile.machine.type
    name = "" if kind is None else keyval.text(kind)
    told = subject.catalog is not None and subject.catalog.is_x86
    is_x86 = told or binary(subject.profile).endswith(("-x86_64", "-i386"))
    known = name.startswith(("pc", "q35", "isapc", "microvm")) or not name
    return is_x86 and known and not subject.has_option("machine", "readconfig")


def _is_unused_share(subject: Subject, file: NamedFile) -> bool:
    """Tells whether a folder is opened by no device (QEMU looks at it when one does)."""
    if file.purpose != "folder" or file.path[0] != "fsdev":
        return False
    share = subject.profile.fsdev[int(file.path[1])].id
    return all(
        reference.id != share or reference.kind != "fsdev"
        for scan in subject.scans
        for reference in scan.references
    )
