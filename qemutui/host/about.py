"""What a list of profiles says of each: read from its file and from the record of its runs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from qemutui.core import ending, summary
from qemutui.core.argument import Argument
from qemutui.core.text import clean
from qemutui.host import paths, runs, store
from qemutui.host.content import StoreError
from qemutui.host.record import ID, Record, RecordError, folder, load


class LastRun(NamedTuple):
    """How the last run of a profile ended."""

    state: str
    """`shut down`, `exited 1`, `SIGKILL`; empty where it was never run."""
    at: datetime | None = None
    severity: str = ""
    seconds: float | None = None
    record: Record | None = None


class About(NamedTuple):
    """What a row says."""

    machine: tuple[str, ...]
    problem: str
    """Why the file cannot be read; empty where it can."""
    words: str
    """All that it is found by, in lower case."""
    last: LastRun


class Detail(NamedTuple):
    """What is said of the marked profile."""

    command: tuple[Argument, ...]
    edited: datetime | None
    last: LastRun
    printed: str
    """The last line that QEMU printed; empty where it printed nothing."""


class Reader:
    """Reads what rows say. The runs are listed once; a new reader sees new ones."""

    def __init__(self) -> None:
        self._runs: dict[str, list[int]] | None = None

    def read(self, paths: Iterable[Path]) -> dict[Path, About]:
        """Reads some profiles; a file that cannot be read is one of the answers."""
        return {path: self._about(path) for path in paths}

    def _about(self, path: Path) -> About:
        try:
            profile = store.load(path).profile
        except StoreError as error:
            return About((), str(error), "", LastRun(""))
        words = " ".join(summary.words(profile)).lower()
        return About(summary.machine(profile), "", words, self._last(path))

    def detail(self, path: Path) -> Detail:
        """Reads what is said of the marked profile. Raises StoreError."""
        from qemutui.core import argv

        document = store.load(path)
        edited = None
        if document.stamp is not None:
            edited = datetime.fromtimestamp(document.stamp.mtime_ns / 1e9).astimezone()
        last = self._last(path)
        printed = ""
        if last.record is not None and last.severity == "error":
            lines = runs.last_words(last.record).strip().splitlines()
            printed = clean(lines[-1]) if lines else ""
        return Detail(argv.build(document.profile), edited, last, printed)

    def _last(self, path: Path) -> LastRun:
        if self._runs is None:
            self._runs = _numbers()
        wanted = str(paths.absolute(path))
        for number in self._runs.get(runs.slug(path), ()):
            try:
                record = load(f"{runs.slug(path)}-{number}")
            except RecordError:
                continue
            if record.profile == wanted:
                return _ended(record)
        return LastRun("")


def _numbers() -> dict[str, list[int]]:
    """Returns the numbers of the runs of each name, the newest first."""
    found: dict[str, list[int]] = defaultdict(list)
    try:
        names = [entry.name for entry in folder().iterdir()]
    except OSError:
        return {}
    for name in names:
        if match := ID.fullmatch(name):
            found[match[1]].append(int(match[2]))
    return {name: sorted(numbers, reverse=True) for name, numbers in found.items()}


def _ended(record: Record) -> LastRun:
    at = datetime.fromisoformat(record.ended or record.started).astimezone()
    if record.ended is None:
        return LastRun("running" if runs.living(record) else "ended", at, "", None, record)
    words = ending.words(runs.ending(record), None)
    state = words.state
    if state.startswith("exit "):
        state = "exited " + state.removeprefix("exit ")
    return LastRun(state, at, words.severity, runs.seconds(record), record)
