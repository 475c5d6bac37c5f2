"""Mistakes in files, ports and sockets: not there, of the wrong kind or format, in use."""

from typing import Any

from tests.agreement.draft import Data, items
from tests.agreement.mutation import Subject, kind
from tests.agreement.surroundings import LOCKED, TAKEN

_FILES = ("missing.img", "share", "notes.txt", "empty.img", "nowhere/a.img", LOCKED, "d.qcow2",
          "kernel", "listens.sock", "cd.iso", "a.img", "short.bin", "~/disk.img", "$HOME/disk.img",
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
            [{"kernel": "missing"}, {"kernel": "notes.txt"}, {"kernel": "share"},
            {"bios": "missing.bin"},
             {"kernel": "kernel", "initrd": "missing"}, {"bios": "short.bin"},
             {"kernel": "empty.img"}, {"bios": "share"},
             {"kernel": "kernel", "dtb": "missing.dtb"}, {"bios": "empty.img"},
             {"kernel": "kernel", "dtb": "notes.txt"}, {"kernel": "short.bin"},
             {"kernel": "kernel"}, {"bios": "bios.bin"}, {"bios": "bios-256k.bin"},
             {"kernel": "kernel", "initrd": "share"}]
        )
    )  # fmt: skip


@kind("other file")
def other_file(s: Subject) -> Any:
    choices: list[tuple[str, Data]] = [
        ("object", {"type": "memory-backend-file", "size": "1M", "mem-path": "nowhere/m"}),
         ("object", {"type": "memory-backend-file", "size": "1M", "mem-path": "share"}),
         ("object", {"type": "secret", "file": "missing"}),
         ("object", {"type": "secret", "file": "notes.txt"}),
         ("object", {"type": "rng-random", "filename": "/dev/nothing"}),
         ("chardev", {"type": "file", "path": "nowhere/log"}),
         ("chardev", {"type": "file", "path": "share"}),
         ("chardev", {"type": "pipe", "path": "missing"}),
         ("chardev", {"type": "serial", "path": "/dev/ttyX"}),
         ("chardev", {"type": "socket", "path": "nobody.sock"}),
         ("chardev", {"type": "socket", "path": "nowhere/c", "server": True, "wait": False}),
         ("chardev", {"type": "null", "logfile": "nowhere/log"}),
         ("chardev", {"type": "socket", "path": "listens.sock"}),
         ("device", {"type": "virtio-rng-pci", "romfile": "missing.rom"}),
         ("device", {"type": "virtio-rng-pci", "romfile": "option.rom"}),
         ("device", {"type": "e1000", "romfile": "share"}),
         ("device", {"type": "e1000", "romfile": ""}),
         ("device", {"type": "usb-mtp", "rootdir": "nowhere"}),
         ("object", {"type": "tls-creds-psk", "dir": "nowhere", "endpoint": "server"}),
         ("object", {"type": "tls-creds-x509", "dir": "share", "endpoint": "server"}),
         ("fsdev", {"type": "local", "path": "nowhere", "security_model": "none"}),
         ("netdev", {"type": "tap", "ifname": "tap99", "script": "nowhere"}),
         ("netdev", {"type": "bridge", "br": "br99"}),
         ("audiodev", {"type": "wav", "path": "nowhere/x.wav"}),
         ("tpmdev", {"type": "passthrough", "path": "/dev/tpm99"}),
         ("tpmdev", {"type": "emulator", "chardev": "nothing"}),
    ]  # fmt: skip
    group, item = s.chance.choice(choices)
    s.data.setdefault(group, []).append({"id": "extra", **item})
    if group == "fsdev" and s.chance.random() < 0.5:
        s.data.setdefault("device", []).append(
            {"type": "virtio-9p-pci", "fsdev": "extra", "mount_tag": "extra"}
        )


@kind("port or socket in use")
def port(s: Subject) -> Any:
    server: Data = {"server": True, "wait": False}
    choices: list[tuple[str, Data]] = [
        ("chardev", {"type": "socket", "host": "127.0.0.1", "port": TAKEN, **server}),
         ("chardev", {"type": "socket", "host": "127.0.0.1", "port": 27329, **server}),
         ("chardev", {"type": "socket", "host": "localhost", "port": str(TAKEN), **server}),
         ("chardev", {"type": "socket", "host": "127.0.0.1", "port": TAKEN, "to": TAKEN + 5,
                      **server}),
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
         ("chardev", {"type": "socket", "path": "same.sock", **server}),
    ]  # fmt: skip
    group, item = s.chance.choice(choices)
    if group == "qmp":
        s.data["qmp"] = item
    else:
        s.data.setdefault(group, []).append({"id": "port", **item})
