"""Profiles that QEMU should accept, of everything that the catalog offers.

What is needed is known here from QEMU's documentation and from trying; QEMU has the last word, and
what it refuses is a case as well.
"""

import random
from collections.abc import Callable
from typing import Any

from qemutui.core.catalog import Catalog
from tests.agreement import backends
from tests.agreement.draft import Data, Draft, properties
from tests.agreement.values import right

_LEFT_OUT = frozenset(
    # They want a device of the host, a process at the other end, or another accelerator.
    """vfio-pci vfio-pci-nohotplug scsi-block scsi-generic u2f-passthru usb-host pvrdma x-pci-proxy-dev
    virtio-input-host-pci virtio-input-host-device vhost-vsock-pci vhost-vsock-device ipmi-bmc-extern
    vhost-vsock-pci-non-transitional guest-loader loader hv-syndbg sgx-epc vmgenid xen-backend
    xen-console vfio-user-pci usb-redir cxl-type3 vmmouse""".split()
)
_SERIAL = frozenset({"nvme", "usb-storage"})


def profiles(catalog: Catalog, count: int, seed: int) -> list[Data]:
    """So many profiles; every device that can be added is in one of the first few hundred."""
    chance = random.Random(f"profiles {seed}")
    devices = [d for d in catalog.devices.values() if d.creatable and d.name not in _LEFT_OUT]
    names = [d.name for d in devices] + [d.alias for d in devices if d.alias]
    names = [name for name in names if not name.startswith("vhost") and "-gl" not in name]
    deck: list[str] = []
    made = []
    for _ in range(count):
        if len(deck) < 4:
            fresh = list(names)
            chance.shuffle(fresh)
            deck = fresh + deck
        draft = Draft(random.Random(chance.random()), catalog)
        made.append(_profile(draft, [deck.pop() for _ in range(chance.choice([0, 1, 1, 2, 2, 3]))]))
    return made


def _profile(draft: Draft, devices: list[str]) -> Data:
    chance = draft.chance
    if draft.maybe(0.4):
        draft.data["name"] = chance.choice(["vm", "test box", {"guest": "a=b", "debug-threads": True}])
    draft.json = draft.maybe(0.15)
    buses = {device.bus for name in devices if (device := draft.catalog.device(name))}
    _machine(draft, buses)
    _cpu(draft)
    _memory(draft)
    _smp(draft)
    for part in (_boot, _qmp, _launch):
        if draft.maybe(0.25):
            part(draft)
    for name in devices:
        _device(draft, name)
    for _ in range(chance.choice([0, 0, 1, 1, 2])):
        chance.choice(backends.ALONE)(draft)
    for _ in range(chance.choice([0, 1, 1, 2])):
        draft.extra(*chance.choice(_EXTRA))
    return draft.data


def machine_type(draft: Draft) -> str:
    """The name of the machine, as written; `pc` without one."""
    return str(draft.data.get("machine", {}).get("type", "pc"))


def _machine(draft: Draft, buses: set[str]) -> None:
    chance, table = draft.chance, draft.table("machine")
    versioned = [m for m in draft.catalog.machines if m.startswith(("pc-q35", "pc-i440fx"))]
    plain = ["pc", "pc", "q35", "q35", "q35", chance.choice(versioned), chance.choice(versioned)]
    if "virtio-bus" in buses:
        plain = ["microvm"]
    elif "System" in buses:
        plain = ["q35"]
    elif not buses:
        plain += ["isapc", "microvm", "none"]
    elif buses == {"ISA"}:
        plain += ["isapc"]
    kind = chance.choice(plain)
    if kind != "pc" or draft.maybe(0.6):
        table["type"] = kind
    if draft.maybe(0.5):
        table["accel"] = chance.choice(["tcg", ["tcg"], "tcg"])
    if kind == "none":
        return
    choices: dict[str, Any] = {"usb": True, "dump-guest-core": False, "mem-merge": "off"}
    if "q35" in kind or kind == "pc" or "i440fx" in kind:
        choices |= {
            "smm": "off", "vmport": "auto", "acpi": "on", "hpet": False, "pit": "on",
            "nvdimm": True, "max-ram-below-4g": "1G", "graphics": "on", "sata": True,
        }  # fmt: skip
    if kind == "microvm":
        choices = {"rtc": "on", "isa-serial": False, "pcie": "on", "acpi": "off", "pic": "on"}
    for key in chance.sample(list(choices), chance.choice([0, 0, 1, 2])):
        table[key] = choices[key]
    if {"SCSI", "PCI"} & buses and kind == "microvm":
        table["pcie"] = True


def _cpu(draft: Draft) -> None:
    if not draft.maybe(0.6) or machine_type(draft) == "none":
        return
    chance, table = draft.chance, draft.table("cpu")
    table["model"] = chance.choice(
        ["max", "qemu64", *chance.sample([c for c in draft.catalog.cpus if c != "host"], 4)]
    )
    flags = [
        "+avx2", "-x2apic", "pmu=off", "+sse4.2", "-hypervisor", "check", "vendor=GenuineIntel",
        "level=10", "+aes", "-svm", "tsc-frequency=2000000000", "host-phys-bits=off", "phys-bits=40",
        "l3-cache=off", "xlevel=0x80000008", "model-id=My CPU", "hv-relaxed",
    ]  # fmt: skip
    if draft.maybe(0.6):
        table["features"] = chance.sample(flags, chance.randint(1, 3))


def _memory(draft: Draft) -> None:
    if not draft.maybe(0.7) or machine_type(draft) == "none":
        return
    chance, table = draft.chance, draft.table("memory")
    table["size"] = chance.choice(["64M", "128M", 128, "0.25G", "256m", "262144k"])
    if machine_type(draft) not in ("isapc", "microvm") and draft.maybe(0.4):
        table["slots"] = chance.choice([2, 4, "3"])
        table["maxmem"] = chance.choice(["1G", "2048M", "4G"])


def _smp(draft: Draft) -> None:
    if not draft.maybe(0.5) or machine_type(draft) in ("isapc", "none"):
        return
    draft.table("smp").update(
        draft.chance.choice(
            [
                {"cpus": 2}, {"cpus": 4, "cores": 2, "sockets": 2}, {"cpus": 3, "maxcpus": 8},
                {"cpus": 2, "cores": 2, "threads": 1, "sockets": 1}, {"cpus": "8"},
                {"cpus": 4, "sockets": 1, "dies": 2, "cores": 2, "threads": 1},
                {"sockets": 2, "cores": 2}, {"maxcpus": 4},
            ]
        )
    )  # fmt: skip


def _boot(draft: Draft) -> None:
    table, kind = draft.table("boot"), machine_type(draft)
    if kind == "none":
        return
    if draft.maybe(0.4):
        table["kernel"] = "kernel"
        if draft.maybe(0.5):
            table["append"] = "console=ttyS0 root=/dev/sda1"
        if draft.maybe(0.5):
            table["initrd"] = "initrd"
    if draft.maybe(0.4) and kind != "microvm":
        table.update(draft.chance.choice([{"order": "cd"}, {"order": "n", "menu": True},
                                          {"once": "d"}, {"menu": "on", "splash-time": 100},
                                          {"strict": True}, {"order": "c", "once": "d"}]))  # fmt: skip
    if draft.maybe(0.15):
        table["bios"] = "bios.bin"


def _qmp(draft: Draft) -> None:
    draft.table("qmp").update(
        draft.chance.choice(
            [
                {"type": "unix", "path": "vm.qmp", "server": True, "wait": False},
                {"type": "tcp", "host": "127.0.0.1", "port": draft.port(),
                 "server": True, "wait": False},
                {"type": "unix", "path": "listens.sock"},
            ]
        )
    )  # fmt: skip


def _launch(draft: Draft) -> None:
    draft.table("launch").update(
        draft.chance.choice([{"powerdown": 5}, {"monitor": False}, {"environment": {"A": "b"}}])
    )


def _device(draft: Draft, name: str) -> None:
    """Adds a device with its controller, its backends, and some properties."""
    device = draft.catalog.device(name)
    bus = device.bus if device else ""
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
    keys |= _SPECIAL.get(name, lambda _: {})(draft)
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
    kind, choice = machine_type(draft), draft.chance.random()
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
        if key in known and not name.startswith("nvme") or key in known and draft.maybe(0.9):
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
    if kind == "usb" and machine_type(draft) not in ("microvm", "isapc"):
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
    "HDA": lambda draft: draft.add("device", draft.chance.choice(["intel-hda", "ich9-intel-hda"]))
    + ".0",
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
_EXTRA: tuple[tuple[str, ...], ...] = (
    ("-nodefaults",), ("-no-reboot",), ("-no-shutdown",), ("-rtc", "base=utc,clock=host"),
    ("-smbios", "type=1,serial=x"), ("-uuid", "00000000-1111-2222-3333-444444444444"),
    ("-snapshot",), ("-vga", "std"), ("-vga", "none"), ("-vga", "cirrus"), ("-nographic",),
    ("-serial", "null"), ("-monitor", "null"), ("-net", "none"), ("-nic", "none"),
    ("-nic", "user,model=e1000"), ("-usb",), ("-action", "reboot=shutdown"), ("-d", "unimp"),
    ("-D", "qemu.log"), ("-msg", "timestamp=on"), ("-overcommit", "mem-lock=off"),
    ("-fw_cfg", "name=opt/a,string=b"), ("-parallel", "none"), ("-k", "en-us"),
    ("-pidfile", "vm.pid"), ("-icount", "shift=auto"), ("-global", "virtio-net-pci.mac=52:54:00:00:00:09"),
    ("-serial", "mon:stdio"), ("-global", "driver=e1000,property=addr,value=9"),
    ("-audiodev", "none,id=snd"), ("-object", "iothread,id=io0"), ("-chardev", "null,id=log"),
    ("-netdev", "user,id=u9"), ("-boot", "menu=on"), ("-accel", "tcg,thread=multi"),
    ("-device", "virtio-balloon-pci"), ("-option-rom", "option.rom"), ("-gdb", "unix:gdb,server,nowait"),
    ("-readconfig", "run.cfg"), ("-set", "device.nothing.addr=3")[:0], ("-name", "x"),
    ("-watchdog-action", "pause"), ("-only-migratable",), ("-cdrom", "cd.iso"),
)  # fmt: skip
