"""A profile is what its file says, no more and no less; a wrong shape is named and refused."""

import copy
import datetime
from typing import Any

import pytest
from hypothesis import given

from qemutui.core import profile
from qemutui.core.profile import Item, Profile, ShapeError, dotted, dump, read
from tests.core import strategies

SCALARS = "text, a number, true or false, or a list or table of these"
NAN, INFINITY = float("nan"), float("inf")
DAY = datetime.date(2020, 2, 29)


def layout(value: Any) -> Any:
    """A value with the order of its keys and the types of its scalars, which `==` overlooks."""
    if isinstance(value, dict):
        return [(key, layout(element)) for key, element in value.items()]
    if isinstance(value, list):
        return [layout(element) for element in value]
    return type(value).__name__, str(value)


@given(strategies.profiles())
def test_dump_is_what_was_read(data: strategies.Data) -> None:
    assert layout(dump(read(data))) == layout(data)


@given(strategies.profiles())
def test_profiles_are_equal_when_the_same_is_written(data: strategies.Data) -> None:
    assert read(data) == read(copy.deepcopy(data))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"device": [{"a": 1, "b": 2}]}, {"device": [{"b": 2, "a": 1}]}),
        ({"device": [{"x": {"a": 1, "b": 1}}]}, {"device": [{"x": {"b": 1, "a": 1}}]}),
        ({"device": [{"x": 1}, {"x": 2}]}, {"device": [{"x": 2}, {"x": 1}]}),
        ({"device": [{"x": 1}]}, {"device": [{"x": True}]}),
        ({"device": [{"x": 1}]}, {"device": [{"x": 1.0}]}),
        ({"device": [{"x": "1"}]}, {"device": [{"x": 1}]}),
        ({"machine": {"a": 1, "b": 2}}, {"machine": {"b": 2, "a": 1}}),
        ({"machine": {"type": 1}}, {"machine": {"type": True}}),
        ({"smp": {"cpus": 1}}, {"smp": {"cpus": 1.0}}),
        ({"format": 1}, {}),
        ({"machine": {}}, {}),
        ({"device": []}, {}),
        ({"launch": {"monitor": True}}, {"launch": {}}),
        ({"extra": "a"}, {"extra": ["a"]}),
        ({"fd": [{"_off": False}]}, {"fd": [{}]}),
        ({"unknown": 1}, {"unknown": True}),
    ],
)
def test_profiles_differ(one: strategies.Data, other: strategies.Data) -> None:
    assert read(one) != read(other)


def test_order_of_fields_makes_no_difference() -> None:
    one = {"name": "x", "machine": {"type": "q35", "smm": True, "accel": "tcg"}}
    other = {"machine": {"smm": True, "accel": "tcg", "type": "q35"}, "name": "x"}
    assert read(one) == read(other)


@pytest.mark.parametrize(
    ("data", "path", "found", "expected"),
    [
        ({"name": [1]}, "name", "a list", "text or a table of texts"),
        ({"name": {"guest": [1]}}, "name.guest", "a list", "text"),
        ({"name": {"bool": 5, "x": [1]}}, "name.x", "a list", "text"),
        ({"format": "1"}, "format", "text", "a whole number"),
        ({"format": True}, "format", "true", "a whole number"),
        ({"format": 1.5}, "format", "a number", "a whole number"),
        ({"binary": DAY}, "binary", "a date or time", "text"),
        ({"extra": {"a": 1}}, "extra", "a table", "text or a list of texts"),
        ({"extra": {"bool": 1}}, "extra", "a table", "text or a list of texts"),
        ({"extra": ["-S", ["x"]]}, "extra[1]", "a list", "text"),
        ({"machine": "q35"}, "machine", "text", "a table"),
        ({"machine": [{}]}, "machine", "a list", "a table"),
        ({"machine": {"type": {"a": 1}}}, "machine.type", "a table", "text"),
        ({"machine": {"accel": {"a": 1}}}, "machine.accel", "a table", "text or a list of texts"),
        ({"machine": {"smm": DAY}}, "machine.smm", "a date or time", SCALARS),
        ({"cpu": {"features": [["a"]]}}, "cpu.features[0]", "a list", "text"),
        ({"memory": {"size": NAN}}, "memory.size", "nan", "text"),
        ({"smp": {"cpus": -INFINITY}}, "smp.cpus", "-inf", "text"),
        ({"boot": {"x": [1, {"y": INFINITY}]}}, "boot.x[1].y", "inf", SCALARS),
        ({"device": {"type": "a"}}, "device", "a table", "a list of tables"),
        ({"device": [{}, 5]}, "device[1]", "a number", "a table"),
        ({"device": [{"type": ["a"]}]}, "device[0].type", "a list", "text"),
        ({"netdev": [{}, {"id": {"a": 1}}]}, "netdev[1].id", "a table", "text"),
        ({"device": [{"a": {"b": [DAY]}}]}, "device[0].a.b[0]", "a date or time", SCALARS),
        ({"device": [{"_off": "yes"}]}, "device[0]._off", "text", "true or false"),
        ({"device": [{"_json": 1}]}, "device[0]._json", "a number", "true or false"),
        ({"fd": {"path": "a"}}, "fd", "a table", "a list of tables"),
        ({"fd": ["a"]}, "fd[0]", "text", "a table"),
        ({"fd": [{"path": ["a"]}]}, "fd[0].path", "a list", "text"),
        ({"fd": [{"_off": 0}]}, "fd[0]._off", "a number", "true or false"),
        ({"launch": {"wrapper": {"a": 1}}}, "launch.wrapper", "a table", "text or a list of texts"),
        ({"launch": {"environment": "A=b"}}, "launch.environment", "text", "a table of texts"),
        ({"launch": {"environment": {"A": [1]}}}, "launch.environment.A", "a list", "text"),
        ({"check": {"ignore": [{}]}}, "check.ignore[0]", "a table", "text"),
    ],
)
def test_wrong_shape_is_named(data: dict[str, Any], path: str, found: str, expected: str) -> None:
    with pytest.raises(ShapeError) as caught:
        read(data)
    error = caught.value
    assert (dotted(error.path), error.found, error.expected) == (path, found, expected)
    assert str(error) == f"{path}: found {found}, expected {expected}"


@pytest.mark.parametrize("table", [True, False], ids=["tables", "lists"])
def test_deep_nesting_is_kept_or_refused_and_never_crashes(table: bool) -> None:
    for depth in (200, 400, 800):
        value: Any = "x"
        for _ in range(depth):
            value = {"a": value} if table else [value]
        data = {"device": [{"type": "t", "deep": value}]}
        if depth == 200:
            assert dump(read(data)) == data
        else:
            with pytest.raises(ShapeError, match=r"^device\[0\]\.deep: found too many levels"):
                read(data)


def test_unknown_keys_are_kept_as_they_are() -> None:
    data = {
        "future": {"day": DAY, "list": [1, {"x": NAN}]},
        "fd": [{"off": 1}],
        "cpu": {"x": [DAY]},
    }
    read_back = dump(read(data))
    assert layout(read_back) == layout(data)
    assert read(data).others == {"future": data["future"]}
    assert not read(data).fd[0].off


def test_data_is_not_changed_by_reading() -> None:
    data = {"name": "x", "device": [{"type": "a", "list": [1, [2]]}], "machine": {"smm": True}}
    before = layout(data)
    dump(read(data))["device"][0]["list"].append(3)
    assert layout(data) == before


def test_half_typed_input_is_a_profile() -> None:
    item = {"type": "", "id": "", "": "", "size": "lots"}
    assert dump(read({"device": [item, {}], "memory": {"size": ""}}))["device"] == [item, {}]


def test_models_built_by_hand_are_written_too() -> None:
    made = Profile(name="x", machine=profile.Machine(type="q35", accel=None), device=(Item.of({}),))
    assert dump(made) == {"name": "x", "machine": {"type": "q35"}, "device": [{}]}
    assert made == read(dump(made))


def test_schema_knows_every_field() -> None:
    schema = Profile.model_json_schema()
    assert schema["properties"].keys() == Profile.model_fields.keys()
    assert {"path", "mode", "_off"} == schema["$defs"]["PassedFd"]["properties"].keys()
    assert {"type", "id", "_off", "_json"} == schema["$defs"]["Item"]["properties"].keys()
