"""Catalogs by binary: what has been asked once is kept in `$XDG_CACHE_HOME/qemutui/catalogs`.

A file there is a line that says of what it is the catalog, the sum of what follows, and the text of
the catalog. Whatever is wrong with a file, the QEMU is asked again.
"""

import json
import os
import stat
import sys
import time
import weakref
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from qemutui import __version__
from qemutui.core.catalog import FORMAT, Catalog
from qemutui.host import paths, trusted
from qemutui.host.probe_errors import (
    BrokenError,
    MissingError,
    NoQemuError,
    ProbeError,
    SilentError,
    StoppedError,
    UntrustedError,
)

__all__ = [
    "BrokenError",
    "MissingError",
    "NoQemuError",
    "ProbeError",
    "SilentError",
    "StoppedError",
    "UntrustedError",
    "cached",
    "of",
]


_CHUNK = 1 << 16
_LONG_AGO = 600.0
"""Seconds after which nobody still writes."""


def of(
    binary: str,
    directory: Path,
    *,
    allowed: bool = False,
    afresh: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Catalog:
    """Returns what a binary offers. Where that is not known already, this takes a second or ten.

    Args:
        binary: As a profile names it.
        directory: Where QEMU runs: a relative path starts there.
        allowed: The user wants this very binary to be run, this time.
        afresh: The binary is asked even if it is known what it offers.
        stopped: Is asked now and then whether nobody waits any more.

    Raises:
        MissingError: There is no such binary.
        UntrustedError: It may not be run.
        SilentError: It does not answer in time.
        BrokenError: It answers something else, or ends.
        StoppedError: Nobody waits any more.
    """
    path = trusted.resolve(binary, directory, this_one=allowed)
    known = None if afresh else _load(path)
    if known is not None:
        return known
    return Catalog.read(asked(path, binary, stopped))


def asked(path: str, binary: str, stopped: Callable[[], bool] = lambda: False) -> bytes:
    """Asks a binary that may be run, and keeps the text of its catalog in the cache.

    Args:
        path: The binary, from the root.
        binary: As a profile or the user names it.
        stopped: Is asked now and then whether nobody waits any more.

    Raises:
        ProbeError: As in `of`.
    """
    from qemutui.host import probe  # what starts programs is seldom needed

    key = key_of(path)
    text = probe.catalog_of(path, binary, stopped)
    if key is not None:
        with suppress(OSError):  # then it is asked again the next time
            _store(path, key, text)
    return text


def cached(binary: str, directory: Path) -> Catalog | None:
    """Returns what a binary offers if that is known already; nothing is run."""
    try:
        return _load(trusted.resolve(binary, directory))
    except (MissingError, UntrustedError):
        return None


def _load(path: str) -> Catalog | None:
    key = key_of(path)
    if key is None:
        return None
    try:
        # Whatever is in the place of a file makes nobody wait.
        descriptor = os.open(file_of(path, key), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    catalog = None
    try:
        catalog = _read(descriptor, key)
    except (OSError, ValueError):
        pass
    finally:
        if catalog is None:
            os.close(descriptor)
        else:
            weakref.finalize(catalog, os.close, descriptor)
    return catalog


def _read(descriptor: int, key: bytes) -> Catalog | None:
    """Reads a file of the cache; None where it is of something else, or damaged.

    Its body stays on disk: of thousands of properties few are ever looked at.
    """
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        return None
    head, total, checksum = bytearray(), 0, 0
    began = -1
    while chunk := os.read(descriptor, _CHUNK):
        if began < 0:
            head += chunk
            end = head.find(b"\n")
            if end < 0:
                continue
            began = end + 1
            chunk = bytes(head[began:])
        elif head.count(b"\n", began) == 0:
            head += chunk
        checksum = zlib.crc32(chunk, checksum)
        total += len(chunk)
    if began < 0 or bytes(head[: began - 1]) != key + b" %08x" % checksum:
        return None
    end = head.find(b"\n", began)
    first = bytes(head[began:end])
    offset = end + 1
    length = total - len(first) - 1

    def read(start: int, count: int) -> bytes:
        return os.pread(descriptor, count, offset + start)

    return Catalog.of_parts(first, length, read)


def _store(path: str, key: bytes, text: bytes) -> None:
    from qemutui.host import atomic  # who only reads does not need it

    file = file_of(path, key)
    atomic.put(file, _first_line(key, text) + b"\n" + text)
    name = file.name.partition("-")[0]
    for other in file.parent.glob(f"{name}-*"):
        if other != file:
            other.unlink(missing_ok=True)
    for other in file.parent.glob(f".{name}-*"):  # of one who was killed, or still writes
        if other.stat().st_mtime < time.time() - _LONG_AGO:
            other.unlink(missing_ok=True)


def _first_line(key: bytes, text: bytes) -> bytes:
    return key + b" %08x" % zlib.crc32(text)


def key_of(path: str) -> bytes | None:
    """Returns what a catalog depends on; None if the binary is gone."""
    real = os.path.realpath(path)
    try:
        status = os.stat(real)  # noqa: PTH116
    except OSError:
        return None
    return json.dumps(
        [
            real,
            os.path.basename(path),  # noqa: PTH119 - some binaries are told by their names
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
            _modules(real),
            __version__,
            FORMAT,
            os.access("/dev/kvm", os.R_OK | os.W_OK),
        ]
    ).encode()


def _modules(real: str) -> list[int]:
    """Returns when modules were last added to QEMU or removed, where distributions have them."""
    prefix = os.path.dirname(os.path.dirname(real))  # noqa: PTH120
    architecture = getattr(sys.implementation, "_multiarch", "")
    found = []
    for folder in ("lib/qemu", "lib64/qemu", "lib64/qemu-kvm", f"lib/{architecture}/qemu"):
        with suppress(OSError):
            found.append(os.stat(f"{prefix}/{folder}").st_mtime_ns)  # noqa: PTH116
    return found


def file_of(path: str, key: bytes) -> Path:
    """Returns where is kept what a binary has told, by what that depends on."""
    real = _hash(os.fsencode(os.path.realpath(path)))
    return paths.cache() / "catalogs" / f"{real}-{_hash(key)}"


def _hash(content: bytes) -> str:
    # Two sums, as what hashes better takes longer to load than a catalog.
    return f"{zlib.crc32(content):08x}{zlib.adler32(content):08x}"
