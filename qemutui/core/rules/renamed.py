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
    "soundhw": "-device and -audiodev",
    "sdl": "-display sdl",
    "curses": "-display curses",
    "no-quit": "-display …,window-close=off",
    "no-frame": "-display",
    "alt-grab": "-display sdl,grab-mod=lshift-lctrl-lalt",
    "ctrl-grab": "-display sdl,grab-mod=rctrl",
    "watchdog": "-device",
    "writeconfig": "a profile",
    "realtime": "-overcommit mem-lock",
    "no-hpet": "-machine hpet=off",
    "no-acpi": "-machine acpi=off",
    "chroot": "-run-with chroot",
    "singlestep": "-accel tcg,one-insn-per-tick=on",
    "async-teardown": "-run-with async-teardown=on",
    "portrait": "-display",
    "rotate": "-display",
    "runas": "-run-with user",
    "tb-size": "-accel tcg,tb-size",
    "no-kvm": "-accel tcg",
    "enable-hax": "-accel",
    "enable-fips": "a FIPS build",
    "mem-prealloc": "-object memory-backend-…,prealloc=on",
    "audio-help": "-audiodev help",
    "usbdevice": "-device usb-…",
    "balloon": "-device virtio-balloon",
    "bt": "-device",
    "clock": "-rtc",
    "virtioserial": "-device virtio-serial",
    "tdf": "-rtc driftfix=slew",
    "localtime": "-rtc base=localtime",
    "startdate": "-rtc base",
    "no-kvm-irqchip": "-machine kernel-irqchip=off",
    "no-kvm-pit": "-accel kvm",
    "no-kvm-pit-reinjection": "-global kvm-pit.lost_tick_policy=discard",
    "old-param": "a newer kernel",
    "xen-create": "Xen's own tools",
    "virtfs_synth": "-fsdev synth",
    "nodefconfig": "-no-user-config",
}
"""Options that are gone or on their way out, without dash: what does their work."""
