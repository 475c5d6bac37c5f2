"""Standard input and output, which QEMU gives to one user only (`chardev/char-stdio.c`)."""

from collections.abc import Iterator

from qemutui.core.finding import Problem
from qemutui.core.keyval import Path, text
from qemutui.core.rules.subject import Subject

_SERIAL_DEVICES = frozenset({"isa-serial", "sclpconsole", "sclplmconsole"})
"""Devices beside which QEMU adds no serial port of its own (`system/vl.c`, default_list)."""

_DEVICES = ("serial", "parallel", "monitor", "qmp", "qmp-pretty", "gdb", "debugcon")


def _users(subject: Subject) -> Iterator[tuple[Path, str]]:
    """Yields the field and a short name of each user of standard input and output."""
    qmp = subject.profile.qmp
    qmp_type = "" if qmp.type is None else text(qmp.type)
    if qmp_type in ("stdio", "mon:stdio") or (qmp_type == "mon" and qmp.path == "stdio"):
        yield ("qmp", "type"), "QMP"
    for entry in subject.entries_of("chardev"):
        if entry.type == "stdio":
            yield (*entry.path, "type"), f"chardev {entry.id}"
    whole = isinstance(subject.profile.extra, tuple)
    graphic = True
    for option in subject.options:
        path: Path = ("extra", option.place) if whole else ("extra",)
        backend = option.value.removeprefix("mon:").partition(",")[0]
        if ((option.name in _DEVICES or option.name == "chardev") and backend == "stdio") or (
            option.name == "nographic" and graphic and _nographic_takes_it(subject)
        ):
            yield path, option.written
        graphic = graphic and option.name != "nographic"


def _nographic_takes_it(subject: Subject) -> bool:
    """Tells whether -nographic puts a serial port or a monitor on standard output."""
    names = {option.name for option in subject.options}
    if "nodefaults" in names:
        return False
    monitor = (
        names & {"monitor", "mon", "qmp", "qmp-pretty"}
        or subject.profile.qmp.type
        or any(option.value.startswith("mon:") for option in subject.options)
    )
    serial = (
        "serial" in names
        or any(scan.entry.type in _SERIAL_DEVICES for scan in subject.scans)
        or any(
            option.name == "device" and option.value.startswith(tuple(_SERIAL_DEVICES))
            for option in subject.options
        )
    )
    return not (monitor and serial)


def one_user(subject: Subject) -> Iterator[Problem]:
    """Second users of standard input and output."""
    first = ""
    for path, name in _users(subject):
        if first:
            yield Problem("error", path, f"stdio is taken by {first}; only one can have it.")
        first = first or name
