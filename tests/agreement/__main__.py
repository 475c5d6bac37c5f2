"""How far `check` and QEMU agree: python -m tests.agreement [--profiles N] [--seed S] [BINARY]

Profiles are generated and spoilt; each is judged by `check` with the catalog, and by QEMU itself,
which is started with the same command, paused. The status is 1 where there is a false alarm or too
little is found. Needs the right to make a network namespace for more than one job.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import sys
from collections import Counter
from multiprocessing.util import Finalize
from pathlib import Path

from qemutui.core.catalog import Catalog
from qemutui.core.verdict import Verdict as DryVerdict
from qemutui.host import catalogs
from tests.agreement import captured, files, links, names, places, report, wrong_values
from tests.agreement.judge import Judge, Outcome, recall
from tests.agreement.mutation import Case, mutated
from tests.agreement.oracle import Cache, Verdict
from tests.agreement.surroundings import own_network, surroundings
from tests.agreement.valid import profiles

assert names and wrong_values and links and places and files  # they register the kinds


def spoilt(catalog: Catalog, accepted: list[Case], seed: int, each: int) -> list[Case]:
    """So many spoilt copies of each profile."""
    made: Counter[str] = Counter()
    return [
        spoilt_case
        for index, case in enumerate(accepted)
        for spoilt_case in mutated(
            case.data, catalog, random.Random(f"mistakes {seed} {index}"), each, made
        )
    ]


class Jobs:
    """Judges cases in several processes, each with a folder and a network of its own."""

    def __init__(self, binary: str, catalog: Catalog, cache: Path | None, count: int) -> None:
        self._count = count
        kept = Cache(cache, f"{catalog.release} {catalog.package} {catalog.target}")
        context = multiprocessing.get_context("fork")
        self._pool = context.Pool(count, _begin, (binary, catalog, kept))

    def judged(self, cases: list[Case]) -> list[Outcome]:
        """The outcomes in the order of the cases."""
        found = self._pool.imap(_judge, cases, chunksize=8)
        return [outcome for outcome in found if outcome is not None]

    def judged_again(self, known: list[tuple[Case, Verdict]]) -> list[Outcome]:
        """The outcomes of cases of which QEMU's verdicts are known."""
        found = self._pool.starmap(_judge_again, known, chunksize=8)
        return [outcome for outcome in found if outcome is not None]

    def tried(self, outcomes: list[Outcome]) -> list[tuple[Outcome, DryVerdict]]:
        """What the dry run says of each."""
        return self._pool.map(_try, outcomes, chunksize=4)

    def close(self) -> None:
        """Ends the processes, each after it has given back its folder."""
        self._pool.close()
        self._pool.join()


_judges: list[Judge] = []


def _begin(binary: str, catalog: Catalog, cache: Cache) -> None:
    own_network()
    place = surroundings(binary)
    _judges.append(Judge(binary, catalog, cache, place.__enter__()))
    Finalize(None, place.__exit__, (None, None, None), exitpriority=1)


def _judge(case: Case) -> Outcome | None:
    return _judges[0].judge(case)


def _judge_again(case: Case, verdict: Verdict) -> Outcome | None:
    return _judges[0].judge_again(case, verdict)


def _try(outcome: Outcome) -> tuple[Outcome, DryVerdict]:
    return _judges[0].tried(outcome)


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    add = arguments.add_argument
    add("binary", nargs="?", default="qemu-system-x86_64", help="a name on PATH")
    add("--profiles", type=int, default=300, help="as many as QEMU accepts")
    add("--each", type=int, default=8, help="mistakes per profile")
    add("--seed", type=int, default=1)
    add("--jobs", type=int, default=2)
    add("--cache", type=Path, help="a file that keeps QEMU's verdicts for the next run")
    add("--to", type=Path, help="a folder for the lists of disagreements")
    add("--dry-run", action="store_true", help="also try by dry run what the check does not find")
    add("--replay", type=Path, help="a file of --capture; nothing is generated, QEMU not asked")
    add("--capture", type=Path, help="a file for the cases and QEMU's verdicts")
    add("--recall", type=float, default=0.97, help="what is to be found of what QEMU refuses")
    return arguments.parse_args()


def _outcomes(jobs: Jobs, catalog: Catalog, given: argparse.Namespace) -> list[Outcome]:
    """Judges profiles until QEMU has accepted enough, and then spoilt copies of those."""
    generated: list[Outcome] = []
    valid: list[Case] = []
    drafts = [Case("", data) for data in profiles(catalog, 2 * given.profiles, given.seed)]
    while len(valid) < given.profiles and drafts:
        some, drafts = drafts[: given.profiles // 2 + 1], drafts[given.profiles // 2 + 1 :]
        generated += jobs.judged(some)
        valid = [o.case for o in generated if o.verdict.word == "accepted"][: given.profiles]
    return [*generated, *jobs.judged(spoilt(catalog, valid, given.seed, given.each))]


def main() -> int:
    """Runs as the arguments say, and prints the table."""
    given = _arguments()
    os.nice(5)
    catalog = catalogs.of(given.binary, Path.cwd())
    jobs = Jobs(given.binary, catalog, given.cache, given.jobs)
    if given.replay:
        outcomes = jobs.judged_again(captured.load(given.replay).known)
    else:
        outcomes = _outcomes(jobs, catalog, given)
    told = ""
    if given.dry_run:
        accepted = [o for o in outcomes if o.verdict.word == "accepted"]
        some = [o for o in outcomes if o.miss] + accepted[:: len(accepted) // 100 + 1]
        told = report.dry_runs(jobs.tried(some))
    jobs.close()
    if given.capture:
        captured.write(given.capture, outcomes, shutil.which(given.binary) or "", catalog)
    if given.to:
        report.write(outcomes, given.to)
    print(f"{given.binary} {catalog.release}, seed {given.seed}")
    print(report.summary(outcomes))
    print(told, end="")
    found, refused = recall(o for o in outcomes if o.case.kind)
    alarms = sum(outcome.false_alarm for outcome in outcomes)
    return int(alarms > 0 or found < given.recall * refused)


if __name__ == "__main__":
    sys.exit(main())
