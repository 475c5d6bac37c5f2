"""What QEMU has renamed or removed, and what to use instead.

Of `docs/about/removed-features` and `docs/about/deprecated`, QEMU 5.0 to 10.0.
"""

from collections.abc import Mapping

TYPES: Mapping[tuple[str, str], str] = {
    ("device", "ide-drive"): "ide-hd",
    ("device", "scsi-disk"): "scsi-hd",
    ("device", "ivshmem"): "ivshmem-plain",
    ("chardev", "tty"): "serial",
    ("chardev", "parport"): "parallel",
    ("chardev", "spiceport"): "socket",
    ("fsdev", "proxy"): "local",
    ("fsdev", "handle"): "local",
    ("netdev", "tun"): "tap",
    ("netdev", "slirp"): "user",
    ("netdev", "nat"): "user",
    ("blockdev", "vhd"): "vpc",
}
"""Types that are gone, or that other programs call so, by group and name: what does their work."""

PROPERTIES: Mapping[tuple[str, str], str] = {
    ("device", "vlan"): "netdev",
    ("device", "macaddr"): "mac",
    ("device", "mac-address"): "mac",
    ("device", "file"): "drive",
    ("device", "queues"): "num-queues",
    ("object", "path"): "mem-path",
    ("netdev", "forward"): "hostfwd",
    ("netdev", "redir"): "hostfwd",
}
"""Properties that are gone, or that others call so, by group and name: the right name, where a
type has it."""

OPTIONS: Mapping[str, str] = {
    "alt-grab": "-display sdl,grab-mod=…",
    "async-teardown": "-run-with async-teardown=on",
    "audio-help": "-audiodev help",
    "balloon": "-device virtio-balloon",
    "chroot": "-run-with chroot=…",
    "clock": "-rtc clock=…",
    "ctrl-grab": "-display sdl,grab-mod=rctrl",
    "curses": "-display curses",
    "localtime": "-rtc base=localtime",
    "no-acpi": "-machine acpi=off",
    "no-hpet": "-machine hpet=off",
    "no-kvm": "-accel tcg",
    "no-kvm-irqchip": "-machine kernel-irqchip=off",
    "no-kvm-pit-reinjection": "-global kvm-pit.lost_tick_policy=…",
    "no-quit": "-display …,window-close=off",
    "nodefconfig": "-no-user-config",
    "one-insn-per-tick": "-accel tcg,one-insn-per-tick=on",
    "realtime": "-overcommit mem-lock=on",
    "run-with": "-runas, -chroot",
    "runas": "-run-with user=…",
    "sdl": "-display sdl",
    "singlestep": "-accel tcg,one-insn-per-tick=on",
    "soundhw": "-device and -audiodev",
    "startdate": "-rtc base=…",
    "std-vga": "-vga std",
    "tb-size": "-accel tcg,tb-size=…",
    "tdf": "-rtc driftfix=slew",
    "virtfs_synth": "-fsdev synth",
    "virtioserial": "-device virtio-serial",
    "watchdog": "-device",
}
"""Options that are gone or on their way out, or not there yet, without dash: what is for that."""

DEPRECATED_OPTIONS: Mapping[str, tuple[int, int]] = {
    "async-teardown": (8, 1), "audio-help": (4, 0), "chroot": (8, 1), "no-acpi": (8, 0),
    "no-hpet": (8, 0), "old-param": (10, 0), "portrait": (9, 0), "realtime": (4, 1),
    "rotate": (9, 0), "runas": (9, 1), "singlestep": (8, 1), "soundhw": (5, 1),
    "watchdog": (6, 2),
}  # fmt: skip
"""The versions since which options are deprecated."""

DEPRECATED_TYPES: Mapping[tuple[str, str], tuple[tuple[int, int], str]] = {
    ("device", "pvrdma"): ((8, 2), ""),
    ("device", "sga"): ((6, 2), "-machine graphics=off"),
    ("device", "vfio-amd-xgbe"): ((10, 0), ""),
    ("device", "vfio-calxeda-xgmac"): ((10, 0), ""),
    ("device", "vfio-platform"): ((10, 0), ""),
    ("chardev", "parport"): ((6, 0), "parallel"),
    ("chardev", "tty"): ((6, 0), "serial"),
    ("fsdev", "proxy"): ((8, 1), "local"),
}
"""The versions since which types are deprecated, and what is there instead."""

DEPRECATED_PROPERTIES: Mapping[tuple[str, str], str] = {
    ("chardev", "reconnect"): "reconnect-ms",
    ("netdev", "reconnect"): "reconnect-ms",
}
"""Properties that are deprecated where the new one is there, too."""
