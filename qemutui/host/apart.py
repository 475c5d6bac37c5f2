"""Asks a QEMU what it offers in a process of its own, which gives back all the memory it took.

Reading the answers takes ten times the memory of a catalog, and time in which a program with a
screen would stutter.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from qemutui.core.catalog import Catalog, CatalogError
from qemutui.host import catalogs, child, probe_errors, trusted
from qemutui.host.probe_errors import BrokenError, ProbeError, StoppedError

_CODE = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from qemutui.host import apart
apart.answer(*sys.argv[2:])
"""
_PATIENCE = 13.0
"""Seconds that the process has, of which it gives ten to QEMU."""


def of(binary: str, directory: Path, stopped: Callable[[], bool]) -> Catalog:
    """Returns what a binary offers, of which nothing may be known; it is asked in any case.

    Raises:
        ProbeError: As in `catalogs.of`.
    """
    trusted.resolve(binary, directory)
    folder = str(Path(__file__).parents[2])
    found = [folder, *(one for one in sys.path if one.startswith("/"))]
    words = [json.dumps(found), binary, str(directory)]
    asking = [sys.executable, "-I", "-S", "-c", _CODE, *words]
    try:
        output = child.ended(asking, _PATIENCE, stopped=stopped).output
    except TimeoutError:
        raise BrokenError(binary, "it could not be asked in time") from None
    except child.StoppedError:
        raise StoppedError(binary) from None
    except (child.TooMuchError, OSError, ValueError) as error:
        raise BrokenError(binary, str(error)) from None
    return _read(binary, directory, bytes(output))


def _read(binary: str, directory: Path, output: bytes) -> Catalog:
    first, _, text = output.partition(b"\n")
    if first == b"kept":
        known = catalogs.cached(binary, directory)
        if known is not None:
            return known
    elif first == b"text":
        try:
            return Catalog.read(text)
        except CatalogError as error:
            raise BrokenError(binary, str(error)) from None
    elif first == b"error":
        name, sentence, told = json.loads(text)
        kind = getattr(probe_errors, name)
        problem: ProbeError = kind.__new__(kind, sentence)
        problem.__dict__.update(told)
        raise problem
    raise BrokenError(binary, "it could not be asked")


def answer(binary: str, directory: str) -> None:
    """Asks, and tells the process that wants to know, on standard output."""
    try:
        text = catalogs.asked(trusted.resolve(binary, Path(directory)), binary)
    except ProbeError as error:
        told = {name: one for name, one in vars(error).items() if isinstance(one, str)}
        _tell(b"error", json.dumps([type(error).__name__, str(error), told]).encode())
        return
    kept = catalogs.cached(binary, Path(directory)) is not None
    _tell(*((b"kept", b"") if kept else (b"text", text)))


def _tell(first: bytes, rest: bytes) -> None:
    with os.fdopen(1, "wb") as out:
        out.write(first + b"\n" + rest)
