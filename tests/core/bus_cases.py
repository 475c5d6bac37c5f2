"""Cases of the rules that know the buses of a machine, for QEMU 7.2."""

from functools import cache
from typing import Any

from qemutui.core import board, board_words
from qemutui.core.facts import NO_FACTS, Facts
from qemutui.core.profile import read
from tests.catalogs import DATA, captured
from tests.core.check_cases import Case, Data, Quiet, item

XHCI = item("qemu-xhci", "x")
SCSI = item("virtio-scsi-pci", "s")
KBD = item("usb-kbd")
CD = item("ide-cd")


@cache
def _text(name: str) -> str:
    return (DATA / f"7.2-{name}.txt").read_text()


def _facts(machine: str, data: Data) -> Facts:
    asked = board_words.words(read(data), captured("7.2"))
    if asked is None or "usb=on" in asked[1]:
        return NO_FACTS
    return Facts(board=board.read(asked, _text(machine)))


def _data(machine: str, *devices: Data, **more: Any) -> Data:
    return {"machine": {"type": machine}, "extra": ["-nodefaults"], "device": [*devices], **more}


def _case(
    rule: str, machine: str, devices: list[Data], path: tuple[int, str], message: str,
    fix: str | None = None, **more: Any,
) -> Case:  # fmt: skip
    data = _data(machine, *devices, **more)
    facts = _facts(machine, data)
    return Case(rule, data, ("device", *path), message, fix, facts=facts, catalog="7.2")


def _quiet(rule: str, machine: str, *devices: Data, **more: Any) -> Quiet:
    data = _data(machine, *devices) | more
    return Quiet(rule, data, _facts(machine, data), "7.2")


def _drives(
    machine: str, drives: list[Data], path: tuple[int, str], message: str, fix: str | None
) -> Case:
    data = _data(machine, drive=[{"driver": "null-co", **drive} for drive in drives])
    return Case("drive-place", data, ("drive", *path), message, fix, catalog="7.2")


CASES = [
    _case("no-bus", "pc", [item("edu", bus="/machine")], (0, "bus"), "There is no bus “/machine”."),
    _drives("pc", [{"index": 0}, {"if": "ide", "index": 0}], (1, "index"),
            "Another IDE drive has this index.", "unsets index"),
    _drives("pc", [{"if": "none", "unit": 3}] * 2, (1, "unit"),
            "Another none drive has this unit.", "unsets unit"),
    _drives("q35", [{"unit": 1}], (0, "unit"), "A unit of IDE is 0 here.", "unsets unit"),
    _drives("q35", [{}] * 7, (6, "if"), "This machine takes 6 IDE drives, index 0 to 5.",
            "makes it virtio"),
    _drives("pc", [{"index": 4}], (0, "index"), "This machine takes 4 IDE drives, index 0 to 3.",
            "makes it virtio"),
    _drives("pc", [{"if": "scsi"}], (0, "if"), "A PC has no place for if=scsi.", "makes it virtio"),
    _drives("pc", [{"if": "floppy"}] * 3, (2, "if"),
            "A PC takes two floppy drives, index 0 and 1.", None),
    _drives("microvm", [{"if": "floppy"}], (0, "if"), "A microvm has no place for if=floppy.",
            "makes it virtio"),
    _drives("isapc", [{"index": 1, "unit": 1}], (0, "unit"), "A drive with an index has no unit.",
            "unsets unit"),
    _case("no-bus", "pc", [KBD], (0, "bus"), "Needs a USB bus; none is there.", "adds qemu-xhci"),
    _case("no-bus", "q35", [item("scsi-cd", _json=True)], (0, "bus"),
          "Needs a SCSI bus; none is there.", "adds virtio-scsi-pci"),
    _case("no-bus", "q35", [item("floppy")], (0, "bus"),
          "Needs a floppy controller; none is there."),
    _case("no-bus", "pc", [item("virtio-rng-device")], (0, "bus"),
          "Needs a virtio-mmio slot; none is there."),
    _case("no-bus", "pc", [XHCI, item("usb-kbd", bus="x")], (1, "bus"),
          "There is no bus “x”.", "makes it x.0"),
    _case("no-bus", "pc", [item("pci-testdev", bus="")], (0, "bus"),
          "Empty; this is no bus.", "makes it pci.0"),
    _case("no-bus", "pc", [KBD, XHCI], (0, "bus"), "Needs a USB bus; none is there.",
          "adds qemu-xhci"),
    _case("wrong-bus", "pc", [XHCI, item("usb-kbd", bus="pci.0")], (1, "bus"),
          "pci.0 is a PCI bus; usb-kbd needs a USB bus.", "makes it x.0"),
    _case("wrong-bus", "pc", [item("vmcoreinfo", bus="pci.0")], (0, "bus"),
          "pci.0 is a PCI bus; vmcoreinfo needs none."),
    _case("no-bus", "pc", [item("intel-iommu")], (0, "type"),
          "The machine pc-i440fx-7.2 takes no intel-iommu."),
    _case("wrong-bus", "pc", [item("pxb-pcie", bus_nr=50)], (0, "bus"),
          "pci.0 is a PCI bus; pxb-pcie goes on no such one."),
    _case("wrong-bus", "q35", [item("pcie-root-port", "p"), item("virtio-iommu-pci", bus="p")],
          (1, "bus"), "virtio-iommu-pci goes on a bus of the machine itself."),
    _case("wrong-bus", "q35", [item("pxb-pcie", "x", bus_nr=50), item("edu")], (1, "bus"),
          "Only bridges go on x, a bus of a pxb.", "makes it pcie.0"),
    _case("wrong-bus", "pc", [item("pxb", bus_nr=50), item("edu")], (1, "bus"),
          "Only bridges go on pxb-internal, a bus of a pxb.", "makes it pci.0"),
    _case("full-bus", "pc", [item("usb-ehci"), *[KBD] * 7], (7, "bus"),
          "No port is free on the bus."),
    _case("busy-slot", "pc", [item("pvscsi"), item("scsi-cd", lun=1)], (1, "lun"),
          "The bus takes lun 0 only.", "makes it 0"),
    _case("full-bus", "pc", [item("isa-serial")] * 5, (4, "type"),
          "QEMU has 4 of these ports at most."),
    _case("busy-slot", "q35", [item("isa-parallel", index=3, chardev="c")], (0, "index"),
          "The index of a port is 0 to 2.", "makes it 0", chardev=[item("null", "c")]),
    _case("wrong-bus", "pc", [item("usb-ehci", "e"), item("usb-hub")], (1, "bus"),
          "Port 1 of e.0 has high speed; usb-hub has not."),
    _case("full-bus", "q35", [CD, CD], (1, "bus"), "ide.5 is full.", "makes it ide.4"),
    _case("full-bus", "pc", [item("ich9-ahci", "a"), CD, CD], (2, "bus"), "a.5 is full.",
          "makes it ide.1"),
    _case("full-bus", "pc", [CD, CD, CD], (2, "bus"), "ide.1 is full.", "makes it ide.0"),
    _case("full-bus", "q35",
          [SCSI, item("qemu-xhci"), item("usb-storage", "u", drive="n"), item("scsi-cd")],
          (3, "bus"), "No target is free on u.0.", "makes it s.0",
          blockdev=[item("null-co", "n", read__zeroes=True)]),
    _case("full-bus", "pc", [item("usb-ehci", "e"), *[KBD] * 7], (7, "bus"),
          "No port is free on e.0."),
    _case("full-bus", "pc", [item("pci-testdev")] * 31, (30, "bus"), "No slot is free on pci.0."),
    _case("full-bus", "pc",
          [item("virtio-serial-pci", "v", max_ports=2), *[item("virtserialport")] * 2],
          (2, "bus"), "No port is free on v.0."),
    _case("busy-slot", "q35", [item("pci-testdev", addr="1f")], (0, "addr"),
          "1f.0 of pcie.0 is taken by ICH9-LPC.", "makes it 1"),
    _case("busy-slot", "pc", [item("edu", addr=2), item("pci-testdev", addr="2.1")], (1, "addr"),
          "edu at 2.0 of pci.0 is not multifunction.", "makes it 3"),
    _case("busy-slot", "pc", [item("edu", addr="2.1"), item("pci-testdev", addr=2)],
          (1, "multifunction"), "2.1 of pci.0 is taken; multifunction is off.", "makes it on"),
    _case("busy-slot", "pc", [item("edu", addr="20")], (0, "addr"),
          "A PCI address is 0 to 1f, with .0 to .7 after it.", "makes it 2"),
    _case("busy-slot", "pc", [item("ide-cd", bus="ide.0", unit=2)], (0, "unit"),
          "ide.0 takes the units 0 and 1.", "makes it 0"),
    _case("busy-slot", "pc", [item("ide-cd", bus="ide.0"), item("ide-cd", bus="ide.0", unit=0)],
          (1, "unit"), "Unit 0 of ide.0 is taken.", "makes it 1"),
    _case("busy-slot", "pc", [item("lsi53c895a", "l"), item("scsi-cd", scsi__id=8)],
          (1, "scsi-id"), "l.0 takes scsi-id 0 to 7.", "makes it 0"),
    _case("busy-slot", "pc", [SCSI, item("scsi-cd", lun=1), item("scsi-cd", scsi__id=0, lun=1)],
          (2, "scsi-id"), "scsi-id 0, lun 1 of s.0 is taken.", "makes it 1"),
    _case("busy-slot", "pc", [item("pvscsi", "p"), item("scsi-cd", lun=1)], (1, "lun"),
          "p.0 takes lun 0 only.", "makes it 0"),
    _case("busy-slot", "pc", [SCSI, item("scsi-cd", channel=1)], (1, "channel"),
          "s.0 has one channel, 0.", "makes it 0"),
    _case("busy-slot", "pc", [XHCI, item("usb-kbd", port="5")], (1, "port"),
          "x.0 has no free port 5.", "makes it 1"),
    _case("busy-slot", "pc", [item("virtio-serial-pci", "v"), item("virtserialport", nr=0)],
          (1, "nr"), "Port 0 is for a virtconsole.", "makes it 1"),
    _case("busy-slot", "pc", [item("intel-hda", "h"), item("hda-output", cad=15, audiodev="a")],
          (1, "cad"), "h.0 takes cad 0 to 14.", "makes it 0", audiodev=[item("none", "a")]),
    _case("busy-slot", "pc", [item("floppy"), item("floppy", unit=0)], (1, "unit"),
          "Unit 0 of floppy-bus.0 is taken.", "makes it 1"),
    _case("busy-slot", "q35", [item("pcie-root-port", "a"), item("ioh3420", "b")], (1, "chassis"),
          "Chassis 0, slot 0 is that of another port.", "makes it 1"),
    _case("busy-slot", "pc", [item("pci-bridge", "b")], (0, "chassis_nr"),
          "A bridge needs a chassis_nr over 0.", "makes it 1"),
]  # fmt: skip

QUIET = [
    Quiet("drive-place", _data("pc", drive=[
        {"driver": "null-co", **drive} for drive in
        ({"index": 3}, {}, {"index": 1}, {}, {"if": "virtio", "index": 9}, {"if": "none", "bus": 2},
         {"if": "floppy", "unit": 1}, {"if": "floppy"})
    ]), catalog="7.2"),
    Quiet("drive-place", _data("microvm", drive=[{"driver": "null-co"}]), catalog="7.2"),
    Quiet("drive-place", _data("q35", drive=[{"driver": "null-co"}] * 6), catalog="7.2"),
    _quiet("full-bus", "pc", item("isa-serial", index=3), *[item("isa-serial")] * 3),
    _quiet("busy-slot", "pc", item("virtio-serial-pci"), item("virtserialport", nr=0xFFFFFFFF),
           item("ide-cd", unit="0xffffffff"), SCSI, item("scsi-cd", lun=0xFFFFFFFF)),
    _quiet("no-bus", "pc", XHCI, KBD, item("usb-kbd", bus="x.0")),
    _quiet("no-bus", "pc", KBD | {"_json": True}, XHCI),
    _quiet("no-bus", "pc", item("edu", bus="/i440FX-pcihost/pci.0")),
    _quiet("no-bus", "q35", item("ich9-ahci", "a"), item("ide-cd", bus="a.5")),
    _quiet("no-bus", "q35", item("virtio-scsi-pci"), item("scsi-cd", bus="scsi.0")),
    _quiet("no-bus", "pc", item("pci-bridge", "b", chassis_nr=1), item("edu", bus="b"),
           item("pci-testdev", bus="/i440FX-pcihost/pci.0")),
    _quiet("no-bus", "pc", KBD, extra=["-nodefaults", "-usbdevice", "mouse"]),
    _quiet("no-bus", "pc", item("hda-output", audiodev="a"), audiodev=[item("none", "a")],
           extra=["-nodefaults", "-audio", "none,model=hda"]),
    _quiet("wrong-bus", "q35", item("virtio-iommu-pci"), item("pxb-pcie", bus_nr=50)),
    _quiet("wrong-bus", "q35", item("pxb-pcie", "x", bus_nr=50),
           item("pcie-root-port", "p", bus="x"), item("edu", bus="p"), item("edu", bus="pcie.0"),
           item("ioh3420", "q", chassis=1), item("qemu-xhci", bus="q"), KBD),
    _quiet("wrong-bus", "pc", item("pxb", "x", bus_nr=50), item("edu", bus="x"),
           item("edu", bus="pci.0")),
    _quiet("no-bus", "q35", item("intel-iommu"), item("ramfb"), item("vmbus-bridge")),
    _quiet("wrong-bus", "q35", item("pcie-root-port", "p"), item("edu", bus="p"),
           item("usb-ehci", "e"), KBD),
    _quiet("full-bus", "q35", CD, item("ide-cd", bus="ide.0")),
    _quiet("full-bus", "pc", item("piix3-usb-uhci"), *[KBD] * 20),
    _quiet("full-bus", "pc", *[item("pci-testdev")] * 30),
    _quiet("full-bus", "pc", item("piix3-ide"), *[CD] * 2, item("ide-cd", bus="ide.0")),
    _quiet("full-bus", "pc", item("qemu-xhci"),
           item("usb-storage", drive="n"), SCSI, item("scsi-cd"),
           blockdev=[item("null-co", "n", read__zeroes=True)]),
    _quiet("busy-slot", "q35", item("pci-testdev", addr="1f.4"),
           item("edu", addr="2", multifunction=True), item("edu", addr="2.7")),
    _quiet("busy-slot", "pc", item("edu", addr="3.1"), item("edu", addr=3, multifunction="on")),
    _quiet("busy-slot", "pc", SCSI, item("scsi-cd", scsi__id=1), item("scsi-cd", scsi__id=1),
           item("scsi-cd", scsi__id=255, lun=16383)),
    _quiet("busy-slot", "pc", item("ide-cd", bus="ide.0", unit=1), item("ide-cd", bus="ide.0")),
    _quiet("busy-slot", "pc", item("piix3-usb-uhci", "u"), item("usb-hub", port=1),
           item("usb-kbd", port="1.8"), item("usb-kbd", port="2")),
    _quiet("busy-slot", "pc", item("virtio-serial-pci"), item("virtconsole"),
           item("virtconsole", nr=1), item("virtserialport", nr=30)),
    _quiet("busy-slot", "q35", item("pcie-root-port", "a"), item("ioh3420", "b", chassis=1)),
]  # fmt: skip
