"""Judges a profile: small rules, one function each, that say what is wrong and how to mend it.

An error is what QEMU refuses, or what qemutui cannot pass to it; all else is a warning or a hint.
The rules were held against QEMU 7.2.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeVar

from qemutui.core import config_file
from qemutui.core.argv import words_of
from qemutui.core.board_words import replaced_by
from qemutui.core.catalog import Catalog
from qemutui.core.facts import NO_FACTS, Facts, item_files
from qemutui.core.finding import Finding, Fix, Problem, Severity
from qemutui.core.groups import BY_NAME, GROUPS, Group
from qemutui.core.keyval import Path
from qemutui.core.per_item import PerItem
from qemutui.core.placing import Placed
from qemutui.core.ports import IN_GROUPS, item_peers, item_ports
from qemutui.core.profile import Item, Profile
from qemutui.core.recall import Recall
from qemutui.core.rules import ids
from qemutui.core.rules.expansion import suspects
from qemutui.core.rules.links import item_references, machine_references
from qemutui.core.rules.subject import (
    Entry,
    Rule,
    Scan,
    Subject,
    entry_of,
    names_of,
    off_name,
)
from qemutui.core.rules.table import RULES

__all__ = ["RULES", "Checker", "Facts", "Finding", "Fix", "Severity", "check"]


_Looks = TypeVar("_Looks")


def _by_group(look_of: Callable[[Rule], _Looks | None]) -> dict[str, list[tuple[str, _Looks]]]:
    """Returns what looks at the items of each group, with the name of the rule."""
    return {
        group.name: [
            (rule.name, look)
            for rule in RULES.values()
            if (look := look_of(rule)) is not None and group.name in (rule.groups or BY_NAME)
        ]
        for group in GROUPS
    }


_ITEM_RULES = _by_group(lambda rule: rule.item)
_OFFERED_RULES = _by_group(lambda rule: rule.offered)
_MENDABLE = frozenset({"unknown-type", "unknown-property", "bad-value"})
"""Rules whose findings at an item `-set` may mend."""

_SAID_BY = {
    "bad-value": frozenset({"busy-slot", "drive-place"}),
    "missing-key": frozenset({"busy-slot"}),
    "memory-limits": frozenset({"size"}),
}
"""Rules that are silent where one of others tells the same mistake, and how to mend it."""

_RANKS = {"error": 0, "warning": 1, "hint": 2}
_SECTIONS = (
    "name", "binary", "machine", "cpu", "memory", "smp", "boot", "qmp", "device", "object",
    "netdev", "blockdev", "drive", "chardev", "fsdev", "audiodev", "tpmdev", "fd", "launch",
    "extra", "check",
)  # fmt: skip
_PLACES = {name: place for place, name in enumerate(_SECTIONS)}


def _scan(group: Group, item: Item, index: int, catalog: Catalog | None) -> Scan:
    entry = entry_of(group, item, index)
    problems = [
        (name, problem) for name, function in _ITEM_RULES[group.name] for problem in function(entry)
    ]
    if catalog is not None:
        problems += [
            (name, problem)
            for name, function in _OFFERED_RULES[group.name]
            for problem in function(entry, catalog)
        ]
    is_device = group.name == "device"
    return Scan(
        entry,
        tuple(names_of(entry)),
        tuple(item_references(entry, catalog)),
        tuple(item_files(group, item, index)),
        tuple(item_ports(group, item, index)) if group.name in IN_GROUPS else (),
        tuple(item_peers(group, item, index)) if group.name in IN_GROUPS else (),
        tuple(suspects(entry.path, item.root)),
        tuple(problems),
        ids.fault(entry),
        Placed.of(index, entry.type, entry.id, item.root, entry.json) if is_device else None,
        replaced_by(item) if is_device else "",
    )


def _place(finding: Finding) -> tuple[int, int, int]:
    index = finding.path[1] if len(finding.path) > 1 else 0
    place = _PLACES.get(str(finding.path[0]), len(_PLACES))
    return (_RANKS[finding.severity], place, index if isinstance(index, int) else 0)


class Checker:
    """Judges profiles one after the other, and looks anew only at the items that are new.

    An item is frozen, so that the same object in the same place has the same findings of its own.
    Rules that look at many items recall what they have found where nothing of that is new.
    """

    def __init__(self) -> None:
        self._catalog: Catalog | None = None
        self._scans = PerItem(self._scan)
        self._off = PerItem(off_name)
        self._recall = Recall()

    def check(
        self, profile: Profile, facts: Facts = NO_FACTS, catalog: Catalog | None = None
    ) -> tuple[Finding, ...]:
        """As the function `check`."""
        whole = config_file.expanded(profile, facts.configs)
        profile = whole.profile
        if catalog is not self._catalog:
            self._catalog = catalog
            self._scans = PerItem(self._scan)
        scans = {
            group.name: tuple(filter(None, self._scans.of(group, profile.items(group.name))))
            for group in GROUPS
        }
        off = (self._off.of(group, profile.items(group.name)) for group in GROUPS)
        subject = Subject(
            profile,
            facts,
            scans,
            tuple(filter(None, chain.from_iterable(off))),
            tuple(machine_references(profile)),
            catalog,
            self._recall,
        )
        found = [
            whole.of_original(Finding(problem.severity, name, *problem[1:]))
            for name, problem in _problems(subject, frozenset(words_of(profile.check.ignore)))
        ]
        return tuple(sorted(_said_once(found), key=_place))

    def _scan(self, group: Group, item: Item, index: int) -> Scan | None:
        """Returns what is known of an item; None for one that is off."""
        return None if item.off else _scan(group, item, index, self._catalog)


def _said_once(found: list[Finding]) -> list[Finding]:
    rules: dict[Path, set[str]] = {}
    for finding in found:
        rules.setdefault(finding.path, set()).add(finding.rule)
    return [one for one in found if rules[one.path].isdisjoint(_SAID_BY.get(one.rule, ()))]


def _problems(subject: Subject, ignored: frozenset[str]) -> Iterator[tuple[str, Problem]]:
    """Yields what the rules find that are not ignored, with their names."""
    for name, problem in _of_items(subject):
        if name not in ignored:
            yield name, problem
    for rule in RULES.values():
        if rule.whole is not None and rule.name not in ignored:
            for problem in rule.whole(subject):
                yield rule.name, problem


def _of_items(subject: Subject) -> Iterator[tuple[str, Problem]]:
    unsure = _MENDABLE if subject.has_option("set") else frozenset()
    if subject.has_option("readconfig", "set"):
        unsure |= {"missing-key"}
    given = [option.value for option in subject.options if option.name == "global"]
    for scan in subject.scans:
        if unsure:
            yield from (found for found in scan.problems if found[0] not in unsure)
        elif given:
            yield from (
                found
                for found in scan.problems
                if found[0] != "missing-key" or not _may_be_given(scan.entry, found[1], given)
            )
        else:
            yield from scan.problems


def _may_be_given(entry: Entry, problem: Problem, given: list[str]) -> bool:
    """Tells whether one of the values of `-global`, which is for devices, may be what an item
    lacks."""
    if entry.group.name != "device":
        return False
    key = str(problem.path[-1]).replace("_", "-")
    return any(
        entry.type.startswith(value.partition(".")[0])
        or entry.type in value
        or key in value.replace("_", "-")
        or " or " in problem.message
        for value in given
    )


def check(
    profile: Profile, facts: Facts = NO_FACTS, catalog: Catalog | None = None
) -> tuple[Finding, ...]:
    """Returns the findings of a profile, errors first, then in the order of the screen.

    `facts` is what the host found about the files that the profile names; without them no file is
    judged. `catalog` is what the profile's QEMU offers; without it no name is judged that only
    that QEMU knows. Items that are off are not judged, and are not there for those that refer to
    them.
    """
    return Checker().check(profile, facts, catalog)
