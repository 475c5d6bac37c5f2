"""Mistakes in references and ids, what is missing, buses, files and ports; and harmless changes."""

from typing import Any

from tests.agreement.draft import Data, items
from tests.agreement.mutation import Subject, kind
from tests.agreement.surroundings import LOCKED, TAKEN
from tests.agreement.values import typo

_REFERENCES = frozenset(
    """netdev drive chardev fsdev audiodev iothread memdev rng cryptodev bmc canbus0 subsys file
    memory-backend throttle-group backing""".split()
)


def _references(s: Subject) -> list[tuple[str, Data, str]]:
    found = [
        (group, item, key)
        for group, item in items(s.data)
        for key, value in item.items()
        if key in _REFERENCES and isinstance(value, str) and group != "drive"
    ]
    machine = s.data.get("machine", {})
    return found + [("machine", machine, "memory-backend")] * ("memory-backend" in machine)


@kind("dangling reference")
def dangling(s: Subject) -> Any:
    found = _references(s)
    if not found:
        return False
    _, item, key = s.chance.choice(found)
    item[key] = s.chance.choice([typo(item[key], s.chance), "nothing", item[key].upper(), "0"])
    return True


@kind("reference to a new thing that is not there")
def reference_added(s: Subject) -> Any:
    """Adds a device that refers to what nobody made."""
    s.data.setdefault("device", []).append(
        s.chance.choice(
            [{"type": "virtio-net-pci", "netdev": "net9"}, {"type": "virtio-blk-pci", "drive": "hd9"},
             {"type": "isa-serial", "chardev": "c9"}, {"type": "virtio-9p-pci", "fsdev": "f9", "mount_tag": "m"},
             {"type": "intel-hda", "bus": "pci.9"}, {"type": "virtio-rng-pci", "rng": "r9"},
             {"type": "scsi-hd", "drive": "hd9"}, {"type": "e1000", "netdev": "net9", "id": "e9"},
             {"type": "pc-dimm", "memdev": "mem9"}, {"type": "tpm-tis", "tpmdev": "tpm9"},
             {"type": "virtserialport", "chardev": "c9"}, {"type": "AC97", "audiodev": "snd9"},
             {"type": "virtio-scsi-pci", "iothread": "io9"}, {"type": "nvme", "drive": "n9", "serial": "x"}]
        )
    )  # fmt: skip


@kind("reference of the wrong kind")
def wrong_kind(s: Subject) -> Any:
    found = _references(s)
    others = [item["id"] for _, item in items(s.data) if item.get("id")]
    if not found or not others:
        return False
    _, item, key = s.chance.choice(found)
    item[key] = s.chance.choice(others)
    return True


@kind("backend used twice")
def used_twice(s: Subject) -> Any:
    found = [(group, item) for group, item, key in _references(s) if group == "device"]
    if not found:
        return False
    _, item = s.chance.choice(found)
    other = {key: value for key, value in item.items() if key not in ("id", "addr", "bus")}
    s.data["device"].append(other)
    return True


@kind("duplicate id")
def duplicate(s: Subject) -> Any:
    named = [(group, item) for group, item in items(s.data) if item.get("id")]
    if not named:
        return False
    group, item = s.chance.choice(named)
    same = [other for _, other in items(s.data, (group,)) if other is not item]
    if same and s.chance.random() < 0.7:
        s.chance.choice(same)["id"] = item["id"]
    else:
        s.data[group].append(dict(item))
    return True


@kind("bad id")
def bad_id(s: Subject) -> Any:
    picked = s.item()
    if picked is None:
        return False
    picked[1]["id"] = s.chance.choice(
        ["1st", "a b", "net/0", "ä", "_x", "a:b", "-x", "a,b", "a=b", "#block1", "a" * 40, "A-1", "a.b"]
    )
    return True


@kind("no id")
def no_id(s: Subject) -> Any:
    named = [item for _, item in items(s.data) if item.get("id")]
    if not named:
        return False
    del s.chance.choice(named)["id"]
    return True


@kind("no type")
def no_type(s: Subject) -> Any:
    found = [item for group, item in items(s.data) if "type" in item]
    if not found:
        return False
    item = s.chance.choice(found)
    if s.chance.random() < 0.5:
        del item["type"]
    else:
        item["type"] = ""
    return True


@kind("missing property")
def missing(s: Subject) -> Any:
    found = [
        (item, key)
        for _, item in items(s.data)
        for key in item
        if key not in ("type", "id", "_json")
    ]
    if not found:
        return False
    item, key = s.chance.choice(found)
    if s.chance.random() < 0.8:
        del item[key]
    else:
        item[key] = ""
    return True


@kind("bare new item")
def bare(s: Subject) -> Any:
    """Adds an item without anything but its type, as one does before filling it in."""
    group = s.chance.choice(["device", "device", "object", "netdev", "chardev", "blockdev", "fsdev"])
    if group == "device":
        names = [d.name for d in s.catalog.devices.values() if d.creatable]
    else:
        names = list(s.catalog.types(group))
    if not names:
        return False
    s.data.setdefault(group, []).append({"type": s.chance.choice(names), "id": "new"})
    return True


@kind("item removed")
def removed(s: Subject) -> Any:
    picked = s.item()
    if picked is None:
        return False
    group, item = picked
    if s.chance.random() < 0.5:
        item["_off"] = True
    else:
        s.data[group] = [other for other in s.data[group] if other is not item]
    return True


@kind("order of items")
def order(s: Subject) -> Any:
    groups = [group for group in ("device", "blockdev", "object") if len(s.data.get(group, ())) > 1]
    if not groups:
        return False
    s.data[s.chance.choice(groups)].reverse()
    return True


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
    words = ["pci.0", "pcie.0", "pci.1", "usb-bus.0", "isa.0", "ide.0", "scsi.0", "virtio-bus.0", "i2c",
             "main-system-bus", "nothing", "sd-bus", "ide.9", "floppy-bus.0", "PCI.0", "/machine"]  # fmt: skip
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
            addr = s.chance.choice(["0", "1", "2", "3", "4", "1f", "1f.2", "1d", "1e", "1.1", "1.3", "0x5"])
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
             {"type": "hda-duplex"}, {"type": "pcie-root-port"}, {"type": "ide-cd"}, {"type": "floppy"},
             {"type": "virtio-net-device"}, {"type": "isa-serial"}, {"type": "nvme-ns", "drive": "d9"},
             {"type": "sd-card"}, {"type": "usb-tablet", "bus": "usb.0"}, {"type": "pxb-pcie", "bus_nr": 8},
             {"type": "virtio-rng-pci", "bus": "pcie.0"}, {"type": "virtio-rng-pci", "bus": "pci.0"},
             {"type": "virtio-rng-pci", "addr": "1"}, {"type": "pci-bridge", "chassis_nr": 0},
             {"type": "intel-iommu"}, {"type": "x3130-upstream"}, {"type": "xio3130-downstream"},
             {"type": "smbus-ipmi"}, {"type": "ccid-card-emulated"}, {"type": "tpm-tis"}, {"type": "ramfb"},
             {"type": "pc-dimm"}, {"type": "vmcoreinfo"}, {"type": "qemu64-x86_64-cpu"}, {"type": "nvdimm"}]
        )
    )  # fmt: skip
    s.data.setdefault("blockdev", []).append({"type": "null-co", "id": "d9"})


_FILES = ("missing.img", "share", "notes.txt", "empty.img", "nowhere/a.img", LOCKED, "d.qcow2", "kernel",
          "listens.sock", "cd.iso", "a.img", "short.bin", "~/disk.img", "$HOME/disk.img",
          "nbd:nothing:1", "json:{}", "/dev/null", "")  # fmt: skip


@kind("file of a disk")
def disk_file(s: Subject) -> Any:
    found = [(item, "file") for _, item in items(s.data, ("drive",)) if "file" in item]
    for _, item in items(s.data, ("blockdev",)):
        found += [(item, "filename")] * ("filename" in item)
        if isinstance(item.get("file"), dict) and "filename" in item["file"]:
            found.append((item["file"], "filename"))
    if not found:
        s.data.setdefault("drive", []).append({"file": s.chance.choice(_FILES)})
        return True
    item, key = s.chance.choice(found)
    item[key] = s.chance.choice(_FILES)
    return True


@kind("format of a disk")
def disk_format(s: Subject) -> Any:
    found = [(item, "format") for _, item in items(s.data, ("drive",)) if "file" in item]
    found += [(item, "type") for _, item in items(s.data, ("blockdev",)) if "file" in item]
    if not found:
        return False
    item, key = s.chance.choice(found)
    item[key] = s.chance.choice(["qcow2", "raw", "vmdk", "vdi", "qed", "vpc", "vhdx", "parallels"])
    return True


@kind("disk used twice or locked")
def locked(s: Subject) -> Any:
    blockdev, drive = s.data.setdefault("blockdev", []), s.data.setdefault("drive", [])
    device = s.data.setdefault("device", [])
    name = s.chance.choice([LOCKED, LOCKED, "a.img", "b.img"])
    match s.chance.randrange(5):
        case 0:
            drive.append({"file": name, "format": "raw", "if": "virtio"})
        case 1:
            drive.append({"file": name, "format": "raw", "if": "virtio", "readonly": True})
        case 2:
            blockdev.append({"type": "file", "id": "again", "filename": name})
            device.append({"type": "virtio-blk-pci", "drive": "again"})
        case 3:
            drive += [{"file": name, "format": "raw", "if": "none", "id": f"i{n}"} for n in (1, 2)]
        case _:
            blockdev.append({"type": "file", "id": "again", "filename": name, "locking": "off"})
            device.append({"type": "virtio-blk-pci", "drive": "again"})


@kind("file of boot")
def boot_file(s: Subject) -> Any:
    s.data.setdefault("boot", {}).update(
        s.chance.choice(
            [{"kernel": "missing"}, {"kernel": "notes.txt"}, {"kernel": "share"}, {"bios": "missing.bin"},
             {"kernel": "kernel", "initrd": "missing"}, {"bios": "short.bin"}, {"kernel": "empty.img"},
             {"bios": "share"}, {"kernel": "kernel", "dtb": "missing.dtb"}, {"bios": "empty.img"},
             {"kernel": "kernel", "dtb": "notes.txt"}, {"kernel": "short.bin"}, {"kernel": "kernel"},
             {"bios": "bios.bin"}, {"bios": "bios-256k.bin"}, {"kernel": "kernel", "initrd": "share"}]
        )
    )  # fmt: skip


@kind("other file")
def other_file(s: Subject) -> Any:
    group, item = s.chance.choice(
        [("object", {"type": "memory-backend-file", "size": "1M", "mem-path": "nowhere/m"}),
         ("object", {"type": "memory-backend-file", "size": "1M", "mem-path": "share"}),
         ("object", {"type": "secret", "file": "missing"}), ("object", {"type": "secret", "file": "notes.txt"}),
         ("object", {"type": "rng-random", "filename": "/dev/nothing"}),
         ("chardev", {"type": "file", "path": "nowhere/log"}), ("chardev", {"type": "file", "path": "share"}),
         ("chardev", {"type": "pipe", "path": "missing"}), ("chardev", {"type": "serial", "path": "/dev/ttyX"}),
         ("chardev", {"type": "socket", "path": "nobody.sock"}),
         ("chardev", {"type": "socket", "path": "nowhere/c", "server": True, "wait": False}),
         ("chardev", {"type": "null", "logfile": "nowhere/log"}),
         ("chardev", {"type": "socket", "path": "listens.sock"}),
         ("device", {"type": "virtio-rng-pci", "romfile": "missing.rom"}),
         ("device", {"type": "virtio-rng-pci", "romfile": "option.rom"}),
         ("device", {"type": "e1000", "romfile": "share"}), ("device", {"type": "e1000", "romfile": ""}),
         ("device", {"type": "usb-mtp", "rootdir": "nowhere"}),
         ("object", {"type": "tls-creds-psk", "dir": "nowhere", "endpoint": "server"}),
         ("object", {"type": "tls-creds-x509", "dir": "share", "endpoint": "server"}),
         ("fsdev", {"type": "local", "path": "nowhere", "security_model": "none"}),
         ("netdev", {"type": "tap", "ifname": "tap99", "script": "nowhere"}),
         ("netdev", {"type": "bridge", "br": "br99"}), ("audiodev", {"type": "wav", "path": "nowhere/x.wav"}),
         ("tpmdev", {"type": "passthrough", "path": "/dev/tpm99"}),
         ("tpmdev", {"type": "emulator", "chardev": "nothing"})]
    )  # fmt: skip
    s.data.setdefault(group, []).append({"id": "extra", **item})
    if group == "fsdev" and s.chance.random() < 0.5:
        s.data.setdefault("device", []).append(
            {"type": "virtio-9p-pci", "fsdev": "extra", "mount_tag": "extra"}
        )


@kind("port or socket in use")
def port(s: Subject) -> Any:
    server = {"server": True, "wait": False}
    group, item = s.chance.choice(
        [("chardev", {"type": "socket", "host": "127.0.0.1", "port": TAKEN, **server}),
         ("chardev", {"type": "socket", "host": "127.0.0.1", "port": 27329, **server}),
         ("chardev", {"type": "socket", "host": "localhost", "port": str(TAKEN), **server}),
         ("chardev", {"type": "socket", "host": "127.0.0.1", "port": TAKEN, "to": TAKEN + 5, **server}),
         ("chardev", {"type": "socket", "host": "0.0.0.0", "port": TAKEN, **server}),
         ("netdev", {"type": "user", "hostfwd": [f"tcp:127.0.0.1:{TAKEN}-:22"]}),
         ("netdev", {"type": "user", "hostfwd": [f"tcp::{TAKEN}-:22"]}),
         ("netdev", {"type": "user", "hostfwd": ["tcp::27328-:22", "tcp::27328-:23"]}),
         ("netdev", {"type": "socket", "listen": f"127.0.0.1:{TAKEN}"}),
         ("netdev", {"type": "socket", "connect": "127.0.0.1:27327"}),
         ("chardev", {"type": "socket", "host": "127.0.0.1", "port": 27327}),
         ("chardev", {"type": "socket", "host": "127.0.0.1", "port": TAKEN}),
         ("chardev", {"type": "udp", "host": "127.0.0.1", "port": TAKEN}),
         ("qmp", {"type": "tcp", "host": "127.0.0.1", "port": TAKEN, **server}),
         ("chardev", {"type": "socket", "path": "same.sock", **server})]
    )  # fmt: skip
    if group == "qmp":
        s.data["qmp"] = item
    else:
        s.data.setdefault(group, []).append({"id": "port", **item})


@kind("harmless")
def harmless(s: Subject) -> Any:
    """Says the same otherwise, or adds what does nothing."""
    match s.chance.randrange(9):
        case 0:
            s.data["notes"] = "A, b = c"
        case 1:
            s.data.setdefault("device", []).append({"type": "nonsense", "_off": True})
        case 2:
            picked = s.item()
            if picked is None:
                return False
            old, new = picked[1].get("id"), "renamed-1"
            if not old:
                return False
            picked[1]["id"] = new
            for _, item, key in _references(s):
                if item[key] == old:
                    item[key] = new
        case 3:
            s.data["name"] = "comma, equals and ümlaut"
        case 4:
            s.data.setdefault("device", []).append({"type": "virtio-balloon-pci", "id": "new.1-x"})
        case 5:
            s.data.setdefault("object", []).append({"type": "secret", "id": "s.1", "data": "a,b=c"})
        case 6:
            s.data.setdefault("chardev", []).append({"type": "file", "id": "c1", "path": "a,b=c.log"})
        case 7:
            s.data.setdefault("extra", []).append("-nodefaults")
        case _:
            s.data["memory"] = {"size": s.chance.choice(["0x8000000", "128m", "131072K", " 128M"])}
    return True
