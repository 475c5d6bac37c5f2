"""Mistakes in values: types, ranges, sizes, enums, switches, JSON, addresses."""

from typing import Any

from tests.agreement.draft import items, properties
from tests.agreement.mutation import Subject, kind
from tests.agreement.values import typo, wrong


def _wrong_value(s: Subject, kinds: tuple[str, ...], *groups: str) -> Any:
    """Gives a property of one of these kinds a wrong value: one that is set, or any."""
    found = []
    for group, item in items(s.data, groups):
        for name, known in properties(s.catalog, group, item).items():
            if known.kind in kinds and not name.startswith("x-"):
                found.extend([(item, known)] * (5 if name in item else 1))
    if not found:
        return False
    item, known = s.chance.choice(found)
    item[known.name] = wrong(known, s.chance)
    return True


@kind("boolean of a device")
def device_bool(s: Subject) -> Any:
    return _wrong_value(s, ("bool",), "device")


@kind("on, off or auto of a device")
def device_auto(s: Subject) -> Any:
    return _wrong_value(s, ("auto",), "device")


@kind("number of a device")
def device_int(s: Subject) -> Any:
    return _wrong_value(s, ("int",), "device")


@kind("size of a device")
def device_size(s: Subject) -> Any:
    return _wrong_value(s, ("size",), "device")


@kind("enum of a device")
def device_enum(s: Subject) -> Any:
    return _wrong_value(s, ("enum",), "device")


@kind("boolean of a backend or object")
def backend_bool(s: Subject) -> Any:
    return _wrong_value(s, ("bool",), "object", "netdev", "chardev", "fsdev", "audiodev")


@kind("number or size of a backend or object")
def backend_int(s: Subject) -> Any:
    return _wrong_value(s, ("int", "size"), "object", "netdev", "chardev", "fsdev", "audiodev")


@kind("enum of a backend or object")
def backend_enum(s: Subject) -> Any:
    return _wrong_value(s, ("enum", "auto"), "object", "netdev", "chardev", "fsdev", "audiodev")


@kind("value of a disk")
def disk_value(s: Subject) -> Any:
    return _wrong_value(s, ("bool", "int", "size", "enum"), "blockdev", "drive")


@kind("word of a drive")
def drive_word(s: Subject) -> Any:
    picked = s.item("drive")
    if picked is None:
        return False
    key, word = s.chance.choice(
        [("if", "sata"), ("if", "nvme"), ("if", "scsi"), ("if", "xen"), ("if", "usb"),
        ("media", "dvd"),
         ("cache", "fast"), ("aio", "async"), ("discard", "yes"), ("werror", "panic"),
         ("format", "qcow3"), ("detect-zeroes", "yes"), ("index", "first"), ("index", 99),
         ("unit", 7), ("bus", 9), ("rerror", "enospc"), ("format", "vmdk"), ("if", "sd"),
         ("cache", "none"), ("aio", "io_uring"), ("copy-on-read", "maybe"), ("snapshot", "1")]
    )  # fmt: skip
    picked[1][key] = word
    return True


@kind("value of machine")
def machine_value(s: Subject) -> Any:
    key, value = s.chance.choice(
        [("usb", "maybe"), ("smm", "yes"), ("smm", "maybe"), ("acpi", "1"), ("hpet", "auto"),
         ("vmport", "true"), ("max-ram-below-4g", "lots"), ("max-ram-below-4g", "8G"),
         ("nvdimm", 1), ("dump-guest-core", "no way"), ("graphics", "maybe"), ("pit", "On"),
         ("memory-backend", ""), ("kernel-irqchip", "off"), ("kernel-irqchip", "split"),
         ("pflash0", "nothing"), ("x-oem-id", "TOOLONG"), ("mem-merge", "yes"), ("sata", 0),
         ("hmat", "on"), ("smbios-entry-point-type", "128"), ("smbios-entry-point-type", "64"),
         ("max-fw-size", "1G"), ("cxl", "on"), ("vmport", "on")]
    )  # fmt: skip
    s.data.setdefault("machine", {})[key] = value


@kind("memory size")
def memory(s: Subject) -> Any:
    table = s.data.setdefault("memory", {})
    changes: list[dict[str, Any]] = [
        {"size": "lots"}, {"size": "1GB"}, {"size": "-1"}, {"size": "0"}, {"size": ""},
        {"size": "1.5"}, {"size": "1 G"}, {"size": "1MiB"}, {"size": "100T"}, {"size": "1.5.2G"},
        {"size": "0.5M"}, {"slots": "many", "maxmem": "4G"}, {"slots": 300, "maxmem": "4G"},
        {"slots": 2}, {"maxmem": "1M"}, {"maxmem": "4G"}, {"slots": 0, "maxmem": "4G"},
        {"slots": -1, "maxmem": "4G"}, {"size": "64M", "slots": 2, "maxmem": "64M"},
        {"maxmem": "big", "slots": 1}, {"size": "96m"}, {"size": "0x40000000"}, {"size": "1e3"},
        {"size": 1}, {"size": "64M", "slots": 1, "maxmem": "8P"},
        {"size": "64M", "slots": "0x2", "maxmem": "1025M"},
        {"size": "64M", "maxmem": "2G", "slots": 257}, {"size": "999999999999999999999"},
        {"size": "64M", "slots": 1.5, "maxmem": "2G"},
    ]  # fmt: skip
    table.update(s.chance.choice(changes))


@kind("topology")
def topology(s: Subject) -> Any:
    s.data["smp"] = s.chance.choice(
        [{"cpus": 0}, {"cpus": -1}, {"cpus": "two"}, {"cpus": 3, "cores": 2},
        {"cpus": 4, "maxcpus": 2},
         {"cpus": 6, "sockets": 2, "cores": 2, "threads": 2}, {"cpus": 2, "threads": 0},
         {"cpus": 2.5}, {"cpus": 4, "sockets": 3}, {"cpus": 4, "clusters": 2},
         {"cpus": 4, "dies": 2, "cores": 3}, {"cpus": "", "cores": 2}, {"cores": "x"},
         {"cpus": 1, "maxcpus": 1, "sockets": 2}, {"cpus": 2, "maxcpus": "all"},
         {"cpus": 4, "cores": 4, "sockets": 1, "threads": 1},
         {"cpus": 8, "cores": 2, "threads": 2}, {"cpus": "1K"},
         {"cpus": 5, "maxcpus": 8, "cores": 3},
         {"sockets": 1, "cores": 1, "threads": 1, "cpus": 2}, {"cpus": "0x2"},
         {"cpus": "4", "dies": 0}]
    )  # fmt: skip


@kind("too many processors")
def processors(s: Subject) -> Any:
    s.data["smp"] = s.chance.choice(
        [{"cpus": 300}, {"cpus": 256}, {"cpus": 2, "maxcpus": 256}, {"cpus": 1024}, {"cpus": 5000},
         {"cpus": 2, "maxcpus": 4096}, {"cpus": 289}, {"cpus": 2, "sockets": 64, "cores": 64},
         {"cpus": 2, "maxcpus": 288}, {"cpus": 2}, {"cpus": 255}, {"cpus": 99999999999},
         {"cpus": 1, "maxcpus": 255}]
    )  # fmt: skip


@kind("boot value")
def boot(s: Subject) -> Any:
    s.data.setdefault("boot", {}).update(
        s.chance.choice(
            [{"order": "z"}, {"order": "cc"}, {"order": "disk"}, {"order": "hd0"},
            {"menu": "maybe"},
             {"once": "q"}, {"splash-time": "long"}, {"reboot-timeout": "x"}, {"strict": "1"},
             {"append": "quiet"}, {"initrd": "initrd"}, {"order": "C"}, {"splash-time": 100000},
             {"splash-time": -1}, {"splash": "nothing.bmp"}, {"order": "cdn", "once": "dd"},
             {"order": "adc"}, {"order": ""}, {"menu": ""}, {"reboot-timeout": 70000}]
        )
    )  # fmt: skip


@kind("address, port or MAC")
def address(s: Subject) -> Any:
    picked = s.item("device", "netdev", "chardev")
    if picked is None:
        return False
    group, item = picked
    kind_ = item.get("type")
    if group == "device":
        known = properties(s.catalog, group, item)
        mac = ["52:54:00:12:34", "5254.0012.3456", "52:54:00:12:34:5G", "52-54-00-12-34-56", "auto",
               "01:00:5e:00:00:01", "525400123456", ""]  # fmt: skip
        addr = ["20", "1f.8", "x", "-1", "3.0.0", "0x1F", "40.0", "1.9", "0x20", "7:0", "", "3."]
        if "mac" in known and s.chance.random() < 0.6:
            item["mac"] = s.chance.choice(mac)
        elif "addr" in known:
            item["addr"] = s.chance.choice(addr)
        else:
            return False
    elif kind_ == "user":
        item.update(s.chance.choice(
            [{"hostfwd": ["tcp::x-:22"]}, {"hostfwd": ["tcp:2222:22"]},
            {"hostfwd": ["icmp::27320-:22"]},
             {"hostfwd": "tcp:127.0.0.1:27321-:99999"}, {"net": "10.0.0.0/40"}, {"net": "nonsense"},
             {"host": "10.0.3.300"}, {"dns": "1.2"}, {"dhcpstart": "192.168.1.1"},
             {"net": "10.0.5.0"}, {"ipv6-prefixlen": 200}, {"guestfwd": ["tcp:10.0.2.2:80"]},
             {"ipv6-prefix": "zz::"}, {"hostfwd": ["27322-:22"]}, {"ipv4": False, "ipv6": False},
             {"smb": "nowhere"}, {"tftp": "nowhere"}, {"hostname": ""},
             {"hostfwd": ["tcp:999.0.0.1:27323-:22"]}]
        ))  # fmt: skip
    elif group == "chardev" and kind_ in ("socket", "udp") and "port" in item:
        item["port"] = s.chance.choice(["http-x", 70000, -1, "", "27324-27325", "0x50", " 27326"])
    else:
        return False
    return True


@kind("JSON of the wrong type")
def json_type(s: Subject) -> Any:
    """Writes an item as JSON in which a value has the type of a command line, or another one."""
    picked = s.item("device", "object", "netdev", "blockdev", "audiodev")
    if picked is None:
        return False
    group, item = picked
    known = properties(s.catalog, group, item)
    free = [p for p in known.values() if p.kind in ("bool", "int", "size", "enum", "auto", "text")]
    free = [p for p in free if "." not in p.name and not p.name.startswith("x-")]
    if not free:
        return False
    chosen = s.chance.choice(free)
    item["_json"] = True
    item[chosen.name] = {
        "bool": s.chance.choice(["on", "true", 1, True]),
        "int": s.chance.choice(["1", True, "0x1", 1]),
        "size": s.chance.choice(["1M", "4096", 4096, False]),
        "enum": s.chance.choice([1, True, (*chosen.values, "x")[0]]),
        "auto": s.chance.choice([True, "on", 1]),
        "text": s.chance.choice([1, True]),
    }[chosen.kind]
    return True


@kind("value of qmp, name or launch")
def other_value(s: Subject) -> Any:
    qmp = {"type": "unix", "path": "vm.qmp", "server": True, "wait": False}
    changes: list[tuple[str, Any]] = [
        ("qmp", {**qmp, "type": "unxi"}), ("qmp", {**qmp, "server": "maybe"}),
        ("qmp", {**qmp, "path": "x" * 120}), ("qmp", {**qmp, "path": "nowhere/vm.qmp"}),
        ("qmp", {"type": "tcp", "host": "127.0.0.1", "port": "99999",
                 "server": True, "wait": False}),
        ("qmp", {"type": "tcp", "port": 27312, "server": True, "wait": False}),
        ("qmp", {"type": "unix", "path": "nobody.sock"}), ("qmp", {**qmp, "nonsense": 1}),
        ("qmp", {"type": "tcp", "host": "127.0.0.1", "port": 27313}), ("qmp", {"type": "null"}),
        ("qmp", {"type": "unix", "server": True, "wait": False}),
        ("qmp", {**qmp, "wait": "maybe"}), ("name", {"guest": "a", "nonsense": "b"}),
        ("name", {"debug-threads": "maybe"}), ("name", "a,b=c"), ("name", ""),
        ("qmp", {**qmp, "pretty": True}),
    ]  # fmt: skip
    name, value = s.chance.choice(changes)
    s.data[name] = value


@kind("size of an object")
def object_size(s: Subject) -> Any:
    found = [item for _, item in items(s.data, ("object",)) if "size" in item]
    if not found:
        return False
    item = s.chance.choice(found)
    item["size"] = s.chance.choice(
        ["0", "", "64MB", "-1", "lots", typo("64M", s.chance), "1000", 0, "0.5", "1.5M", "64m",
        4096,
         "8E", "1M "]
    )  # fmt: skip
    return True
