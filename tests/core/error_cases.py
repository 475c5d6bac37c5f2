"""Profiles that QEMU refuses, and the field that each of its messages names."""

from typing import Any

from qemutui.core.keyval import Path

Data = dict[str, Any]

QUIET = ["-nodefaults", "-display", "none"]
NONE: Data = {"machine": {"type": "none", "accel": "tcg"}, "extra": QUIET}
PC: Data = {"machine": {"type": "pc", "accel": "tcg"}, "extra": QUIET}
GONE = "/nonexistent/x"
LONG = "/tmp/" + "x" * 120
IMAGE = "IMAGE"
"""Stands for a file of one MiB, as `PORT` for a TCP port that is taken, `FOLDER` for a folder."""


def one(type_: str, **properties: object) -> list[Data]:
    return [{"type": type_, **properties}]


def machine(**properties: object) -> Data:
    named = {key.replace("_", "-"): value for key, value in properties.items()}
    return PC | {"machine": {"type": "pc", "accel": "tcg", **named}}


def device(*items: Data, **more: object) -> Data:
    return PC | {"device": list(items)} | more


def extra(*words: str) -> Data:
    return PC | {"extra": [*QUIET, *words]}


def table(name: str, **fields: object) -> Data:
    return PC | {name: fields}


def item(group: str, *items: Data) -> Data:
    return NONE | {group: list(items)}


def dev(type_: str, **properties: object) -> Data:
    return {"type": type_, **properties}


DISK = dev("null-co", id="d")
UNIX: Data = {"type": "unix", "server": True, "wait": False}
TCP: Data = {"type": "tcp", "host": "127.0.0.1", "server": True, "wait": False}

CASES: list[tuple[Data, Path]] = [
    # General, machine, CPU, memory
    (item("machine") | {"machine": {"type": "q36", "accel": "tcg"}}, ("machine", "type")),
    (PC | {"machine": {"type": "pc", "accel": "nope"}}, ("machine", "accel")),
    (machine(nope=1), ("machine", "nope")),
    (machine(smm="maybe"), ("machine", "smm")),
    (machine(usb="2"), ("machine", "usb")),
    (machine(max_ram_below_4g="lots"), ("machine", "max-ram-below-4g")),
    (machine(memory_backend="mem9"), ("machine", "memory-backend")),
    (machine(memory_backend=""), ("machine", "memory-backend")),
    (
        machine(memory_backend="m")
        | {"memory": {"size": "64M"}, "object": [dev("memory-backend-ram", id="m", size="1M")]},
        ("memory", "size"),
    ),
    (machine(max_ram_below_4g="8G"), ("machine", "max-ram-below-4g")),
    (machine(x_oem_id="1234567"), ("machine", "x-oem-id")),
    (PC | {"machine": {"type": "pc", "accel": ":"}}, ("machine", "accel")),
    (NONE | {"name": {"nope": "x"}}, ("name", "nope")),
    (table("cpu", model="nope"), ("cpu", "model")),
    (table("cpu", model="host"), ("cpu", "model")),
    (table("cpu", model="max", features=["nope=on"]), ("cpu", "features", 0)),
    (table("cpu", model="max", features=["-smep", "+nope"]), ("cpu", "features", 1)),
    (table("cpu", model="max", features=["pmu=maybe"]), ("cpu", "features", 0)),
    (table("cpu", model="qemu64", features=["+avx512f", "enforce"]), ("cpu", "features", 1)),
    (NONE | {"memory": {"size": "1GiB"}}, ("memory", "size")),
    (table("memory", size="16E"), ("memory", "size")),
    (table("memory", size="9000T"), ("memory", "size")),
    (table("memory", size="2G", slots=2, maxmem="1G"), ("memory", "maxmem")),
    (table("memory", size="1G", slots=2), ("memory", "slots")),
    (table("memory", size="1G", foo="2G"), ("memory", "foo")),
    (table("smp", cpus="x"), ("smp", "cpus")),
    (table("smp", cpus=300), ("smp", "cpus")),
    (table("smp", cpus=6, sockets=2, cores=4, threads=1), ("smp", "cpus")),
    (table("smp", cpus=4, maxcpus=2), ("smp", "maxcpus")),
    (table("smp", cpus=4, dies=2, clusters=2), ("smp", "clusters")),
    (table("smp", cpus=1, foo=1), ("smp", "foo")),
    # Boot, QMP
    (table("boot", kernel=GONE), ("boot", "kernel")),
    (table("boot", kernel="FOLDER"), ("boot", "kernel")),
    (table("boot", initrd=GONE), ("boot", "initrd")),
    (table("boot", append="quiet"), ("boot", "append")),
    (table("boot", bios=GONE), ("boot", "bios")),
    (table("boot", order="q"), ("boot", "order")),
    (PC | {"boot": {"reboot-timeout": 70000}}, ("boot", "reboot-timeout")),
    (table("boot", order="cc"), ("boot", "order")),
    (table("boot", menu="maybe"), ("boot", "menu")),
    (table("boot", order="c", foo=1), ("boot", "foo")),
    (NONE | {"qmp": UNIX | {"path": GONE}}, ("qmp", "path")),
    (NONE | {"qmp": UNIX | {"path": LONG}}, ("qmp", "path")),
    (NONE | {"qmp": {"type": "unix", "path": GONE, "server": False}}, ("qmp", "path")),
    (NONE | {"qmp": TCP | {"port": "PORT"}}, ("qmp", "port")),
    (NONE | {"qmp": TCP | {"port": "zz"}}, ("qmp", "port")),
    (NONE | {"qmp": TCP | {"host": "no.such.invalid", "port": 1}}, ("qmp", "host")),
    # Devices
    (device(dev("virtio-net-pci", netdev="nope")), ("device", 0, "netdev")),
    (device(dev("virtio-net-pci", netdev="a,b")), ("device", 0, "netdev")),
    (device(dev("VGA"), dev("nope", id="x")), ("device", 1, "type")),
    (device(dev("i440FX")), ("device", 0, "type")),
    (device(dev("pci-device")), ("device", 0, "type")),
    (device(dev("VGA", vgamem_mb="lots")), ("device", 0, "vgamem_mb")),
    (device(dev("VGA", nope=1)), ("device", 0, "nope")),
    (device(dev("VGA", id="a"), dev("virtio-rng-pci", id="a")), ("device", 1, "id")),
    (device(dev("VGA", id="9a")), ("device", 0, "id")),
    (device(dev("isa-serial", chardev="nope")), ("device", 0, "chardev")),
    (device(dev("virtio-blk-pci", drive="nope")), ("device", 0, "drive")),
    (device(dev("virtio-blk-pci")), ("device", 0)),
    (device(dev("virtio-rng-pci", bus="pci.9")), ("device", 0, "bus")),
    (device(dev("virtio-rng-pci", bus="foo/bar")), ("device", 0, "bus")),
    (device(dev("virtio-rng-pci", bus="isa.0")), ("device", 0, "bus")),
    (device(dev("usb-kbd")), ("device", 0, "type")),
    (device(dev("virtio-rng-pci", addr="5"), dev("VGA", addr="5")), ("device", 1, "addr")),
    (device(dev("virtio-rng-pci", addr="zz")), ("device", 0, "addr")),
    (device(dev("piix3-usb-uhci"), dev("usb-kbd", port="9")), ("device", 1, "port")),
    (device(*[dev("virtio-blk-pci", drive="d")] * 2, blockdev=[DISK]), ("device", 1, "drive")),
    (
        device(*[dev("e1000", netdev="n")] * 2, netdev=[dev("user", id="n")]),
        ("device", 1, "netdev"),
    ),
    (device(dev("virtio-9p-pci", fsdev="f", mount_tag="x")), ("device", 0, "fsdev")),
    (
        device(
            dev("virtio-9p-pci", fsdev="f", mount_tag="x"),
            fsdev=[dev("local", id="f", path=GONE, security_model="none")],
        ),
        ("fsdev", 0, "path"),
    ),
    (device(dev("pc-dimm", memdev="m")), ("device", 0, "memdev")),
    (device(dev("virtio-rng-pci", rng="r")), ("device", 0, "rng")),
    (device(dev("virtio-net-pci", romfile=GONE)), ("device", 0, "romfile")),
    (device(dev("tpm-tis", tpmdev="t")), ("device", 0, "tpmdev")),
    (device(dev("intel-hda"), dev("hda-output", audiodev="a")), ("device", 1, "audiodev")),
    (device(dev("e1000", mac="zz")), ("device", 0, "mac")),
    (device(dev("loader", file=GONE)), ("device", 0, "file")),
    (device(dev("virtio-rng-pci", _json=True, nope=1)), ("device", 0, "nope")),
    # Objects
    (item("object", dev("nope", id="o")), ("object", 0, "type")),
    (item("object", dev("rng-random", id="9x")), ("object", 0, "id")),
    (item("object", dev("rng-random")), ("object", 0, "id")),
    (item("object", dev("rng-random", id="a"), dev("rng-builtin", id="a")), ("object", 1, "id")),
    (item("object", dev("rng-builtin", id="a", nope=1)), ("object", 0, "nope")),
    (item("object", dev("memory-backend-ram", id="a", size="lots")), ("object", 0, "size")),
    (item("object", dev("memory-backend-ram", id="a")), ("object", 0)),
    (
        item("object", {**dev("memory-backend-file", id="a", size="1M"), "mem-path": GONE}),
        ("object", 0, "mem-path"),
    ),
    (item("object", dev("secret", id="a", file=GONE)), ("object", 0, "file")),
    (
        item("object", dev("tls-creds-x509", id="a", dir="/nonexistent", endpoint="server")),
        ("object", 0, "dir"),
    ),
    (item("object", dev("filter-buffer", id="a", netdev="no", interval=1)),
     ("object", 0, "netdev")),
    # Networks
    (item("netdev", dev("nope", id="n")), ("netdev", 0, "type")),
    (item("netdev", dev("user")), ("netdev", 0, "id")),
    (item("netdev", dev("user", id="n"), dev("user", id="n")), ("netdev", 1, "id")),
    (item("netdev", dev("user", id="n", hostfwd=["x"])), ("netdev", 0, "hostfwd", 0)),
    (
        item("netdev", dev("user", id="n", hostfwd=["tcp:127.0.0.1:0-:22", "tcp::PORT-:22"])),
        ("netdev", 0, "hostfwd", 1),
    ),
    (item("netdev", dev("user", id="n", net="zz")), ("netdev", 0, "net")),
    (item("netdev", dev("user", id="n", dns="zz")), ("netdev", 0, "dns")),
    (item("netdev", dev("tap", id="n", fd="77")), ("netdev", 0, "fd")),
    (item("netdev", dev("socket", id="n", listen="127.0.0.1:PORT")), ("netdev", 0, "listen")),
    (item("netdev", dev("vhost-user", id="n", chardev="no")), ("netdev", 0, "chardev")),
    (
        item("object", dev("memory-backend-ram", id="a", size="1M"),
             dev("memory-backend-ram", id="b", size="0")),
        ("object", 1, "size"),
    ),
    # Char devices
    (item("chardev", dev("nope", id="c")), ("chardev", 0, "type")),
    (item("chardev", dev("null")), ("chardev", 0, "id")),
    (item("chardev", dev("null", id="c"), dev("null", id="c")), ("chardev", 1, "id")),
    (item("chardev", dev("null", id="c", nope=1)), ("chardev", 0, "nope")),
    (item("chardev", dev("file", id="c")), ("chardev", 0)),
    (item("chardev", dev("file", id="c", path=GONE)), ("chardev", 0, "path")),
    (item("chardev", dev("socket", id="c", path=GONE, server=True)), ("chardev", 0, "path")),
    (item("chardev", dev("socket", id="c", path=LONG, server=True)), ("chardev", 0, "path")),
    (
        item("chardev", dev("socket", id="c", host="127.0.0.1", port="PORT", server=True)),
        ("chardev", 0, "port"),
    ),
    (item("chardev", dev("socket", id="c", path=GONE, wait=True)), ("chardev", 0, "wait")),
    (item("chardev", dev("null", id="c", logfile=GONE)), ("chardev", 0, "logfile")),
    (item("chardev", dev("ringbuf", id="c", size="3")), ("chardev", 0, "size")),
    # Storage
    (item("blockdev", dev("nope", id="d")), ("blockdev", 0, "type")),
    (item("blockdev", dev("file", filename=IMAGE)), ("blockdev", 0, "id")),
    (item("blockdev", dev("file", id="d")), ("blockdev", 0)),
    (item("blockdev", dev("file", id="d", filename=GONE)), ("blockdev", 0, "filename")),
    (item("blockdev", dev("file", id="d", filename="FOLDER")), ("blockdev", 0, "filename")),
    (item("blockdev", dev("file", id="d", filename=IMAGE, nope=1)), ("blockdev", 0, "nope")),
    (item("blockdev", dev("file", id="d", filename=IMAGE, aio="native")), ("blockdev", 0, "aio")),
    (item("blockdev", dev("raw", id="d", file="f"), dev("null-co", id="f")),
     ("blockdev", 0, "file")),
    (item("blockdev", DISK, DISK), ("blockdev", 1, "id")),
    (
        item("blockdev", dev("qcow2", id="d", file={"driver": "file", "filename": GONE})),
        ("blockdev", 0, "file", "filename"),
    ),
    (item("drive", {"file": GONE}), ("drive", 0, "file")),
    (item("drive", {"file": IMAGE, "format": "nope"}), ("drive", 0, "format")),
    (item("drive", {"file": IMAGE, "format": "qcow2"}), ("drive", 0, "format")),
    (item("drive", {"file": IMAGE, "format": "raw", "if": "nope"}), ("drive", 0, "if")),
    (item("drive", {"file": IMAGE, "format": "raw", "if": "virtio"}), ("drive", 0, "if")),
    (item("drive", {"file": IMAGE, "format": "raw", "cache": "zz"}), ("drive", 0, "cache")),
    (item("drive", {"file": IMAGE, "format": "raw", "aio": "zz"}), ("drive", 0, "aio")),
    (
        PC | {"drive": [{"file": IMAGE, "format": "raw", "if": "ide", "index": 99}]},
        ("drive", 0, "index"),
    ),
    # Shares, audio, TPM
    (item("fsdev", dev("local", id="f", path="/")), ("fsdev", 0)),
    (item("fsdev", dev("nope", id="f")), ("fsdev", 0, "type")),
    (
        item("fsdev", dev("local", id="f", path="/", security_model="zz")),
        ("fsdev", 0, "security_model"),
    ),
    (item("audiodev", dev("nope", id="a")), ("audiodev", 0, "type")),
    (item("audiodev", dev("none")), ("audiodev", 0, "id")),
    (item("tpmdev", dev("emulator", id="t", chardev="nope")), ("tpmdev", 0, "chardev")),
    (item("tpmdev", dev("nope", id="t")), ("tpmdev", 0, "type")),
    (item("tpmdev", dev("passthrough", id="t", path=GONE)), ("tpmdev", 0, "path")),
    # Extra
    (extra("-nope"), ("extra", 3)),
    (extra("-serial"), ("extra", 3)),
    (extra("-serial", "zz"), ("extra", 4)),
    (extra("-m", "zz"), ("extra", 3)),
    (extra("-vga", "zz"), ("extra", 4)),
    (extra("-rtc", "base=zz"), ("extra", 4)),
    (extra("-pidfile", GONE), ("extra", 4)),
    (extra("-D", GONE), ("extra", 4)),
    (extra("-hda", GONE), ("extra", 4)),
    (extra("-msg", "timestamp=on", "-hda", GONE), ("extra", 6)),
    (
        extra("-msg", "timestamp=on") | {"device": one("nope")},
        ("device", 0, "type"),
    ),
    (extra("-mem-path", GONE), ("extra", 4)),
    (extra("-loadvm", "zz"), ("extra", 4)),
    (extra("-plugin", "/nonexistent/x.so"), ("extra", 4)),
    (extra("/nonexistent/disk.img"), ("extra", 3)),
    (extra("-mon", "chardev=nope"), ("extra", 4)),
]  # fmt: skip
