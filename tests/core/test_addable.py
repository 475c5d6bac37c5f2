"""What can be added, and what is found of it."""

import pytest

from qemutui.core.addable import add, addables, bus_name, needs_words, property_count, unlisted
from qemutui.core.catalog import Catalog
from qemutui.core.profile import Profile
from qemutui.ui import addable_search
from tests.catalogs import captured


def found(text: str, catalog: Catalog, recent: tuple[str, ...] = ()) -> list[str]:
    """The names that a search in the devices finds, the best first."""
    sought = addable_search.read(text)
    offered = addable_search.searched(addables(catalog, ["device"]))
    return [one.name for one in addable_search.found(offered, sought, recent)]


def test_only_what_qemu_lists_is_offered() -> None:
    catalog = captured("7.2")
    names = {one.name for one in addables(catalog, ["device"])}
    assert {"virtio-net-pci", "VGA", "usb-tablet"} <= names
    assert "ICH9-LPC" not in names
    lpc = unlisted(catalog, "device", "ICH9-LPC", lambda device: "part of a machine")
    assert (lpc.problem, lpc.is_listed) == ("part of a machine", False)
    assert not unlisted(catalog, "device", "fork-nic").is_listed


def test_storage_is_block_devices_and_a_drive() -> None:
    offered = addables(captured("7.2"), ["blockdev", "drive"])
    assert (offered[0].group, offered[0].name, offered[0].category) == ("drive", "drive", "-drive")
    assert ("blockdev", "qcow2") in {(one.group, one.name) for one in offered}
    assert [one.name for one in addables(None, ["blockdev", "drive"])] == ["drive"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("virtio-net", "virtio-net-pci"),  # exact, an alias
        ("vga", "VGA"),
        ("e10", "e1000"),
        ("net", "virtio-net-pci"),  # the beginning of a word
        ("blk pci", "virtio-blk-pci"),
        ("82574", "e1000e"),  # in its description
        ("vtotab", "virtio-tablet-pci"),  # letters in order
        ("bus:usb", "u2f-passthru"),
        ("bus:usb cat:network", "usb-net"),
        ("cat:netw usb", "usb-net"),
    ],
)
def test_what_fits_best_comes_first(text: str, first: str) -> None:
    assert found(text, captured("7.2"))[0] == first


def test_filters_leave_out_the_rest() -> None:
    catalog = captured("7.2")
    usb = found("bus:usb", catalog)
    assert all(bus_name(catalog.devices[name].bus) == "USB" for name in usb)
    assert found("bus:usb cat:network", catalog) == ["usb-net"]
    assert not found("qqqq", catalog)
    assert len(found("", catalog)) == len(found("bus: cat:", catalog)) > 200


def test_what_was_added_lately_comes_first_then_what_can_be_plugged() -> None:
    catalog = captured("7.2")
    everything = found("", catalog, recent=("virtio-rng-pci", "e1000"))
    assert everything[:2] == ["virtio-rng-pci", "e1000"]

    def problem(device: object) -> str:
        return "needs a USB bus" if device.bus == "usb-bus" else ""  # type: ignore[attr-defined]

    offered = addable_search.searched(addables(catalog, ["device"], problem))
    shown = addable_search.found(offered, addable_search.read(""), ())
    problems = [one.problem != "" for one in shown]
    assert problems == sorted(problems)
    assert any(problems)


@pytest.mark.parametrize(
    ("group", "type_", "words", "field"),
    [
        ("device", "virtio-net-pci", "needs a netdev", ("netdev",)),
        ("device", "virtio-blk-pci", "needs a drive", ("drive",)),
        ("device", "isa-serial", "takes a chardev", ("chardev",)),
        ("device", "ide-cd", "takes a drive", ("drive",)),
        ("device", "virtio-9p-pci", "needs an fsdev", ("fsdev",)),
        ("device", "VGA", "", ("id",)),
        ("object", "memory-backend-file", "needs a size, a mem-path", ("size",)),
        ("fsdev", "local", "needs a path, a security_model", ("path",)),
        ("drive", "drive", "needs a file", ("file",)),
        ("blockdev", "nbd", "needs a server.type", ("server", "type")),
        ("device", "no-such-device", "", ("id",)),
    ],
)
def test_the_cursor_goes_to_what_needs_a_value(
    group: str, type_: str, words: str, field: tuple[str, ...]
) -> None:
    catalog = captured("7.2")
    assert needs_words(catalog, group, type_) == words
    added = add(Profile(), group, type_, 0, catalog)
    assert added.field == (group, 0, *field)
    item = added.profile.items(group)[0]
    assert (item.type, bool(item.id)) == ("" if group == "drive" else type_, True)


def test_without_a_catalog_anything_can_be_added() -> None:
    first = add(Profile(), "device", "x", 0, None)
    second = add(first.profile, "device", "y", 0, None)
    assert [(one.type, one.id) for one in second.profile.device] == [("y", "dev1"), ("x", "dev0")]
    assert property_count(None, "device", "x") == 0
