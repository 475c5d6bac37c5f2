"""The command of a dry run: what is replaced in it, what stays, what is said of the end."""

from typing import Any

import pytest

from qemutui.core.dry_run import prepare
from qemutui.core.errors import field_of
from qemutui.core.profile import read
from qemutui.core.stand_ins import NotTriedError, Purpose
from qemutui.core.verdict import Accepted, Refused, Untold, of_end, sentence

KEPT = [
    ["-chardev", "socket,id=c,host=h,port=1"],
    ["-chardev", "pipe"],
    ["-serial", "stdio"],
    ["-serial", "mon:chardev:c"],
    ["-monitor", "tcp:h:1"],
    ["-gdb", "tcp::1234"],
    ["-vnc", ":1,sasl=on"],
    ["-spice", "port=5,addr=h"],
    ["-netdev", "user,id=n,hostfwd=tcp::2-:2,"],
    ["-object", "memory-backend-ram,id=m,size=1M"],
    ["-object", "{'qom-type':'iothread','id':'i'}"],
    ["-trace", "enable=x,,y"],
    ["-M", "pc,usb=on"],
    ["-incoming", "zz:1"],
    ["-unheard-of", "a"],
    ["disk.img"],
    ["-serial"],
]

CHANGED = {
    "-chardev socket,id=c,path=/u,,v,server": "-chardev socket,id=c,path=/listen,server,wait=off",
    "-chardev socket,id=c,path=/u,server=on,wait=on":
        "-chardev socket,id=c,path=/listen,server=on,wait=off",
    "-chardev socket,id=c,path=/u": "-chardev socket,id=c,path=/connect",
    "-chardev socket,id=c,path=u,abstract=on":
        "-chardev socket,id=c,path=/connect abstract,abstract=on",
    "-chardev socket,id=c,host=h,port=1,server=on":
        "-chardev socket,id=c,host=h,port=1,server=on,wait=off",
    "-chardev file,id=c,path=log,logfile=x": "-chardev file,id=c,path=/write,logfile=/write",
    "-chardev pipe,id=c,path=p": "-chardev pipe,id=c,path=/pipe",
    "-serial mon:unix:/a,,b,server": "-serial mon:unix:path=/listen,server,wait=off",
    "-serial file:a,b": "-serial file:/write",
    "-qmp unix:path=/a,server=on,wait=off": "-qmp unix:path=/listen,server=on,wait=off",
    "-monitor telnet::5,server": "-monitor telnet::5,server,wait=off",
    "-netdev stream,id=n,addr.type=unix,addr.path=/a":
        "-netdev stream,id=n,addr.type=unix,addr.path=/connect",
    "-netdev {'type':'dgram','id':'n','local':{'type':'unix','path':'/a'}}":
        '-netdev {"type":"dgram","id":"n","local":{"type":"unix","path":"/listen"}}',
    "-object filter-dump,id=d,netdev=n,file=x.pcap":
        "-object filter-dump,id=d,netdev=n,file=/write",
    "-object memory-backend-file,id=m,mem-path=/dev/shm/x,size=1M":
        "-object memory-backend-file,id=m,mem-path=/memory,size=1M",
    "-mem-path x": "-mem-path /memory",
    "-audiodev wav,id=a,path=x": "-audiodev wav,id=a,path=/write",
    "-M virt,dumpdtb=x": "-M virt,dumpdtb=/write",
    "-pidfile x": "-pidfile /lock",
    "--D x": "--D /write",
    "-icount shift=1,rr=record,rrfile=x": "-icount shift=1,rr=record,rrfile=/write",
    "-vnc unix:/a,,b,sasl=on": "-vnc vnc=unix:/listen,sasl=on",
    "-display vnc=unix:/a": "-display vnc=vnc=unix:/listen",
    "-vnc h:1,reverse=on": "-vnc none",
    "-spice unix=on,addr=/a": "-spice unix=on,addr=/listen",
    "-readconfig x": "-readconfig /config",
    "-incoming exec:x": "-incoming defer",
    "-loadvm x": "-msg timestamp=off",
    "-daemonize": "-S",
}  # fmt: skip


def stand_in(purpose: Purpose, _name: str) -> str:
    return f"/{purpose}"


def tried(words: list[str]) -> list[str]:
    """The words of `extra` in a dry run."""
    dry = prepare(read({"extra": words}), "/m", stand_in)
    return [word for part in dry.command if part.path[0] == "extra" for word in part.words]


@pytest.mark.parametrize("words", KEPT, ids=" ".join)
def test_what_touches_nothing_of_the_user_is_passed_as_it_is(words: list[str]) -> None:
    assert tried(words) == words


@pytest.mark.parametrize("before", CHANGED)
def test_what_would_be_touched_is_replaced(before: str) -> None:
    words = before.split(" ")
    assert tried(words) == CHANGED[before].split(" ", 1) or tried(words) == [CHANGED[before]]


def test_fields_are_replaced_as_arguments_are_and_keep_their_paths() -> None:
    data: dict[str, Any] = {
        "qmp": {"type": "unix", "path": "/a", "server": True},
        "machine": {"type": "virt", "dumpdtb": "x"},
        "chardev": [
            {"type": "socket", "id": "off", "path": "/a", "_off": True},
            {"type": "socket", "id": "c", "path": "/a", "server": True, "wait": True},
        ],
        "netdev": [
            {"type": "stream", "id": "n", "server": True, "addr": {"type": "unix", "path": "/a"}},
            {"type": "stream", "id": "m", "addr.type": "unix", "addr.path": "/a", "_json": True},
        ],
        "fd": [{"path": "x", "mode": "w"}, {"path": "y"}],
        "launch": {"wrapper": ["nice"], "monitor": False},
        "extra": ["-nographic"],
    }
    dry = prepare(read(data), "/m", stand_in)
    words = [" ".join(part.words) for part in dry.command]
    assert words == [
        "nice",
        "qemu-system-x86_64",
        "-S",
        "-chardev socket,id=qemutui-mon,path=/m",
        "-mon chardev=qemutui-mon,mode=control",
        "-machine virt,dumpdtb=/write",
        "-qmp unix:path=/listen,server=on,wait=off",
        "-chardev socket,id=c,path=/listen,server=on,wait=off",
        "-netdev stream,id=n,server=on,addr.type=unix,addr.path=/listen",
        '-netdev {"type":"stream","id":"m","addr.type":"unix","addr.path":"/connect"}',
        "-nographic",
        "-display none",
    ]
    assert [file.path for file in dry.profile.fd] == ["/write", "y"]
    echo = "-chardev socket,id=c,path=/listen,server=on,wait=off"
    line = f"qemu-system-x86_64: {echo}: Failed to bind socket to /listen: x"
    assert field_of(line, dry.command) == ("chardev", 1, "path")
    assert of_end(1, line, dry.command, dry.replaced) == Refused(
        ("chardev", 1, "path"), "Failed to bind socket to /a: x"
    )


def test_what_cannot_be_replaced_is_not_tried() -> None:
    for words in (
        ["-set", "chardev.c.path=/a"],
        ["-netdev", "user,id=n,guestfwd=tcp:10.0.2.9:80-unix:/a"],
    ):
        with pytest.raises(NotTriedError):
            prepare(read({"extra": words}), "/m", stand_in)


def test_what_is_said_of_an_end() -> None:
    dry = prepare(read({"extra": ["-loadvm", "x", "-display", "gtk,gl=on"]}), "/m", stand_in)
    assert dry.aside == ("-loadvm",)
    assert sentence(Accepted(0.19)) == "QEMU accepts this command (0.19 s)."
    assert sentence(Accepted(2, dry.aside)) == "QEMU accepts this command (2.00 s, -loadvm aside)."

    def told(status: int, said: str) -> Refused | Untold:
        return of_end(status, said, dry.command, {}, hides_display=dry.hides_display)

    assert isinstance(told(0, ""), Untold)
    assert isinstance(told(1, "qemu: -device x: opengl is not available"), Untold)
    assert told(1, "") == Refused((), "QEMU ended with status 1 and said nothing.")
    assert told(1, "a\nb\n") == Refused((), "b")
    assert told(1, "qemu" * 20_000)
    disk = prepare(read({"drive": [{"file": "/a/disk.img"}]}), "/m", stand_in).command
    said = 'qemu: Failed to get "write" lock\nIs another process using the image [/a/disk.img]?\n'
    refused = of_end(1, said, disk, {})
    assert refused == Refused(("drive", 0, "file"), 'Failed to get "write" lock')
    assert told(-6, "") == Refused((), "QEMU was killed by SIGABRT.")
    assert told(1, "qemu-x: a\nqemu-x: -display gtk,gl=on: b\n") == Refused(("extra", 2), "b")
