"""Where each option of a command goes, and when it stays word for word in `extra`."""

from typing import Any

import pytest

from qemutui.core.argv import build, words
from qemutui.core.importing import from_words
from qemutui.core.parse import parse, understand
from qemutui.core.profile import dump

QEMU = "qemu-system-x86_64"


def imported(command: list[str]) -> dict[str, Any]:
    """What the profile of a command says, but for the binary."""
    data = dump(parse([QEMU, *command]))
    assert data.pop("binary") == QEMU
    return data


FIELDS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "alias and implied key": (
        ["-M", "q35,accel=kvm:tcg,smm=off"],
        {"machine": {"type": "q35", "accel": ["kvm", "tcg"], "smm": False}},
    ),
    "two dashes": (["--smp", "4,cores=2"], {"smp": {"cpus": 4, "cores": 2}}),
    "size spelled, comma at the end": (["-m", "size=1G,"], {"memory": {"size": "1G"}}),
    "cpu": (
        ["-cpu", "max,sve=off,+avx2,check"],
        {"cpu": {"model": "max", "features": ["sve=off", "+avx2", "check"]}},
    ),
    "features alone": (["-cpu", ",+avx"], {"cpu": {"features": ["+avx"]}}),
    "name": (["-name", "a,,b"], {"name": "a,b"}),
    "name with keys": (
        ["-name", "guest=a=b,debug-threads=on"],
        {"name": {"guest": "a=b", "debug-threads": True}},
    ),
    "plain texts": (
        ["-kernel", "-foo", "-append", "a,,b"],
        {"boot": {"kernel": "-foo", "append": "a,,b"}},
    ),
    "qmp": (
        ["-qmp", "unix:/a,,b,server,nowait"],
        {"qmp": {"type": "unix", "path": "/a,b", "server": True, "wait": False}},
    ),
    "qmp without a host": (
        ["-qmp", "tcp::4444,server=on"],
        {"qmp": {"type": "tcp", "port": 4444, "server": True}},
    ),
    "repeated key": (
        ["-netdev", "user,id=n,hostfwd=tcp::1-:1,hostfwd=tcp::2-:2"],
        {"netdev": [{"type": "user", "id": "n", "hostfwd": ["tcp::1-:1", "tcp::2-:2"]}]},
    ),
    "type later": (["-netdev", "id=n,type=tap"], {"netdev": [{"id": "n", "type": "tap"}]}),
    "dotted keys and a list": (
        ["-blockdev", "driver=quorum,node-name=q,children.0=a,children.1=b,x.y=1"],
        {"blockdev": [{"type": "quorum", "id": "q", "children": ["a", "b"], "x": {"y": 1}}]},
    ),
    "a key that is a value and a table": (
        ["-drive", "file=a.img,file.locking=off"],
        {"drive": [{"file": "a.img", "file.locking": False}]},
    ),
    "JSON": (
        ["-device", "{'driver':'e1000','id':'n','x':[1,true,{}]}"],
        {"device": [{"type": "e1000", "id": "n", "x": [1, True, {}]}]},
    ),
    "JSON that key=value could say": (
        ["-object", '{"qom-type":"memory-backend-ram","id":"m","size":512}'],
        {"object": [{"type": "memory-backend-ram", "id": "m", "size": 512, "_json": True}]},
    ),
    "boxed texts": (
        ["-netdev", '{"type":"user","id":"n","hostfwd":[{"str":"tcp::1-:1"}]}'],
        {"netdev": [{"type": "user", "id": "n", "hostfwd": ["tcp::1-:1"], "_json": True}]},
    ),
    "spelling is kept": (
        ["-device", "a,b=yes,c=007,d=on,e="],
        {"device": [{"type": "a", "b": "yes", "c": "007", "d": True, "e": ""}]},
    ),
}


@pytest.mark.parametrize("case", FIELDS)
def test_fields(case: str) -> None:
    command, expected = FIELDS[case]
    assert imported(command) == expected


EXTRA: dict[str, tuple[list[str], list[str]]] = {
    "without a field": (["-nographic", "-rtc", "base=utc"], ["-nographic", "-rtc", "base=utc"]),
    "again": (["-m", "1G", "-m", "2G"], ["-m", "2G"]),
    "after -readconfig": (
        ["-device", "a", "-readconfig", "f", "-device", "b"],
        ["-readconfig", "f", "-device", "b"],
    ),
    "drive after a disk of another option": (
        ["-drive", "file=a", "b.img", "-drive", "file=c"],
        ["b.img", "-drive", "file=c"],
    ),
    "device after one that another option adds": (
        ["-virtfs", "local,path=/,mount_tag=m,security_model=none", "-device", "a"],
        ["-virtfs", "local,path=/,mount_tag=m,security_model=none", "-device", "a"],
    ),
    "monitors are counted": (
        ["-monitor", "stdio", "-qmp", "tcp::1"],
        ["-monitor", "stdio", "-qmp", "tcp::1"],
    ),
    "machine after what sets a key of it": (
        ["-kernel", "a", "-machine", "q35,kernel=b"],
        ["-machine", "q35,kernel=b"],
    ),
    "machine after a flag that sets a key of it": (
        ["-enable-kvm", "-machine", "q35,accel=tcg"],
        ["-enable-kvm", "-machine", "q35,accel=tcg"],
    ),
    "a bare flag where QEMU reads none": (
        ["-machine", "q35,usb", "-blockdev", "file,x"],
        ["-machine", "q35,usb", "-blockdev", "file,x"],
    ),
    "a question for help": (["-device", "e1000,help"], ["-device", "e1000,help"]),
    "the last of two": (["-device", "a,b=1,b=2"], ["-device", "a,b=1,b=2"]),
    "JSON where the option takes none": (["-chardev", '{"id":"c"}'], ["-chardev", '{"id":"c"}']),
    "JSON with null": (["-device", '{"driver":null}'], ["-device", '{"driver":null}']),
    "bytes that are no UTF-8": (["-device", "a,b=\udc80"], ["-device", "a,b=\udc80"]),
    "a comma where keyval.c reads none": (["-machine", "a,,b"], ["-machine", "a,,b"]),
    "help that would be a driver": (["-blockdev", "help"], ["-blockdev", "help"]),
    "after a JSON machine that sets it": (
        ["-machine", '{"append":"x"}', "-append", "y"],
        ["-machine", '{"append":"x"}', "-append", "y"],
    ),
    "not JSON": (["-device", "{driver"], ["-device", "{driver"]),
    "a key of our own": (["-device", "a,_off=on"], ["-device", "a,_off=on"]),
    "nothing": (["-name", "", "-cpu", ""], ["-name", "", "-cpu", ""]),
    "no value": (["-S", "-m"], ["-S", "-m"]),
}  # fmt: skip


@pytest.mark.parametrize("case", EXTRA)
def test_extra(case: str) -> None:
    command, expected = EXTRA[case]
    assert imported(command)["extra"] == expected


def test_wrapper_and_options_alone() -> None:
    parsed = understand(["taskset", "-c", "2", QEMU, "-m", "1"], program=3)
    assert dump(parsed.profile) == {
        "binary": QEMU,
        "memory": {"size": 1},
        "launch": {"wrapper": ["taskset", "-c", "2"]},
    }
    assert dump(understand(["-S"], program=None).profile) == {"extra": ["-S"]}
    assert dump(parse([])) == {}


def test_unknown_option() -> None:
    """It is said what was assumed; a binary's help tells more."""
    command = [QEMU, "-id", "8006", "-odd", "-device", "a", "-m", "1"]
    parsed = understand(command)
    assert [note.message for note in parsed.notes] == [
        "-id is not known; 8006 is taken for its value.",
        "-odd is not known; it gets no value.",
        "-device is kept word for word in Extra: it may be the value of -odd.",
    ]
    assert [note.word for note in parsed.notes] == [1, 3, 4]
    assert dump(parsed.profile)["extra"] == ["-id", "8006", "-odd", "-device", "a"]
    assert dump(parsed.profile)["memory"] == {"size": 1}

    told = understand(command, takes_value={"odd": False, "id": False})
    assert told.notes == ()
    assert dump(told.profile)["device"] == [{"type": "a"}]
    told = understand(command, takes_value={"odd": True})
    assert dump(told.profile)["extra"] == ["-id", "8006", "-odd", "-device", "a"]


def test_sentence_tells_what_comes_out_in_other_words() -> None:
    same = from_words([QEMU, "-machine", "q35", "-S"])
    assert same.sentence == (
        "1 option understood, 1 kept word for word in Extra. The command comes out the same."
    )
    other = from_words([QEMU, "-M", "q35", "-chardev", "socket,id=c,path=/s,server,nowait"])
    assert other.differences == (
        ("-M q35", "-machine q35"),
        ("-chardev socket,id=c,path=/s,server,nowait",
         "-chardev socket,id=c,path=/s,server=on,wait=off"),
    )  # fmt: skip
    assert other.sentence == "2 options understood. The command differs in 2 places."


def test_many_options() -> None:
    """What is read is passed again, whatever its number."""
    command = [QEMU]
    for index in range(2000):
        command += ["-device", f"virtio-rng-pci,id=r{index}"]
    assert words(build(parse(command))) == command
