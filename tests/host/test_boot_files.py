"""Kernels, firmware and peers that a PC's QEMU refuses, and those that it takes."""

from pathlib import Path
from typing import Any

import pytest

from qemutui.core.catalog import Catalog
from qemutui.core.check import check
from qemutui.core.profile import read
from qemutui.host.facts import gather
from tests.core.check_cases import item
from tests.host.test_check_qemu import accepts, catalog

assert catalog  # a fixture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "short").write_text("no kernel\n" * 50)
    (tmp_path / "long").write_text("no kernel\n" * 5000)
    (tmp_path / "zeros").write_bytes(bytes(1 << 16))
    (tmp_path / "share").mkdir()
    return tmp_path


def socket(**keys: Any) -> dict[str, Any]:
    return {"chardev": [item("socket", "c", **keys)]}


CASES: dict[str, dict[str, Any]] = {
    "kernel short": {"boot": {"kernel": "short"}},
    "kernel long": {"boot": {"kernel": "long"}},
    "kernel zeros": {"boot": {"kernel": "zeros"}},
    "bios short": {"boot": {"bios": "short"}},
    "bios zeros": {"boot": {"bios": "./zeros"}},
    "bios folder": {"boot": {"bios": "share"}},
    "bios of QEMU": {"boot": {"bios": "bios-256k.bin"}},
    "bios that is nowhere": {"boot": {"bios": "nothing"}},
    "a ROM that is nowhere": {"device": [item("virtio-net-pci", romfile="nothing")]},
    "a ROM of QEMU": {"device": [item("virtio-net-pci", romfile="kvmvapic.bin")]},
    "flash": {"drive": [item(file="zeros", format="raw", readonly=True, **{"if": "pflash"})],
              "boot": {"bios": "nothing"}},
    "bios of no machine": {"machine": {"type": "none"}, "boot": {"bios": "short"}},
    "a disk of Extra": {"extra": ["-hda", "zeros"]},
    "no disk of Extra": {"extra": ["-snapshot", "-cdrom", "nothing"]},
    "no image of Extra": {"extra": ["nothing"]},
    "a better kernel of Extra": {"boot": {"kernel": "short"}, "extra": ["-kernel", "long"]},
    "no folder of Extra": {"extra": ["-pidfile", "nowhere/p"]},
    "a pidfile": {"extra": ["-pidfile", "p"]},
    "no socket": socket(path="nobody"),
    "a file for a socket": socket(path="short"),
    "patience": socket(path="nobody", reconnect=5),
    "no port": socket(host="127.0.0.1", port=1),
    "itself": {"chardev": [item("socket", "s", path="own", server=True, wait=False),
                           item("socket", "c", path="own")]},
    "no serial port": {"chardev": [item("serial", "c", path="/dev/ttyNONE")]},
    "no secret": {"object": [item("secret", "s", file="nothing")]},
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_check_says_what_qemu_does(
    qemu: str, catalog: Catalog, folder: Path, name: str
) -> None:
    profile = read(CASES[name])
    facts = gather(profile, folder, data_folders=catalog.data_folders)
    found = [f for f in check(profile, facts) if f.severity == "error"]
    accepted, said = accepts(qemu, profile, folder)
    assert accepted is not bool(found), (found, said)
