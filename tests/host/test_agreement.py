"""What the check calls an error QEMU refuses, and the other way round."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qemutui.core.profile import read
from tests.agreement import captured
from tests.agreement.judge import Outcome, errors_of, gist, recall
from tests.agreement.surroundings import surroundings
from tests.catalogs import captured as catalog_of

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"

RECALL = 0.97
"""How much the check has to find of what QEMU refuses."""

RECALL_OF_FEW = 0.9
"""The same of so few that one more or less is a lot."""


def test_this_qemu_agrees(qemu: str) -> None:
    sample = ["--profiles", "10", "--each", "3", "--jobs", "1"]
    command = [*sample, "--recall", str(RECALL_OF_FEW), qemu]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.agreement", *command],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def folder(qemu: str) -> Iterator[Path]:
    with surroundings(qemu) as place:
        yield place.folder


@pytest.mark.parametrize("version", ["7.2", "10.0"])
def test_what_qemu_said_agrees(folder: Path, version: str) -> None:
    catalog = catalog_of(version)
    kept = captured.load(DATA / f"agreement-{version}.json.xz")
    outcomes = []
    for case, verdict in kept.known:
        profile = read(case.data)
        errors = errors_of(profile, folder, catalog, kept.board(profile, catalog))
        outcomes.append(Outcome(case, (), verdict, errors))
    assert [(o.case, o.errors) for o in outcomes if o.false_alarm] == []
    mistakes = [outcome for outcome in outcomes if outcome.case.kind]
    found, refused = recall(mistakes)
    assert refused > 200
    missed = [(o.case.kind, gist(o.verdict.message)) for o in mistakes if o.miss]
    assert found >= RECALL * refused, missed
