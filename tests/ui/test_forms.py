"""What forms say of a profile: which fields they reach, and what typing and turning make of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qemutui.core import edit
from qemutui.core.finding import Finding
from qemutui.core.groups import GROUPS
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile, ShapeError, Table, dump, read
from qemutui.ui import forms, sections
from qemutui.ui.marks import Marks
from qemutui.ui.places import field_label, place_of
from qemutui.ui.sections import Row, Section
from qemutui.ui.typed import with_typed
from tests.core.strategies import profiles

SECTIONS = [section for section in sections.SECTIONS if section is not None]

WITHOUT_A_ROW = {("format",), ("launch", "monitor"), ("check", "ignore")}
"""Fields of the file that are no fields of a form: qemutui's own, and what is not built yet."""


def every_row(profile: Profile) -> Iterator[tuple[Section, Path | None, Row]]:
    for section in SECTIONS:
        items: list[Path | None] = [*forms.item_paths(profile, section)] or [None]
        if section.groups and items == [None]:
            continue
        for item in items:
            for row in forms.rows(profile, section, item):
                yield section, item, row


def fields(table: type[Table], path: Path = ()) -> Iterator[Path]:
    for name, field in table.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Table):
            yield from fields(kind, (*path, name))
        elif name not in {group.name for group in GROUPS} | {"fd"}:
            yield (*path, name)


@pytest.mark.parametrize("path", sorted(set(fields(Profile)) - WITHOUT_A_ROW))
def test_every_field_has_a_row(path: Path) -> None:
    rows = [row.path for _, _, row in every_row(Profile())]
    assert any(row[: len(path)] == path for row in rows), path


def test_every_group_has_a_section_and_rows_for_all_keys() -> None:
    data: dict[str, Any] = {
        group.name: [{"type": "t", "id": "i", "key": "v", "list": ["a"], "table": {"k": 1}}]
        for group in GROUPS
    }
    profile = read(data | {"fd": [{"path": "p", "mode": "r"}]})
    rows = {row.path for _, _, row in every_row(profile)}
    for group in GROUPS:
        paths = {("id",), ("key",), ("list", 0), ("list", 1), ("table", "k"), ()}
        paths |= {("type",)} if group.type_key else set()
        assert {(group.name, 0, *path) for path in paths} <= rows, group.name
    assert {("fd", 0, "path"), ("fd", 0, "mode")} <= rows


@settings(max_examples=60, deadline=None)
@given(profiles())
def test_every_row_stands_for_what_is_there(data: dict[str, Any]) -> None:
    try:
        profile = read(data)
    except ShapeError:
        return
    for section, item, row in every_row(profile):
        there = edit.get(profile, row.path)
        if row.adds:
            # A table or an item to add a key to, or the index behind a list's last element.
            assert isinstance(row.path[-1], int) or isinstance(there, Table | dict), row
        elif row.is_set:
            assert there is not None, row
            assert not isinstance(there, tuple | dict), row
        assert sections.section_of(row.path) == section.name, row
        assert item is None or row.path[:2] == item
        assert place_of(profile, row.path).startswith(section.name)
        assert isinstance(field_label(profile, row.path), str)


@settings(max_examples=60, deadline=None)
@given(profiles(), st.text(max_size=5))
def test_whatever_is_typed_gives_a_profile_that_can_be_read_again(
    data: dict[str, Any], text: str
) -> None:
    try:
        profile = read(data)
    except ShapeError:
        return
    for _, _, row in list(every_row(profile))[:12]:
        after, path = with_typed(profile, row, text)
        assert read(dump(after)) == after
        assert edit.get(after, path) is not None or not text or row.adds


@pytest.mark.parametrize(
    ("path", "text", "command"),
    [
        (("device", 0), "_off=true", "keeps the key of our own"),
        (("device", 0), "_json=x", "keeps the key of our own"),
        (("device", 0), "id", "keeps the id"),
        (("machine",), "accel=kvm", "takes accelerators"),
        (("machine",), "smm=off", "takes any key"),
    ],
)
def test_a_property_that_is_added_can_be_read_again(path: Path, text: str, command: str) -> None:
    profile = read({"device": [{"type": "VGA", "id": "gpu"}]})
    row = Row(path, "+", "", adds=True)
    after, _ = with_typed(profile, row, text)
    assert read(dump(after)) == after, command
    assert after.device[0].id == "gpu"


@pytest.mark.parametrize(
    ("before", "text", "value"),
    [
        (None, "1", 1),
        ("1", "2", "2"),
        (1, "2", 2),
        (True, "off", False),
        (True, "maybe", "maybe"),
        ("x", "", None),
        (1.5, "1.5", 1.5),
    ],
)
def test_typed_text_keeps_the_kind_that_was_there(before: object, text: str, value: object) -> None:
    profile = edit.set_value(Profile(), ("memory", "size"), before)
    row = Row(("memory", "size"), "size", "", "size")
    after, path = with_typed(profile, row, text)
    found = edit.get(after, path)
    assert (found, type(found)) == (value, type(value))


def test_an_emptied_property_is_passed_empty_and_an_emptied_id_is_unset() -> None:
    profile = read({"device": [{"type": "VGA", "id": "gpu", "romfile": "x"}]})
    item: Path = ("device", 0)
    for key, left in [("romfile", ""), ("id", None), ("type", None)]:
        row = Row((*item, key), key, "")
        assert edit.get(with_typed(profile, row, "")[0], (*item, key)) == left


@pytest.mark.parametrize(
    ("choices", "turns"),
    [
        ((True, False), [None, True, False, None]),
        (("r", "w", "r+", "a"), [None, "r", "w", "r+", "a", None]),
        ((True, False), ["text", True, False]),
    ],
)
def test_space_turns_through_the_choices(choices: tuple[Any, ...], turns: list[object]) -> None:
    row = Row(("boot", "menu"), "menu", "", "switch", choices=choices)
    value = turns[0]
    for expected in turns[1:]:
        value = forms.turned(row, value)
        assert value is expected or value == expected


def test_marks_find_the_worst_of_a_place_and_all_that_lies_in_it() -> None:
    found = (
        Finding("hint", "a", ("device", 0, "x"), "hint"),
        Finding("error", "b", ("device", 0, "x"), "error"),
        Finding("warning", "c", ("device", 1), "warning"),
    )
    marks = Marks(found)
    assert [finding.severity for finding in marks.at(("device", 0, "x"))] == ["error", "hint"]
    assert marks.at(("device", 0)) == []
    for path, severity in [((), "error"), (("device", 0), "error"), (("device", 1), "warning")]:
        worst = marks.worst(path)
        assert worst is not None
        assert worst.severity == severity
    assert marks.worst(("device", 2)) is None
    assert [marks.count(severity) for severity in ("error", "warning", "hint")] == [1, 1, 1]
    assert [finding.rule for finding in marks.ordered()] == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("path", "place", "label"),
    [
        (("device", 0, "fsdev"), "Devices › share › fsdev", "fsdev of share"),
        (("device", 1, "bus"), "Devices › VGA › bus", "bus of VGA"),
        (("drive", 0, "if"), "Storage › drive 1 › if", "if of drive 1"),
        (("netdev", 0, "hostfwd", 1), "Networks › n0 › 1", "hostfwd of n0"),
        (("device", 0), "Devices › share", None),
        (("memory", "size"), "CPU & memory › size", "size"),
        (("machine", "accel", 1), "Machine › accel", "accel"),
        (("extra", 1), "Extra › argument 2", "extra"),
        (("extra",), "Extra", "extra"),
        (("fd", 0, "path"), "Passed files › fd 3 › path", None),
        (("name",), "General › name", "name"),
        (("device", 9, "x"), None, None),
        (("colour",), "General › colour", "colour"),
    ],
)
def test_places_have_the_names_of_the_screen(
    path: Path, place: str | None, label: str | None
) -> None:
    profile = read(
        {
            "device": [{"type": "v", "id": "share"}, {"type": "VGA"}],
            "drive": [{"file": "x"}],
            "netdev": [{"type": "user", "id": "n0", "hostfwd": ["a", "b"]}],
            "extra": ["-a", "-b"],
            "fd": [{"path": "p"}],
        }
    )
    if (place is not None and path[-1] != 1) or path[0] == "extra":
        assert place_of(profile, path) == place
    else:
        place_of(profile, path)
    if label is not None:
        assert field_label(profile, path) == label
