"""Mistakes in names: of machines, CPUs, devices, backends, properties, options."""

from typing import Any

from tests.agreement.draft import properties
from tests.agreement.mutation import Subject, kind
from tests.agreement.values import typo

_ELSEWHERE = ("virtio-gpu-gl-pci", "virtio-vga-gl", "qxl", "vhost-user-fs", "ccw-net", "pl011",
              "virtio-blk-ccw", "spapr-vscsi", "usb-host", "ivshmem", "ide-drive", "scsi-disk",
              "virtio-net-pci-transitional", "xen-disk", "nvme-pci", "ahci", "cpu", "sysbus-ohci",
              "pci-device", "virtio-device", "hpet", "mch", "piix3", "q35-pcihost", "kvm-apic",
              "piix3-ide-xen", "VGA-pci", "vga", "virtio-gpu", "ramfb", "nec-xhci")  # fmt: skip


@kind("machine name")
def machine(s: Subject) -> Any:
    known = s.catalog.machine_names
    other = [typo(s.chance.choice(known), s.chance), "virt", "pseries", "pc-q35-11.0",
             "pc-q35-0.13", "q35-7.2", "Q35", "pc-i440fx", "pc-1.0", "pc-i440fx-2.0",
             "pc-i440fx-1.4", "raspi3b", "x-remote", "xenfv", "pc-q35", "microvm-1",
             "pc-q35-2.4"]  # fmt: skip
    s.data.setdefault("machine", {})["type"] = s.chance.choice(other)


@kind("cpu model")
def cpu(s: Subject) -> Any:
    other = ["host", "Host", "cortex-a57", "EPYC-Genoa-v9", "qemu128", "MAX", "x86-64-v3",
             "haswell", "native", "pentium4", "kvm", "Skylake", "GraniteRapids", "Icelake-Client",
             "qemu64-x86_64-cpu", "EPYC-Genoa"]  # fmt: skip
    known = list(s.catalog.cpus)
    names = [typo(s.chance.choice(known), s.chance), s.chance.choice(other), s.chance.choice(other)]
    s.data.setdefault("cpu", {})["model"] = s.chance.choice(names)


@kind("cpu feature")
def feature(s: Subject) -> Any:
    table = s.data.setdefault("cpu", {})
    table.setdefault("model", "max")
    wrong = ["+avx99", "-sse5", "+" + typo("avx512f", s.chance), "avx2=maybe", "pmu=1", "+pmu2",
             "sse4_2=on", "+SSE4.2", "sse42=on", "nonsense", "phys-bits=many", "+vmx=on", "level=x",
             "vendor=Intel", "=on", "-", "+kvm_pv_eoi", "tsc-freq=1", "avx2 = on", "enforce=yes",
             "family=1000", "stepping=-1", "hv-spinlocks=x", "hv_relaxed", "+sse4_1", "model-id=",
             "vendor=", "migratable", "xlevel=abc", "+la57", "threads=2", "l3-cache"]  # fmt: skip
    words = table.get("features", [])
    table["features"] = [*([words] if isinstance(words, str) else words), s.chance.choice(wrong)]


@kind("accelerator")
def accelerator(s: Subject) -> Any:
    words = ["kvmm", "hvf", "whpx", "xen", "hax", "TCG", "tgc", "qtest", ["hvf", "tcg"], "tcg:hvf",
             ["xen", "whpx"], "none", "", "nvmm", ["tcgg", "tcg"], "hvf:whpx"]  # fmt: skip
    s.data.setdefault("machine", {})["accel"] = s.chance.choice(words)


@kind("device type")
def device(s: Subject) -> Any:
    picked = s.item("device")
    if picked is None:
        return False
    wrong = [typo(str(picked[1].get("type", "")), s.chance), s.chance.choice(_ELSEWHERE)]
    picked[1]["type"] = s.chance.choice(wrong)
    return True


@kind("object type")
def object_(s: Subject) -> Any:
    picked = s.item("object")
    if picked is None:
        return False
    others = ["memory-backend", "rng", "secret-file", "tls-creds", "iothreads", "memory-ram",
              "memory-backend-epc", "rng-urandom", "sev", "virtio-net-pci", "qtest"]  # fmt: skip
    wrong = [typo(str(picked[1]["type"]), s.chance), s.chance.choice(others)]
    picked[1]["type"] = s.chance.choice(wrong)
    return True


@kind("backend type")
def backend(s: Subject) -> Any:
    picked = s.item("netdev", "chardev", "blockdev", "fsdev", "audiodev")
    if picked is None:
        return False
    others = {
        "netdev": ["slirp", "nat", "macvtap", "vmnet-shared", "nic", "none", "passt", "af-xdp"],
        "chardev": ["unix", "tcp", "tty", "spicevmc", "console", "dbus", "braille", "fd", "none"],
        "blockdev": ["qcow3", "vhd", "iso", "img", "rbd", "blkio", "vdx", "null", "virtio-blk"],
        "fsdev": ["virtiofs", "proxy", "handle", "9p", "mapped"],
        "audiodev": ["pulse", "pa", "alsa2", "sdl", "pipewire", "coreaudio", "null", "jack"],
    }[picked[0]]  # fmt: skip
    picked[1]["type"] = s.chance.choice(
        [typo(picked[1]["type"], s.chance), s.chance.choice(others)]
    )
    return True


_STRANGE = ("speed", "enabled", "name", "model", "bus_type", "mode", "_", "size", "driver2",
            "path2", "queue", "ports", "vlan", "net", "format", "type2", "drive_id",
            "irqs")  # fmt: skip


def _strange_key(s: Subject, known: list[str], taken: Any) -> str:
    near = [typo(s.chance.choice(known), s.chance)] if known else []
    name = s.chance.choice([*near, *near, s.chance.choice(_STRANGE)])
    return name if name not in taken and not name.startswith("_") else name + "-x"


@kind("property of a device")
def device_property(s: Subject) -> Any:
    return _property(s, "device")


@kind("property of an object")
def object_property(s: Subject) -> Any:
    return _property(s, "object")


@kind("property of a backend")
def backend_property(s: Subject) -> Any:
    return _property(s, "netdev", "chardev", "fsdev", "audiodev")


@kind("property of a disk")
def disk_property(s: Subject) -> Any:
    return _property(s, "blockdev", "drive")


def _property(s: Subject, *groups: str) -> Any:
    """Adds a key that is not there, or misspells one that is."""
    picked = s.item(*groups)
    if picked is None:
        return False
    group, item = picked
    keys = [key for key in item if key not in ("type", "id", "_json")]
    if keys and s.chance.random() < 0.5:
        old = s.chance.choice(keys)
        new = typo(old, s.chance)
        if new.startswith("_") or new in item:
            return False
        changed = {new if key == old else key: value for key, value in item.items()}
        item.clear()
        item.update(changed)
    else:
        known = list(properties(s.catalog, group, item))
        item[_strange_key(s, known, item)] = s.chance.choice(["on", 1, "a", True])
    return True


@kind("property of another type")
def foreign_property(s: Subject) -> Any:
    """Gives an item a key that another type of the same group has."""
    picked = s.item()
    if picked is None or picked[0] == "drive":
        return False
    group, item = picked
    names = list(s.catalog.devices if group == "device" else s.catalog.types(group))
    other = properties(s.catalog, group, {"type": s.chance.choice(names)})
    free = [name for name in other if name not in item and other[name].kind in ("bool", "int")]
    if not free:
        return False
    name = s.chance.choice(sorted(free))
    item[name] = True if other[name].kind == "bool" else 1
    return True


@kind("key of machine, memory, smp or boot")
def table_key(s: Subject) -> Any:
    name = s.chance.choice(["machine", "machine", "memory", "smp", "boot"])
    table = s.data.setdefault(name, {})
    words = {
        "machine": ["kernel_irqchip", "virtualization", "gic-version", "secure", "chipset", "smmm",
                    "igd-passthru", "kvm-type", "highmem", "x-foo", "memory_backend", "iommu",
                    "hpett", "vmport2", "pci", "audiodev", "nvdimm_persistence", "usb2"],
        "memory": ["max", "slot", "mem", "maxram", "prealloc", "share"],
        "smp": ["cpu", "core", "sockets2", "clusters", "nodes", "drawers", "dies", "threads_"],
        "boot": ["device", "menus", "splash", "reboot-timeout", "delay", "boot", "once"],
    }[name]  # fmt: skip
    key = s.chance.choice(words)
    table[key] = s.chance.choice(["on", "1", 1, True, "c"])


@kind("option")
def option(s: Subject) -> Any:
    words: list[list[str]] = [
        ["-soundhw", "hda"], ["-no-quit"], ["-realtime", "mlock=on"], ["-balloon", "virtio"],
        ["-redir", "tcp:5555::22"], ["-enable-hax"], ["-tdf"], ["-nodefconfig"], ["-sdl"],
        ["-curses"], ["-watchdog", "i6300esb"], ["-no-hpet"], ["-no-acpi"], ["-chroot", "."],
        ["-singlestep"], ["-portrait"], ["-alt-grab"], ["-nographics"], ["-Nographic"],
        ["-memory", "1G"], ["-mm", "1"], ["-cores", "2"], ["-netdevs", "user"],
        ["-net", "nonsense"], ["-vga", "best"], ["-cpus", "2"], ["-display"],
        ["-device", "virtio-foo"], ["-rtc", "base=moon"], ["-name", "a=b"], ["-k", "xx"],
        ["-no-fd-bootchk"], ["-win2k-hack"], ["-writeconfig", "f"], ["-show-cursor"],
        ["-bluetooth"], ["-no-kvm"], ["-no-kvm-irqchip"], ["-virtioconsole", "null"],
        ["-usbdevice", "nothing"], ["-usbdevice", "tablet"], ["-serial", "nothing"],
        ["-vnc", "nothing"], ["-spice", "port=1"], ["-smbios", "type=1,foo=bar"], ["-boot", "z"],
        ["-m", "lots"], ["-smp", "cpus=x"], ["-global", "nothing"],
        ["-set", "device.none.addr=3"], ["-icount", "shift=fast"], ["-async-teardown"],
        ["-runas", "nobody"], ["-audio", "none"], ["-action", "panic=dance"],
        ["-overcommit", "mem-lock=maybe"], ["-uuid", "12345"], ["-fw_cfg", "name=x"],
        ["-d", "everything"], ["-sandbox", "maybe"], ["-hda", "none.img"],
        ["-cdrom", "none.iso"], ["-add-fd", "fd=9,set=1"], ["--", "x"], ["-"], ["stray"],
        ["-accel", "nonsense"], ["-machine", "nonsense=1"], ["-M", "q36"],
        ["-mem-path", "nowhere/x"], ["-numa", "node,memdev=none"], ["-numa", "node,nodeid=x"],
        ["-option-rom", "none.rom"], ["-readconfig", "none.cfg"], ["-L", "nowhere"],
        ["-trace", "nothing"], ["-parallel", "sometimes"], ["-virtfs", "local,path=share"],
        ["-tpmdev", "passthrough"], ["-incoming", "nonsense"], ["-action", "reboot"],
        ["-msg", "timestamp=maybe"], ["-no-reboot", "x"], ["-pidfile", "nowhere/p"],
        ["-gdb", "nothing:1"], ["-monitor", "unix:"], ["-nic", "user,model=zz"],
    ]  # fmt: skip
    s.data.setdefault("extra", []).extend(s.chance.choice(words))


@kind("item of another group")
def other_group(s: Subject) -> Any:
    """Puts an item into a group that it does not belong to."""
    picked = s.item("device", "object", "netdev", "chardev", "blockdev")
    if picked is None:
        return False
    group, item = picked
    others = [g for g in ("device", "object", "netdev", "chardev", "blockdev") if g != group]
    s.data[group] = [other for other in s.data[group] if other is not item]
    s.data.setdefault(s.chance.choice(others), []).append(item)
    return True
