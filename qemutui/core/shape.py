"""Says in a person's words what is wrong with the shape of a profile."""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from qemutui.core.keyval import Path, Scalar

Words = Scalar | tuple[Scalar, ...]
"""A list of texts; one text alone stands for a list of itself."""

BOOLEAN = "true or false"
_VALUE = f"text, a number, {BOOLEAN}, or a list or table of these"
_EXPECTED = {
    int: "a whole number",
    Words | None: "text or a list of texts",
    Scalar | dict[str, Scalar] | None: "text or a table of texts",
    dict[str, Scalar]: "a table of texts",
}


class ShapeError(ValueError):
    """A value of the wrong shape: what was found at `path`, and what belongs there."""

    def __init__(self, path: Path, found: str, expected: str) -> None:
        super().__init__(f"{dotted(path)}: found {found}, expected {expected}")
        self.path = path
        self.found = found
        self.expected = expected


def dotted(path: Path) -> str:
    """Returns a path as people write it: `device[0].netdev`."""
    words = ""
    for part in path:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def found(value: object) -> str:
    """Says what kind of value this is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number" if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, str):
        return "text"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, Mapping):
        return "a table"
    return "a date or time"


def _expected(model: type[BaseModel], path: Path) -> str:
    """Says what belongs at a path of a model, where something else was found."""
    if not path:
        return "a table"
    field = model.model_fields.get(str(path[0]))
    if field is None:
        return _VALUE
    kind, rest = field.annotation, path[1:]
    if get_origin(kind) is tuple:
        return _expected(get_args(kind)[0], rest[1:]) if rest else "a list of tables"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _expected(kind, rest)
    return "text" if rest else _EXPECTED.get(kind, "text")


def shape_error(
    error: ValidationError, data: Mapping[str, Any], model: type[BaseModel]
) -> ShapeError:
    """Names the place deepest in the data that pydantic objects to.

    Its paths hold names of a union's members too, which may be keys of the data by chance; what
    was found there is what tells.
    """
    deepest: Path = ()
    wrong: object = data
    for line in error.errors(include_url=False, include_context=False):
        here: Any = data
        path: Path = ()
        for key in line["loc"]:
            inside = isinstance(here, Mapping) and key in here
            if inside or (isinstance(here, list) and isinstance(key, int) and key < len(here)):
                here = here[key]
                path = (*path, key)
                if here is line["input"]:
                    break
        if line["type"].startswith("recursion"):
            return ShapeError(path[:3], "too many levels", "fewer")
        if len(path) > len(deepest):
            deepest, wrong = path, here
    return ShapeError(deepest, found(wrong), _expected(model, deepest))
