"""Mistakes that people make in a profile, one function for each kind, and changes that are none.

Each takes a profile's data, changes it in place, and says whether it could. Whether the result is
wrong is for QEMU to say: many kinds have harmless outcomes as well.
"""

import copy
import random
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from qemutui.core.catalog import Catalog
from tests.agreement.draft import Data, items


class Subject(NamedTuple):
    """What a mistake is made in."""

    data: Data
    chance: random.Random
    catalog: Catalog

    def item(self, *groups: str) -> tuple[str, Data] | None:
        """Any item of these groups, or of all of them."""
        found = items(self.data, groups) if groups else items(self.data)
        return self.chance.choice(found) if found else None


Mistake = Callable[[Subject], Any]
KINDS: dict[str, Mistake] = {}
"""Every kind by its name."""


def kind(name: str) -> Callable[[Mistake], Mistake]:
    """Registers a kind of mistake."""

    def register(mistake: Mistake) -> Mistake:
        KINDS[name] = mistake
        return mistake

    return register


class Case(NamedTuple):
    """One profile to be judged."""

    kind: str
    """The mistake that was made; empty for a profile as it was generated."""
    data: Data


def mutated(data: Data, catalog: Catalog, chance: random.Random, count: int,
            made: "Counter[str]") -> list[Case]:  # fmt: skip
    """So many mistakes in copies of a profile, of the kinds that were made least so far."""
    cases: list[Case] = []
    kinds = sorted(KINDS)
    chance.shuffle(kinds)
    for name in sorted(kinds, key=lambda name: made[name]):
        if len(cases) == count:
            break
        changed = copy.deepcopy(data)
        if KINDS[name](Subject(changed, chance, catalog)) is not False and changed != data:
            made[name] += 1
            cases.append(Case(name, changed))
    return cases
