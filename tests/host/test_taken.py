"""What another QEMU has taken: its images, ports and sockets, and what a second one makes of it."""

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from qemutui.core.check import check
from qemutui.core.profile import read
from qemutui.host import holders
from qemutui.host.facts import gather
from tests.core.check_cases import NET, USER, devices, item
from tests.host.images import qcow2
from tests.host.test_check_qemu import accepts


class Holder(NamedTuple):
    """A QEMU that runs."""

    pid: int
    folder: Path
    port: int


@pytest.fixture(scope="module")
def holder(qemu: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Holder]:
    folder = tmp_path_factory.mktemp("taken")
    for name in ("written.qcow2", "read.qcow2", "free.qcow2"):
        qcow2(folder / name)
    (folder / "free.raw").write_bytes(bytes(1 << 20))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        qemu, "-accel", "tcg", "-S", "-nodefaults", "-display", "none", "-qmp", "stdio",
        "-drive", "file=written.qcow2,format=qcow2,if=virtio",
        "-drive", "file=read.qcow2,format=qcow2,if=virtio,readonly=on",
        "-netdev", f"user,id=n,hostfwd=tcp:127.0.0.1:{port}-:22",
        "-chardev", f"socket,id=c,path={folder}/taken.sock,server=on,wait=off",
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"execute":"qmp_capabilities"}\n{"execute":"query-status"}\n')
        process.stdin.flush()
        while "status" not in json.loads(process.stdout.readline()).get("return", {}):
            pass
        yield Holder(process.pid, folder, port)
        process.kill()


def drive(name: str, **keys: Any) -> dict[str, Any]:
    return {"drive": [{"file": name, "format": "qcow2", "if": "virtio", **keys}]}


def node(name: str, *, attached: bool, **keys: Any) -> dict[str, Any]:
    below = {"driver": "file", "filename": name}
    found: dict[str, Any] = {"blockdev": [{"type": "qcow2", "id": "d", "file": below, **keys}]}
    return found | devices(item("virtio-blk-pci", drive="d")) if attached else found


def forward(port: int, host: str = "") -> dict[str, Any]:
    return devices(NET, netdev=[USER | {"hostfwd": [f"tcp:{host}:{port}-:22"]}])


CASES = {
    "a disk that is written": (drive("written.qcow2"), "is in use by pid"),
    "a written disk, read only": (drive("written.qcow2", readonly=True), "is in use by pid"),
    "a disk that is read": (drive("read.qcow2"), "is in use by pid"),
    "a disk that two read": (drive("read.qcow2", readonly=True), ""),
    "a written disk, by name": (node("written.qcow2", attached=True), "is in use by pid"),
    "a raw image as qcow2": (drive("free.raw"), "free.raw is not qcow2."),
    "a qcow2 image as qed": (drive("free.qcow2", format="qed"), "is not qed, but qcow2."),
    "free": (drive("free.qcow2"), ""),
}


@pytest.mark.parametrize("name", CASES)
def test_images(qemu: str, holder: Holder, name: str) -> None:
    data, words = CASES[name]
    profile = read(data)
    errors = [f for f in check(profile, gather(profile, holder.folder)) if f.severity == "error"]
    assert bool(errors) == bool(words)
    assert all(words in finding.message for finding in errors)
    accepted, said = accepts(qemu, profile, holder.folder)
    assert accepted is not bool(errors), said


def test_the_port_of_localhost(qemu: str, holder: Holder) -> None:
    socket = {"type": "socket", "id": "c", "host": "localhost", "port": holder.port}
    profile = read({"chardev": [{**socket, "server": True, "wait": False}]})
    errors = [f for f in check(profile, gather(profile, holder.folder)) if f.severity == "error"]
    assert accepts(qemu, profile, holder.folder)[0] is not bool(errors)


@pytest.mark.parametrize("host", ["", "127.0.0.1", "127.0.0.2"])
def test_ports(qemu: str, holder: Holder, host: str) -> None:
    profile = read(forward(holder.port, host))
    errors = [f for f in check(profile, gather(profile, holder.folder)) if f.severity == "error"]
    expected = [] if host == "127.0.0.2" else [f"Port {holder.port} is taken by pid {holder.pid}."]
    assert [finding.message for finding in errors] == expected
    accepted, said = accepts(qemu, profile, holder.folder)
    assert accepted is not bool(errors), said


def test_what_is_said_of_others_and_not_of_oneself(holder: Holder) -> None:
    socket_ = {"type": "unix", "path": "taken.sock", "server": True, "wait": False}
    data = {**drive("written.qcow2"), **forward(holder.port), "qmp": socket_}
    data |= {"memory": {"size": "1000T"}}
    profile = read(data)
    found = check(profile, gather(profile, holder.folder))
    assert {f.rule: f.severity for f in found} == {
        "image-in-use": "error", "port": "error", "socket-in-use": "warning",
        "memory": "warning" if holders.most_memory() is None else "error",
    }  # fmt: skip
    assert next(f for f in found if f.rule == "socket-in-use").message == (
        f"In use by pid {holder.pid}; QEMU would take it over."
    )
    own = check(profile, gather(profile, holder.folder, {holder.pid}))
    assert {finding.rule for finding in own} == {"memory"}


def test_more_memory_than_there_is(qemu: str, tmp_path: Path) -> None:
    most = holders.most_memory()
    profile = read({"memory": {"size": ((most or 1 << 50) >> 20) + 1024}})
    (found,) = check(profile, gather(profile, tmp_path))
    accepted, said = accepts(qemu, profile, tmp_path)
    # Where Linux promises more than there is, QEMU may get it.
    assert (found.severity == "error") is (most is not None)
    assert most is None or (not accepted and "allocate memory" in said)
