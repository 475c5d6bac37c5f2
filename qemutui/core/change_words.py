"""How much differs between two profiles, in one sentence."""

from collections import Counter
from typing import NamedTuple

from qemutui.core import difference
from qemutui.core.argv import build
from qemutui.core.groups import BY_NAME
from qemutui.core.profile import Profile

LONGEST = 60
"""Characters of a sentence that stands in one row; with more, only how many changes there are."""


class Changes(NamedTuple):
    """How much changes from one profile to another."""

    fields: int
    """Fields and arguments of Extra that get another value, are set or unset; a group whose items
    only moved is one."""
    added: int
    """Items that are new."""
    removed: int
    """Items that go."""
    to_extra: int
    """Arguments that are new in Extra, each with its value."""
    from_extra: int
    """Arguments that are gone from there."""

    @property
    def sentence(self) -> str:
        """Such as `3 fields change, 1 argument goes to Extra.`"""
        parts = (
            (self.fields, "field changes", "fields change"),
            (self.added, "item is added", "items are added"),
            (self.removed, "item is removed", "items are removed"),
            (self.to_extra, "argument goes to Extra", "arguments go to Extra"),
            (self.from_extra, "leaves Extra", "leave Extra"),
        )
        words = [f"{count} {one if count == 1 else more}" for count, one, more in parts if count]
        sentence = ", ".join(words)
        if len(sentence) > LONGEST:
            sentence = f"{sum(self)} changes"
        return f"{sentence}." if sentence else "Nothing changes."


def changes(before: Profile, after: Profile) -> Changes:
    """Returns how much changes from one profile to another."""
    fields = added = removed = 0
    if before is after:
        return Changes(0, 0, 0, 0, 0)
    for change in difference.between(before, after):
        if change.path[:1] == ("extra",):
            continue
        is_item = len(change.place) == 2 and change.place[0] in (*BY_NAME, "fd")
        if is_item and change.old is None:
            added += 1
        elif is_item and change.new is None:
            removed += 1
        else:
            fields += 1
    old, new = _extra(before), _extra(after)
    gone, come = _by_option(old - new), _by_option(new - old)
    # The same option with another value is a change, as in a field.
    changed = (gone & come).total()
    if before.extra != after.extra and not gone and not come:
        changed = 1  # another order
    return Changes(fields + changed, added, removed, (come - gone).total(), (gone - come).total())


def _by_option(arguments: Counter[tuple[str, ...]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for words, count in arguments.items():
        found[words[0]] += count
    return found


def _extra(profile: Profile) -> Counter[tuple[str, ...]]:
    bare = Profile(extra=profile.extra)
    return Counter(one.words for one in build(bare) if one.origin == "extra")
