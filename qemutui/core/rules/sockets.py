"""QMP and sockets: how they are reached, and what QEMU waits for."""

from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem, Severity
from qemutui.core.keyval import Path
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.words import quoted, short

LONGEST_PATH = 107
"""Of a unix socket, in bytes. QEMU takes 108; most others want a NUL at the end of these."""

_PLAIN = frozenset({"stdio", "null", "pty", "vc", "msmouse", "braille", "testdev", "wctablet"})
_PREFIXES = frozenset({"file", "pipe", "mon", "chardev", "udp", "vc"})
_NETWORK = ("tcp", "telnet", "tn3270", "websocket")
_SOCKETS = ("unix", *_NETWORK)
_LOOPBACK = ("127.", "localhost", "::1", "[::1]")


def _switch(value: object) -> bool | None:
    return keyval.boolean(value) if isinstance(value, bool | int | float | str) else None


def _path_length(path: Path, value: object) -> Iterator[Problem]:
    if isinstance(value, str):
        length = len(value.encode(errors="surrogateescape"))
        if length > LONGEST_PATH:
            message = f"{length} bytes; a socket path has at most {LONGEST_PATH}."
            yield Problem("warning" if length == LONGEST_PATH + 1 else "error", path, message)


def qmp_path(subject: Subject) -> Iterator[Problem]:
    """Paths of QMP sockets that are too long."""
    qmp = subject.profile.qmp
    if qmp.type == "unix" and not _switch(qmp.others.get("abstract")):
        yield from _path_length(("qmp", "path"), qmp.path)


def socket_path(entry: Entry) -> Iterator[Problem]:
    """Paths of sockets that are too long."""
    root = entry.item.root
    if _is_socket(entry) and not _switch(root.get("abstract")):
        yield from _path_length((*entry.path, "path"), root.get("path"))


def _is_socket(entry: Entry) -> bool:
    return entry.type == "socket"


def _waiting(table: Path, server: object, wait: object) -> Iterator[Problem]:
    path = (*table, "wait")
    if _switch(server):
        if wait is None or _switch(wait):
            fix = Fix("makes wait off", (Set(path, False),))
            yield Problem("warning", path, "QEMU will wait for a client.", fix)
    elif wait is not None and (server is None or _switch(server) is False):
        fix = Fix("switches server on", (Set((*table, "server"), True),))
        yield Problem("error", path, "wait needs server.", fix)


def qmp_wait(subject: Subject) -> Iterator[Problem]:
    """A QMP socket that holds QEMU up, or that waits without being a server."""
    qmp = subject.profile.qmp
    if qmp.type in _SOCKETS:
        yield from _waiting(("qmp",), qmp.server, qmp.wait)


def socket_wait(entry: Entry) -> Iterator[Problem]:
    """A socket that holds QEMU up, or that waits without being a server."""
    if _is_socket(entry):
        root = entry.item.root
        yield from _waiting(entry.path, root.get("server"), root.get("wait"))


def socket_address(entry: Entry) -> Iterator[Problem]:
    """Sockets without an address, or with several."""
    root = entry.item.root
    if not _is_socket(entry):
        return
    if "path" not in root and "port" not in root and "fd" not in root:
        if "host" in root:
            yield Problem("error", (*entry.path, "port"), "With a host, socket needs a port.")
        else:
            # As a server QEMU 7.2 goes on without an address, and nobody can connect.
            severity: Severity = "warning" if _switch(root.get("server")) else "error"
            yield Problem(severity, (*entry.path, "path"), "socket needs a path, or a port.")
    elif root.get("path") == "":
        yield Problem("warning", (*entry.path, "path"), EMPTY_PATH)
    # chardev/char-socket.c, qemu_chr_parse_socket
    given = [key for key in ("path", "host", "fd") if isinstance(root.get(key), str | int | float)]
    for key in given[1:]:
        path = (*entry.path, key)
        message = f"With a {given[0]}, QEMU takes no {key}."
        yield Problem("error", path, message, Fix("unsets it", (Set(path, None),)))
    yield from _brackets((*entry.path, "host"), root.get("host"))


def _brackets(path: Path, host: object) -> Iterator[Problem]:
    """Yields what is wrong with an IPv6 address as a URL has it; QEMU looks it up as a name."""
    if isinstance(host, str) and host.startswith("[") and host.endswith("]"):
        bare = host[1:-1]
        fix = Fix(f"makes it {short(bare)}", (Set(path, bare),)) if bare else None
        yield Problem("error", path, "An IPv6 address stands here without brackets.", fix)


EMPTY_PATH = "Without a path QEMU makes one up in /tmp."


def qmp_type(subject: Subject) -> Iterator[Problem]:
    """A QMP socket without a type, or with one that QEMU does not have."""
    qmp = subject.profile.qmp
    kind = "" if qmp.type is None else keyval.text(qmp.type)
    fields = (qmp.path, qmp.host, qmp.port, qmp.server, qmp.wait)
    path = ("qmp", "type")
    if not kind:
        if qmp.others or any(field is not None for field in fields):
            tcp = qmp.path is None and (qmp.host is not None or qmp.port is not None)
            likely = "tcp" if tcp else "unix"
            fix = Fix(f"makes it {likely}", (Set(path, likely),))
            yield Problem("error", path, "QMP needs a type: unix or tcp.", fix)
        return
    known = _PREFIXES if qmp.path is not None else _PLAIN
    if kind not in _SOCKETS and not any(sign in kind for sign in ":/") and kind not in known:
        fix = Fix("makes it unix", (Set(path, "unix"),))
        yield Problem("error", path, f"QMP is unix or tcp; QEMU has no {quoted(kind)}.", fix)


def qmp_address(subject: Subject) -> Iterator[Problem]:
    """A QMP socket without an address, or with what its type does not use."""
    qmp = subject.profile.qmp
    kind = keyval.text(qmp.type or "")
    if qmp.type == "unix":
        if qmp.path is None:
            yield Problem("error", ("qmp", "path"), "unix needs a path.")
        elif qmp.path == "":
            yield Problem("warning", ("qmp", "path"), EMPTY_PATH)
    elif qmp.type == "tcp" and qmp.port in (None, ""):
        yield Problem("error", ("qmp", "port"), "tcp needs a port.")
    elif kind in ("file", "pipe") and qmp.path == "":
        yield Problem("error", ("qmp", "path"), f"{kind} needs a path.")
    if kind in _NETWORK:
        yield from _brackets(("qmp", "host"), qmp.host)
    for name, severity, message in _unused(kind):
        if getattr(qmp, name) is not None:
            fix = Fix("unsets it", (Set(("qmp", name), None),))
            yield Problem(severity, ("qmp", name), message, fix)


def _unused(kind: str) -> Iterator[tuple[str, Severity, str]]:
    """Yields the fields that a type of QMP socket has no use for, and what comes of them."""
    if kind in _NETWORK:
        yield "path", "error", f"{kind} has no path; QEMU refuses it."
    elif kind == "unix":
        yield "host", "error", "unix has no host; QEMU refuses it."
        yield "port", "warning", "unix has no port; QEMU ignores it."
    elif kind in _PLAIN:
        for name in ("host", "port", "server", "wait"):
            yield name, "error", f"{kind} takes no {name}; a socket does."
    elif kind:
        for name in ("host", "port"):
            yield name, "warning", f"{quoted(kind)} has no {name}."


def qmp_open(subject: Subject) -> Iterator[Problem]:
    """A QMP port that others can reach; whoever controls QEMU can do what its user can."""
    qmp = subject.profile.qmp
    if qmp.type != "tcp" or not _switch(qmp.server) or qmp.port in (None, ""):
        return
    host = keyval.text(qmp.host or "")
    who = "Any user of this computer" if host.startswith(_LOOPBACK) else "Any host in reach"
    yield Problem("warning", ("qmp", "host"), f"{who} can connect.")
