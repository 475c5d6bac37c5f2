"""Where two states of a profile differ first."""

import pytest
from hypothesis import given

from qemutui.core import edit
from qemutui.core.changes import first_change
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile, read
from tests.core.strategies import Data, profiles

SAMPLE = read(
    {
        "name": "vm",
        "extra": ["-S", "-x"],
        "memory": {"size": "1G"},
        "device": [
            {"type": "a", "id": "d0", "list": ["x", "y"]},
            {"type": "b", "id": "d1", "table": {"k": 1}},
        ],
        "fd": [{"path": "/dev/null"}],
    }
)


@pytest.mark.parametrize(
    ("path", "value", "changed"),
    [
        (("name",), "x", ("name",)),
        (("memory", "size"), None, ("memory", "size")),
        (("memory", "new"), 1, ("memory", "new")),
        (("device", 1, "id"), "x", ("device", 1, "id")),
        (("device", 1, "new"), "x", ("device", 1, "new")),
        (("device", 1, "table", "k"), 2, ("device", 1, "table", "k")),
        (("device", 0, "list", 1), "z", ("device", 0, "list", 1)),
        (("device", 0, "list", 2), "z", ("device", 0, "list", 2)),
        (("device", 0, "list", 1), None, ("device", 0, "list", 1)),
        (("device", 0, "_off"), True, ("device", 0)),
        (("device", 0), None, ("device", 0)),
        (("device", 1), None, ("device", 0)),
        (("fd", 0), None, ("fd",)),
        (("fd", 0, "mode"), "w", ("fd", 0, "mode")),
        (("extra", 0), None, ("extra", 0)),
        (("launch", "monitor"), False, ("launch", "monitor")),
    ],
)
def test_a_change_is_found(path: Path, value: object, changed: Path) -> None:
    after = edit.set_value(SAMPLE, path, value)
    assert first_change(SAMPLE, after) == changed


def test_no_change_is_none() -> None:
    assert first_change(SAMPLE, SAMPLE) is None
    assert first_change(Profile(), Profile()) is None


@given(profiles(), profiles())
def test_two_profiles_differ_somewhere_or_are_equal(one: Data, other: Data) -> None:
    before, after = read(one), read(other)
    assert (first_change(before, after) is None) == (before == after)
