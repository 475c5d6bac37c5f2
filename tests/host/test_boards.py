"""Buses of machines held against QEMU: what it puts where, what it refuses, and at which device."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from qemutui.core.argv import build, words
from qemutui.core.board import Board
from qemutui.core.catalog import Catalog
from qemutui.core.check import check
from qemutui.core.facts import Facts
from qemutui.core.finding import Finding
from qemutui.core.profile import Profile, read
from qemutui.host import boards, catalogs
from tests.core import bus_cases
from tests.core.check_cases import Case, Quiet
from tests.host import placements
from tests.host.test_check_qemu import accepts

ROOT = Path("/")


@cache
def _catalog(qemu: str) -> Catalog:
    return catalogs.of(qemu, ROOT)


@pytest.fixture
def catalog(qemu: str) -> Catalog:
    """What the installed QEMU offers."""
    return _catalog(qemu)


def _board(profile: Profile, catalog: Catalog) -> Board:
    found = boards.of(profile, ROOT, catalog)
    assert found is not None
    return found


def _errors(profile: Profile, catalog: Catalog) -> list[Finding]:
    facts = Facts(board=_board(profile, catalog))
    return [f for f in check(profile, facts, catalog) if f.severity == "error"]


@pytest.mark.parametrize("case", bus_cases.CASES, ids=lambda case: f"{case.rule}-{case.message}")
def test_qemu_refuses_too(qemu: str, catalog: Catalog, case: Case, tmp_path: Path) -> None:
    profile = read(case.data)
    assert case.message in [finding.message for finding in _errors(profile, catalog)]
    assert not accepts(qemu, profile, tmp_path)[0]


@pytest.mark.parametrize("case", bus_cases.QUIET, ids=lambda case: f"{case.rule}-{case.data}"[:70])
def test_qemu_accepts_a_near_miss(qemu: str, catalog: Catalog, case: Quiet, tmp_path: Path) -> None:
    profile = read(case.data)
    assert _errors(profile, catalog) == []
    accepted, said = accepts(qemu, profile, tmp_path)
    assert accepted, said


@pytest.mark.parametrize("seed", range(30))
def test_any_placement(qemu: str, catalog: Catalog, seed: int, tmp_path: Path) -> None:
    profile = read(placements.profile(seed))
    errors = _errors(profile, catalog)
    accepted, said = accepts(qemu, profile, tmp_path)
    assert accepted == (not errors), said
    devices = [w for o, w in pairwise(words(build(profile))) if o == "-device"]
    named = [text for text in devices if f"-device {text}: " in said]
    if named and not any(item.as_json for item in profile.device):
        first = min(int(finding.path[1]) for finding in errors if finding.path[0] == "device")
        assert devices[first] == named[0], said
