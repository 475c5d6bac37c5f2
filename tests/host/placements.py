"""Profiles with devices on buses of every kind, by chance: half of them are refused."""

from random import Random
from typing import Any

Data = dict[str, Any]

_BRIDGES = ("pci-bridge", "pcie-root-port", "ioh3420", "i82801b11-bridge", "x3130-upstream",
            "xio3130-downstream", "pcie-pci-bridge")  # fmt: skip
_CONTROLLERS = ("qemu-xhci", "piix3-usb-uhci", "usb-ehci", "pci-ohci", "nec-usb-xhci",
                "virtio-scsi-pci", "lsi53c895a", "am53c974", "megasas", "pvscsi", "mptsas1068",
                "ich9-ahci", "piix3-ide", "virtio-serial-pci", "intel-hda", "nvme",
                "isa-ide")  # fmt: skip
_ON = {
    "pci": ("pci-testdev", "edu", "virtio-rng-pci", "e1000", "bochs-display"),
    "usb": ("usb-kbd", "usb-tablet", "usb-kbd", "usb-hub", "usb-storage", "usb-uas", "usb-bot",
            "usb-ccid"),
    "scsi": ("scsi-cd", "scsi-hd"), "ide": ("ide-cd", "ide-hd"),
    "serial": ("virtserialport", "virtconsole"), "hda": ("hda-duplex", "hda-output"),
    "floppy": ("floppy",), "nvme": ("nvme-ns",), "ccid": ("ccid-card-passthru",),
}  # fmt: skip
_WITH_NODE = ("usb-storage", "scsi-hd", "ide-hd", "nvme-ns")
_GIVEN: dict[str, tuple[str, str, int]] = {
    **dict.fromkeys(_BRIDGES, ("pci", "{}", 1)),
    **dict.fromkeys(_CONTROLLERS[:5], ("usb", "{}.{}", 1)),
    **dict.fromkeys((*_CONTROLLERS[5:11], "usb-uas", "usb-bot"), ("scsi", "{}.{}", 1)),
    "ich9-ahci": ("ide", "{}.{}", 6), "piix3-ide": ("ide", "{}.{}", 2),
    "virtio-serial-pci": ("serial", "{}.{}", 1), "intel-hda": ("hda", "{}.{}", 1),
    "nvme": ("nvme", "{}", 1), "usb-ccid": ("ccid", "{}.{}", 1),
}  # fmt: skip
"""What a type brings: a kind of bus, its name, how many."""


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names: dict[str, list[str]] = {}
        self.count = 0
        self.nodes: list[Data] = []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def bus(self, kind: str, machine: str) -> str | None:
        """Returns the name of a bus, now and then a wrong one; None for the choice of QEMU."""
        names = list(self.names.get(kind, ()))
        if kind == "pci":
            names += ["pci.0" if machine == "pc" else "pcie.0"]
        elif kind == "ide":
            names += [f"ide.{self.random.randrange(6 if machine == 'q35' else 2)}"]
        if self.chance(0.02):
            wrong = [name for others in self.names.values() for name in others]
            name: str = self.pick("pci.0", "none.0", "isa.0", "usb-bus.0", "", "d0", "d1.0", *wrong)
            return name
        return self.random.choice(names) if names and self.chance(0.5) else None

    def drive(self) -> Data:
        item: Data = {"driver": "null-co", "read-zeroes": True}
        if self.chance(0.7):
            item["if"] = self.pick("ide", "virtio", "none")
        if self.chance(0.3):
            item["media"] = "cdrom" if item.get("if", "ide") == "ide" else "disk"
        return item

    def device(self, machine: str) -> Data:
        kinds = ["pci", "bridge", "controller", "controller", *self.names]
        if machine == "pc" and self.chance(0.2):
            kinds += ["ide", "floppy"]
        if self.chance(0.02):
            kinds = list(_ON)
        kind = self.random.choice(kinds)
        if kind == "bridge":
            type_, where = self.random.choice(_BRIDGES), "pci"
        elif kind == "controller":
            type_, where = self.random.choice(_CONTROLLERS), "pci"
        else:
            type_, where = self.random.choice(_ON[kind]), kind
        item: Data = {"type": type_}
        if self.chance(0.8):
            item["id"] = f"d{self.count}"
            self.count += 1
        bus = self.bus(where, machine)
        if bus is not None and type_ != "isa-ide":
            item["bus"] = bus
        self.keys(item, type_, where)
        given = _GIVEN.get(type_)
        if given is not None:
            names = self.names.setdefault(given[0], [])
            if "id" in item:
                names += [given[1].format(item["id"], n) for n in range(given[2])]
        return item

    def keys(self, item: Data, type_: str, where: str) -> None:
        rare = self.random.randrange
        if where == "pci" and type_ != "isa-ide":
            if self.chance(0.3):
                item["addr"] = f"{rare(4, 29):x}{self.pick('', '', '.0', '.1')}"
            if self.chance(0.05):
                item["addr"] = self.pick(
                    "20", "1.8", "x", "-1", "0", "1f", "1.1", "1.7", "0x2", "1f.1"
                )
            if self.chance(0.15):
                item["multifunction"] = True
        if type_ in ("pcie-root-port", "ioh3420", "xio3130-downstream") and self.chance(0.95):
            item["chassis"] = rare(200)
        if type_ == "pci-bridge" and self.chance(0.97):
            item["chassis_nr"] = rare(1, 9)
        if where == "usb" and self.chance(0.2):
            item["port"] = self.pick("1", "2", "2", "3", "1.1", "7")
        if where == "scsi":
            for key, most in (("scsi-id", 9), ("lun", 3), ("channel", 2)):
                if self.chance(0.3 if key == "scsi-id" else 0.1):
                    item[key] = (
                        rare(most) if self.chance(0.3) else 0 if key == "channel" else rare(2)
                    )
        if where in ("ide", "floppy") and self.chance(0.4):
            item["unit"] = self.pick(0, 0, 1, 1, 1, 2)
        if where == "serial" and self.chance(0.4):
            item["nr"] = self.pick(0, 1, 2, 3, 9)
        if where == "hda":
            item["audiodev"] = "a"
            if self.chance(0.3):
                item["cad"] = self.pick(0, 3, 7, 14, 15)
        if where == "nvme" and self.chance(0.5):
            item["nsid"] = 1 + rare(9)
        if type_ == "nvme":
            item["serial"] = "x"
        if type_ == "virtio-serial-pci" and self.chance(0.3):
            item["max_ports"] = 3 + rare(9)
        if type_ == "ccid-card-passthru":
            item["chardev"] = "c"
        if type_ in _WITH_NODE:
            node = f"n{len(self.nodes)}"
            self.nodes.append({"type": "null-co", "id": node, "read-zeroes": True})
            item["drive"] = node


def profile(seed: int) -> Data:
    """Returns a profile as TOML has it, always the same one for a number."""
    maker = _Maker(seed)
    machine = maker.pick("pc", "q35")
    data: Data = {"machine": {"type": machine, "accel": "tcg"}}
    if maker.chance(0.2):
        data["machine"]["usb"] = maker.pick(True, False)
    if maker.chance(0.6):
        data["extra"] = ["-nodefaults"]
    elif maker.chance(0.2):
        data["extra"] = maker.pick(["-vga", "none"], ["-vga", "std"], ["-net", "none"])
    count = maker.pick(1, 2, 3, 4, 6, 8, 12)
    data["device"] = [maker.device(machine) for _ in range(count)]
    if maker.chance(0.1):
        same = maker.random.choice(data["device"])
        again = {key: value for key, value in same.items() if key not in ("id", "drive", "chardev")}
        if same["type"] not in _WITH_NODE:
            data["device"] += [dict(again) for _ in range(maker.pick(1, 1, 3, 9, 34))]
    if maker.chance(0.05):
        for item in maker.random.sample(data["device"], 1):
            item["_json"] = True
    if maker.chance(0.25):
        data["drive"] = [maker.drive() for _ in range(maker.pick(1, 2))]
    data["blockdev"] = maker.nodes
    data["audiodev"] = [{"type": "none", "id": "a"}]
    data["chardev"] = [{"type": "null", "id": "c"}]
    return data
