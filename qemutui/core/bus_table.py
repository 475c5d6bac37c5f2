"""Which buses the device types of QEMU bring, and which types are known to bring none.

Every row was tried on QEMU 7.2 and 10.0, by adding the device and reading `info qtree`; of a type
that is not here it is not known.
"""

import re
from typing import NamedTuple


class Gives(NamedTuple):
    """The buses that a device brings."""

    type: str
    """Their QOM type."""
    number: int = 1
    names: str = "{}.{}"
    """The name of each, of the device's id and a number."""


_ONE = "{}"
_SCSI = Gives("SCSI")
_USB = Gives("usb-bus")
_VARIANTS = ("", "-transitional", "-non-transitional")


def _all(gives: Gives, names: str) -> dict[str, Gives]:
    return dict.fromkeys(names.split(), gives)


GIVES: dict[str, Gives] = {
    **_all(_SCSI, "am53c974 dc390 lsi53c810 lsi53c895a megasas megasas-gen2 mptsas1068 pvscsi"
                  " usb-bot usb-storage usb-uas virtio-scsi-device virtio-scsi-ccw spapr-vscsi"),
    **{f"virtio-scsi-pci{variant}": _SCSI for variant in _VARIANTS},
    **_all(Gives("virtio-serial-bus"), "virtio-serial-device virtio-serial-ccw"),
    **{f"virtio-serial-pci{variant}": Gives("virtio-serial-bus") for variant in _VARIANTS},
    **_all(_USB, "qemu-xhci nec-usb-xhci usb-ehci ich9-usb-ehci1 ich9-usb-ehci2 pci-ohci"
                 " piix3-usb-uhci piix4-usb-uhci ich9-usb-uhci1 ich9-usb-uhci2 ich9-usb-uhci3"
                 " ich9-usb-uhci4 ich9-usb-uhci5 ich9-usb-uhci6"),
    **_all(Gives("IDE", 2), "piix3-ide piix4-ide sii3112"),
    **_all(Gives("IDE", 6), "ich9-ahci"),
    **_all(Gives("IDE"), "isa-ide"),
    **_all(Gives("HDA"), "intel-hda ich9-intel-hda"),
    **_all(Gives("PCI", names=_ONE), "pci-bridge pci-bridge-seat i82801b11-bridge pcie-pci-bridge"),
    **_all(Gives("PCIE", names=_ONE), "pcie-root-port ioh3420 x3130-upstream xio3130-downstream"),
    **_all(Gives("PCIE", names=_ONE), "cxl-upstream cxl-downstream"),
    **_all(Gives("CXL", names=_ONE), "cxl-rp"),
    **_all(Gives("nvme-bus", names=_ONE), "nvme"),
    **_all(Gives("ufs-bus", names=_ONE), "ufs"),
    **_all(Gives("floppy-bus"), "isa-fdc"),
    **_all(Gives("ccid-bus"), "usb-ccid"),
    **_all(Gives("IndustryPack"), "tpci200"),
    **_all(Gives("sdhci-bus", names="sd-bus"), "sdhci-pci"),
    **_all(Gives("i2c-bus", names="{}.ddc"), "ati-vga"),
    **_all(Gives("vmbus", names="vmbus"), "vmbus-bridge"),
}  # fmt: skip

_ENDS = frozenset({"SCSI", "IDE", "HDA", "virtio-serial-bus", "nvme-bus", "ufs-bus", "floppy-bus",
                   "ccid-bus", "IndustryPack", "sd-bus", "SSI"})  # fmt: skip
"""Types of buses whose devices bring none."""

_VIRTIO = re.compile(
    r"(virtio|vhost-user|vhost)-(9p|balloon|blk|crypto|fs|gpio|gpu|i2c|input-host|input|iommu"
    r"|keyboard|mem|mouse|multitouch|net|pmem|rng|snd|sound|tablet|vga|vsock|vdpa-device)"
    r"(-pci(-transitional|-non-transitional)?|-ccw|-device)?"
)
_BRING_NONE_WORDS = """
AC97 ES1370 VGA acpi-erst bochs-display cirrus-vga e1000 e1000-82544gc e1000-82545em e1000e edu
i6300esb i82550 i82551 i82557a i82557b i82557c i82558a i82558b i82559a i82559b i82559c i82559er
i82562 i82801 igb ivshmem-doorbell ivshmem-plain ne2k_pci pci-ipmi-bt pci-ipmi-kcs pci-serial
pci-serial-2x pci-serial-4x pci-testdev pcnet pvpanic-pci pvrdma qxl qxl-vga rocker rtl8139
secondary-vga sungem tulip vfio-pci vfio-pci-nohotplug vmware-svga vmxnet3 adlib cs4231a gus
ib700 isa-applesmc isa-cirrus-vga isa-debug-exit isa-debugcon isa-ipmi-bt isa-ipmi-kcs
isa-parallel isa-serial isa-vga ne2k_isa pc-testdev pvpanic sb16 tpm-tis hyperv-testdev diag288
ipmi-bmc-extern ipmi-bmc-sim nvdimm pc-dimm nvme-subsys tpm-crb vmcoreinfo vmgenid loader
guest-loader vmclock u2f-passthru u2f-emulated usb-audio usb-braille usb-host usb-hub usb-kbd
usb-mouse usb-mtp usb-net usb-redir usb-serial usb-tablet usb-wacom-tablet amd-iommu intel-iommu
ramfb virtio-vga-gl virtio-gpu-gl-pci at24c-eeprom tmp105 ds1338 smbus-ipmi spapr-vlan spapr-vty
vfio-ccw vfio-ap i8042 mc146818rtc uefi-vars-x64 vfio-pci-igd-lpc-bridge
AMDVI-PCI sga spapr-rng sclpconsole sclplmconsole x-terminal3270 ctucan_pci kvaser_pci mioe3680_pci
pcm3680_pci adm1266 adm1272 axp209_pmu axp221_pmu dps310 emc1413 emc1414 i2c-ddc i2c-echo isl69259
isl69260 lm8323 lsm303dlhc_mag m41t80 max31785 max34451 max7310 pca9552 pca9554 raa228000 raa229004
rs5c372 sii9022 ssd0303 tmp421 tmp422 tmp423 tosa_dac tpm-tis-i2c twl92230 wm8750
"""
_BRING_NONE = frozenset(_BRING_NONE_WORDS.split())


def brings_none(device: str, bus: str) -> bool:
    """Tells whether a type of device, which is on a type of bus, is known to bring no bus.

    The one between the halves of a virtio device is none: it is always taken.
    """
    return bus in _ENDS or device in _BRING_NONE or _VIRTIO.fullmatch(device) is not None


UHCI = frozenset({"piix3-usb-uhci", "piix4-usb-uhci",
                  *(f"ich9-usb-uhci{number}" for number in range(1, 7))})  # fmt: skip
EHCI = frozenset({"usb-ehci", "ich9-usb-ehci1", "ich9-usb-ehci2"})
XHCI = frozenset({"qemu-xhci", "nec-usb-xhci"})

SPEEDS = {"L": "low", "F": "full", "H": "high", "S": "super"}
"""The speeds of USB by their initials."""
USB_SPEEDS = {
    **dict.fromkeys(("usb-wacom-tablet", "usb-serial", "usb-braille", "usb-net", "usb-audio",
                     "usb-ccid", "usb-hub"), "F"),
    **dict.fromkeys(("usb-kbd", "usb-mouse", "usb-tablet"), "FH"), "usb-uas": "HS",
}  # fmt: skip
"""The speeds of devices; one that is not here runs anywhere, or that is not known."""

SCSI_LIMITS: dict[str, tuple[int, int]] = {
    **{f"virtio-scsi-{kind}": (255, 16383) for kind in ("device", "ccw")},
    **{f"virtio-scsi-pci{variant}": (255, 16383) for variant in _VARIANTS},
    "lsi53c810": (7, 0), "lsi53c895a": (7, 0), "am53c974": (7, 7), "dc390": (7, 7),
    "megasas": (127, 255), "megasas-gen2": (127, 255), "mptsas1068": (8, 1), "pvscsi": (64, 0),
    "usb-bot": (0, 15), "usb-uas": (0, 255), "usb-storage": (0, 0),
}  # fmt: skip
"""The highest `scsi-id` and `lun` of a controller's bus; it has one channel."""
