"""What differs between two profiles."""

from typing import Any

from qemutui.core.difference import between
from qemutui.core.profile import read

OLD: dict[str, Any] = {
    "name": "vm",
    "memory": {"size": "1G"},
    "device": [
        {"type": "virtio-net-pci", "id": "net0", "netdev": "n0"},
        {"type": "virtio-rng-pci"},
        {"type": "usb-tablet", "id": "tablet"},
    ],
    "extra": ["-nodefaults"],
}


def lines(new: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    changes = between(read(OLD), read(new))
    return [(".".join(change.place), change.old, change.new) for change in changes]


def test_nothing_differs() -> None:
    assert lines(dict(OLD)) == []
    assert lines({"format": 1, **OLD}) == []


def test_fields_are_added_removed_and_changed() -> None:
    new = {**OLD, "memory": {"size": "2G", "slots": 2}, "extra": ["-nodefaults", "-S"]}
    del new["name"]
    assert lines(new) == [
        ("memory.size", "1G", "2G"),
        ("memory.slots", None, "2"),
        ("extra", "-nodefaults", "-nodefaults -S"),
        ("name", "vm", None),
    ]


def test_items_are_the_same_by_id_wherever_they_stand() -> None:
    net, _, tablet = OLD["device"]
    new = {**OLD, "device": [tablet, {**net, "netdev": "n1"}, {"type": "e1000", "id": "e"}]}
    assert lines(new) == [
        ("device.net0.netdev", "n0", "n1"),
        ("device.e", None, "type=e1000,id=e"),
        ("device.virtio-rng-pci", "type=virtio-rng-pci", None),
        ("device", "net0, tablet", "tablet, net0"),
    ]
    changes = between(read(OLD), read(new))
    assert changes[0].path == ("device", 1, "netdev")


def test_a_value_of_another_kind_is_another_value() -> None:
    new = {**OLD, "device": [{"type": "virtio-net-pci", "id": "net0", "netdev": "n0", "x": True}]}
    old = {**OLD, "device": [{"type": "virtio-net-pci", "id": "net0", "netdev": "n0", "x": "on"}]}
    assert len(between(read(old), read(new))) == 1
