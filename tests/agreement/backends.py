"""Backends, objects and disks that no device needs, or that bring their own."""

from collections.abc import Callable

from tests.agreement.draft import Draft


def _netdev(draft: Draft) -> None:
    port = draft.port
    choice = draft.chance.randrange(10)
    match choice:
        case 0:
            draft.add("netdev", "user", hostfwd=[f"tcp:127.0.0.1:{port()}-:22"])
        case 1:
            draft.add("netdev", "user", net="10.0.9.0/24", dhcpstart="10.0.9.20", restrict=True)
        case 2:
            draft.add("netdev", "user", hostname="guest", dnssearch=["a.example", "b.example"])
        case 3:
            draft.add("netdev", "socket", listen=f"127.0.0.1:{port()}")
        case 4:
            draft.add("netdev", "hubport", hubid=draft.number("hub"))
        case 5:
            draft.add("netdev", "stream", server=True, **{
                "addr.type": "inet", "addr.host": "127.0.0.1",
                "addr.port": str(port())})  # fmt: skip
        case 6:
            draft.add("netdev", "dgram", **{
                "local.type": "inet", "local.host": "127.0.0.1", "local.port": str(port()),
                "remote.type": "inet", "remote.host": "127.0.0.1",
                "remote.port": str(port())})  # fmt: skip
        case 7:
            name = draft.backend("netdev")
            kind = draft.chance.choice(["rtl8139", "e1000", "virtio-net-pci"])
            draft.add("device", kind, netdev=name, mac="52:54:00:ab:cd:ef")
        case 8:
            name = draft.backend("netdev")
            draft.add("object", "filter-dump", netdev=name, file="net.pcap")
        case _:
            name = draft.backend("netdev")
            draft.add("object", "filter-buffer", netdev=name, interval=1000)


def _chardev(draft: Draft) -> None:
    match draft.chance.randrange(13):
        case 0:
            draft.add("chardev", "file", path="out.log", append=True)
        case 1:
            draft.add("chardev", "pipe", path="pipe")
        case 2:
            draft.add("chardev", "ringbuf", size=draft.chance.choice([4096, "64K"]))
        case 3:
            draft.add("chardev", "socket", path="c.sock", server=True, wait=False)
        case 4:
            draft.add("chardev", "socket", path="listens.sock", reconnect=1)
        case 5:
            draft.add("chardev", "socket", host="127.0.0.1", port=draft.port(), server="on",
                      wait="off", telnet=True)  # fmt: skip
        case 6:
            draft.add("chardev", "udp", host="127.0.0.1", port=draft.port())
        case 7:
            draft.add("chardev", "pty")
        case 8:
            draft.add("chardev", "stdio", signal=False, mux=True)
        case 9:
            draft.add("chardev", "vc", width=640, height=480)
        case 10:
            draft.add("chardev", "mux", chardev=draft.backend("chardev"))
        case 11:
            draft.add("chardev", draft.chance.choice(["msmouse", "wctablet", "testdev"]))
        case _:
            name = draft.add("chardev", "file", path="serial.log", logfile="more.log")
            draft.add("device", "isa-serial", chardev=name)


def _blockdev(draft: Draft) -> None:
    null = {"driver": "null-co", "size": 1 << 20}
    add = draft.add
    match draft.chance.randrange(12):
        case 0:
            add("blockdev", "raw", file=null, offset=512, size=4096)
        case 1:
            add("object", "throttle-group", "tg", **{"x-iops-total": 10})
            add("blockdev", "throttle", throttle__group="tg", file=null)
        case 2:
            add("blockdev", "copy-on-read", file=null)
        case 3:
            add("blockdev", "quorum", vote__threshold=1, children=[add("blockdev", "null-co")])
        case 4:
            image = draft.qcow2()
            keys = {"l2-cache-size": 1 << 20, "discard": "unmap"}
            if image:
                add("blockdev", "qcow2", file={"driver": "file", "filename": image}, **keys)
        case 5:
            add("blockdev", "vvfat", dir="share", floppy=True, **{"read-only": True})
        case 6:
            image = draft.image()
            if image:
                cache = {"cache.direct": False, "cache.no-flush": True}
                add("blockdev", "file", filename=image, aio="threads", locking="auto", **cache)
        case 7:
            add("blockdev", "blkdebug", image=null)
        case 8:
            image = draft.qcow2()
            if image:
                below = {"driver": "file", "filename": image}
                add("blockdev", "compress", file={"driver": "qcow2", "file": below})
        case 9:
            image = draft.qcow2()
            if image:
                base = add("blockdev", "null-co", size=1 << 20, read__only=True)
                below = {"driver": "file", "filename": image}
                add("blockdev", "qcow2", file=below, backing=base, _json=True)
        case 10:
            add("blockdev", "null-aio", **{"latency-ns": 1000, "size": 65536, "_json": True})
        case _:
            node = add("blockdev", "file", filename=draft.image() or "share/hello")
            add("blockdev", "raw", file=node, **{"read-only": True})


def _drive(draft: Draft) -> None:
    image = draft.image() or "d.qcow2"
    kind = "qcow2" if image.endswith("qcow2") else "raw"
    match draft.chance.randrange(10):
        case 0:
            draft.add("drive", None, None, file=image, format=kind, **{"if": "virtio"})
        case 1:
            draft.add("drive", None, None, file=image, format=kind, index=1, media="disk")
        case 2:
            draft.add("drive", None, None, file="cd.iso", media="cdrom", readonly=True)
        case 3:
            draft.add("drive", None, file=image, format=kind, cache="writeback", aio="threads",
                      **{"if": "none", "discard": "unmap", "werror": "report"})  # fmt: skip
        case 4:
            draft.add("drive", None, None, file="flash.bin", format="raw",
                      **{"if": "pflash", "readonly": "on"})  # fmt: skip
        case 5:
            draft.add("drive", None, None, **{"if": "floppy"})
        case 6:
            draft.add("drive", None, None, file=image, snapshot=True, format=kind,
                      **{"if": "ide", "bus": 1, "unit": 1})  # fmt: skip
        case 7:
            name = draft.add("drive", None, file=image, format=kind, **{"if": "none"})
            draft.add("device", "virtio-blk-pci", drive=name, bootindex=draft.number("bootindex"))
        case 8:
            draft.add("drive", None, None, file=image, format=kind, **{
                "if": "virtio", "throttling.iops-total": 100, "detect-zeroes": "on"})  # fmt: skip
        case _:
            draft.add("drive", None, **{"if": "none", "driver": "null-co", "read-only": False})


def _share(draft: Draft) -> None:
    kind = draft.chance.choice(["local", "local", "synth"])
    if kind == "local":
        draft.add("fsdev", kind, path="share", security_model="mapped-xattr", readonly=True)
    else:
        draft.add("fsdev", kind)


def _audio(draft: Draft) -> None:
    if draft.maybe(0.5):
        draft.add("audiodev", "wav", path="out.wav", **{"out.frequency": 44100})
    else:
        draft.add("audiodev", "none", timer__period=5000)


def _object(draft: Draft) -> None:
    add = draft.add
    match draft.chance.randrange(16):
        case 0:
            add("object", "memory-backend-ram", size="64M", merge=False, share="on", prealloc="no")
        case 1:
            add("object", "memory-backend-file", size="16M", mem__path="ram", share=True)
        case 2:
            add("object", "memory-backend-memfd", size=16 << 20, hugetlb=False, _json=True)
        case 3:
            add("object", "iothread", poll__max__ns=1000)
        case 4:
            add("object", "rng-builtin")
        case 5:
            add("object", "rng-egd", chardev=draft.backend("chardev"))
        case 6:
            add("object", "secret", data="letmein", format="raw")
        case 7:
            add("object", "throttle-group", limits={"iops-total": 10}, _json=True)
        case 8:
            add("object", "cryptodev-backend-builtin", queues=1)
        case 9:
            add("object", "authz-simple", identity="CN=a")
        case 10:
            add("object", "tls-creds-anon", endpoint="server", verify__peer=False)
        case 11:
            add("object", "tls-creds-psk", endpoint="server", dir="keys")
        case 12:
            add("object", "can-bus")
        case 13:
            size = draft.chance.choice(["64M", "128M"])
            name = add("object", "memory-backend-ram", size=size)
            draft.table("memory")["size"] = size
            draft.table("machine")["memory-backend"] = name
        case 14:
            name = add("object", "memory-backend-ram", size="128M", policy="default")
            draft.table("memory")["size"] = "128M"
            draft.extra("-numa", f"node,nodeid=0,memdev={name}")
        case _:
            add("object", "authz-list", policy="deny", _json=True,
                rules=[{"match": "a", "policy": "allow", "format": "exact"}])  # fmt: skip


ALONE: tuple[Callable[[Draft], None], ...] = (
    _netdev, _netdev, _chardev, _chardev, _blockdev, _blockdev, _drive, _drive, _share, _audio,
    _object, _object,
)  # fmt: skip
"""What can be added to any profile."""
