"""Runs from the prompt: listed, read, stopped; the VM is a real one."""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from qemutui.host import pids, runs
from tests import samples
from tests.cli.command import COMMAND, PATIENCE, environment, qemutui

QUIET = samples.quiet(machine="pc") + "[launch]\npowerdown = 0.2\n"


@pytest.fixture
def quiet(tmp_path: Path, qemu: str) -> Path:
    path = tmp_path / "quiet.toml"
    path.write_text(QUIET)
    return path


def detached(path: Path, *arguments: str) -> dict[str, Any]:
    done = qemutui("run", "--detach", "--json", path, "--", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    started: dict[str, Any] = json.loads(done.stdout)
    return started


def listed(*options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(qemutui("ps", "--json", *options).stdout)
    return rows


def test_a_vm_is_listed_with_its_state_and_stopped_step_by_step(quiet: Path) -> None:
    assert qemutui("ps").stderr == "qemutui: No VM runs.\n"
    started = detached(quiet)
    paused = detached(quiet, "-S")
    assert (started["run"], paused["run"]) == ("quiet-1", "quiet-2")
    rows = listed()
    assert [(row["run"], row["state"], row["pid"]) for row in rows] == [
        ("quiet-1", "running", started["pid"]),
        ("quiet-2", "paused", paused["pid"]),
    ]
    assert rows[0]["profile"] == str(quiet)
    done = qemutui("stop", "quiet-1")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "qemutui: 1/4 Asked the guest to power down.",
        "qemutui: 2/4 Told QEMU to quit.",
        "qemutui: quiet-1: QEMU quit.",
    ]
    # By the VM's name it is the one that lives.
    now = qemutui("stop", "quiet", "--now", "--json")
    assert "power down" not in now.stderr
    assert json.loads(now.stdout)["end"] == "QEMU quit."
    assert [row["state"].split()[0] for row in listed("--all")] == ["stopped", "stopped"]
    assert qemutui("stop", "quiet").stderr == "qemutui: quiet-2 does not run.\n"
    assert "Near: quiet" in qemutui("stop", "quit-1").stderr
    assert not list((Path(os.environ["XDG_RUNTIME_DIR"]) / "qemutui").iterdir())


def test_where_there_is_no_monitor_it_is_signalled(quiet: Path) -> None:
    quiet.write_text(f"{QUIET}monitor = false\n")
    detached(quiet)
    assert qemutui("stop", "quiet").stderr.splitlines() == [
        "qemutui: 3/4 SIGTERM.",
        "qemutui: quiet-1: Ended by SIGTERM.",
    ]


def test_a_log_is_printed_exactly_or_followed_to_its_end(tmp_path: Path, qemu: str) -> None:
    fifo = tmp_path / "go"
    os.mkfifo(fifo)
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\nprintf 'a\\033[2Jb\\n'; echo bad >&2; cat {fifo}; exit 3\n")
    program.chmod(0o755)
    path = tmp_path / "vm.toml"
    path.write_text('binary = "./program"\nname = "odd"\nlaunch.monitor = false\n')
    assert qemutui("run", "--detach", path).stdout == "vm-1\n"
    done = qemutui("log", "odd")
    assert done.stdout == "a\x1b[2Jb\nbad\n"
    lines = [json.loads(line) for line in qemutui("log", "--json", "vm-1").stdout.splitlines()]
    assert {"stream": "stderr", "text": "bad", "complete": True} in lines
    with subprocess.Popen(
        [*COMMAND, "log", "-f", "vm-1"], stdout=subprocess.PIPE, env=environment(), text=True
    ) as follower:
        assert follower.stdout is not None
        assert follower.stdout.readline() == "a\x1b[2Jb\n"
        fifo.write_text("late\n")
        assert "late\n" in follower.stdout.read()
        assert follower.wait(PATIENCE) == 0


def test_pid_reuse_fools_nobody(quiet: Path) -> None:
    detached(quiet)
    (record,) = runs.open_runs().records
    assert record.process is not None
    os.kill(record.process.pid, signal.SIGKILL)
    # Our own pid, as if it had been given away again.
    other = pids.identify(os.getpid())
    assert other is not None
    reused = record.process.model_copy(update={"pid": other.pid})
    from qemutui.host.record import write

    write(record.model_copy(update={"process": reused, "pid": other.pid}))
    assert listed() == []
    done = qemutui("stop", "quiet")
    assert (done.returncode, done.stderr) == (1, "qemutui: quiet-1 does not run.\n")


@pytest.fixture(autouse=True)
def nothing_left(home: Path) -> object:
    """No VM outlives its test."""
    import contextlib

    yield
    for record in runs.open_runs().records:
        process = runs.find(record)
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
