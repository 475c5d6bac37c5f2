"""Buses of machines held against QEMU: what it puts where, what it refuses, and at which device."""

from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from qemutui.core import board, board_words, bus_choices, bus_table, edit
from qemutui.core.argv import build, words
from qemutui.core.catalog import Catalog
from qemutui.core.check import check
from qemutui.core.facts import Facts
from qemutui.core.finding import Finding
from qemutui.core.profile import Profile, read
from qemutui.host import boards, catalogs
from tests.core import bus_cases
from tests.core.check_cases import Case, Quiet
from tests.host import placements
from tests.host.test_check_qemu import accepts

ROOT = Path("/")


@cache
def _catalog(qemu: str) -> Catalog:
    return catalogs.of(qemu, ROOT)


@pytest.fixture
def catalog(qemu: str) -> Catalog:
    """What the installed QEMU offers."""
    return _catalog(qemu)


def _errors(profile: Profile, catalog: Catalog) -> list[Finding]:
    facts = Facts(board=boards.of(profile, ROOT, catalog))
    return [f for f in check(profile, facts, catalog) if f.severity == "error"]


@pytest.mark.parametrize("case", bus_cases.CASES, ids=lambda case: f"{case.rule}-{case.message}")
def test_qemu_refuses_too(qemu: str, catalog: Catalog, case: Case, tmp_path: Path) -> None:
    profile = read(case.data)
    assert case.message in [finding.message for finding in _errors(profile, catalog)]
    assert not accepts(qemu, profile, tmp_path)[0]


@pytest.mark.parametrize("case", bus_cases.QUIET, ids=lambda case: f"{case.rule}-{case.data}"[:70])
def test_qemu_accepts_a_near_miss(qemu: str, catalog: Catalog, case: Quiet, tmp_path: Path) -> None:
    profile = read(case.data)
    assert _errors(profile, catalog) == []
    accepted, said = accepts(qemu, profile, tmp_path)
    assert accepted, said


@pytest.mark.parametrize("seed", range(30))
def test_any_placement(qemu: str, catalog: Catalog, seed: int, tmp_path: Path) -> None:
    profile = read(placements.profile(seed))
    errors = _errors(profile, catalog)
    accepted, said = accepts(qemu, profile, tmp_path)
    assert accepted == (not errors), said
    devices = [w for o, w in pairwise(words(build(profile))) if o == "-device"]
    errors_said = [line for line in said.splitlines() if ": warning: " not in line]
    named = [text for text in devices if any(f"-device {text}: " in line for line in errors_said)]
    if named and not any(item.as_json for item in profile.device):
        first = min(int(finding.path[1]) for finding in errors if finding.path[0] == "device")
        assert devices[first] == named[0], said


_KEYS: dict[str, dict[str, object]] = {
    "nvme": {"serial": "x"}, "pci-bridge": {"chassis_nr": 9}, "pci-bridge-seat": {"chassis_nr": 9},
    "usb-storage": {"drive": "n"}, "pcie-root-port": {"chassis": 9}, "ioh3420": {"chassis": 8},
    "usb-serial": {"chardev": "c"}, "usb-audio": {"audiodev": "a"}, "sb16": {"audiodev": "a"},
    "adlib": {"audiodev": "a"}, "ES1370": {"audiodev": "a"}, "AC97": {"audiodev": "a"},
}  # fmt: skip
_NONE = """
pci-testdev edu VGA bochs-display e1000 e1000e rtl8139 pcnet vmxnet3 i82559er ES1370 AC97 i6300esb
pvpanic-pci virtio-rng-pci virtio-gpu-pci virtio-net-pci virtio-balloon-pci isa-serial
isa-debug-exit ib700 sb16 adlib vmcoreinfo usb-kbd usb-serial usb-audio usb-net
"""
"""Some that bring no bus, and need nothing that is not everywhere."""


def _buses(qemu: str, devices: list[dict[str, object]]) -> Counter[tuple[str, str]]:
    """The buses that devices bring, by name and type; those between the halves of one left out."""
    data = {
        "device": [{"type": "qemu-xhci"}, *devices],
        "chardev": [{"type": "null", "id": "c"}],
        "audiodev": [{"type": "none", "id": "a"}],
        "blockdev": [{"type": "null-co", "id": "n"}],
    }
    found = Counter[tuple[str, str]]()
    for sign, more in ((1, words(build(read(data)))[1:]), (-1, ["-device", "qemu-xhci"])):
        text = boards.text_of(qemu, ("-machine", "q35", "-nodefaults", *more))
        assert text is not None, more
        for bus in board.read((), text).buses:
            found[bus.name, bus.type] += sign
    return Counter(
        {key: number for key, number in found.items() if number and key[0] != "virtio-bus"}
    )


def test_each_device_brings_the_buses_of_the_table(qemu: str, catalog: Catalog) -> None:
    known = [catalog.devices[name] for name in bus_table.GIVES if name in catalog.devices]
    on_a_pc = [device for device in known if device.bus in ("PCI", "ISA", "usb-bus")]
    on_a_pc = [device for device in on_a_pc if not device.name.startswith("cxl-")]
    assert len(on_a_pc) > 40
    for some in (on_a_pc[::2], on_a_pc[1::2]):
        devices = [{"type": one.name, "id": one.name, **_KEYS.get(one.name, {})} for one in some]
        given = [
            (row.names.format(one.name, number), row.type)
            for one in some
            for row in [bus_table.GIVES[one.name]]
            for number in range(row.number)
        ]
        assert _buses(qemu, devices) == Counter(given)


def test_other_devices_bring_none(qemu: str, catalog: Catalog) -> None:
    known = [catalog.devices[name] for name in _NONE.split() if name in catalog.devices]
    assert all(bus_table.brings_none(one.name, one.bus) for one in known)
    devices = [{"type": one.name, **_KEYS.get(one.name, {})} for one in known]
    assert _buses(qemu, devices) == Counter()


def test_what_is_kept_is_not_asked_for_again(
    qemu: str, catalog: Catalog, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = read({"machine": {"type": "isapc"}})
    link = home / "cache" / "qemutui" / "catalogs"
    link.unlink()  # the folder that all tests share
    boards._known.clear()
    found = boards.of(profile, ROOT, catalog)
    (file,) = link.iterdir()
    kept = file.read_bytes()

    def ask(*_: object) -> str:
        raise AssertionError

    with monkeypatch.context() as patch:
        patch.setattr(boards, "text_of", ask)
        boards._known.clear()
        assert boards.of(profile, ROOT, catalog) == found
    for damaged in (b"", kept[:-9], kept.replace(b"ide.0", b"ide.7")):
        file.write_bytes(damaged)
        boards._known.clear()
        assert boards.of(profile, ROOT, catalog) == found
        assert file.read_bytes() == kept


def test_a_binary_that_is_not_trusted_is_not_run(catalog: Catalog, tmp_path: Path) -> None:
    binary = tmp_path / "qemu-system-x86_64"
    binary.write_text(f"#!/bin/sh\n: > {tmp_path}/run\n")
    binary.chmod(0o755)
    profile = read({"binary": str(binary), "machine": {"type": "isapc"}})
    assert boards.of(profile, tmp_path, catalog) is None
    assert not (tmp_path / "run").exists()
    # One that is allowed and is no QEMU tells nothing.
    assert boards.of(profile, tmp_path, catalog, allowed=True) is None
    assert (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "data",
    [
        {"machine": {"type": "q35,usb=on"}},
        {"machine": {"type": "q35", "usb": "on,x=y"}},
        {"machine": {"type": "q35", "x-oem": "a"}},
        {"machine": {"type": "q35", "accel": ["xen", "tcg"]}},
        {"drive": [{"if": "ide,file=/etc/passwd"}]},
        {"drive": [{"index": "0,file=/etc/passwd"}]},
        {"drive": [{"media": "disk,file=/etc/passwd"}]},
        {"extra": ["-vga", "std,x"]},
        {"extra": ["-readconfig", "x"]},
        {"extra": ["-machine", "usb=on"]},
        {"extra": ["-global", "pci-bridge.chassis_nr=3"]},
        {"extra": ["-no-acpi"]},
        {"extra": ["-audio", "none,model=hda"]},
        {"extra": ["-unheard-of"]},
    ],
)
def test_nothing_else_of_a_profile_is_passed_on(catalog: Catalog, data: dict[str, Any]) -> None:
    assert board_words.words(read(data), catalog) is None


_OFFERING: dict[str, Any] = {
    "machine": {"type": "q35", "accel": "tcg"},
    "extra": ["-nodefaults"],
    "device": [
        {"type": "ahci", "id": "first"},
        {"type": "ide-cd", "bus": "ide.2"},
        {"type": "ide-cd", "id": "cd"},
        {"type": "ahci", "id": "late"},
    ],
}


def test_the_buses_that_are_offered_are_those_that_qemu_takes(
    qemu: str, catalog: Catalog, tmp_path: Path
) -> None:
    profile = read(_OFFERING)
    path = ("device", 2, "bus")
    offered = bus_choices.choices(profile, path, boards.of(profile, ROOT, catalog), catalog)
    of_machine = [one.value for one in offered if one.description == "an IDE bus of the machine"]
    assert sorted(of_machine) == [f"ide.{n}" for n in range(6)]
    of_device = [one.value for one in offered if one.description == "an IDE bus"]
    assert of_device == [f"first.{n}" for n in range(6)]
    assert (
        [one.value for one in offered if one.reason == "full"] == ["ide.2"] == [offered[-1].value]
    )
    for name in ("ide.0", "ide.2", "first.5", "late.0"):
        there = edit.set_value(profile, path, name)
        reasons = [one.reason for one in offered if one.value == name]
        assert accepts(qemu, there, tmp_path)[0] == (reasons == [""]), name
