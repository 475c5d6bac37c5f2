"""Holds what `check` says of a profile against what QEMU says of its command."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from qemutui.core.argv import build, words
from qemutui.core.board import Board
from qemutui.core.catalog import Catalog
from qemutui.core.check import check
from qemutui.core.profile import Profile, ShapeError, read
from qemutui.core.verdict import Verdict as DryVerdict
from qemutui.host import boards, dry_run
from qemutui.host.facts import gather
from tests.agreement.mutation import Case
from tests.agreement.oracle import Cache, Verdict, ask
from tests.agreement.surroundings import Surroundings

OURS = frozenset({"passed-file", "powerdown", "monitor", "environment", "nul", "json"})
"""Rules about what qemutui itself cannot do; QEMU has no say."""


class Outcome(NamedTuple):
    """What both said of a case."""

    case: Case
    argv: tuple[str, ...]
    verdict: Verdict
    errors: tuple[str, ...]
    """The error findings: rule, path and message."""

    @property
    def false_alarm(self) -> bool:
        """An error where QEMU finds none."""
        return self.verdict.word == "accepted" and bool(self.errors)

    @property
    def miss(self) -> bool:
        """No error where QEMU refuses."""
        return self.verdict.word == "refused" and not self.errors


def errors_of(
    profile: Profile, folder: Path, catalog: Catalog, board: Board | None
) -> tuple[str, ...]:
    """The error findings of a profile whose QEMU runs in a folder and has this board."""
    facts = gather(profile, folder, (), catalog.data_folders)._replace(board=board)
    findings = check(profile, facts, catalog)
    return tuple(
        f"{f.rule}: {'.'.join(map(str, f.path))}: {f.message}"
        for f in findings
        if f.severity == "error" and f.rule not in OURS
    )


def command_of(case: Case) -> tuple[Profile, tuple[str, ...]] | None:
    """The profile of a case and its command; None where there is none."""
    try:
        profile = read(case.data)
        argv = tuple(words(build(profile)))
    except (ShapeError, ValueError):
        return None
    return None if any("\0" in word for word in argv) else (profile, argv)


class Judge:
    """Judges cases in one folder, one after the other."""

    def __init__(self, qemu: str, catalog: Catalog, cache: Cache, place: Surroundings) -> None:
        self._qemu = shutil.which(qemu) or qemu
        self._catalog, self._cache, self._place = catalog, cache, place

    def judge(self, case: Case) -> Outcome | None:
        """Judges one case; None where the data is no profile, or there is no command."""
        made = command_of(case)
        if made is None:
            return None
        self._place.renew()
        errors = self._errors(made[0])  # first, as QEMU changes what is in the folder
        return Outcome(case, made[1], self.verdict(made[1][1:]), errors)

    def judge_again(self, case: Case, verdict: Verdict) -> Outcome | None:
        """Judges a case of which QEMU's verdict is known; nothing is started."""
        made = command_of(case)
        if made is None:
            return None
        return Outcome(case, made[1], verdict, self._errors(made[0]))

    def _errors(self, profile: Profile) -> tuple[str, ...]:
        folder = self._place.folder
        board = boards.of(profile, folder, self._catalog)
        return errors_of(profile, folder, self._catalog, board)

    def tried(self, outcome: Outcome) -> tuple[Outcome, DryVerdict]:
        """What the dry run says of a case."""
        self._place.renew()
        profile = read(outcome.case.data)
        return outcome, dry_run.run(profile, self._place.folder, allowed=True)

    def verdict(self, arguments: tuple[str, ...]) -> Verdict:
        """What QEMU says of a command, from the cache where it is known."""
        verdict = self._cache.get(arguments)
        if verdict is None:
            self._place.renew()
            verdict = ask(self._qemu, arguments, self._place.folder)
            self._cache.put(arguments, verdict)
        return verdict


def gist(message: str) -> str:
    """A message of QEMU without names and numbers, to count those that say the same."""
    line = message.splitlines()[-1] if message else ""
    line = re.sub(r"^[-\dT:.]+Z \S+: ", "", line)  # of `-msg timestamp=on`
    line = re.sub(r"^(-[\w-]+) .*?: (?=\S)", r"\1: ", line)
    line = re.sub(r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\"|‘[^’]*’|“[^”]*”", "'…'", line)
    return re.sub(r"0x[0-9a-f]+|\d+", "#", line)[:140]


def recall(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """How many of the refused cases have an error, and how many there are."""
    refused = [outcome for outcome in outcomes if outcome.verdict.word == "refused"]
    return sum(bool(outcome.errors) for outcome in refused), len(refused)
