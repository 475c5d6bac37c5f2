"""All safe fixes at once: which are, which are not, and what becomes of those that clash."""

from typing import Any

from qemutui.core.check import check
from qemutui.core.edit import Set
from qemutui.core.finding import Finding, Fix
from qemutui.core.fixes import apply_safe
from qemutui.core.profile import Profile, dump, read
from tests.core.check_cases import CASES, Case


def test_values_are_mended_and_nothing_is_made_or_taken_away() -> None:
    data: dict[str, Any] = {
        "memory": {"size": "1GiB"},
        "smp": {"cpus": 2, "maxcpus": 1},
        "boot": {"menu": "TRUE"},
        "qmp": {"type": "unix", "path": "/q", "wait": True},
        "device": [
            {"type": "virtio-net-pci", "netdev": "nope"},
            {"type": "virtio-rng-pci", "id": "9"},
        ],
    }
    mended = apply_safe(read(data), check)
    assert mended[1:] == (6, 1)  # one of them only after another one
    assert [one.rule for one in check(mended.profile)] == ["dangling-reference"]
    text = dump(mended.profile)
    assert text["memory"]["size"] == "1G"
    assert text["boot"]["menu"] is True
    assert text["smp"]["maxcpus"] == 2
    assert "netdev" not in text
    assert text["device"][0]["netdev"] == "nope"
    assert apply_safe(mended.profile, check)[:2] == (mended.profile, 0)


def test_a_thousand_go_at_once() -> None:
    asked = 0

    def counted(profile: Profile) -> tuple[Finding, ...]:
        nonlocal asked
        asked += 1
        return check(profile)

    objects = [
        {"type": "memory-backend-ram", "id": f"m{index}", "size": "1MiB"} for index in range(1000)
    ]
    assert apply_safe(read({"object": objects}), counted)[1:] == (1000, 0)
    assert asked < 6


def test_a_fix_that_brings_an_error_or_mends_nothing_is_left() -> None:
    def finding(path: str, fix: object) -> Finding:
        return Finding("error", "r", (path, "size"), path, Fix("", (Set((path, "size"), fix),)))

    def judge(profile: Profile) -> tuple[Finding, ...]:
        found = []
        for table, good in (("memory", 1), ("smp", 2)):
            size = dump(profile).get(table, {}).get("size")
            if size == 0:
                found.append(finding(table, good))
            elif size == 2:
                found.append(Finding("error", "other", (table,), "worse"))
        if dump(profile)["boot"]["size"] == 0:
            found.append(finding("boot", 0))
        return tuple(found)

    profile = read({"memory": {"size": 0}, "smp": {"size": 0}, "boot": {"size": 0}})
    mended = apply_safe(profile, judge)
    assert mended[1:] == (1, 2)
    assert dump(mended.profile)["memory"] == {"size": 1}
    assert dump(mended.profile)["smp"] == {"size": 0}


def test_no_profile_gets_worse() -> None:
    for case in CASES:

        def judged(profile: Profile, case: Case = case) -> tuple[Finding, ...]:
            return check(profile, case.facts)

        before = judged(read(case.data))
        after = judged(apply_safe(read(case.data), judged).profile)
        assert len(after) <= len(before)
        errors = [
            {one.message for one in all_ if one.severity == "error"} for all_ in (before, after)
        ]
        assert errors[1] <= errors[0], case
