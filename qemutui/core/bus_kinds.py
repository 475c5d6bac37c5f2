"""Which places a bus has: by its type, and by what brings it."""

from qemutui.core import bus_table
from qemutui.core.bus_ports import Codecs, SerialPorts, Units, UsbPorts
from qemutui.core.bus_slots import (
    IdeUnits,
    Keys,
    PciSlots,
    ScsiTargets,
    Slots,
    UnclearError,
    number,
)

_OHCI_PORTS = 15
"""`OHCI_MAX_PORTS` of hw/usb/hcd-ohci.h."""
_ROOTS = frozenset({"i440FX-pcihost", "q35-pcihost", "gpex-pcihost"})
_BRIDGES_WORDS = """
pci-bridge pci-bridge-seat i82801b11-bridge pcie-pci-bridge pcie-root-port ioh3420
x3130-upstream xio3130-downstream
"""
_BRIDGES = frozenset(_BRIDGES_WORDS.split())


def slots_of(name: str, type_: str, controller: str, keys: Keys, of_board: bool) -> Slots | None:
    """Returns the places of a bus, or None where they are not known or without end.

    `controller` is the type of the device that brings the bus, `keys` its properties, and
    `of_board` whether it is a part of the machine.
    """
    try:
        return _slots(name, type_, controller, keys, of_board)
    except UnclearError:
        return None


def _slots(name: str, type_: str, controller: str, keys: Keys, of_board: bool) -> Slots | None:
    if type_ in ("PCI", "PCIE"):
        return PciSlots(name) if controller in (_ROOTS if of_board else _BRIDGES) else None
    if type_ == "IDE":
        most = 1 if controller == "ich9-ahci" else 2
        known = controller in ("ich9-ahci", "piix3-ide", "piix4-ide", "isa-ide")
        return IdeUnits(name, most) if known else None
    if type_ == "SCSI" and controller in bus_table.SCSI_LIMITS:
        return ScsiTargets(name, *bus_table.SCSI_LIMITS[controller])
    if type_ == "usb-bus":
        return _usb(name, controller, keys, of_board)
    if type_ == "virtio-serial-bus" and not of_board:
        return SerialPorts(name, number(keys.get("max_ports", 31)))
    if type_ == "floppy-bus" and controller == "isa-fdc":
        return Units(name, "unit", range(2), "Unit")
    if type_ == "ccid-bus":
        return Units(name, "slot", range(1), "Slot")
    if type_ == "nvme-bus":
        return Units(name, "nsid", range(1, 257), "nsid")
    if type_ == "HDA":
        return Codecs(name)
    return None


def _usb(name: str, controller: str, keys: Keys, of_board: bool) -> Slots | None:
    if controller in bus_table.UHCI:
        return UsbPorts(name, ["LF"] * 2)
    if controller == "pci-ohci":
        count = number(keys.get("num-ports", 3))
        return UsbPorts(name, ["LF"] * count) if 0 < count <= _OHCI_PORTS else None
    if controller in bus_table.XHCI and not of_board:
        # usb_xhci_init of hw/usb/hcd-xhci.c takes 0 for 1, and more for 15.
        slow, fast = (max(1, min(number(keys.get(key, 4)), 15)) for key in ("p2", "p3"))
        ports = range(max(slow, fast))
        return UsbPorts(name, [("LFH" * (n < slow)) + ("S" * (n < fast)) for n in ports])
    if controller in bus_table.EHCI:
        # That of a board has companions for slower devices, hubs among them.
        return UsbPorts(name, ["LFH" if of_board else "H"] * 6)
    return None
