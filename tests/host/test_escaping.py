"""What a profile says arrives in QEMU as it was written: read back from a real one, or its effect.

Each text goes through every option at once: as a name, a property, a file, a socket. QEMU is asked
over the profile's own monitor, whose path holds the text too.
"""

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from qemutui.core import argv, profile
from tests.asking import PATIENCE, query, replies

TEXTS = {
    "comma": ",",
    "commas": ",,a,b,,,c,",
    "equals": "=a=b=",
    "key": "a,id=b,name=c",
    "spaces": " a  b ",
    "quotes": "'a' \"b",
    "backslashes": "a\\b\\n\\",
    "shell": "$HOME `id` $(id) ${x};|&*?#!~<>",
    "brackets": "[bold]a[b]{c}(d)",
    "brace": "{'a'",
    "unicode": "naïve 日本 😀",
    "dash": "-a",
    "dashes": "--,",
    "long": ("x,=y" * 50)[:200],
    "format": "%s%n%%",
    "control": "a\nb\tc\x1bd\u202e",
    "help": "help",
    "word": "on",
}
SOCKET = 60
"""How many bytes of a text go into the path of a socket, which holds 107 with its folder."""
TAG = 31
"""How many bytes QEMU takes for a mount tag."""
SERIAL = 20
"""How many it keeps of a disk's serial number."""


def kernel() -> bytes:
    """The least that a board loads as a Linux kernel, and of a size that a BIOS may have."""
    image = bytearray(65536)
    image[0x1F1] = 1  # one sector of setup code follows
    image[0x202:0x206] = b"HdrS"
    image[0x206:0x208] = (0x20C).to_bytes(2, "little")  # version of the boot protocol
    image[0x211] = 1  # loaded high
    image[0x22C:0x230] = (0x37FFFFFF).to_bytes(4, "little")  # where an initrd may end
    return bytes(image)


class Guest:
    """A QEMU that a profile describes, and a client of the profile's own monitor."""

    def __init__(self, folder: Path, described: dict[str, Any]) -> None:
        self._command = argv.words(argv.build(profile.read(described)))
        self._folder = folder
        self._path = str(folder / described["qmp"]["path"])
        self._process = subprocess.Popen(self._command, cwd=folder, stdin=subprocess.DEVNULL)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE)
        self._lines = self._socket.makefile("rb")

    def connect(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._socket.connect(self._path)
                break
            except OSError:
                assert self._process.poll() is None, self._command
                assert time.monotonic() < deadline
        assert self._lines.readline().startswith(b'{"QMP"'), self._command
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: Any) -> Any:
        """What a command returns."""
        self._socket.sendall(json.dumps(query(command, **arguments)).encode() + b"\n")
        while "event" in (reply := json.loads(self._lines.readline() or b"{}")):
            pass
        assert "return" in reply, (reply, self._command)
        return reply["return"]

    def get(self, path: str, name: str) -> Any:
        """A property of an object."""
        return self.ask("qom-get", path=path, property=name)

    def end(self) -> None:
        self._lines.close()
        self._socket.close()
        self._process.kill()
        self._process.wait()


@contextmanager
def guest(folder: Path, described: dict[str, Any]) -> Iterator[Guest]:
    running = Guest(folder, described)
    try:
        running.connect()
        yield running
    finally:
        running.end()


def short(text: str, size: int = SOCKET) -> str:
    """The start of a text, at most so many bytes of it."""
    return text.encode()[:size].decode(errors="ignore")


def everything(qemu: str, text: str, *, as_json: bool) -> dict[str, Any]:
    """A profile that holds a text wherever a text can stand and be seen again."""
    form = {"_json": True} if as_json else {}
    monitor = {"type": "unix", "path": f"{short(text)}q", "server": True, "wait": False}
    listening = {"type": "unix", "path": f"{short(text)}n"}
    raw = {"driver": "file", "filename": text, "read-only": True}
    return {
        "binary": qemu,
        "name": text,
        "machine": {"type": "pc", "accel": "tcg", "dt-compatible": text},
        "boot": dict.fromkeys(("bios", "kernel", "initrd", "dtb", "append"), text),
        "qmp": monitor,
        "object": [{"type": "authz-simple", "id": "o0", "identity": text, **form}],
        "chardev": [
            {"type": "file", "id": "c0", "path": f"c/{text}"},
            {
                "type": "socket",
                "id": "c1",
                "path": f"{short(text)}c",
                "server": True,
                "wait": False,
            },
        ],
        "fsdev": [{"type": "local", "id": "f0", "path": f"d/{text}", "security_model": "none"}],
        "blockdev": [{"type": "raw", "id": "b0", "read-only": True, "file": raw, **form}],
        "drive": [{"id": "d0", "if": "none", "format": "raw", "readonly": True, "file": text}],
        "netdev": [{"type": "stream", "id": "n0", "server": True, "addr": listening, **form}],
        "audiodev": [{"type": "wav", "id": "a0", "path": f"a/{text}", **form}],
        "device": [
            {"type": "virtio-serial-pci", **form},
            {"type": "virtserialport", "id": "p0", "name": text, **form},
            {
                "type": "virtio-9p-pci",
                "id": "p1",
                "fsdev": "f0",
                "mount_tag": short(text, TAG),
                **form,
            },
            {
                "type": "virtio-blk-pci",
                "id": "p2",
                "drive": "b0",
                "serial": short(text, SERIAL),
                **form,
            },
            {"type": "virtio-net-pci", "netdev": "n0", **form},
            {"type": "AC97", "audiodev": "a0", **form},
        ],
        "extra": ["-S", "-nodefaults", "-display", "none"],
    }


@pytest.mark.parametrize("as_json", [False, True], ids=["keys", "json"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_text_arrives_as_it_was_written(qemu: str, home: Path, text: str, as_json: bool) -> None:
    for name in ("a", "c", f"d/{text}"):
        (home / name).mkdir(parents=True)
    (home / text).write_bytes(kernel())
    with guest(home, everything(qemu, text, as_json=as_json)) as running:
        assert running.ask("query-name") == {"name": text}
        for name in ("dt-compatible", "kernel", "initrd", "dtb", "append", "firmware"):
            assert running.get("/machine", name) == text, name
        assert running.get("/objects/o0", "identity") == text
        assert running.get("/machine/peripheral/p0", "name") == text
        assert running.get("/machine/peripheral/p1", "mount_tag") == short(text, TAG)
        assert running.get("/machine/peripheral/p2", "serial") == short(text, SERIAL)
        blocks = {block["device"]: block for block in running.ask("query-block")}
        assert blocks["d0"]["inserted"]["file"] == text
        nodes = {node["node-name"]: node for node in running.ask("query-named-block-nodes")}
        assert nodes["b0"]["file"] == text
        assert (home / f"c/{text}").is_file()
        assert (home / f"a/{text}").is_file()
        assert (home / f"{short(text)}c").is_socket()
        assert (home / f"{short(text)}n").is_socket()


def test_boards_fields_arrive(qemu: str, home: Path) -> None:
    described = {
        "binary": qemu,
        "name": {"guest": "a=b,c", "process": "p"},
        "machine": {"type": "pc", "accel": ["nosuch", "tcg"], "usb": True, "graphics": False},
        "cpu": {"model": "max", "features": ["-x2apic", "hv-vendor-id=a=b"]},
        "memory": {"size": "64M", "slots": 2, "maxmem": "128M"},
        "smp": {"cpus": 2, "maxcpus": 4, "cores": 2, "sockets": 2},
        "boot": {"order": "cd", "menu": True, "splash": "a,b=c.bmp"},
        "qmp": {"type": "unix", "path": "q", "server": True, "wait": False},
        "netdev": [{"type": "user", "id": "n0", "hostfwd": ["tcp:127.0.0.1:0-:22"] * 2}],
        "extra": ["-S", "-nodefaults", "-display", "none"],
    }
    with guest(home, described) as running:
        assert running.ask("query-name") == {"name": "a=b,c"}
        assert running.get("/machine", "usb") is True
        assert running.get("/machine", "graphics") is False
        assert running.get("/machine/unattached/device[0]", "x2apic") is False
        assert running.get("/machine/unattached/device[0]", "hv-vendor-id") == "a=b"
        memory = running.get("/machine", "memory")
        assert memory == {"size": 64 << 20, "slots": 2, "max-size": 128 << 20}
        topology = running.get("/machine", "smp")
        assert [topology[name] for name in ("cpus", "maxcpus", "cores", "sockets")] == [2, 4, 2, 2]
        boot = running.get("/machine", "boot")
        assert boot == {"order": "cd", "menu": True, "splash": "a,b=c.bmp"}
        forwards = running.ask("human-monitor-command", command_line="info usernet")
        assert forwards.count("HOST_FORWARD") == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_monitor_listens_on_tcp(qemu: str, host: str) -> None:
    described = {
        "binary": qemu,
        "machine": {"type": "none"},
        "qmp": {"type": "tcp", "host": host, "port": 0, "server": True, "wait": False},
    }
    command = argv.words(argv.build(profile.read(described)))
    answers, errors = replies(command, query("query-chardev"))
    if answers:
        names = {chardev["label"]: chardev["filename"] for chardev in answers[0]}
        listens = rf"disconnected:tcp:{host}:[1-9][0-9]*,server=on"
        assert re.fullmatch(listens, names["compat_monitor0"])
    else:  # a machine without IPv6
        assert f"{host}:0: Servname" not in errors
        assert f"{host}:0" in errors


def test_first_key_that_looks_like_another_is_read_as_a_type(qemu: str, home: Path) -> None:
    """QEMU names the whole text as the type that it does not know."""
    for group in ("object", "chardev", "netdev", "audiodev", "device"):
        for odd in ("a=b", "a,b=c", "{a", "a,b"):
            described = {"binary": qemu, group: [{"type": odd, "id": "x"}]}
            described["extra"] = ["-S", "-nodefaults", "-display", "none", "-machine", "none"]
            command = argv.words(argv.build(profile.read(described)))
            run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=home)
            assert run.returncode == 1
            assert odd in run.stderr.replace(command[2], ""), run.stderr
