"""Cases of the rules that know limits beyond types and ranges, and what options of `extra` say."""

from typing import Any

from qemutui.core.facts import Facts, FileFact
from tests.core.check_cases import Case, Data, Quiet, devices, found, item
from tests.core.offered_cases import GROWS, MEMORY, NODE, case, cpu, machine, quiet

SHARE: Data = {"path": "/", "security_model": "none"}
BALLOON = '[device "b"]\n  driver = "virtio-balloon-pci"\n'
CONFIG = Facts(configs={"b.cfg": BALLOON})
IN_USE = FileFact("file", image="", user=7, lock="written")


def numa(*nodes: str, **more: Any) -> Data:
    return {"extra": [word for node in nodes for word in ("-numa", node)], **more}


def memory_device(kind: str, size: str, **keys: Any) -> Data:
    memory = {"object": [item("memory-backend-ram", "m", size=size)]}
    return (
        devices(item(kind, memdev="m", **keys)) | memory | GROWS | machine(type="pc", nvdimm=True)
    )


def block(kind: str = "virtio-blk-pci", **keys: Any) -> Data:
    return devices(item(kind, drive="n", **keys), blockdev=[NODE])


CASES = [
    Case("one-of-a-kind", {"extra": ["-readconfig", "b.cfg", "-device", "virtio-balloon-pci"]},
         ("extra", 2), "A machine has one balloon at most.", facts=CONFIG),
    Case("dangling-reference", {"extra": ["-set", "device.d.addr=3"]}, ("extra", 0),
         "There is no device “d” to set."),
    case("dangling-reference", {"object": [MEMORY], "extra": ["-set", "object.m.size=1M"]},
         ("extra", 0), "-set cannot set object."),
    *(
        Case("bad-value", {"extra": list(words)}, ("extra", 0), message)
        for words, message in (
            (("-vnc", "1"), "“1” names no display; none or HOST:NUMBER does."),
            (("-fw_cfg", "opt/x"), "-fw_cfg needs a name, and a file or a string."),
        )
    ),
    *(
        Case("bad-value", numa(*nodes), ("extra", 2 * len(nodes) - 2), message)
        for nodes, message in (
            (("node,nodeid=x",), "nodeid: no number is “x”."),
            (("node,nodeid=128",), "nodeid: nodes are 0 to 127."),
            (("node,nodeid=0", "node,nodeid=0"), "nodeid: 0 is another node already."),
            (("node,memdev=m",), "memdev: no memory-backend object is “m”."),
        )
    ),
    Case("memory-limits", numa("node,memdev=m", memory={"size": "64M"}, object=[MEMORY]),
         ("extra", 0), "The nodes have not as much memory as the machine."),
    *(
        Case("bad-value", {"fsdev": [item("local", "f", **SHARE, **keys)]}, ("fsdev", 0, key),
             message)
        for keys, key, message in (
            ({"dmode": 1}, "dmode", "dmode is only for the mapped models."),
            ({"throttling.bps-read": -1}, "throttling.bps-read", "This is 0 to 10^15."),
            ({"throttling.bps-read-max": 1}, "throttling.bps-read-max",
             "bps-read-max needs bps-read."),
            ({"throttling.bps-read": 2, "throttling.bps-read-max": 1}, "throttling.bps-read-max",
             "This is less than bps-read."),
            ({"throttling.bps-read-max-length": 2}, "throttling.bps-read-max-length",
             "This needs bps-read-max."),
            ({"throttling.bps-read-max-length": 0}, "throttling.bps-read-max-length",
             "This is 1 or more."),
        )
    ),
    Case("missing-key", {"netdev": [item("dgram", "n")]}, ("netdev", 0, "local"),
         "dgram needs a local address."),
    Case("bad-value", {"netdev": [item("user", "n", net="a")]}, ("netdev", 0, "net"),
         "This is no IPv4 network."),
    Case("bad-value", {"netdev": [item("user", "n", **{"ipv6-host": "zz"})]},
         ("netdev", 0, "ipv6-host"), "This is no IPv6 address."),
    Case("bad-value", {"netdev": [item("user", "n", guestfwd="tcp:10.0.2.100:80")]},
         ("netdev", 0, "guestfwd"), "A rule is tcp:SERVER:PORT-DEVICE."),
    Case("bad-value", {"object": [item("memory-backend-memfd", "m", size=1000)]},
         ("object", 0, "size"), "This needs whole pages of 4 KiB."),
    Case("duplicate-id", {"extra": ["-chardev", "null,id=c", "-chardev", "null,id=c"]},
         ("extra", 2), "Something else in Extra has the id “c”."),
    Case("file", devices(item("virtio-gpu-pci", blob=True)), ("device", 0, "blob"),
         "/dev/udmabuf is not there.", facts=found("update", "/dev/udmabuf", FileFact("missing"))),
    Case("missing-id", {"extra": ["-chardev", "null"]}, ("extra", 0), "-chardev needs an id."),
    Case("file", {"blockdev": [item("file", "n", filename="/dev/null")]},
         ("blockdev", 0, "filename"), "/dev/null is a device; its driver is host_device.",
         facts=found("image", "/dev/null", FileFact("device"))),
    Case("file", {"extra": ["-readconfig", "c"]}, ("extra", 1), "c is not there.",
         facts=found("read", "c", FileFact("missing"))),
    Case("memory", {"memory": {"size": "2G"}}, ("memory", "size"),
         "This computer has 1.0 GiB in all.", facts=Facts(free_memory=9, most_memory=1 << 30)),
    Case("image-in-use", {"drive": [item(file="d", format="raw")], "extra": ["-snapshot"]},
         ("drive", 0, "file"), "d is in use by pid 7.", facts=found("image", "d", IN_USE)),
    Case("image-in-use", devices(item("virtio-blk-pci", drive="x"),
                                 drive=[item(None, "x", file="d", format="raw", **{"if": "none"})]),
         ("drive", 0, "file"), "d is in use by pid 7.", facts=found("image", "d", IN_USE)),
    case("bad-value", machine(nvdimm__persistence=True), ("machine", "nvdimm-persistence"),
         "This is cpu or mem-ctrl."),
    case("bad-value", {"extra": ["-usbdevice", "disk"]}, ("extra", 0),
         "-usbdevice takes no “disk”."),
    case("bad-value", {"extra": ["-sandbox", "maybe"]}, ("extra", 0),
         "The first word of -sandbox is on or off."),
    case("bad-value", {"extra": ["-nic", "user,model=zz"]}, ("extra", 0),
         "QEMU 7.2.22 has no network card “zz”."),
    case("bad-value", {"extra": ["-spice", "port=1"]}, ("extra", 0),
         "QEMU's module for -spice is not installed.")._replace(catalog="10.0"),
    case("bad-value", {"extra": ["-overcommit", "mem-lock=maybe"]}, ("extra", 0),
         "mem-lock: QEMU takes no “maybe” here.")._replace(catalog="10.0"),
    case("bad-value", {"netdev": [item("stream", "n", server=True, reconnect=1, **{
        "addr.type": "unix", "addr.path": "s"})]}, ("netdev", 0, "reconnect"),
         "A server does not reconnect.", "unsets it")._replace(catalog="10.0"),
    case("unknown-property", {"drive": [item(None, None, file="/dev/null", format="raw",
                                             **{"if": "none", "throttling.iops_read": 1})]},
         ("drive", 0, "throttling.iops_read"),
         "QEMU 7.2.22 refuses this: it has no such property.", "makes it throttling.iops-read"),
    case("drive-place", {"drive": [item(driver="null-co", readonly=True)]},
         ("drive", 0, "readonly"), "A disk of IDE cannot be read-only.", "makes it a CD drive"),
    case("drive-place", {"drive": [item(driver="null-co", index=2, **{"if": "pflash"})]},
         ("drive", 0, "index"), "A PC takes two of flash, index 0 and 1."),
    *(
        case("bad-value", block(kind, **keys), ("device", 0, next(reversed(keys))), message, fix)
        for kind, keys, message, fix in (
            ("virtio-blk-pci", {"min_io_size": 16},
             "This is a multiple of logical_block_size, 512.", None),
            ("virtio-blk-pci", {"logical_block_size": 4096, "physical_block_size": 512},
             "This is less than logical_block_size.", "makes it 4096"),
            ("ide-hd", {"discard_granularity": 1024}, "This is 512 for IDE.", None),
        )
    ),
    case("bad-value", {"blockdev": [item("blkdebug", "b", image={"driver": "null-co"},
                                         **{"max-transfer": 1 << 31})]},
         ("blockdev", 0, "max-transfer"), "This has 32 bits."),
    case("bad-value", {"blockdev": [item("qcow2", "q", file="n", **{"l2-cache-size": -1})]},
         ("blockdev", 0, "l2-cache-size"), "This is 0 or more."),
    case("bad-value", devices(item("bochs-display", vgamem="1M")), ("device", 0, "vgamem"),
         "This is 4 to 256 MiB."),
    case("bad-value", {**devices(item("usb-kbd", usb_version=3)), **machine(usb=True)},
         ("device", 0, "usb_version"), "This is 1 or 2."),
    case("bad-value", devices(item("vfio-pci-igd-lpc-bridge", addr="10")), ("device", 0, "addr"),
         "This bridge is at 1f.0.", "makes it 1f.0"),
    case("bad-value", {"object": [MEMORY], **devices(
        item("acpi-erst", memdev="m", record_size=2))}, ("device", 0, "record_size"),
         "This is a power of two from 4096."),
    case("missing-key", devices(item("virtio-9p-pci", fsdev="f"),
                                fsdev=[item("local", "f", **SHARE)]),
         ("device", 0, "mount_tag"), "virtio-9p-pci needs a mount_tag."),
    case("missing-key", {"object": [item("can-bus", "c")], **devices(
        item("ctucan_pci", canbus0="c"))}, ("device", 0, "canbus1"),
         "ctucan_pci needs a canbus1."),
    case("missing-key", devices(item("nvme-subsys", fdp=True)), ("device", 0, "fdp.nruh"),
         "fdp needs fdp.nruh.")._replace(catalog="10.0"),
    *(
        case("bad-value", {"object": [MEMORY], **GROWS, **devices(
            item("virtio-mem-pci", memdev="m", **keys))}, ("device", 0, path), message)
        for keys, path, message in (
            ({"block-size": "3M"}, "block-size", "This is a power of two from 1 MiB."),
            ({"block-size": "4M", "requested-size": "2M"}, "requested-size",
             "This needs whole blocks of block-size."),
        )
    ),
    case("bad-value", {**machine(type="pc-i440fx-2.6"), **devices(
        item("virtio-rng-pci", disable__legacy=True))}, ("device", 0, "disable-legacy"),
         "On pc-i440fx-2.6 it is not modern unless told.", "switches modern on"),
    case("no-bus", {**machine(type="q35"), **devices(item("pxb-cxl", bus_nr=9))},
         ("device", 0, "type"), "pxb-cxl needs a machine with cxl.", "switches cxl on"),
    case("no-bus", {**machine(type="q35"), **cpu(model="486"), **devices(item("ioh3420"))},
         ("device", 0, "type"), "ioh3420 needs a processor with an APIC."),
    case("one-of-a-kind", {**machine(type="q35"), **devices(
        item("virtio-iommu-pci"), item("intel-iommu"))}, ("device", 1, "type"),
         "A PC has one IOMMU at most."),
    case("one-of-a-kind", devices(item("ipmi-bmc-sim", "a"), item("ipmi-bmc-sim", "b")),
         ("device", 1, "type"), "A machine has one ipmi-bmc-sim at most.")._replace(catalog="10.0"),
    case("wrong-kind", devices(item("virtio-rng-pci", "r"), item("isa-ipmi-kcs", bmc="r")),
         ("device", 1, "bmc"), "r is a device, not an ipmi-bmc."),
    case("used-twice", devices(*[item("virtio-blk", drive="n")] * 2, blockdev=[NODE]),
         ("device", 1, "drive"), "n is another disk's already."),
    case("memory-limits", memory_device("pc-dimm", "3M"), ("object", 0, "size"),
         "As a DIMM this needs whole blocks of 2 MiB."),
    case("memory-limits", memory_device("nvdimm", "2M", label__size="128K"), ("object", 0, "size"),
         "As an NVDIMM this needs 2 MiB beside its labels."),
    case("memory-limits", memory_device("pc-dimm", "2M", addr=1), ("device", 0, "addr"),
         "This is a multiple of 2048 KiB."),
    case("memory-limits", memory_device("pc-dimm", "2M", addr="0x200000"), ("device", 0, "addr"),
         "Such memory is above 4 GiB."),
]  # fmt: skip

QUIET = [
    Quiet("one-of-a-kind", {"extra": ["-readconfig", "b.cfg"]}, CONFIG),
    Quiet("file", {"blockdev": [item("host_device", "n", filename="/dev/null")]},
          found("disk device", "/dev/null", FileFact("device"))),
    Quiet("memory", {"memory": {"size": "2G"}, "extra": ["-mem-path", "/dev/hugepages"]},
          Facts(free_memory=4 << 30, most_memory=1 << 30)),
    Quiet("image-in-use", {"drive": [item(file="d", format="raw", snapshot=True)]},
          found("image", "d", FileFact("file", image="", user=7, lock="guarded"))),
    quiet("duplicate-id", {"extra": ["-chardev", "null,id=c", "-object", "rng-builtin,id=c",
                                     "-audiodev", "none,id=c", "-audiodev", "none,id=c"]}),
    quiet("missing-key", {"object": [item("can-bus", "c"), MEMORY], **GROWS, **devices(
        item("ctucan_pci", canbus0="c", canbus1="c"), item("nvme-subsys"),
        item("virtio-mem-pci", memdev="m", **{"block-size": "2M", "requested-size": "4M"}))}),
    quiet("switch", {**machine(usb="maybe", graphics="maybe"), "extra": ["-usb", "-nographic"]}),
    quiet("bad-value", {"extra": ["-vnc", "none", "-usbdevice", "mouse", "-fw_cfg",
                                  "opt/x,string=y", "-sandbox", "off", "-nic", "user,model=virtio",
                                  "-overcommit", "mem-lock=off"]}),
    quiet("bad-value", numa("node,memdev=m", "node,nodeid=1", memory={"size": "16M"},
                            object=[MEMORY])),
    quiet("bad-value", {
        "fsdev": [item("local", "f", path="/", security_model="mapped-file", dmode=1, **{
            "throttling.bps-read": 1, "throttling.bps-read-max": 2,
            "throttling.bps-read-max-length": 2})],
        "netdev": [item("user", "n", net="10.0/8", guestfwd=":10.0.0.100:80-null",
                        **{"ipv6-host": "fec0::9"}),
                   item("stream", "s", server=True, **{"addr.type": "unix", "addr.path": "s"})],
    }),
    quiet("bad-value", {**block(min_io_size=4096, logical_block_size=4096,
                                physical_block_size=4096, discard_granularity=0xFFFFFFFF),
                        **machine(type="pc", nvdimm__persistence="cpu")}),
    quiet("bad-value", {
        **devices(item("bochs-display", vgamem="4M"), item("usb-kbd", usb_version=1),
                  item("vfio-pci-igd-lpc-bridge", addr="0x1f"),
                  item("virtio-rng-pci", disable__legacy=True, disable__modern=False),
                  item("acpi-erst", memdev="m", record_size=4096)),
        **machine(type="pc-i440fx-2.6", usb=True), "object": [MEMORY],
        "blockdev": [item("blkdebug", "b", image={"driver": "null-co"}, **{"max-transfer": 512})],
    }),
    quiet("no-bus", {**machine(type="q35", cxl=True), **devices(item("pxb-cxl", bus_nr=9))}),
    quiet("no-bus", {**machine(type="q35"), **cpu(model="486"), "smp": {"cpus": 2},
                     **devices(item("ioh3420"))}),
    quiet("drive-place", {"drive": [item(driver="null-co", readonly=True, media="cdrom"),
                                    item(driver="null-co", readonly=True, **{"if": "virtio"})]}),
    quiet("one-of-a-kind", devices(item("ipmi-bmc-sim", "a"), item("ipmi-bmc-sim", "b"))),
    quiet("memory-limits", memory_device("pc-dimm", "2M", addr="0x100000000")),
    quiet("memory-limits", {**memory_device("pc-dimm", "3M"), **machine(type="pc-i440fx-2.1")}),
]  # fmt: skip
