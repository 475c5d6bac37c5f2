"""Devices with what they need: a controller, a place, backends, and some properties."""

from collections.abc import Callable
from typing import Any

from tests.agreement.draft import Data, Draft, properties
from tests.agreement.values import right

LEFT_OUT = frozenset(
    # They want a device of the host, a process at the other end, or another accelerator.
    ["vfio-pci", "vfio-pci-nohotplug", "scsi-block", "scsi-generic", "u2f-passthru", "usb-host",
     "pvrdma", "x-pci-proxy-dev", "virtio-input-host-pci", "virtio-input-host-device",
     "vhost-vsock-pci", "vhost-vsock-device", "ipmi-bmc-extern",
     "vhost-vsock-pci-non-transitional", "guest-loader", "loader", "hv-syndbg", "sgx-epc",
     "vmgenid", "xen-backend", "xen-console", "vfio-user-pci", "usb-redir", "cxl-type3",
     "vmmouse"]
)  # fmt: skip
_SERIAL = frozenset({"nvme", "usb-storage"})


def device(draft: Draft, name: str) -> None:
    """Adds a device with its controller, its backends, and some properties."""
    found = draft.catalog.device(name)
    bus = found.bus if found else ""
    known = properties(draft.catalog, "device", {"type": name})
    keys: Data = {}
    controller = _CONTROLLERS.get(bus)
    if controller is not None:
        parent = controller(draft)
        if parent and (draft.maybe(0.7) or draft.json):
            keys["bus"] = parent
    elif bus == "PCI" and name not in ("pxb", "pxb-pcie", "pxb-cxl", "cxl-rp", "cxl-type3"):
        keys |= _pci_place(draft)
    keys |= _backends(draft, name, known)
    if (special := _SPECIAL.get(name)) is not None:
        keys |= special(draft)
    chosen = draft.chance.sample(list(known), min(len(known), draft.chance.choice([0, 0, 1, 2, 3])))
    for key in chosen:
        if not key.startswith("x-") and key not in keys and "." not in key:
            value = right(known[key], draft.chance, draft.json)
            if value is not None:
                keys[key] = value
    draft.add("device", name, "" if draft.maybe(0.6) else None, **_written(keys))


def _written(keys: Data) -> Data:
    return {key.replace("-", "__").replace(".", "___"): value for key, value in keys.items()}


def _pci_place(draft: Draft) -> Data:
    """Leaves a PCI device to QEMU, or gives it an address, or a bridge or root port."""
    kind, choice = draft.machine, draft.chance.random()
    if choice < 0.5 or kind in ("isapc", "microvm", "none"):
        return {}
    if choice < 0.7:
        slot = draft.number("slot") + 0x10
        return {"addr": draft.chance.choice([hex(slot), f"{slot:x}.0", f"{slot:02x}"])}
    number = draft.number("bridge") + 1
    if "q35" in kind and draft.maybe(0.6):
        port = draft.add("device", "pcie-root-port", f"port{number}", chassis=number, slot=number)
        return {"bus": port}
    if "q35" in kind and draft.maybe(0.5):
        return {"bus": draft.add("device", "pcie-pci-bridge", f"bridge{number}"), "addr": "2"}
    bridge = draft.add("device", "pci-bridge", f"bridge{number}", chassis_nr=number)
    return {"bus": bridge, "addr": draft.chance.choice(["1", "0x2", "3.0"])}


def _backends(draft: Draft, name: str, known: Any) -> Data:
    """What a device refers to; what is often left out is left out at times."""
    keys: Data = {}
    if "netdev" in known and draft.maybe(0.8):
        keys["netdev"] = draft.backend("netdev")
    for key in ("drive", "chardev"):
        if (key in known and not name.startswith("nvme")) or (key in known and draft.maybe(0.9)):
            keys[key] = draft.disk() if key == "drive" else draft.backend("chardev")
    if "audiodev" in known and draft.maybe(0.7):
        keys["audiodev"] = draft.backend("audiodev")
    if "fsdev" in known:
        keys |= {"fsdev": draft.backend("fsdev"), "mount_tag": f"tag{draft.number('tag')}"}
    if "iothread" in known and draft.maybe(0.3):
        keys["iothread"] = draft.add("object", "iothread")
    if "rng" in known and draft.maybe(0.5):
        keys["rng"] = draft.add("object", "rng-random", filename="/dev/urandom")
    if "cryptodev" in known:
        keys["cryptodev"] = draft.add("object", "cryptodev-backend-builtin")
    if "memdev" in known:
        keys["memdev"] = draft.memory()
        if "dimm" in name or name.startswith(("virtio-mem", "virtio-pmem")):
            draft.table("memory").update({"size": "128M", "slots": 4, "maxmem": "2G"})
        if "nvdimm" in name:
            draft.table("machine")["nvdimm"] = True
    if "bmc" in known:
        keys["bmc"] = draft.add("device", "ipmi-bmc-sim")
    for key in ("canbus0", "canbus1"):
        if key in known:
            keys[key] = draft.add("object", "can-bus")
    return keys


def _scsi(draft: Draft) -> str:
    kind = draft.chance.choice(["virtio-scsi-pci", "lsi53c895a", "megasas", "pvscsi"])
    return draft.add("device", kind) + ".0"


def _usb(draft: Draft) -> str:
    kind = draft.chance.choice(["qemu-xhci", "usb-ehci", "piix3-usb-uhci", "nec-usb-xhci", "usb"])
    if kind == "usb" and draft.machine not in ("microvm", "isapc"):
        draft.table("machine")["usb"] = True
        return ""
    return draft.add("device", "qemu-xhci" if kind == "usb" else kind) + ".0"


def _ide(draft: Draft) -> str:
    if draft.maybe(0.5):
        return f"ide.{draft.chance.randrange(2)}"
    return draft.add("device", "ich9-ahci") + f".{draft.chance.randrange(6)}"


def _nvme(draft: Draft) -> str:
    return draft.add("device", "nvme", serial="n1")


def _virtio_mmio(draft: Draft) -> str:
    draft.table("machine")["type"] = "microvm"
    return ""


_CONTROLLERS: dict[str, Callable[[Draft], str]] = {
    "SCSI": _scsi,
    "usb-bus": _usb,
    "IDE": _ide,
    "HDA": lambda draft: (
        draft.add("device", draft.chance.choice(["intel-hda", "ich9-intel-hda"])) + ".0"
    ),
    "virtio-serial-bus": lambda draft: draft.add("device", "virtio-serial-pci") + ".0",
    "ccid-bus": lambda draft: _usb(draft) and draft.add("device", "usb-ccid") + ".0",
    "nvme-bus": _nvme,
    "sd-bus": lambda draft: draft.add("device", "sdhci-pci") and "sd-bus",
    "IndustryPack": lambda draft: draft.add("device", "tpci200") + ".0",
    "virtio-bus": _virtio_mmio,
}
_SPECIAL: dict[str, Callable[[Draft], Data]] = {
    "nvme": lambda _: {"serial": "abc"},
    "pci-bridge": lambda draft: {"chassis_nr": 40 + draft.number("chassis")},
    "pcie-root-port": lambda draft: {"chassis": 40 + draft.number("chassis")},
    "ioh3420": lambda draft: {"chassis": 40 + draft.number("chassis")},
    "pxb": lambda _: {"bus_nr": 64},
    "pxb-pcie": lambda _: {"bus_nr": 64},
    "acpi-erst": lambda draft: {"memdev": draft.add("object", "memory-backend-file", size="64K",
                                                    mem__path="erst.mem", share=True)},
    "rocker": lambda _: {"name": "sw1"},
    "isa-applesmc": lambda _: {"osk": "x" * 64},
    "usb-mtp": lambda _: {"rootdir": "share"},
    "ivshmem-doorbell": lambda draft: {
        "chardev": draft.add("chardev", "socket", path="listens.sock")
    },
}  # fmt: skip
