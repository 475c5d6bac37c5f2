"""How far `check` and QEMU agree: python -m tests.agreement [--profiles N] [--seed S] [BINARY]

Profiles are generated and spoilt; each is judged by `check` with the catalog, and by QEMU itself,
which is started with the same command, paused. The status is 1 where there is a false alarm or too
little is found. Needs the right to make a network namespace for more than one job.
"""

import argparse
import multiprocessing
import os
import random
import sys
from collections import Counter
from multiprocessing.util import Finalize
from pathlib import Path

from qemutui.core.catalog import Catalog
from qemutui.host import catalogs
from tests.agreement import links, names, report, wrong_values
from tests.agreement.judge import Judge, Outcome, recall
from tests.agreement.mutation import Case, mutated
from tests.agreement.oracle import Cache
from tests.agreement.surroundings import own_network, surroundings
from tests.agreement.valid import profiles

assert names and wrong_values and links  # they register the kinds


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


def main() -> int:
    """Runs as the arguments say, and prints the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary", nargs="?", default="qemu-system-x86_64")
    arguments.add_argument("--profiles", type=int, default=300)
    arguments.add_argument("--each", type=int, default=8, help="mistakes per profile")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--cache", type=Path, help="a file that keeps QEMU's verdicts")
    arguments.add_argument("--to", type=Path, help="a folder for the lists of disagreements")
    arguments.add_argument("--capture", type=Path, help="a file for cases and verdicts")
    given = arguments.parse_args()
    os.nice(5)
    catalog = catalogs.of(given.binary, Path.cwd())
    jobs = Jobs(given.binary, catalog, given.cache, given.jobs)
    generated: list[Outcome] = []
    valid: list[Case] = []
    drafts = [Case("", data) for data in profiles(catalog, 2 * given.profiles, given.seed)]
    while len(valid) < given.profiles and drafts:
        some, drafts = drafts[: given.profiles // 2 + 1], drafts[given.profiles // 2 + 1 :]
        generated += jobs.judged(some)
        valid = [o.case for o in generated if o.verdict.word == "accepted"][: given.profiles]
    outcomes = [*generated, *jobs.judged(spoilt(catalog, valid, given.seed, given.each))]
    jobs.close()
    if given.to:
        report.write(outcomes, given.to)
    print(f"{given.binary} {catalog.release}, seed {given.seed}")
    print(report.summary(outcomes))
    found, refused = recall(outcomes)
    alarms = sum(outcome.false_alarm for outcome in outcomes)
    return int(alarms > 0 or found < 0.97 * refused)


if __name__ == "__main__":
    sys.exit(main())
