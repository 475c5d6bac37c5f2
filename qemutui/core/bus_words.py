"""What buses are called in sentences."""

UNNAMED = "the bus"
"""A bus to which QEMU gives a name of its own."""

_NOUNS = {"usb-bus": "a USB bus", "i2c-bus": "an I2C bus", "sd-bus": "an SD bus",
          "nvme-bus": "an NVMe controller", "virtio-serial-bus": "a virtio-serial bus",
          "ccid-bus": "a card reader (usb-ccid)", "ufs-bus": "a UFS controller",
          "floppy-bus": "a floppy controller", "SSI": "an SSI bus", "ISA": "an ISA bus",
          "IDE": "an IDE bus", "HDA": "an HDA bus", "PCI": "a PCI bus", "PCIE": "a PCIe bus",
          "SCSI": "a SCSI bus", "sdhci-bus": "an SD bus",
          "virtio-bus": "a virtio-mmio slot"}  # fmt: skip


def a_bus(type_: str) -> str:
    """Returns what a type of bus is called in a sentence, such as `a USB bus`."""
    return _NOUNS.get(type_) or f"a {type_}{'' if type_.endswith('bus') else ' bus'}"


def needs(type_: str) -> str:
    """Returns what a device of a type of bus needs: `needs a USB bus`."""
    return f"needs {a_bus(type_)}"


def capital(words: str) -> str:
    """Returns words as the beginning of a sentence."""
    return words[:1].upper() + words[1:]
