"""Mistakes in where devices are: machines without the bus, wrong, busy and full buses."""

from typing import Any

from tests.agreement.draft import Data, items
from tests.agreement.mutation import Subject, kind


@kind("another machine")
def another_machine(s: Subject) -> Any:
    table = s.data.setdefault("machine", {})
    now = table.get("type")
    table["type"] = s.chance.choice(
        [m for m in ("pc", "q35", "microvm", "isapc", "none") if m != now]
    )


@kind("bus name")
def bus(s: Subject) -> Any:
    picked = s.item("device")
    if picked is None:
        return False
    ids = [item["id"] for _, item in items(s.data, ("device",)) if item.get("id")]
    words = ["pci.0", "pcie.0", "pci.1", "usb-bus.0", "isa.0", "ide.0", "scsi.0", "virtio-bus.0",
             "i2c", "main-system-bus", "nothing", "sd-bus", "ide.9", "floppy-bus.0", "PCI.0",
             "/machine"]  # fmt: skip
    words += [f"{name}{end}" for name in ids for end in ("", ".0", ".9")]
    picked[1]["bus"] = s.chance.choice(words)
    return True


@kind("busy slot or full bus")
def busy(s: Subject) -> Any:
    """Puts a device where there is one, or more of them than there is room for."""
    devices = s.data.setdefault("device", [])
    choice = s.chance.randrange(10)
    kind_ = s.data.get("machine", {}).get("type", "pc")
    pcie = "q35" in kind_
    more: list[Data] = []
    match choice:
        case 0 | 1:
            addr = s.chance.choice(
                ["0", "1", "2", "3", "4", "1f", "1f.2", "1d", "1e", "1.1", "1.3", "0x5"]
            )
            more = [{"type": "virtio-rng-pci", "addr": addr}]
        case 2:
            more = [{"type": "virtio-rng-pci", "addr": "9"}, {"type": "edu", "addr": "9"}]
        case 3 if pcie:
            more = [{"type": "pcie-root-port", "id": "rp", "chassis": 90}]
            more += [{"type": "e1000e", "bus": "rp"}, {"type": "virtio-rng-pci", "bus": "rp"}]
        case 3 | 4:
            more = [{"type": "ide-hd", "bus": "ide.0", "unit": 0, "drive": "same1"}]
            more += [{"type": "ide-cd", "bus": "ide.0", "unit": s.chance.choice([0, 1, 2])}]
            s.data.setdefault("blockdev", []).append({"type": "null-co", "id": "same1"})
        case 5:
            more = [{"type": "virtio-scsi-pci", "id": "s9"}]
            more += [{"type": "scsi-cd", "bus": "s9.0", "scsi-id": 3} for _ in range(2)]
        case 6:
            more = [{"type": "virtio-rng-pci"} for _ in range(s.chance.choice([26, 33, 40]))]
        case 7:
            more = [{"type": "piix3-usb-uhci", "id": "u9"}]
            number = s.chance.choice([2, 3])
            more += [{"type": "usb-kbd", "bus": "u9.0"} for _ in range(number)]
        case 8:
            more = [{"type": "virtio-serial-pci", "id": "vs9"}]
            more += [{"type": "virtserialport", "bus": "vs9.0", "nr": s.chance.choice([0, 1, 40])}
                     for _ in range(2)]  # fmt: skip
        case _:
            more = [{"type": "isa-serial"} for _ in range(s.chance.choice([3, 4, 5]))]
    devices.extend(more)
    return True


@kind("place of a device")
def place(s: Subject) -> Any:
    """Adds a device that has to be somewhere particular, without a thought for that."""
    s.data.setdefault("device", []).append(
        s.chance.choice(
            [{"type": "scsi-hd", "drive": "d9"}, {"type": "usb-kbd"}, {"type": "virtconsole"},
             {"type": "hda-duplex"}, {"type": "pcie-root-port"}, {"type": "ide-cd"},
             {"type": "floppy"}, {"type": "virtio-net-device"}, {"type": "isa-serial"},
             {"type": "nvme-ns", "drive": "d9"}, {"type": "sd-card"},
             {"type": "usb-tablet", "bus": "usb.0"}, {"type": "pxb-pcie", "bus_nr": 8},
             {"type": "virtio-rng-pci", "bus": "pcie.0"},
             {"type": "virtio-rng-pci", "bus": "pci.0"}, {"type": "virtio-rng-pci", "addr": "1"},
             {"type": "pci-bridge", "chassis_nr": 0}, {"type": "intel-iommu"},
             {"type": "x3130-upstream"}, {"type": "xio3130-downstream"}, {"type": "smbus-ipmi"},
             {"type": "ccid-card-emulated"}, {"type": "tpm-tis"}, {"type": "ramfb"},
             {"type": "pc-dimm"}, {"type": "vmcoreinfo"}, {"type": "qemu64-x86_64-cpu"},
             {"type": "nvdimm"}]
        )
    )  # fmt: skip
    s.data.setdefault("blockdev", []).append({"type": "null-co", "id": "d9"})
