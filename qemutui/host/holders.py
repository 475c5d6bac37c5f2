"""Finds out of `/proc` who holds a file's locks, a port, or a unix socket. Nothing is opened."""

import os
import socket
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from qemutui.core.facts import Listener, Lock
from qemutui.core.ports import Protocol

_PROC = Path("/proc")
# QEMU locks bytes from 100 for what it does with an image, and from 200 for what it lets nobody
# else do (block/file-posix.c, RAW_LOCK_PERM_BASE, RAW_LOCK_SHARED_BASE).
_BYTES = range(100, 208)
_WRITES, _LETS_NOBODY_WRITE = 101, 201
_LISTENS = {"tcp": "0A", "udp": "07"}
_ACCEPTS = 0x10000
"""The flag of a unix socket that listens (`include/linux/net.h`, __SO_ACCEPTCON)."""

Node = tuple[int, int]
"""Device and inode of a file."""


def _rows(name: str) -> list[list[str]]:
    try:
        text = (_PROC / name).read_text("ascii", "replace")
    except OSError:
        return []
    return [line.split() for line in text.splitlines()]


def locked() -> Mapping[Node, Lock]:
    """Returns the files on which somebody holds locks as QEMU takes them on images."""
    held: dict[Node, set[int]] = {}
    for row in _rows("locks"):
        # `1: OFDLCK ADVISORY READ -1 08:01:1234 100 101`, proc(5); `->` before one that waits
        if len(row) != 8 or row[1] not in ("OFDLCK", "POSIX"):
            continue
        major, minor, inode = row[5].split(":")
        first = int(row[6])
        if first not in _BYTES:
            continue
        node = (os.makedev(int(major, 16), int(minor, 16)), int(inode))
        last = first if row[7] == "EOF" else int(row[7])
        held.setdefault(node, set()).update(range(first, min(last, _BYTES[-1]) + 1))
    return {node: _lock(numbers) for node, numbers in held.items()}


def _lock(numbers: set[int]) -> Lock:
    if _WRITES in numbers:
        return "written"
    return "guarded" if _LETS_NOBODY_WRITE in numbers else "shared"


def users(nodes: Iterable[Node]) -> Mapping[Node, int]:
    """Returns the pid of a process that has each file open, as far as this user may know."""
    wanted = set(nodes)
    found: dict[Node, int] = {}
    for pid, link in _open_files() if wanted else ():
        with suppress(OSError):
            status = link.stat()
            node = (status.st_dev, status.st_ino)
            if node in wanted and stat.S_ISREG(status.st_mode):
                found.setdefault(node, pid)
                if len(found) == len(wanted):
                    break
    return found


def _open_files() -> Iterator[tuple[int, Path]]:
    own = os.getpid()
    for folder in _PROC.glob("[0-9]*"):
        pid = int(folder.name)
        if pid == own:
            continue
        with suppress(OSError):
            for link in (folder / "fd").iterdir():
                yield pid, link


def listeners(protocols: Iterable[Protocol]) -> tuple[Listener, ...]:
    """Returns the IPv4 and IPv6 ports on which somebody listens, without their pids."""
    found: list[Listener] = []
    for protocol in protocols:
        for table, family in ((protocol, socket.AF_INET), (f"{protocol}6", socket.AF_INET6)):
            for row in _rows(f"net/{table}")[1:]:
                if len(row) > 9 and row[3] == _LISTENS[protocol]:
                    address, _, port = row[1].partition(":")
                    host = _address(address, family)
                    found.append(Listener(protocol, host, int(port, 16), int(row[9])))
    return tuple(found)


def _address(text: str, family: int) -> str:
    """Returns an address of /proc/net/tcp, which has words of four bytes in the machine's order."""
    words = [bytes.fromhex(text[at : at + 8])[::-1] for at in range(0, len(text), 8)]
    return socket.inet_ntop(family, b"".join(words))


def unix_listeners() -> Mapping[str, int]:
    """Returns the paths of unix sockets that listen, each with the inode of its socket."""
    found = {}
    for row in _rows("net/unix")[1:]:
        # `Num RefCount Protocol Flags Type St Inode Path`
        if len(row) > 7 and int(row[3], 16) & _ACCEPTS and row[7].startswith("/"):
            found[" ".join(row[7:])] = int(row[6])
    return found


def socket_owners(inodes: Iterable[int]) -> Mapping[int, int]:
    """Returns the pid of a process that has each socket, as far as this user may know."""
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    found: dict[int, int] = {}
    for pid, link in _open_files() if wanted else ():
        with suppress(OSError):
            inode = wanted.get(str(link.readlink()))
            if inode is not None:
                found.setdefault(inode, pid)
                if len(found) == len(wanted):
                    break
    return found


def localhost() -> tuple[str, ...]:
    """Returns the addresses of localhost where `/etc/hosts` has it; no server is asked."""
    try:
        text = Path("/etc/hosts").read_text(errors="replace")
        if "localhost" not in text:
            return ()
        found = socket.getaddrinfo("localhost", None, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def first_port() -> int:
    """Returns the first port that this process may listen on (ip(7))."""
    row = _rows("sys/net/ipv4/ip_unprivileged_port_start")
    return 0 if os.geteuid() == 0 or not row else int(row[0][0])


def most_memory() -> int | None:
    """Returns the bytes that Linux gives to one mapping at most: all that there is, and swap.

    None where it is told to promise more, or to look closer (`vm.overcommit_memory`, proc(5)).
    """
    if _rows("sys/vm/overcommit_memory") != [["0"]]:
        return None
    found = {
        row[0]: int(row[1]) << 10 for row in _rows("meminfo") if row[1:2] and row[2:] == ["kB"]
    }
    return found["MemTotal:"] + found.get("SwapTotal:", 0) if "MemTotal:" in found else None


def free_memory() -> int | None:
    """Returns the bytes that processes can still get, or None where nobody says."""
    for row in _rows("meminfo"):
        if row[:1] == ["MemAvailable:"]:
            return int(row[1]) << 10
    return None
