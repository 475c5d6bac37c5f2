"""The folder in which commands are started and judged: the files, sockets and ports they name.

A command finds the same there each time: disks of several formats, one of them in use by another
QEMU, a kernel, firmware, FIFOs, a listening socket, a port that is taken.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.host.same_behaviour import KERNEL, QCOW2

VERSION = 1
"""To be raised when what is in the folder changes: verdicts of another one are forgotten."""

TAKEN = 27301
"""A TCP port of 127.0.0.1 on which somebody listens."""

FREE = tuple(range(27310, 27330))
"""Ports on which nobody listens."""

_WAITING = 4096
"""How many can wait to be answered by whoever listens: all, as nobody answers."""

LOCKED = "locked.img"
"""A disk that another QEMU writes to."""

_FILES = {
    "a.img": bytes(1 << 20),
    "b.img": bytes(1 << 20),
    "c.img": bytes(1 << 20),
    "d.qcow2": QCOW2,
    "e.qcow2": QCOW2,
    "cd.iso": bytes(1 << 16),
    "empty.img": b"",
    "notes.txt": b"Not a disk, not a kernel.\n",
    "kernel": KERNEL,
    "initrd": bytes(4096),
    "bios.bin": bytes(1 << 17),
    "short.bin": bytes(100),
    "flash.bin": bytes(1 << 20),
    "option.rom": bytes(1 << 12),
    "keys/keys.psk": b"user:c0ffee\n",
    "share/hello": b"hello\n",
    "run.cfg": b'[device "from-config"]\n  driver = "virtio-rng-pci"\n',
}
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def own_network() -> bool:
    """Gives this process a network of its own with nothing but a loopback, where it may.

    Ports that others use then neither refuse a command nor are taken by one.
    """
    uid, gid = os.getuid(), os.getgid()
    flags = _CLONE_NEWNET | (_CLONE_NEWUSER if uid else 0)
    if ctypes.CDLL(None).unshare(flags):
        return False
    if uid:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        name, flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request))
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", name, flags | _IFF_UP))
    return True


def _ends_with_us() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Surroundings:
    """The folder, and what keeps its socket, port and lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def renew(self) -> None:
        """Makes the folder what it was before a command ran in it."""
        kept = {LOCKED, "listens.sock"}
        for path in self.folder.iterdir():
            if path.name in kept:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        for name, content in _FILES.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            with path.open("wb") as file:
                if content.strip(b"\0"):
                    file.write(content)
                else:
                    file.truncate(len(content))
        for name in ("pipe.in", "pipe.out"):
            os.mkfifo(self.folder / name)


@contextmanager
def surroundings(qemu: str) -> Iterator[Surroundings]:
    """Makes the folder, and what holds its socket, port and lock as long as it is in use."""
    ours, theirs = socket.socketpair()
    with (
        tempfile.TemporaryDirectory(prefix="qt-", dir="/tmp", ignore_cleanup_errors=True) as name,
        socket.socket() as port,
        socket.socket(socket.AF_UNIX) as listening,
        ours,
        theirs,
    ):
        made = Surroundings(Path(name))
        locked = made.folder / LOCKED
        with locked.open("wb") as file:
            file.truncate(1 << 20)
        made.renew()
        # Several such folders may be in use at once, each as long as it likes.
        port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with suppress(OSError):  # then somebody else has taken it, which will do
            port.bind(("127.0.0.1", TAKEN))
            port.listen(_WAITING)
        listening.bind(str(made.folder / "listens.sock"))
        listening.listen(_WAITING)
        command = [
            qemu, "-S", "-nodefaults", "-display", "none", "-machine", "isapc,accel=tcg",
            "-drive", f"file={locked},format=raw,if=ide",
            "-chardev", f"socket,id=held,fd={theirs.fileno()}", "-mon", "chardev=held,mode=control",
        ]  # fmt: skip
        holder = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_ends_with_us,  # no other thread runs where this is called
        )
        try:
            theirs.close()
            ours.settimeout(20)
            ours.sendall(b'{"execute":"qmp_capabilities"}\n{"execute":"query-status"}\n')
            answer = b""
            while b"running" not in answer:
                more = ours.recv(1 << 16)
                if not more:
                    raise RuntimeError("the QEMU that is to hold a disk has not started")
                answer += more
            yield made
        finally:
            with suppress(ProcessLookupError):
                holder.kill()
            holder.wait()
