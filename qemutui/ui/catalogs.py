"""What the QEMUs of the open profiles offer: each is asked once for the whole app.

Asking takes a moment where it is known already, and up to ten seconds else; a thread does it, and
no screen waits. Screens are told by `CatalogChanged`.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from qemutui.core.catalog import Catalog
    from qemutui.core.profile import Profile

_FREE = "Names are free text. r asks again."
_MEANWHILE = "Profiles can be written meanwhile; General › binary names another."


class Asked(NamedTuple):
    """A binary as a profile names it."""

    binary: str
    directory: Path | None = None
    """Where a relative path starts; None for a name or an absolute path."""


class Answer(NamedTuple):
    """What came of asking."""

    catalog: "Catalog | None" = None
    problem: str = ""
    """Why there is no catalog, as a sentence."""
    untrusted: str = ""
    """The file, where it was not run as nobody has allowed it."""
    programs: tuple[str, ...] = ()
    """The QEMUs on PATH."""
    is_urgent: bool = False
    """Whether the problem is none that the check tells at its field."""


Ask = Callable[[Asked, bool, Callable[[], bool]], Answer]
"""Asks: what, whether it is asked even if it is known, and whether nobody waits any more."""


class Catalogs:
    """The answers, by what was asked."""

    def __init__(self, changed: Callable[[Asked], None], ask: Ask | None = None) -> None:
        self._changed = changed
        self._ask = ask or ask_qemu
        self._answers: dict[Asked, Answer] = {}
        self._asking: set[Asked] = set()
        self._is_over = False
        self.declined: set[str] = set()
        """Files that the user was asked about, and did not allow to be run."""

    def answer(self, asked: Asked) -> Answer | None:
        """Returns what came of asking, the last time; None before."""
        return self._answers.get(asked)

    def is_asking(self, asked: Asked) -> bool:
        """Tells whether an answer is waited for."""
        return asked in self._asking

    def ask(self, asked: Asked, again: bool = False) -> None:
        """Asks, unless it is known or being asked; `again`: even if it is known."""
        if asked in self._asking or (asked in self._answers and not again):
            return
        self._asking.add(asked)
        from threading import Thread

        loop = asyncio.get_running_loop()

        def run() -> None:
            answer = self._ask(asked, again, lambda: self._is_over)
            with suppress(RuntimeError):  # the app has ended meanwhile
                loop.call_soon_threadsafe(self._take, asked, answer)

        # Not asyncio's threads, which have to end before the app can.
        Thread(target=run, name="catalog", daemon=True).start()

    def _take(self, asked: Asked, answer: Answer) -> None:
        if self._is_over:
            return
        self._asking.discard(asked)
        before = self._answers.get(asked)
        if answer.catalog is None and before is not None and not answer.untrusted:
            # What was known helps more than nothing.
            answer = answer._replace(catalog=before.catalog)
        self._answers[asked] = answer
        self._changed(asked)

    def end(self) -> None:
        """Lets nobody wait any more."""
        self._is_over = True


def asked_of(binary: str, directory: Callable[[], Path]) -> Asked:
    """Returns what is asked for a binary; `directory` is where QEMU runs."""
    is_relative = "/" in binary and not binary.startswith("/")
    return Asked(binary, directory() if is_relative else None)


def ask_qemu(asked: Asked, again: bool, stopped: Callable[[], bool]) -> Answer:
    """Asks a QEMU, or the cache. Whatever goes wrong is said in the answer."""
    from qemutui.host import catalogs
    from qemutui.host.completion import programs

    found = tuple(programs("qemu-system-"))
    directory = asked.directory or Path("/")
    try:
        known = None if again else catalogs.cached(asked.binary, directory)
        if known is None:
            from qemutui.host import apart  # what starts programs is seldom needed

            known = apart.of(asked.binary, directory, stopped)
    except catalogs.UntrustedError as error:
        return Answer(None, str(error), error.path, found)
    except catalogs.NoQemuError as error:
        return Answer(None, f"{error} {_MEANWHILE}", programs=found, is_urgent=True)
    except catalogs.MissingError as error:
        return Answer(None, str(error), programs=found)
    except catalogs.ProbeError as error:
        return Answer(None, f"{error} {_FREE}", programs=found, is_urgent=True)
    except Exception as error:  # noqa: BLE001 - whatever a binary says, the screen stays
        words = f"{asked.binary} could not be asked: {type(error).__name__}."
        return Answer(None, f"{words} {_FREE}", programs=found, is_urgent=True)
    return Answer(known, programs=found)


def without_qemu() -> str:
    """Returns what to say where no QEMU is on PATH; nothing where one is."""
    from qemutui.core.profile import DEFAULT_BINARY
    from qemutui.host import probe_errors, trusted

    try:
        trusted.resolve(DEFAULT_BINARY, Path("/"))
    except probe_errors.NoQemuError as error:
        return f"{error} {_MEANWHILE}"
    except probe_errors.ProbeError:
        pass
    return ""


def allow(path: str) -> str:
    """Remembers that a file may be run; returns why that was not possible."""
    from qemutui.host import allowed

    try:
        allowed.allow(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return f"This cannot be remembered: {reason}."
    return ""


def remark(catalog: "Catalog", profile: "Profile") -> str:
    """Returns what is remarkable of a QEMU that was asked just now; empty for nothing."""
    from qemutui.core import accelerators

    return accelerators.problem(profile, catalog) or catalog.note
