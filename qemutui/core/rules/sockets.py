"""QMP and sockets: how they are reached, and what QEMU waits for."""

from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Path
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.words import quoted

LONGEST_PATH = 107
"""Of a unix socket, in bytes. QEMU takes 108; most others want a NUL at the end of these."""

_PLAIN = frozenset({"stdio", "null", "pty", "vc", "msmouse", "braille", "testdev", "wctablet"})
_SOCKETS = ("unix", "tcp", "telnet", "tn3270", "websocket")
_LOOPBACK = ("127.", "localhost", "::1", "[::1]")


def _on(value: object) -> bool:
    return isinstance(value, bool | int | float | str) and keyval.boolean(value) is True


def _path_length(path: Path, value: object) -> Iterator[Problem]:
    if isinstance(value, str):
        length = len(value.encode(errors="surrogateescape"))
        if length > LONGEST_PATH:
            message = f"{length} bytes; a socket path has at most {LONGEST_PATH}."
            yield Problem("warning" if length == LONGEST_PATH + 1 else "error", path, message)


def qmp_path(subject: Subject) -> Iterator[Problem]:
    """Paths of QMP sockets that are too long."""
    qmp = subject.profile.qmp
    if qmp.type == "unix" and not _on(qmp.others.get("abstract")):
        yield from _path_length(("qmp", "path"), qmp.path)


def socket_path(entry: Entry) -> Iterator[Problem]:
    """Paths of sockets that are too long."""
    root = entry.item.root
    if _is_socket(entry) and not _on(root.get("abstract")):
        yield from _path_length((*entry.path, "path"), root.get("path"))


def _is_socket(entry: Entry) -> bool:
    return entry.group.name == "chardev" and entry.type == "socket"


def _waiting(table: Path, server: object, wait: object, connected: bool) -> Iterator[Problem]:
    path = (*table, "wait")
    if not _on(server):
        if wait is not None and (server is None or keyval.boolean(server) is False):  # type: ignore[arg-type]
            fix = Fix("switches server on", (Set((*table, "server"), True),))
            yield Problem("error", path, "wait needs server.", fix)
    elif not connected and (wait is None or _on(wait)):
        fix = Fix("makes wait off", (Set(path, False),))
        yield Problem("warning", path, "QEMU will wait for a client.", fix)
