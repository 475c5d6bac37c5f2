"""Dry runs of real QEMUs, and of programs that do what no QEMU does: nothing of them is left."""

import hashlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qemutui.core.profile import read
from qemutui.core.verdict import Accepted, Refused, Untold, Verdict
from qemutui.host import dry_run, holders, pids, sockets, trial
from qemutui.host.spawn import RUN_VARIABLE
from tests.core.error_cases import CASES, IMAGE, PC
from tests.host.images import qcow2

ROOT = Path(__file__).parents[2]
Try = Callable[..., Verdict]


def processes(folder: Path) -> list[int]:
    """Returns the processes of dry runs whose folder is in `folder`."""
    found = pids.with_environment(RUN_VARIABLE)
    return [process.pid for run, process, _ in found if Path(run).is_relative_to(folder)]


def our_children() -> set[str]:
    """Returns the processes that this one has started and not waited for."""
    lists = Path("/proc/self/task").glob("*/children")
    return {pid for one in lists for pid in one.read_text().split()}


def state(home: Path) -> dict[Path, str]:
    """Returns every file of this test with what it holds."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in home.rglob("*")
        if not path.is_relative_to(home / "cache")
    }


@pytest.fixture
def folder(home: Path) -> Path:
    """Where QEMU runs."""
    sockets.prepare(sockets.choose("x"))
    path = home / "vm"
    path.mkdir()
    return path


@pytest.fixture
def tried(qemu: str, home: Path, folder: Path) -> Iterator[Try]:
    """Tries a profile; looks afterwards whether all is as it was."""
    open_before, children = len([*Path("/proc/self/fd").iterdir()]), our_children()

    def run(data: dict[str, Any], **more: Any) -> Verdict:
        before = state(home)
        try:
            return dry_run.run(read(PC | {"binary": qemu} | data), folder, **more)
        finally:
            assert state(home) == before
            assert processes(home) == []

    yield run
    assert len([*Path("/proc/self/fd").iterdir()]) == open_before
    assert our_children() == children


def script(folder: Path, *lines: str) -> str:
    """Returns a program of these lines of shell."""
    path = folder / "program"
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return str(path)


def test_what_is_the_users_stays_as_it_is(tried: Try, folder: Path) -> None:
    for name in ("log", "out", "memory", "pid", "passed"):
        (folder / name).write_text(name.ljust(8192, "."))
    os.mkfifo(folder / "fifo")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as daemon:
        for one, name in ((server, "qmp"), (daemon, "daemon")):
            one.bind(str(folder / name))
            one.listen()
        told = tried(
            {
                "qmp": {"type": "unix", "path": "qmp", "server": True},
                "chardev": [
                    {"type": "file", "id": "a", "path": "out", "logfile": "log"},
                    {"type": "socket", "id": "b", "path": "new", "server": True},
                    {"type": "socket", "id": "c", "path": "daemon"},
                    {"type": "socket", "id": "d", "path": "n", "server": True, "abstract": True},
                    {"type": "pipe", "id": "e", "path": "fifo"},
                    {"type": "socket", "id": "f", "host": "127.0.0.1", "port": 0, "server": True},
                ],
                "object": [
                    {"type": "memory-backend-file", "id": "m", "mem-path": "memory",
                     "size": 8192, "share": True},
                    {"type": "memory-backend-file", "id": "n", "mem-path": "made", "size": "1M"},
                ],
                "device": [{"type": "isa-serial", "chardev": name} for name in "abc"],
                "fd": [{"path": "passed", "mode": "w"}, {"path": "made", "mode": "a"}],
                "extra": ["-daemonize", "-pidfile", "pid", "-D", "trace", "-d", "guest_errors",
                          "-vnc", "unix:viewer", "-gdb", "unix:debugger,server",
                          "-display", "curses", "-serial", "null"],
            }
        )  # fmt: skip
        assert isinstance(told, Accepted), told
        assert 0 < told.seconds < 10
        daemon.setblocking(False)
        with pytest.raises(BlockingIOError):
            daemon.accept()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(folder / "qmp"))
            server.accept()[0].close()


@pytest.mark.parametrize(
    "extra",
    [["-serial", "stdio"], ["-nographic"], ["-serial", "mon:stdio"], ["-preconfig"],
     ["-incoming", "tcp:127.0.0.1:0"], ["-no-shutdown"], ["-S", "-action", "shutdown=pause"]],
    ids=" ".join,
)  # fmt: skip
def test_terminals_and_other_starts(tried: Try, extra: list[str]) -> None:
    data = {"machine": {"type": "none", "accel": "tcg"}, "extra": extra}
    assert isinstance(told := tried(data), Accepted), told


@pytest.mark.parametrize(("data", "path"), CASES[::11], ids=lambda one: repr(one)[-60:])
def test_a_refusal_names_its_field(
    tried: Try, folder: Path, data: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    (folder / "image").write_bytes(bytes(1 << 20))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        text = json.dumps(data)
        for word, value in (
            ("PORT", str(taken.getsockname()[1])),
            (IMAGE, str(folder / "image")),
            ("FOLDER", str(folder)),
        ):
            text = text.replace(word, value)
        told = tried(json.loads(text))
    assert isinstance(told, Refused), told
    assert told.path == path
    assert not told.message.startswith(("qemu", "-device"))


def test_what_would_fail_at_a_launch_fails(tried: Try, folder: Path) -> None:
    (folder / "stale").touch()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(folder / "gone"))
    for path in ("gone", "stale", "none", "x" * 110, "no/such"):
        told = tried({"chardev": [{"type": "socket", "id": "c", "path": path}]})
        assert isinstance(told, Refused), path
        assert told.path == ("chardev", 0, "path")
    for path in ("no/such", ".", "x" * 110):
        told = tried({"qmp": {"type": "unix", "path": path, "server": True}})
        assert isinstance(told, Refused), path
        assert told.path[0] == "qmp"
    told = tried({"fd": [{"path": "none"}]})
    assert told == Refused(("fd", 0, "path"), "fd[0].path: none: no such file or directory.")
    told = tried({"launch": {"directory": "none"}, "extra": ["-serial"]})
    assert isinstance(told, Refused)
    told = tried({"launch": {"wrapper": ["false"]}})
    assert told == Refused(("launch", "wrapper"), "QEMU ended with status 1 and said nothing.")


def test_a_disk_that_a_vm_has_locked(tried: Try, qemu: str, home: Path, folder: Path) -> None:
    qcow2(folder / "disk.qcow2")
    data = {"drive": [{"file": "disk.qcow2", "format": "qcow2", "if": "virtio"}],
            "extra": ["-display", "none", "-pidfile", "pid"]}  # fmt: skip
    assert isinstance(told := tried(data), Accepted), told
    command = [
        qemu, "-accel", "tcg", "-S", "-display", "none", "-nodefaults", "-pidfile", "pid",
        "-drive", "file=disk.qcow2,format=qcow2,if=virtio",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=folder) as vm:
        while not (folder / "pid").exists() or not holders.locked():
            time.sleep(0.01)
        told = tried(data)
        assert isinstance(told, Refused)
        assert told.path in (("drive", 0, "file"), ("extra", 3))
        told = tried(data | {"extra": []})
        assert isinstance(told, Refused)
        assert told.path == ("drive", 0, "file")
        assert "lock" in told.message
        vm.terminate()
    (folder / "pid").unlink(missing_ok=True)
    assert isinstance(tried(data), Accepted)


@pytest.mark.parametrize(("place", "value"), [(72, 1), (88, 1)], ids=["dirty", "bitmaps"])
def test_an_image_that_opening_would_change_is_not_opened(
    tried: Try, folder: Path, place: int, value: int
) -> None:
    image = folder / "disk.qcow2"
    qcow2(image)
    content = bytearray(image.read_bytes())
    content[place : place + 8] = struct.pack(">Q", value)
    image.write_bytes(content)
    drive = {"file": "disk.qcow2", "format": "qcow2", "if": "virtio"}
    for data in ({"drive": [drive]}, {"extra": ["-hda", "disk.qcow2"]}):
        told = tried(data)
        assert isinstance(told, Untold)
        assert "disk.qcow2 would change" in told.reason
    assert isinstance(told := tried({"drive": [drive | {"readonly": True}]}), Accepted), told


def test_lazy_refcounts_are_left_alone(tried: Try, folder: Path) -> None:
    image = folder / "disk.qcow2"
    qcow2(image)
    content = bytearray(image.read_bytes())
    content[80:88] = struct.pack(">Q", 1)
    image.write_bytes(content)
    told = tried({"drive": [{"file": "disk.qcow2", "format": "qcow2", "if": "virtio"}]})
    assert isinstance(told, Accepted), told


def test_a_program_that_is_not_trusted_is_not_run(
    tried: Try, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = script(folder, f"touch {folder}/ran; exit 1")
    told = tried({"binary": program})
    assert told == Untold(f"{program} is not on PATH and was not run.")
    other = folder / "qemu-system-x86_64"
    Path(program).rename(other)
    path = {"environment": {"PATH": f"{folder}:{os.environ['PATH']}"}}
    assert isinstance(tried({"binary": other.name, "launch": path}), Untold)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
    assert isinstance(tried({"binary": other.name}), Untold)
    assert not (folder / "ran").exists()
    told = tried({"binary": "qemu-system-nope"})
    assert isinstance(told, Refused)
    assert told.path == ("binary",)


@pytest.mark.parametrize(
    "lines",
    [
        ("sleep 60",),
        (
            "trap '' TERM INT HUP",
            "sleep 60 & sleep 60",
        ),
        ("yes 'qemu-system-x86_64: no end' >&2",),
        ("sleep 60 & exit 0",),
        ("sleep 60 >/dev/null 2>&1 & exit 3",),
    ],
    ids=["hangs", "ignores signals", "floods", "leaves a child", "fails and leaves a child"],
)
def test_a_program_that_is_no_qemu(
    tried: Try, folder: Path, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...]
) -> None:
    monkeypatch.setattr(trial, "PATIENCE", 0.4)
    monkeypatch.setattr(trial, "_TERM", 0.2)
    told = tried({"binary": script(folder, *lines)}, allowed=True)
    if "exit 3" in lines[-1]:
        assert told == Refused((), "QEMU ended with status 3 and said nothing.")
    else:
        assert isinstance(told, Untold)
        assert len(told.reason) < 200


def test_a_wrapper_that_does_not_wait_for_qemu(tried: Try) -> None:
    for line in ('"$@" & exit 0', 'exec "$@"', '"$@"; exit 7'):
        told = tried({"launch": {"wrapper": ["sh", "-c", line, "sh"]}})
        assert isinstance(told, Accepted), told


def test_a_daemon_that_qemu_wants_to_talk_with(
    tried: Try, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "_TALKS_AFTER", 0.3)
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind(str(folder / "daemon"))
        daemon.listen()
        told = tried(
            {
                "chardev": [{"type": "socket", "id": "c", "path": "daemon"}],
                "tpmdev": [{"type": "emulator", "id": "t", "chardev": "c"}],
            }
        )
        assert told == Untold("QEMU waits for an answer on daemon, which a check leaves alone.")
        daemon.setblocking(False)
        with pytest.raises(BlockingIOError):
            daemon.accept()


def test_one_that_is_cancelled(tried: Try, folder: Path) -> None:
    began = time.monotonic()
    with pytest.raises(trial.CancelledError):
        tried({"binary": script(folder, "sleep 60")}, allowed=True,
              is_cancelled=lambda: time.monotonic() - began > 0.2)  # fmt: skip
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_one_whose_qemutui_is_killed(home: Path, folder: Path, number: int) -> None:
    program = script(folder, "trap '' TERM", "sleep 60 & setsid sleep 60")
    code = (
        "from pathlib import Path; from qemutui.core.profile import read;"
        "from qemutui.host.dry_run import run;"
        f"run(read({{'binary': {program!r}}}), Path({str(folder)!r}), allowed=True)"
    )
    before = state(home)
    with subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        deadline = time.monotonic() + 20
        while len(processes(home)) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(number)
        process.wait(10)
    while processes(home) or state(home) != before:
        assert time.monotonic() < deadline, processes(home)
        time.sleep(0.01)
