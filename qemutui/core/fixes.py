"""Applies at once all fixes that need no second look."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from qemutui.core import edit
from qemutui.core.finding import Finding, Fix
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile

Check = Callable[[Profile], tuple[Finding, ...]]

_ROUNDS = 20
"""How often all is looked at anew: a fix may show what another one mends."""
_SINGLY = 50
"""How many fixes of a round are tried one by one, where they do not go together."""

_Counts = Counter[tuple[str, str, str]]


class Mended(NamedTuple):
    """A profile with its safe fixes applied."""

    profile: Profile
    applied: int
    left: int
    """Fixes that were not applied: each wants to be looked at by somebody."""


def apply_safe(profile: Profile, check: Check) -> Mended:
    """Applies the safe fixes of errors and warnings.

    A fix is safe if it gives values or another order to what is there: it makes no item, removes
    none, unsets nothing and switches nothing on; if its finding goes; and if no error comes.
    """
    found = check(profile)
    applied = 0
    for _ in range(_ROUNDS):
        fixes = _disjoint(_safe(profile, found))
        after, count = _together(profile, found, fixes, check)
        if not count:
            break
        profile, applied = after, applied + count
        found = check(profile)
    return Mended(profile, applied, len(_fixable(found)))


def _fixable(found: tuple[Finding, ...]) -> list[tuple[Finding, Fix]]:
    return [(one, one.fix) for one in found if one.fix is not None and one.severity != "hint"]


def _safe(profile: Profile, found: tuple[Finding, ...]) -> list[tuple[Finding, Fix]]:
    sizes = _sizes(profile)
    return [
        (finding, fix)
        for finding, fix in _fixable(found)
        if not any(isinstance(one, edit.Set) and one.value is None for one in fix.edits)
        and _sizes(edit.apply(profile, fix.edits)) == sizes
    ]


def _sizes(profile: Profile) -> list[int]:
    return [len(edit.get(profile, (name,))) for name in (*BY_NAME, "fd")]


def _disjoint(fixes: list[tuple[Finding, Fix]]) -> list[tuple[Finding, Fix]]:
    """Returns those that do not touch what one before touches."""
    touched: list[Path] = []
    chosen = []
    for finding, fix in fixes:
        paths = [one.path if isinstance(one, edit.Set) else one.path[:1] for one in fix.edits]
        if not any(_overlap(path, other) for path in paths for other in touched):
            touched += paths
            chosen.append((finding, fix))
    return chosen


def _overlap(one: Path, other: Path) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _together(
    profile: Profile, found: tuple[Finding, ...], fixes: list[tuple[Finding, Fix]], check: Check
) -> tuple[Profile, int]:
    """Applies all, or where that is not good one by one; returns how many were."""
    mended = profile
    for _, fix in fixes:
        mended = edit.apply(mended, fix.edits)
    if not fixes or _is_good(found, check(mended), fixes):
        return mended, len(fixes)
    count = 0
    for one in fixes[:_SINGLY]:
        mended = edit.apply(profile, one[1].edits)
        after = check(mended)
        if _is_good(found, after, [one]):
            profile, found, count = mended, after, count + 1
    return profile, count


def _is_good(
    before: tuple[Finding, ...], after: tuple[Finding, ...], fixes: list[tuple[Finding, Fix]]
) -> bool:
    """Tells whether the findings of the fixes have gone, and no error has come.

    They are counted by their words, as an item that moves takes others to other places.
    """
    was, now = _counts(before), _counts(after)
    gone = _counts(tuple(finding for finding, _ in fixes))
    new = {words for words in now - was if words[0] == "error"}
    return not new and all(now[words] <= was[words] - count for words, count in gone.items())


def _counts(found: tuple[Finding, ...]) -> _Counts:
    return Counter((one.severity, one.rule, one.message) for one in found)
