"""Profiles that QEMU should accept, of everything that the catalog offers.

What is needed is known here from QEMU's documentation and from trying; QEMU has the last word, and
what it refuses is a case as well.
"""

import random
from typing import Any

from qemutui.core.catalog import Catalog
from tests.agreement import backends
from tests.agreement.devices import LEFT_OUT, device
from tests.agreement.draft import Data, Draft


def profiles(catalog: Catalog, count: int, seed: int) -> list[Data]:
    """So many profiles; every device that can be added is in one of the first few hundred."""
    chance = random.Random(f"profiles {seed}")
    devices = [d for d in catalog.devices.values() if d.creatable and d.name not in LEFT_OUT]
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
        draft.data["name"] = chance.choice(
            ["vm", "test box", {"guest": "a=b", "debug-threads": True}]
        )
    draft.json = draft.maybe(0.15)
    buses = {found.bus for name in devices if (found := draft.catalog.device(name))}
    _machine(draft, buses)
    _cpu(draft)
    _memory(draft)
    _smp(draft)
    for part in (_boot, _qmp, _launch):
        if draft.maybe(0.25):
            part(draft)
    for name in devices:
        device(draft, name)
    for _ in range(chance.choice([0, 0, 1, 1, 2])):
        chance.choice(backends.ALONE)(draft)
    for _ in range(chance.choice([0, 1, 1, 2])):
        draft.extra(*chance.choice(_EXTRA))
    return draft.data


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
    if not draft.maybe(0.6) or draft.machine == "none":
        return
    chance, table = draft.chance, draft.table("cpu")
    table["model"] = chance.choice(
        ["max", "qemu64", *chance.sample([c for c in draft.catalog.cpus if c != "host"], 4)]
    )
    flags = [
        "+avx2", "-x2apic", "pmu=off", "+sse4.2", "-hypervisor", "check", "vendor=GenuineIntel",
        "level=10", "+aes", "-svm", "tsc-frequency=2000000000", "host-phys-bits=off",
        "phys-bits=40", "l3-cache=off", "xlevel=0x80000008", "model-id=My CPU", "hv-relaxed",
    ]  # fmt: skip
    if draft.maybe(0.6):
        table["features"] = chance.sample(flags, chance.randint(1, 3))


def _memory(draft: Draft) -> None:
    if not draft.maybe(0.7) or draft.machine == "none":
        return
    chance, table = draft.chance, draft.table("memory")
    table["size"] = chance.choice(["64M", "128M", 128, "0.25G", "256m", "262144k"])
    if draft.machine not in ("isapc", "microvm") and draft.maybe(0.4):
        table["slots"] = chance.choice([2, 4, "3"])
        table["maxmem"] = chance.choice(["1G", "2048M", "4G"])


def _smp(draft: Draft) -> None:
    if not draft.maybe(0.5) or draft.machine in ("isapc", "none"):
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
    table, kind = draft.table("boot"), draft.machine
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
                                          {"strict": True},
                                          {"order": "c", "once": "d"}]))  # fmt: skip
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


_EXTRA: tuple[tuple[str, ...], ...] = (
    ("-nodefaults",), ("-no-reboot",), ("-no-shutdown",), ("-rtc", "base=utc,clock=host"),
    ("-smbios", "type=1,serial=x"), ("-uuid", "00000000-1111-2222-3333-444444444444"),
    ("-snapshot",), ("-vga", "std"), ("-vga", "none"), ("-vga", "cirrus"), ("-nographic",),
    ("-serial", "null"), ("-monitor", "null"), ("-net", "none"), ("-nic", "none"),
    ("-nic", "user,model=e1000"), ("-usb",), ("-action", "reboot=shutdown"), ("-d", "unimp"),
    ("-D", "qemu.log"), ("-msg", "timestamp=on"), ("-overcommit", "mem-lock=off"),
    ("-fw_cfg", "name=opt/a,string=b"), ("-parallel", "none"), ("-k", "en-us"),
    ("-pidfile", "vm.pid"), ("-icount", "shift=auto"),
    ("-global", "virtio-net-pci.mac=52:54:00:00:00:09"), ("-serial", "mon:stdio"),
    ("-global", "driver=e1000,property=addr,value=9"), ("-audiodev", "none,id=snd"),
    ("-object", "iothread,id=io0"), ("-chardev", "null,id=log"), ("-netdev", "user,id=u9"),
    ("-boot", "menu=on"), ("-accel", "tcg,thread=multi"), ("-device", "virtio-balloon-pci"),
    ("-option-rom", "option.rom"), ("-gdb", "unix:gdb,server,nowait"),
    ("-readconfig", "run.cfg"), ("-set", "device.nothing.addr=3")[:0], ("-name", "x"),
    ("-watchdog-action", "pause"), ("-only-migratable",), ("-cdrom", "cd.iso"),
)  # fmt: skip
