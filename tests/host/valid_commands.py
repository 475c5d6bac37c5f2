"""Commands of options that QEMU 7.2 takes, any of them in any order: what few people would write.

Many are refused all the same, as what one option names is given by another that is not there.
"""

import random
import shlex

from tests.core.judge import differences
from tests.host.same_behaviour import KERNEL, Files

OPTIONS = [
    shlex.split(line)
    for line in """
-M q35
-M pc
-machine accel=tcg
-machine usb=off
-machine smm=off,type=q35
-machine kernel_irqchip=off
-machine graphics=on
-machine smp.cpus=3
-machine boot.menu=off
-machine acpi=on
-machine kernel=b.img
-usb
-usbdevice tablet
-enable-kvm
-accel tcg
-m 64
-m size=96M
-m slots=2,maxmem=1G
-smp 2
-smp cores=2,cpus=4
-cpu max
-cpu qemu64,+avx,check
-name a
-name process=x,guest=b
-boot c,menu=on
-boot order=d
-hda a.img
-hdb b.img
-cdrom c.iso
b.img
-fda f.img
-drive file=a.img,format=raw
-drive file=b.img,format=raw,if=none,id=d0
-drive if=virtio,file=c.img,format=raw,readonly
-drive media=cdrom
-snapshot
-pflash p.img
-device virtio-rng-pci
-device virtio-balloon-pci,id=b0
-device '{"driver":"e1000","id":"j0"}'
-device usb-ehci,id=e0
-device pci-bridge,chassis_nr=1,id=br
-device virtio-net-pci,bus=br,addr=1
-device virtio-blk-pci,drive=d0
-device virtio-blk-pci,drive=n0
-device e1000,netdev=u0
-device virtio-9p-pci,fsdev=f0,mount_tag=z
-device ich9-intel-hda
-device hda-duplex,audiodev=au0
-blockdev null-co,node-name=n0
-blockdev '{"driver":"raw","node-name":"n1","file":"n0"}'
-object memory-backend-ram,id=m0,size=8M
-object '{"qom-type":"iothread","id":"i0"}'
-object rng-random,id=r0,filename=/dev/urandom
-netdev user,id=u0
-netdev id=u1,type=user,dnssearch=a,dnssearch=b
-net nic
-net user
-nic user,model=e1000
-nic none
-chardev null,id=c0
-chardev ringbuf,id=c1,size=64K
-chardev socket,id=c2,path=s2,server,nowait
-serial chardev:c0
-serial null
-serial none
-monitor null
-monitor unix:m0,server,nowait
-qmp unix:q0,server,nowait
-qmp-pretty unix:q1,server=on,wait=off
-mon chardev=c1
-qmp null
-parallel none
-debugcon null
-gdb unix:g0,server,nowait
-virtfs local,path=.,mount_tag=t,security_model=none
-fsdev local,id=f0,path=.,security_model=none
-display none
-nographic
-vga std
-vga none
-nodefaults
-no-acpi
-no-hpet
-no-reboot
-action reboot=reset
-no-shutdown
-watchdog-action pause
-rtc base=utc
-global virtio-net-pci.addr=9
-global driver=e1000,property=mac,value=52:54:00:00:00:09
-set device.b0.addr=0xa
-readconfig r.cfg
-smbios type=1,serial=x
-fw_cfg name=opt/a,string=b,,c
-option-rom o.rom
-uuid 00000000-1111-2222-3333-444444444444
-audiodev none,id=au0
-append 'x y'
-kernel k
-d unimp
-icount shift=2
-tpmdev passthrough,id=t
-overcommit mem-lock=off
-msg timestamp=off
""".strip().splitlines()
]

FILES: Files = {
    **dict.fromkeys(("a.img", "b.img", "c.img", "c.iso", "f.img", "o.rom"), bytes(1 << 16)),
    "p.img": bytes(1 << 20),
    "k": KERNEL,
    "r.cfg": b'[device "rc"]\n  driver = "virtio-rng-pci"\n',
}
"""What these options name."""


def commands(count: int, seed: int) -> list[list[str]]:
    """So many commands of 4 to 14 of the options."""
    chance = random.Random(seed)
    return [
        ["qemu-system-x86_64"]
        + [word for option in chance.sample(OPTIONS, chance.randint(4, 14)) for word in option]
        for _ in range(count)
    ]


def shuffled(count: int, seed: int) -> list[tuple[list[str], list[str]]]:
    """So many pairs of commands of the same options, that the judge takes for the same."""
    chance = random.Random(seed)
    found: list[tuple[list[str], list[str]]] = []
    while len(found) < count:
        options = chance.sample(OPTIONS, chance.randint(4, 10))
        others = chance.sample(options, len(options))
        one, other = (
            ["qemu-system-x86_64", *(word for option in order for word in option)]
            for order in (options, others)
        )
        if one != other and not differences(one, other):
            found.append((one, other))
    return found
