"""`qemutui run`: QEMU gets our terminal, and its end is ours."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, PATIENCE, environment, qemutui

SILENT = 'extra = ["-nodefaults", "-display", "none"]\n[machine]\ntype = "none"\naccel = "tcg"\n'


def profile(folder: Path, text: str) -> Path:
    path = folder / "vm.toml"
    path.write_text(text)
    return path


def script(folder: Path, text: str) -> Path:
    """A profile whose binary is a shell script."""
    program = folder / "program"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return profile(folder, 'binary = "./program"\nname = "a, b"\nlaunch.monitor = false\n')


def test_standard_streams_arguments_and_status(tmp_path: Path) -> None:
    path = script(tmp_path, 'printf "<%s>" "$@" "$PWD"; cat; echo bad >&2; exit 7')
    done = qemutui("run", path, "--", "-x", "--detach", "--", "y", stdin=b"typed")
    assert done.stdout == f"<-name><a,, b><-x><--detach><--><y><{tmp_path}>typed"
    assert done.stderr == "bad\n"
    assert done.returncode == 7


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_signal_is_128_and_its_number(tmp_path: Path, number: signal.Signals) -> None:
    done = qemutui("run", script(tmp_path, f"kill -{number.value} $$"))
    assert (done.returncode, done.stdout) == (128 + number, "")


@pytest.mark.parametrize(
    ("binary", "status"), [("/no/such/qemu", 127), ("no-such-qemu", 127), ("./vm.toml", 126)]
)
def test_a_binary_that_is_none(tmp_path: Path, binary: str, status: int) -> None:
    path = profile(tmp_path, f'binary = "{binary}"\n')
    for form in ((), ("--detach",)):
        done = qemutui("run", path, *form)
        assert (done.returncode, done.stdout) == (status, "")
        assert 1 <= len(done.stderr.splitlines()) <= 3
        assert done.stderr.startswith("qemutui: ")
        assert binary.removeprefix("./") in done.stderr


def test_a_file_that_cannot_be_passed(tmp_path: Path) -> None:
    done = qemutui("run", profile(tmp_path, '[[fd]]\npath = "no such"\n'))
    assert (done.returncode, done.stdout) == (1, "")
    assert "fd[0].path" in done.stderr


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('[launch]\ndirectory = "a\\u0000b"', "cannot run in"),
        ('[[fd]]\npath = "a\\u0000b"', "fd[0].path"),
        ('extra = ["a\\u0000b"]', "NUL"),
        ('name = "é"', "encoding of this locale"),
        ('[launch]\ndirectory = "é"', "encoding of this locale"),
        ('[[fd]]\npath = "é"', "fd[0].path"),
        ('[launch.environment]\nA = "é"', "launch.environment"),
    ],
)
def test_words_that_the_system_cannot_be_given(tmp_path: Path, text: str, field: str) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(f'binary = "true"\n{text}\n', encoding="utf-8")
    ascii_only = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX"}
    for form in ((), ("--detach",)):
        done = qemutui("run", path, *form, variables=ascii_only)
        assert (done.returncode, done.stdout) == (1, "")
        assert field in done.stderr.splitlines()[0]
        assert "failed" not in done.stderr


def test_a_wrapper_without_a_name(tmp_path: Path) -> None:
    done = qemutui("run", profile(tmp_path, 'binary = "true"\n[launch]\nwrapper = [""]\n'))
    text = "qemutui: launch.wrapper[0] is empty: it is to name a program.\n"
    assert (done.returncode, done.stdout, done.stderr) == (127, "", text)


def test_a_real_qemu_refuses_and_check_is_pointed_to(tmp_path: Path, qemu: str) -> None:
    path = profile(tmp_path, f'{SILENT}[[device]]\ntype = "virtio-net-pci"\nnetdev = "nope"\n')
    done = qemutui("run", path)
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert lines[0].startswith("qemu-system-x86_64: -device virtio-net-pci,netdev=nope: ")
    # The machine none has no bus for it either.
    assert lines[-1] == f"qemutui: Errors that qemutui check finds in {path}: 2."


def test_a_real_qemu_runs_and_its_monitor_is_ours(tmp_path: Path, qemu: str) -> None:
    path = profile(tmp_path, SILENT)
    typed = b'{"execute": "qmp_capabilities"}\n{"execute": "quit"}\n'
    done = qemutui("run", path, "--", "-qmp", "stdio", stdin=typed)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout.splitlines()[0])["QMP"]["version"]


def test_sigterm_is_passed_on(tmp_path: Path) -> None:
    path = script(tmp_path, "trap 'echo got it; exit 3' TERM; echo ready; while :; do :; done")
    with subprocess.Popen(
        [*COMMAND, "run", path], stdout=subprocess.PIPE, env=environment(), text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGTERM)
        assert running.stdout.read() == "got it\n"
        assert running.wait(PATIENCE) == 3


def test_detached_outlives_us_and_is_named(tmp_path: Path, qemu: str, home: Path) -> None:
    path = profile(tmp_path, SILENT)
    done = qemutui("run", "--detach", path, "--", "-S")
    assert (done.returncode, done.stdout, done.stderr) == (0, "vm-1\n", "")
    record = json.loads((home / "state/qemutui/runs/vm-1/record.json").read_bytes())
    pid = record["pid"]
    try:
        monitor = f"socket,id=qemutui-mon,path={record['monitor']},server=on,wait=off"
        added = ["-chardev", monitor, "-mon", "chardev=qemutui-mon,mode=control"]
        assert record["argv"][-5:] == ["-S", *added]
        assert os.getsid(pid) == pid
    finally:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_detached_that_ends_at_once_says_so(tmp_path: Path) -> None:
    done = qemutui("run", "--detach", script(tmp_path, "echo bad >&2; exit 5"))
    assert (done.returncode, done.stdout) == (5, "vm-1\n")
    assert "vm-1 has ended already: bad\n" in done.stderr
    log = Path(done.stderr.rpartition(" ")[2].strip().removesuffix("."))
    assert log.read_text() == "bad\n"


def test_an_example_runs_by_its_name(qemu: str) -> None:
    done = qemutui("run", "demo", stdin=b"q")
    assert done.returncode == 0, done.stderr
    assert "qemutui demo guest" in done.stdout


def test_runs_that_cannot_be_recorded(tmp_path: Path, home: Path) -> None:
    (home / "state").write_text("no folder")
    done = qemutui("run", script(tmp_path, "echo it ran"))
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
