"""What `check` says, case by case; that every rule has a case; that every fix mends."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qemutui.core import edit
from qemutui.core.catalog import Catalog
from qemutui.core.check import RULES, Checker, Finding, check
from qemutui.core.facts import Facts
from qemutui.core.groups import BY_NAME
from qemutui.core.profile import Profile, read
from qemutui.core.rules.links import LINKS
from tests.catalogs import captured
from tests.core import bus_cases, check_cases, limit_cases, offered_cases, option_cases, rule_table
from tests.core.check_cases import NET, RNG, Case, Quiet, devices, item
from tests.core.strategies import profiles

CASES = [
    *check_cases.CASES,
    *offered_cases.CASES,
    *limit_cases.CASES,
    *option_cases.CASES,
    *bus_cases.CASES,
]
QUIET = [
    *check_cases.QUIET,
    *offered_cases.QUIET,
    *limit_cases.QUIET,
    *option_cases.QUIET,
    *bus_cases.QUIET,
]

_KNOWN_KEYS = sorted(
    {link.key for links in LINKS.values() for link in links}
    | {"", "driver", "file", "filename", "backing", "children", "node-name", "qom-type", "backend"}
    | {"type_", "if", "media", "bus", "path", "host", "port", "server", "size", "mem-path", "share"}
)
_KNOWN_TYPES = ["raw", "file", "socket", "mux", "secret", "user", "quorum", "memory-backend-file",
                "virtio-blk-pci"]  # fmt: skip


def values_of_known_keys() -> st.SearchStrategy[Any]:
    keys = st.sampled_from(_KNOWN_KEYS)
    scalars = st.sampled_from(["", "file", "a", 0, 1.5, True])
    return st.recursive(
        scalars, lambda v: st.lists(v, max_size=2) | st.dictionaries(keys, v, max_size=3)
    )


@st.composite
def items_of_known_keys(draw: st.DrawFn) -> dict[str, Any]:
    """Items that hold keys known to the rules, with values of any shape."""
    keys = st.sampled_from(_KNOWN_KEYS)
    known = draw(st.dictionaries(keys, values_of_known_keys(), max_size=5))
    kinds = st.sampled_from(_KNOWN_TYPES)
    return known | draw(st.fixed_dictionaries({}, optional={"type": kinds, "id": st.just("a")}))


def judged(case: Case | Quiet, profile: Profile) -> list[Finding]:
    """What the rule of a case says of a profile."""
    catalog = captured(case.catalog) if case.catalog else None
    return [f for f in check(profile, case.facts, catalog) if f.rule == case.rule]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}-{case.message}" for case in CASES])
def test_fires(case: Case) -> None:
    found = judged(case, read(case.data))
    labels = [(f.path, f.message, f.severity, f.fix and f.fix.label) for f in found]
    assert labels == [(case.path, case.message, case.severity, case.fix)]


@pytest.mark.parametrize("case", QUIET, ids=[f"{case.rule}-{case.data}"[:70] for case in QUIET])
def test_leaves_alone(case: Quiet) -> None:
    assert judged(case, read(case.data)) == []


def test_every_rule_has_a_case_and_a_counterexample() -> None:
    assert {case.rule for case in CASES} == set(RULES)
    assert {case.rule for case in QUIET} == set(RULES)


def test_readme_lists_the_rules() -> None:
    _, listed, _ = rule_table.parts(rule_table.README.read_text())
    assert listed == rule_table.table(), "python -m tests.core.rule_table brings it up to date"


@pytest.mark.parametrize("case", [case for case in CASES if case.fix], ids=lambda c: c.message)
def test_its_fix_mends_it(case: Case) -> None:
    profile = read(case.data)
    finding = judged(case, profile)[0]
    assert finding.fix is not None
    mended = edit.apply(profile, finding.fix.edits)
    assert finding.message not in [f.message for f in judged(case, mended)]


def test_a_sentence_fits_a_row_of_80() -> None:
    assert [case.message for case in CASES if len(case.message) > 60] == []


def test_ignore_silences_a_rule() -> None:
    data = devices(RNG, RNG, check={"ignore": ["duplicate-id"]})
    assert check(read(data)) == ()


def test_errors_come_first() -> None:
    data = devices(RNG, RNG, machine={"accel": "tcg"}, extra=["-enable-kvm"], colour=1)
    assert [f.severity for f in check(read(data))] == ["error", "warning", "warning"]


def test_what_is_off_is_not_judged() -> None:
    off = item("virtio-net-pci", "9", netdev="nope", _off=True)
    assert check(read(devices(off, fd=[{"mode": "x", "_off": True}]))) == ()


def test_another_id_is_given_to_its_users_too() -> None:
    blockdev = {"driver": "null-co", "node-name": "0 disk"}
    profile = read(devices(item("virtio-blk-pci", drive="0 disk"), blockdev=[blockdev]))
    (finding,) = check(profile)
    assert finding.path == ("blockdev", 0, "node-name")
    assert finding.fix is not None
    mended = edit.apply(profile, finding.fix.edits)
    assert check(mended) == ()
    assert mended.device[0].root["drive"] == mended.blockdev[0].root["node-name"] == "disk0"


def test_a_long_text_is_cut() -> None:
    found = check(read({"memory": {"size": "x" * 500}}))
    assert found[0].message == f"QEMU reads no “{'x' * 39}…”."


@given(profiles(), profiles())
@settings(deadline=None, max_examples=150)
def test_nothing_raises_and_a_checker_says_the_same(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    checker = Checker()
    for data in (first, second, first):
        profile = read(data)
        found = checker.check(profile, catalog=captured("7.2"))
        assert found == check(profile, catalog=captured("7.2"))
        for finding in found:
            if finding.fix is not None:
                assert isinstance(edit.apply(profile, finding.fix.edits), Profile)


@given(st.sampled_from(sorted(BY_NAME)), st.lists(items_of_known_keys(), max_size=3))
@example("blockdev", [{"type": "raw", "id": "x", "file": {"driver": {}}}])
@example("blockdev", [{"type": "raw", "id": "x", "file": {"driver": [{}]}}])
@example("drive", [{"": "x", "file": "/dev/null"}])
@example("chardev", [{"type_": [[]]}])
@settings(deadline=None, max_examples=150)
def test_no_shape_of_a_value_raises(group: str, items: list[dict[str, Any]]) -> None:
    profile = read({group: items, "machine": dict(keys_of(items))})
    for finding in check(profile, Facts(home="/home/ann"), captured("7.2")):
        if finding.fix is not None:
            assert isinstance(edit.apply(profile, finding.fix.edits), Profile)


def keys_of(items: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """The keys of all items that may stand in a table of `-machine` too."""
    return [(key, value) for item_ in items for key, value in item_.items() if key != "type"]


def test_an_edit_of_one_item_is_seen() -> None:
    checker = Checker()
    before = read(devices(RNG, NET, netdev=[item("user", "n0")]))
    assert checker.check(before) == ()
    broken = edit.set_value(before, ("device", 1, "netdev"), "nope")
    assert [f.path for f in checker.check(broken)] == [("device", 1, "netdev")]
    moved = edit.move(broken, ("device", 1), 0)
    assert [f.path for f in checker.check(moved)] == [("device", 0, "netdev")]
    assert checker.check(before) == ()


@pytest.mark.parametrize(
    ("accel", "severity", "message", "fix"),
    [
        (["kvm", "tcg"], "warning", "No access to /dev/kvm; QEMU will use tcg.", None),
        (["kvm"], "error", "No access to /dev/kvm.", "adds tcg"),
    ],
)
def test_kvm_that_cannot_be_used(
    accel: list[str], severity: str, message: str, fix: str | None
) -> None:
    head = dict(captured("7.2").head)
    problem = "/dev/kvm is there, but you are not in group kvm."
    head["accelerators"] = [["tcg", True, ""], ["kvm", False, problem]]
    catalog = Catalog(head, b"")
    (found,) = check(read({"machine": {"accel": accel}}), catalog=catalog)
    assert (found.severity, found.path, found.message) == (
        severity,
        ("machine", "accel", 0),
        message,
    )
    assert (found.fix and found.fix.label) == fix
    host = read({"machine": {"accel": ["kvm", "tcg"]}, "cpu": {"model": "host"}})
    assert "cpu-needs-kvm" in [f.rule for f in check(host, catalog=catalog)]
