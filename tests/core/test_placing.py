"""Devices on buses, whatever somebody is in the middle of typing; and what cannot be plugged."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qemutui.core import board, board_words
from qemutui.core.bus_tree import Tree
from qemutui.core.check import check
from qemutui.core.facts import Facts
from qemutui.core.placing import Placed, unpluggable
from qemutui.core.profile import Profile, read
from tests.catalogs import DATA, captured
from tests.core.check_cases import devices, item
from tests.core.strategies import profiles

TEXT = (DATA / "7.2-pc.txt").read_text()
_VALUES = st.sampled_from(
    ["", "0", "1.1", "-1", "0xffffffff", "99999999999999999999", "x", "a.0", "pci.0", "/", 0, 5, -1,
     1 << 70, 1.5, True, [], ["1"], {"a": 1}, {}]
)  # fmt: skip
_KEYS = ("bus", "addr", "multifunction", "unit", "scsi-id", "lun", "channel", "port", "nr", "cad",
         "chassis", "chassis_nr", "slot", "index", "p2", "p3", "ports", "num-ports", "max_ports",
         "nsid", "usb_version", "drive", "_json")  # fmt: skip
_TYPES = ("virtio-scsi-pci", "scsi-cd", "qemu-xhci", "usb-hub", "usb-kbd", "ide-cd", "nvme-ns",
          "nvme", "pci-bridge", "pcie-root-port", "virtio-serial-pci", "virtserialport",
          "intel-hda", "hda-output", "floppy", "pci-ohci", "usb-ccid", "ccid-card-passthru",
          "isa-serial", "pxb-pcie", "x", "")  # fmt: skip
_ITEMS = st.fixed_dictionaries(
    {"type": st.sampled_from(_TYPES)},
    optional={"id": st.sampled_from(["a", "b"]), **dict.fromkeys(_KEYS[:-1], _VALUES),
              "_json": st.booleans()},
)  # fmt: skip
_DRIVES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("if", "index", "bus", "unit", "media"), _VALUES)
)


def facts(profile: Profile) -> Facts:
    asked = board_words.words(profile, captured("7.2"))
    return Facts(board=None if asked is None else board.read(asked, TEXT))


@given(st.lists(_ITEMS, max_size=6), st.lists(_DRIVES, max_size=3))
@settings(max_examples=150)
def test_no_value_raises(items: list[dict[str, Any]], drives: list[dict[str, Any]]) -> None:
    profile = read({"device": items, "drive": drives})
    check(profile, facts(profile), captured("7.2"))
    bare = read({"device": items})
    check(bare, facts(bare), captured("7.2"))


@given(profiles())
@settings(max_examples=30)
def test_no_profile_raises(data: dict[str, Any]) -> None:
    profile = read(data)
    check(profile, facts(profile), captured("7.2"))


@pytest.mark.parametrize(
    ("data", "type_", "reason"),
    [
        (devices(), "usb-kbd", "needs a USB bus"),
        (devices(item("qemu-xhci")), "usb-kbd", ""),
        (devices(), "e1000", ""),
        (devices(), "vmcoreinfo", ""),
        (devices(*[item("e1000")] * 30), "virtio-rng-pci", "no room on a PCI bus"),
        (devices(*[item("e1000")] * 29), "virtio-rng-pci", ""),
        (devices(), "virtio-net-device", "needs a virtio-mmio slot"),
        (devices(), "nvme-ns", "needs an NVMe controller"),
        (devices(item("some-fork")), "usb-kbd", ""),
        (devices(machine={"type": "virt"}), "usb-kbd", ""),
        (devices(extra=["-readconfig", "x"]), "usb-kbd", ""),
    ],
)
def test_why_a_device_cannot_be_plugged(data: dict[str, Any], type_: str, reason: str) -> None:
    catalog = captured("7.2")
    profile = read({"extra": ["-nodefaults"], **data})
    assert unpluggable(profile, facts(profile).board, catalog)(catalog.devices[type_]) == reason


def test_the_board_of_another_machine_says_nothing() -> None:
    catalog = captured("7.2")
    before = read({"extra": ["-nodefaults"]})
    after = read({"extra": ["-nodefaults"], "machine": {"type": "q35"}})
    kbd = catalog.devices["usb-kbd"]
    assert unpluggable(before, facts(before).board, catalog)(kbd)
    assert not unpluggable(after, facts(before).board, catalog)(kbd)


def test_all_that_decides_where_a_device_goes_is_kept_of_it() -> None:
    catalog, read_keys = captured("7.2"), set[str]()

    class Keys(dict[str, Any]):
        """Remembers which keys somebody has asked for."""

        def get(self, key: str, default: Any = None) -> Any:
            read_keys.add(key)
            return default

        def __contains__(self, key: object) -> bool:
            read_keys.add(str(key))
            return False

    facts_ = facts(read({"extra": ["-nodefaults"]}))
    controllers = ("qemu-xhci", "virtio-scsi-pci", "virtio-serial-pci", "intel-hda", "sdhci-pci",
                   "usb-ccid", "nvme", "pci-ohci", "isa-fdc")  # fmt: skip
    for device in catalog.devices.values():
        tree = Tree(facts_.board or pytest.fail("no board"), catalog)
        for name in controllers:
            tree.add(catalog.devices[name], name, Keys(), False)
        tree.add(device, "a", Keys(), False)
    kept = Placed.of(0, "x", "", dict.fromkeys(read_keys, 1), False).keys
    assert {"bus", "addr", "scsi-id", "port", "nr", "unit"} <= kept.keys() == read_keys


@pytest.mark.parametrize(
    "text", ["", "x", "bus: a\nbus: b", 'dev: x, id ""\n', "bus: a\n    bus: b\n" * 3]
)
def test_what_is_no_tree_of_devices(text: str) -> None:
    with pytest.raises(board.BoardError):
        board.read((), text)


@pytest.mark.parametrize(
    "device", [{"type": "edu", "addr": "1f.9"}, {"type": "pci-bridge"}], ids=str
)
def test_one_mistake_is_one_finding(device: dict[str, Any]) -> None:
    profile = read({"machine": {"type": "pc"}, "device": [device]})
    found = check(profile, facts(profile), captured("7.2"))
    assert [(one.rule, one.fix is not None) for one in found] == [("busy-slot", True)]
