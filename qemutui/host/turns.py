"""How the programs of one user take turns at a monitor, which serves one client at a time.

Who wants a turn puts a sign beside the socket. Who holds the monitor sees it within a moment, lets
go, and comes back when the sign is gone.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from qemutui.host.monitor import Monitor, NoMonitorError

_LOOK = 0.25
"""Seconds between two looks for the sign."""
_LONGEST = 5.0
"""Seconds after which a sign has been forgotten by whoever put it there."""
_PATIENCE = 2.5
"""Seconds in which a turn is had, or is not to be had."""


def _sign(path: str) -> Path:
    return Path(f"{path}.turn")


@contextmanager
def _asking(path: str) -> Iterator[None]:
    sign = _sign(path)
    with suppress(OSError):  # then nobody lets go for us, and the monitor may be free all the same
        sign.touch(mode=0o600)
    try:
        yield
    finally:
        with suppress(OSError):
            sign.unlink()


def listens(path: str) -> bool:
    """Tells whether there is a socket at all; somebody may have left it behind."""
    return Path(path).exists()


def is_asked(path: str) -> bool:
    """Tells whether somebody wants a turn, or has one."""
    return _sign(path).exists()


async def asked(path: str) -> None:
    """Returns once somebody else wants a turn."""
    while not is_asked(path):  # noqa: ASYNC110 - it is another process that asks
        await asyncio.sleep(_LOOK)


async def passed(path: str) -> None:
    """Returns once nobody else has a turn."""
    sign = _sign(path)
    while True:
        try:
            old = time.time() - sign.stat().st_mtime > _LONGEST
        except OSError:
            return
        if old:
            with suppress(OSError):
                sign.unlink()
            return
        await asyncio.sleep(_LOOK / 5)


@asynccontextmanager
async def session(path: str) -> AsyncIterator[Monitor]:
    """Has a turn at the monitor that listens at `path`.

    Raises:
        NoMonitorError: It cannot be reached, or nobody lets go of it.
    """
    if not path:
        raise NoMonitorError("This run has no monitor of qemutui's.")
    with _asking(path):
        monitor = await _connected(path)
        try:
            yield monitor
        finally:
            await monitor.close()


async def _connected(path: str) -> Monitor:
    deadline = time.monotonic() + _PATIENCE
    while True:
        monitor = Monitor()
        try:
            await monitor.connect(path)
        except NoMonitorError:
            if time.monotonic() > deadline or not listens(path):
                raise
            await asyncio.sleep(_LOOK / 5)
        else:
            return monitor
