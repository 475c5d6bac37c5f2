"""What functions have made of frozen values, for as long as they are given the same ones."""

from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple, cast

from qemutui.core.table import same

Given = TypeVarTuple("Given")
Made = TypeVar("Made")


class Recall:
    """Calls functions, and only those that are given something else than the last time.

    What a function makes must depend on what it is given alone, and neither may be changed. Values
    are the same where they are written alike (`core.table.same`).
    """

    def __init__(self) -> None:
        self._known: dict[object, tuple[tuple[Any, ...], object]] = {}

    def of(self, function: Callable[[*Given], Made], *given: *Given) -> Made:
        """Returns what a function makes of values."""
        before, made = self._known.get(function, (None, None))
        if before is None or not same(before, given):
            made = function(*given)
        # The newer objects: most are those that are given the next time.
        self._known[function] = (given, made)
        return cast("Made", made)
