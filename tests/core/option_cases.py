"""Cases of the rules of options in `extra`, of disks, and of what devices need of a machine."""

from typing import Any

from qemutui.core.facts import Facts, FileFact
from tests.core.check_cases import MISSING, USER, Case, Data, Quiet, devices, found, item
from tests.core.offered_cases import V, case, machine, quiet


def extra(*words: str) -> Data:
    return {"extra": list(words)}


def wrong(option: str, value: str, message: str, rule: str = "bad-value") -> Case:
    return case(rule, extra(option, value), ("extra", 0), message)


def disk(name: str | None = None, **keys: Any) -> Data:
    """A drive of an image."""
    return item(None, name, file="d", format="raw", **keys)


SOCKET = item("socket", "c", path="c.sock", server=True, wait=False)
TWICE = found("image", "d", FileFact("file"))
ANOTHER = "Another disk has d already, and one of them writes."
READ_ONLY = item("null-co", "d", **{"read-only": True})
DIMM = item("pc-dimm", memdev="m")
MEMORY = item("memory-backend-ram", "m", size="64M")
ROOM: Data = {"memory": {"size": "128M", "maxmem": "1G", "slots": 1}}

CASES = [
    wrong("-display", "xyzzy", f"“xyzzy” is no display of QEMU {V[5:]}."),
    wrong("-display", "none,foo=1", "foo: The display none has no such key."),
    wrong("-display", "none,gl=maybe", "gl: This is on, off, core or es."),
    wrong("-display", "none,show-cursor=1", "show-cursor: This is on or off; QEMU reads no “1”."),
    wrong("-accel", "tcg,foo=1", f"foo: The accelerator tcg of QEMU {V[5:]} has no such key."),
    wrong("-accel", "tcg,thread=two", "thread: This is single or multi."),
    wrong("-vnc", ":1,foo=1", f"foo: -vnc of QEMU {V[5:]} has no such key."),
    wrong("-vga", "tcx", "A PC has no card “tcx”."),
    wrong("-sandbox", "on,spawn=no", "spawn: QEMU takes no “no” here."),
    wrong("-smbios", "vendor=x", "-smbios needs a type or a file."),
    wrong("-smbios", "type=x", "type: This is a whole number, not “x”."),
    wrong("-smbios", "type=99", f"type: QEMU {V[5:]} builds no table of this type."),
    wrong("-smbios", "type=11,foo=1", "foo: This type of -smbios has no such key."),
    wrong("-smbios", "type=4,max-speed=70000", "max-speed: This is a whole number to 65535."),
    wrong("-acpitable", "data=x,foo=1", "foo: -acpitable has no such key."),
    wrong("-acpitable", "sig=TEST", "-acpitable needs data or a file."),
    wrong("-virtfs", "local,path=.,mount_tag=x", "security_model: local needs a security_model."),
    wrong("-fw_cfg", f"{'x' * 56},string=a", "A name has at most 55 bytes."),
    case("bad-value", extra("-fw_cfg", "a,string=a", "-fw_cfg", "a,string=b"), ("extra", 2),
         "Another -fw_cfg has this name."),
    wrong("-add-fd", "set=1", "-add-fd needs an fd, a number from 3 on."),
    wrong("-add-fd", "fd=1,set=1", "0, 1 and 2 are standard input and output."),
    wrong("-add-fd", "fd=99,set=1", "No file is passed as 99; there are none."),
    wrong("-icount", "rr=record", "rr needs an rrfile."),
    wrong("-icount", "align=on", "align needs a shift."),
    wrong("-icount", "1,align=on,sleep=off", "align=on and sleep=off exclude each other."),
    wrong("-icount", "11", "A shift is 0 to 10, or auto."),
    wrong("-seed", "abc", "A seed is a number."),
    wrong("-d", "in_asm,foo", "There is nothing to log called “foo”."),
    wrong("-nic", "user,foo=1", "foo: QEMU 7.2.22 refuses this: it has no such property."),
    wrong("-nic", "user,mac=x", "mac: A MAC is six bytes: 52:54:00:12:34:56."),
    wrong("-net", "nic,vlan=1", "-net nic has no “vlan”."),
    wrong("-serial", "tcp::4444,server=on,wait=off,foo=1",
          "foo: QEMU 7.2.22 refuses this: it has no such property."),
    Case("dangling-reference", extra("-serial", "chardev:nope"), ("extra", 0),
         "No chardev has the id nope."),
    Case("dangling-reference", extra("-mon", "nope") | {"chardev": [SOCKET | {"id": "nope",
         "_off": True}]}, ("extra", 0), "nope is switched off."),
    Case("file", extra("-serial", "file:a/b"), ("extra", 1), "The folder of a/b is not there.",
         facts=found("create", "a/b", FileFact("missing", in_folder=False))),
    Case("file", extra("-acpitable", "data=a:b"), ("extra", 1), "b is not there.",
         facts=found("read", "b", MISSING)),
    Case("file", {"drive": [item(file="fat:rw:b")]}, ("drive", 0, "file"), "b is not there.",
         facts=found("folder", "b", MISSING)),
    Case("no-listener", extra("-serial", "tcp:127.0.0.1:1"), ("extra", 1),
         "Nobody listens on port 1.", facts=Facts(listeners=())),
    Case("image-in-use", {"drive": [disk(), disk(**{"if": "virtio"})]}, ("drive", 1, "file"),
         ANOTHER, facts=TWICE),
    Case("read-only", {"drive": [disk(readonly=True)]}, ("drive", 0, "readonly"),
         "A disk of IDE is not read-only.", "switches it off"),
    Case("read-only", devices(item("ide-hd", drive="d"), blockdev=[READ_ONLY]),
         ("device", 0, "drive"), "d is read-only, a disk of IDE is not."),
    Case("used-twice", devices(item("virtio-blk-pci", drive="d"), drive=[disk("d")]),
         ("device", 0, "drive"), "d is another disk's already."),
    Case("empty-drive", devices(item("virtio-blk-pci", drive="d"),
                                drive=[item(None, "d", **{"if": "none"})]),
         ("drive", 0, "file"), "This drive needs a file."),
    Case("bad-value", {"drive": [disk(aio="native")]}, ("drive", 0, "aio"),
         "aio=native needs cache=none.", "makes it none"),
    Case("bad-value", {"blockdev": [item("file", "f", filename="d", aio="native")]},
         ("blockdev", 0, "aio"), "aio=native needs cache.direct."),
    Case("bad-value", {"drive": [disk(iops=5, iops_rd=3)]}, ("drive", 0, "iops"),
         "A rate of all excludes those of reads and of writes.", "unsets it"),
    Case("bad-value", {"drive": [disk(bps=5, bps_max=3)]}, ("drive", 0, "bps_max"),
         "A burst is not lower than the rate."),
    Case("bad-value", {"drive": [disk(**{"if": "floppy"}, werror="stop")]},
         ("drive", 0, "werror"), "A drive with if=floppy has no werror.", "unsets it"),
    Case("bad-value", {"object": [item("throttle-group", "t", **{"x-bps-read-max": 3})]},
         ("object", 0, "x-bps-read-max"), "x-bps-read-max needs x-bps-read."),
    case("bad-value", {"drive": [disk() | {"format": True}]}, ("drive", 0, "format"),
         f"QEMU {V[5:]} has no format “on”."),
    case("bad-value", {"drive": [item(**{"file.driver": "RAW", "file.filename": "d"})]},
         ("drive", 0, "file.driver"), f"QEMU {V[5:]} has no driver “RAW”."),
    case("bad-value", {"drive": [item(file="foo:bar")]}, ("drive", 0, "file"),
         f"QEMU {V[5:]} has no protocol “foo”."),
    case("bad-value", {"blockdev": [item("quorum", "q", **{"vote-threshold": 2,
                                         "children.0.driver": "null-co"})]},
         ("blockdev", 0, "vote-threshold"), "There are 1 votes; this is 1 to 1."),
    case("bad-value", {"blockdev": [item("null-co", "n", cache={"direct": "maybe"})]},
         ("blockdev", 0, "cache", "direct"), "This is on or off; QEMU reads no “maybe”."),
    case("bad-value", {"blockdev": [item("vvfat", "n", dir=".", **{"fat-type": 7})]},
         ("blockdev", 0, "fat-type"), "This is 12, 16 or 32."),
    Case("dangling-reference", {"blockdev": [item("raw", "r", file=7)]}, ("blockdev", 0, "file"),
         "No blockdev has this id.", "creates id0"),
    Case("bad-value", {"netdev": [USER | {"dns": "10.0.2.2"}]}, ("netdev", 0, "dns"),
         "The name server is not the host."),
    Case("bad-value", {"netdev": [USER | {"dhcpstart": "1.2.3.4"}]}, ("netdev", 0, "dhcpstart"),
         "This is not in 10.0.2.0/24."),
    Case("bad-value", {"netdev": [item("socket", "s", listen=5000)]}, ("netdev", 0, "listen"),
         "An address is HOST:PORT."),
    Case("bad-value", {"netdev": [item("socket", "s", listen=":0", connect=":1")]},
         ("netdev", 0, "connect"), "With listen, socket has no connect."),
    Case("bad-value", {"netdev": [item("socket", "s", udp="127.0.0.1:1")]},
         ("netdev", 0, "localaddr"), "udp needs a localaddr."),
    Case("bad-value", {"object": [item("cryptodev-backend-builtin", "c", queues=2)]},
         ("object", 0, "queues"), "This backend has one queue."),
    Case("dangling-reference", machine(memory__backend="pc.ram"), ("machine", "memory-backend"),
         "No memory-backend object has this id.", "creates it"),
    Case("wrong-kind", devices(item("vhost-user-blk-pci", chardev="c"),
                               chardev=[item("null", "c")]),
         ("device", 0, "chardev"), "c is a null; a socket belongs here."),
    Case("bad-value", {"chardev": [item("spicevmc", "s", name="x")]}, ("chardev", 0, "name"),
         "This is vdagent, smartcard or usbredir."),
    case("bad-value", devices(item("virtio-rng-pci", failover_pair_id="x")),
         ("device", 0, "failover_pair_id"), "Only a network card can be the other half of one."),
    case("missing-key", devices(item("virtio-9p-pci", fsdev="f"),
                                fsdev=[item("local", "f", path=".", security_model="none")]),
         ("device", 0, "mount_tag"), "virtio-9p-pci needs a mount_tag."),
    case("missing-key", devices(item("loader", addr=256)), ("device", 0, "cpu-num"),
         "An address alone needs a cpu-num."),
    case("missing-key", devices(item("loader", addr=256, data=1)), ("device", 0, "data-len"),
         "data and data-len go together."),
    case("missing-key",
         devices(item("ctucan_pci", canbus1="c"), object=[item("can-bus", "c")]),
         ("device", 0, "canbus0"),
         "ctucan_pci needs a canbus0."),
    case("missing-key", devices(item("vmmouse")), ("device", 0, "type"),
         "Only the machine itself makes a vmmouse; -device cannot."),
    Case("one-of-a-kind", devices(item("vmgenid"), item("vmgenid")), ("device", 1, "type"),
         "A machine has one vmgenid at most."),
    case("duplicate-id", {"object": [item("iothread", "pc.ram")]}, ("object", 0, "id"),
         "pc.ram is the name of the machine's own memory."),
    case("memory-limits", devices(DIMM, object=[MEMORY]), ("device", 0, "type"),
         "Memory as a device needs a maxmem over the size."),
    case("memory-limits", ROOM | devices(DIMM, DIMM | {"memdev": "n"},
                                         object=[MEMORY, MEMORY | {"id": "n"}]),
         ("device", 1, "type"), "The memory has 1 slots for DIMMs."),
    case("memory-limits", ROOM | devices(item("nvdimm", memdev="m"), object=[MEMORY]),
         ("device", 0, "type"), "An nvdimm needs the machine's nvdimm=on.", "switches nvdimm on"),
    Case("memory-limits", {"object": [item("memory-backend-ram", "m", size="200G")]},
         ("object", 0, "size"), "“200G” is more than this computer's 8.0 GiB.",
         facts=Facts(most_memory=8 << 30)),
]  # fmt: skip

QUIET = [
    quiet("bad-value", {"smp": {"cpus": 4_294_967_298}}),
    quiet("bad-value", extra("-m", "", "-smp", "")),
    quiet("bad-value", extra(
        "-vnc", "none", "-sandbox", "on,obsolete=allow,elevateprivileges=children", "-compat",
        "deprecated-input=accept", "-icount", "shift=auto,align=on", "-seed", "07",
        "-smbios", "type=8,port_type=5", "-smbios", "type=4,processor-id=5",
        "-fw_cfg", "opt/a,string=b", "-fw_cfg", "name=opt/b,string=c", "-d", "int,trace:foo*")),
    quiet("bad-value", extra(
        "-nic", "user,dnssearch=a,dnssearch=b,model=virtio,mac=52:54:0:12:34:56",
        "-net", "user,net=10.9.0.0/24,host=10.9.0.1,dns=10.9.0.2",
        "-net", "nic,model=e1000,vectors=2", "-serial", "mon:unix:m,server,nowait",
        "-gdb", "tcp::0", "-parallel", "telnet:127.0.0.1:0,server,nowait,nodelay",
        "-virtfs", "local,path=.,mount_tag=x,security_model=none,fmode=0644")),
    quiet("stdio", extra("-nodefaults", "-nographic", "-nographic", "-serial", "stdio")),
    quiet("bad-value", {"audiodev": [item("wav", "a", path=99_999_999_999)]}),
    quiet("busy-slot", devices(item("qemu-xhci", "x", p2=99), item("usb-kbd", bus="x.0", port=15))
          | machine(type="q35")),
    quiet("dangling-reference", extra("-serial", "chardev:c", "-mon", "chardev=d")
          | {"chardev": [item("null", "c"), item("null", "d")]}),
    Quiet("image-in-use", {"drive": [disk(), disk(**{"if": "none"})]}, TWICE),
    Quiet("image-in-use", extra("-incoming", "defer") | {"drive": [disk(), disk()]}, TWICE),
    Quiet("image-in-use", {"drive": [disk(media="cdrom"), disk(media="cdrom")]}, TWICE),
    quiet("read-only", {"drive": [item(file="/dev/null", readonly=True, format="raw",
                                       **{"if": "virtio"}),
                                  item(driver="null-co", readonly=True, media="cdrom")]}),
    quiet("bad-value", {"object": [item("throttle-group", "t", **{"x-bps-read": 3,
                                        "x-bps-read-max": 3, "x-bps-read-max-length": 2})]}),
    quiet("missing-key", devices({"type": "loader", "addr": 256, "data": 1, "data-len": 4},
                                 {"type": "loader", "addr": 256, "cpu-num": 0})),
    quiet("memory-limits", ROOM | machine(nvdimm=True)
          | devices(item("nvdimm", memdev="m"), object=[MEMORY])),
    quiet("duplicate-id", machine(memory__backend="pc.ram")
          | {"object": [item("memory-backend-ram", "pc.ram", size="128M")]}),
    Quiet("memory-limits", {"object": [item("memory-backend-ram", "m", size="200G",
                                            reserve=False)]}, Facts(most_memory=8 << 30)),
    Quiet("file", extra("-serial", "file:a"), found("create", "a", FileFact("missing"))),
    Quiet("no-listener", extra("-gdb", "tcp:127.0.0.1:1"), Facts(listeners=())),
]  # fmt: skip
