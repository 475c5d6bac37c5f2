"""What forms show of what QEMU offers, without a screen: every property of every type."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qemutui.core import catalog_text, edit
from qemutui.core.catalog import Catalog
from qemutui.core.groups import BY_NAME
from qemutui.core.profile import read
from qemutui.host import catalogs
from qemutui.ui import forms, sections
from qemutui.ui.sections import Row
from tests.catalogs import answers, captured

GROUPS = [name for name in BY_NAME if name != "drive"]


def section(name: str) -> sections.Section:
    found = sections.SECTIONS[sections.section_index(name)]
    assert found is not None
    return found


def item_rows(group: str, item: dict[str, Any], catalog: Catalog) -> list[Row]:
    """The rows of the only item of a profile."""
    profile = read({group: [item]})
    return forms.rows(profile, section(sections.section_of((group,))), (group, 0), catalog)


def field_rows(data: dict[str, Any], name: str, catalog: Catalog) -> dict[str, Row]:
    """The rows of a section of fields, by their labels; the last one of a list."""
    return {row.label: row for row in forms.rows(read(data), section(name), None, catalog)}


def types(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for group in GROUPS:
        names = catalog.devices if group == "device" else catalog.types(group)
        yield from ((group, name) for name in names)
    yield "drive", ""


def walk(catalog: Catalog) -> int:
    """Sees that each property of each type has a row with a type; returns how many there are."""
    seen = 0
    for group, name in types(catalog):
        known = catalog.properties(group, name) or {}
        offered = {one.name: one for one in known.values() if one.kind != "internal"}
        offered.pop("id", None)
        rows = item_rows(group, {"type": name, "id": "i"}, catalog)
        unset = [row for row in rows if row.is_offered]
        labels = [row.label for row in unset]
        assert labels == sorted(set(labels)), (group, name)
        assert set(offered) <= set(labels), (group, name)
        assert rows[-1].adds
        for row in unset:
            assert row.kind and row.property and not row.is_set, (group, name, row)
        # Set, each is there once, and nothing of the rest is gone.
        for row in unset[:1]:
            profile = edit.set_value(read({group: [{"type": name}]}), row.path, "x")
            there = forms.rows(profile, section(sections.section_of((group,))), (group, 0), catalog)
            shown = [one for one in there if one.label == row.label]
            assert [one.is_offered for one in shown] == [False], (group, name, shown)
        seen += len(unset)
    return seen


def test_every_property_of_the_installed_qemu_has_a_row(qemu: str) -> None:
    assert walk(catalogs.of(qemu, Path("/"))) > 5_000


@pytest.mark.parametrize(
    ("version", "target"), [("7.2", "riscv64"), ("10.0", "x86_64"), ("10.0", "aarch64")]
)
def test_every_property_of_other_qemus_has_a_row(version: str, target: str) -> None:
    catalog = captured(version, target)
    assert walk(catalog) > 5_000
    for machine in catalog.machine_names:
        for name in ("Machine", "CPU & memory", "Boot"):
            assert field_rows({"machine": {"type": machine}}, name, catalog)


def test_set_rows_know_their_type_and_default() -> None:
    item = {"type": "virtio-9p-pci", "id": "s", "fsdev": "fs0", "ats": True, "vendor-x": 1}
    rows = {row.label: row for row in item_rows("device", item, captured("7.2"))}
    assert (rows["fsdev"].kind, rows["fsdev"].help) == ("fsdev id", "the id of an fsdev")
    assert (rows["ats"].kind, rows["ats"].default) == ("bool", "off")
    assert rows["vendor-x"].property is None
    assert not rows["vendor-x"].is_offered
    assert (rows["addr"].value, rows["addr"].kind) == ("free slot", "slot.fn")
    assert (rows["bus"].value, rows["bus"].is_offered) == ("first fit", True)
    assert "virtio-backend" not in rows


def test_nodes_within_a_node_have_the_members_of_their_drivers() -> None:
    item = {"type": "qcow2", "id": "d", "file": {"driver": "file", "filename": "x"}}
    rows = {row.label: row for row in item_rows("blockdev", item, captured("7.2"))}
    assert rows["file.filename"].kind == "string"
    assert rows["file.locking"].is_offered
    assert rows["cache.direct"].path == ("blockdev", 0, "cache", "direct")
    assert "file" not in rows
    assert "file" in {
        row.label for row in item_rows("blockdev", {"type": "qcow2"}, captured("7.2"))
    }


def test_a_list_has_a_row_for_one_more() -> None:
    rows = item_rows("netdev", {"type": "user", "hostfwd": "tcp::1-:1"}, captured("7.2"))
    assert [row.label for row in rows if row.label.startswith("hostfwd")] == [
        "hostfwd",
        "hostfwd +",
    ]


@pytest.mark.parametrize(
    ("data", "name", "label", "value"),
    [
        ({}, "Machine", "type", "pc"),
        ({}, "Machine", "accel +", "tcg"),
        ({}, "Machine", "hpet", ""),
        ({}, "CPU & memory", "model", "qemu64"),
        ({}, "CPU & memory", "size", "128M"),
        ({}, "CPU & memory", "cpus", "1"),
        ({"smp": {"cpus": 4, "threads": 2}}, "CPU & memory", "cores", "2"),
        ({"smp": {"cpus": 4}}, "CPU & memory", "maxcpus", "4"),
        ({}, "CPU & memory", "dies", "1"),
        ({}, "Boot", "order", "cad"),
        ({}, "Boot", "splash-time", ""),
    ],
)
def test_fields_say_what_this_qemu_takes_without_them(
    data: dict[str, Any], name: str, label: str, value: str
) -> None:
    row = field_rows(data, name, captured("7.2"))[label]
    assert (row.value, row.is_set) == (value, False)


def test_defaults_are_those_of_the_machine() -> None:
    arm = captured("10.0", "aarch64")
    rows = field_rows({"machine": {"type": "virt"}}, "CPU & memory", arm)
    assert rows["model"].value == "cortex-a15"
    assert field_rows({"machine": {"type": "raspi3b"}}, "CPU & memory", arm)["size"].value == ""
    features = rows["features +"].property
    assert features is not None
    assert "neon=on" in features.values


def test_space_turns_through_what_a_property_takes() -> None:
    rows = {
        row.label: row for row in item_rows("device", {"type": "virtio-9p-pci"}, captured("7.2"))
    }
    for label, values in (("ats", [True, False]), ("disable-legacy", [True, False, "auto"])):
        turned: list[object] = [None]
        while len(turned) == 1 or turned[-1] is not None:
            turned.append(forms.turned(rows[label], turned[-1]))
        assert turned[1:-1] == values
    assert forms.turned(rows["ats"], "on") is False


HOSTILE = "\x1b]0;x\x07\u202e[/b]\n" + "x" * 10_000


def hostile() -> Catalog:
    """A catalog with hostile names, types, descriptions and words."""
    import json

    told = answers("7.2")
    row = {"name": f"a{HOSTILE}", "type": HOSTILE, "description": HOSTILE, "default-value": HOSTILE}
    words = {"name": "e", "type": HOSTILE, "values": [HOSTILE] * 100, "deprecated": True}
    nested = {"name": "n", "type": "str", "default-value": {"a": [HOSTILE]}}
    reply = json.dumps({"return": [row, words, nested, {"name": "", "type": ""}]}).encode()
    places = ("device/virtio-net-pci", "machine/pc-q35-7.2-machine")
    return Catalog.read(
        catalog_text.write(
            told._replace(properties={**told.properties, **dict.fromkeys(places, reply)})
        )
    )


def test_hostile_properties_have_rows() -> None:
    rows = item_rows("device", {"type": "virtio-net-pci"}, hostile())
    assert sum(row.is_offered for row in rows) == 5
    assert max(len(text) for row in rows for text in (row.label, row.value, row.help)) < 1_000
