"""The base of every table of a profile: it keeps what it does not know, and the order of keys."""

from itertools import compress
from operator import is_not
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr


def same(one: Any, other: Any) -> bool:
    """Tells whether two values are written alike: `1`, `1.0` and `true` are not, as `==` says."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple | list):
        # Of long lists most elements are the same objects.
        others = compress(zip(one, other, strict=False), map(is_not, one, other))
        return len(one) == len(other) and all(same(a, b) for a, b in others)
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    return bool(one == other)


class Table(BaseModel):
    """A table of a profile: its fields, and the keys that have none.

    Two tables are equal when the same is written in both. The order of keys without a field
    counts, as QEMU's meaning can depend on it; that of fields does not.
    """

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True, allow_inf_nan=False)

    _order: tuple[str, ...] = PrivateAttr(())
    """The keys as the file has them; a key that came later is missing."""

    @property
    def others(self) -> dict[str, Any]:
        """The keys without a field, in file order. Not to be changed in place."""
        return self.__pydantic_extra__ or {}

    @property
    def written(self) -> dict[str, Any]:
        """Each key that is set and its value, in file order; new ones follow."""
        written = {
            name: value
            for name in type(self).model_fields
            if name in self.model_fields_set and (value := getattr(self, name)) is not None
        }
        written.update(self.others)
        first = {key: written[key] for key in self._order if key in written}
        return first | written

    def with_key(self, key: str, value: Any) -> Self:
        """Returns the table with another value of a key; None unsets it."""
        if value is not None:
            return self.model_copy(update={key: value})
        field = type(self).model_fields.get(key)
        update = {key: field.get_default(call_default_factory=True)} if field else {}
        table = self.model_copy(update=update)
        table.model_fields_set.discard(key)
        table.others.pop(key, None)
        table._order = tuple(other for other in self._order if other != key)
        return table

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table) or type(self) is not type(other):
            return False
        mine, its = self.written, other.written
        return (
            mine.keys() == its.keys()
            and all(same(value, its[key]) for key, value in mine.items())
            and list(self.others) == list(other.others)
        )
