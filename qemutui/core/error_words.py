"""What QEMU's error messages say of the field that is wrong, where they do not quote it.

Each row was provoked on QEMU 7.2.22. A message that fits no row names no field: none is better
than a wrong one.
"""

import re

from qemutui.core.keyval import Path

IN_ITEM: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), keys)
    for pattern, keys in (
        (r"Parameter '(driver|qom-type|backend|type)' expects", ("type",)),
        (r"('node-name'|Parameter 'id') (must be|is missing)|no id specified", ("id",)),
        (r"Bus '.*' (not found|is full)|can't go on .* bus|doesn't support hotplugging", ("bus",)),
        (r"No '.*' bus found for device", ("bus", "if", "type")),
        (r"slot \d+ function \d+ (not available|already)", ("addr",)),
        (r"usb port .* not found", ("port",)),
        (r"Can't add chassis slot", ("slot", "chassis")),
        (r"couldn't find fsdev", ("fsdev",)),
        (r"needs mount_tag", ("mount_tag",)),
        (r"Failed to bind socket|UNIX socket path|Failed to unlink socket", ("path",)),
        (r"Failed to connect to ", ("path", "port")),
        (r"Failed to find an available port", ("port",)),
        (r"Servname not supported", ("port",)),
        (r"address resolution failed|Name or service not known", ("host",)),
        (r"Unable to parse FD number", ("fd",)),
        (r"Can't use file descriptor", ("fd",)),
        (r"can't bind ip", ("listen", "localaddr", "mcast")),
        (r"network script ", ("script", "downscript")),
        (r"bridge helper failed", ("br",)),
        (r"could not configure /dev/net/tun|could not open /dev/net/tun", ("ifname",)),
        (r"Failed to parse netmask|Invalid network", ("net",)),
        (r"Failed to parse DNS", ("dns",)),
        (r"find '.*smbd'", ("smb",)),
        (r"size of ringbuf", ("size",)),
        (r"Image is not in .* format", ("format",)),
        (r"invalid cache option", ("cache",)),
        (r"invalid aio option", ("aio",)),
        (r"machine type does not support if=", ("index", "bus", "unit", "if")),
        (r"drive with bus=\d+, unit=\d+ .*exists", ("index", "unit", "bus")),
        (r"Failed to get .* lock|Failed to lock byte", ("file", "filename")),
        (r"unable to access|cannot access|Could not open ", ("filename", "file", "path")),
    )
)
"""In a message that echoes its option: the keys of which the first that is set is wrong."""

_FIRST_KEY = re.compile(r"(?P<key>[A-Za-z][\w.-]*)=\S+ was specified")
NOT_SET = re.compile(r"(?P<key>[A-Za-z][\w-]*) property not set|must specify a '(?P<other>[\w-]+)'")
"""A property that QEMU wants; it may be set to nothing."""
GIVEN = _FIRST_KEY

ALONE: tuple[tuple[re.Pattern[str], tuple[Path, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), paths)
    for pattern, paths in (
        (r"could not (load|open) (the )?kernel", (("boot", "kernel"),)),
        (r"invalid kernel header|error loading uncompressed kernel", (("boot", "kernel"),)),
        (r"linux kernel (protocol )?too old", (("boot", "kernel"),)),
        (r"could not load initrd|error reading initrd|initrd is too large", (("boot", "initrd"),)),
        (r"could not (load|find|open) .*(dtb|device tree)", (("boot", "dtb"),)),
        (r"couldn't (load|open) (the )?(dtb|device tree)", (("boot", "dtb"),)),
        (r"could not (load|find) (PC BIOS|firmware|ROM image)", (("boot", "bios"),)),
        (r"invalid boot device|boot device '.*' was given twice", (("boot", "order"),)),
        (r"reboot timeout is invalid", (("boot", "reboot-timeout"),)),
        (r"unsupported machine type", (("machine", "type"),)),
        (r"no machine specified", (("machine", "type"),)),
        (r"invalid accelerator|no accelerator (?:selected|found)", (("machine", "accel"),)),
        (r"could not access KVM kernel module|failed to initialize kvm", (("machine", "accel"),)),
        (r'the -accel and "-machine accel="', (("machine", "accel"),)),
        (r"unable to find CPU model|CPU model '.*' requires", (("cpu", "model"),)),
        (r"memory size does not match the size of the memory", (("memory", "size"),)),
        (r"cannot set up guest memory", (("memory", "size"),)),
        (r"ram size too large|too much memory|invalid RAM size", (("memory", "size"),)),
        (r"invalid value of maxmem|no max-size", (("memory", "maxmem"), ("memory", "slots"))),
        (r"unsupported amount of memory slots", (("memory", "slots"),)),
        (r"address space limit .* phys-bits", (("memory", "maxmem"), ("memory", "size"))),
        (r"invalid SMP CPUs", (("smp", "maxcpus"), ("smp", "cpus"))),
        (r"number of SMP CPUs requested|unsupported number of", (("smp", "cpus"),)),
        (r"invalid CPU topology", (("smp", "maxcpus"), ("smp", "cpus"))),
    )
)
"""Messages that echo no option (`system/vl.c`, `hw/i386/x86.c`, `hw/core/machine-smp.c`): of the
fields the first that is set, else the last."""

TOPOLOGY = re.compile(r"\b(?P<key>\w+)(?: > \d+)? not supported by this machine's CPU topology")
MACHINE_KEY = re.compile(
    r"User specified (?P<key>[\w-]+) value is bigger|Machine option '(?P<option>[\w-]+)="
    r"|Memory backend '[^']*' not found"
)
OF_TYPE = re.compile(r"property '([\w-]+)' of ([\w-]+) doesn't take value '([^']*)'")
CPU_FEATURE = re.compile(
    r"(?:Property '|can't apply global )[\w-]+-cpu\.(?P<name>[\w.-]+?)(?:'|=| not)"
)
CPU_ENFORCED = re.compile(r"(TCG|host) doesn't support requested features")
AUDIO_MODULE = re.compile(r"module audio-audio-(?P<type>\w+) not found")
OF_OPTION = tuple(
    (re.compile(pattern), option)
    for pattern, option in (
        (r"invalid datetime format", "-rtc"),
        (r"unknown vga type", "-vga"),
        (r"chroot failed", "-chroot"),
        (r"no block device can store vmstate|Snapshot '.*' does not exist", "-loadvm"),
        (r"Could not load plugin", "-plugin"),
        (r"Error opening logfile", "-D"),
        (r"cannot create PID file", "-pidfile"),
    )
)
"""Messages that name neither their option nor always its value."""
