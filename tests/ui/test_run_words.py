"""What is said of a run, word for word, as real guests of a real QEMU do it."""

import os
import signal
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import tomli_w

from qemutui.ui.run import Run
from qemutui.ui.screens.question import Question
from tests.host import boot_sectors
from tests.ui.opened import LARGE, Opened, opened

Write = Callable[..., Path]


async def asked(one: Opened, *words: str) -> None:
    """Waits for a question; its keys stand in a column of their own."""
    await one.until(lambda: isinstance(one.app.screen, Question), "a question")
    await one.until(lambda: all(w in " ".join(one.text.split()) for w in words), repr(words))


@asynccontextmanager
async def launched(
    write: Write, tmp_path: Path, code: bytes, *more: str, size: tuple[int, int] = LARGE
) -> AsyncIterator[tuple[Opened, Run]]:
    """Launches a guest of a few bytes from the main screen, without a question."""
    extra = [*boot_sectors.options(boot_sectors.write(tmp_path, code)), *more]
    path = write(tomli_w.dumps({"name": "guest", "extra": extra, "launch": {"powerdown": 0}}))
    async with opened(path, size) as one:
        await one.press("f5")
        await one.until(lambda: one.app.runs and one.app.runs[-1].running, "a run")
        yield one, one.app.runs[-1]


@pytest.mark.parametrize(
    ("code", "more", "words"),
    [
        (boot_sectors.SHUTS_DOWN, (), ("■ shut down 00:0", "The guest powered off.")),
        (
            boot_sectors.RESETS,
            ("-no-reboot",),
            ("■ reset 00:0", "The guest reset (-no-reboot)."),
        ),
        (
            boot_sectors.EXITS_WITH_33,
            ("-device", "isa-debug-exit,iobase=0xf4"),
            ("■ exited 33 00:0", "Status 33: isa-debug-exit value 16."),
        ),
        (
            boot_sectors.PANICS,
            ("-device", "pvpanic", "-action", "panic=shutdown"),
            ("■ panicked 00:0", "The guest panicked."),
        ),
    ],
)
async def test_how_a_guest_ends(
    qemu: str, write: Write, tmp_path: Path, code: bytes, more: tuple[str, ...], words: tuple[str]
) -> None:
    async with launched(write, tmp_path, code, *more) as (one, _):
        await one.until_shown(*words, "▶ Launch F5")


@pytest.mark.parametrize(
    ("code", "more", "words"),
    [
        (
            boot_sectors.PANICS,
            ("-device", "pvpanic", "-action", "panic=pause"),
            "The guest panicked.",
        ),
        (
            boot_sectors.READS_A_DISK,
            (
                "-blockdev", "driver=null-co,node-name=n,size=1048576,read-zeroes=on",
                "-blockdev", "driver=blkdebug,node-name=d,image=n,inject-error.0.event=none,"
                "inject-error.0.iotype=read,inject-error.0.sector=0",
                "-device", "ide-hd,drive=d,rerror=stop",
            ),
            "Paused: disk error.",
        ),
        (
            boot_sectors.SHUTS_DOWN,
            ("-no-shutdown",),
            "The guest has shut down; QEMU stays (-no-shutdown).",
        ),
    ],
)  # fmt: skip
async def test_why_a_guest_is_paused(
    qemu: str, write: Write, tmp_path: Path, code: bytes, more: tuple[str, ...], words: str
) -> None:
    async with launched(write, tmp_path, code, *more) as (one, _):
        await one.until_shown("‖ paused", words, "■ Stop F6")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGTERM, ("■ stopped 00:0", "Ended by SIGTERM from outside.")),
        (signal.SIGKILL, ("✗ SIGKILL", "Killed by signal 9, not by qemutui. Out of memory?")),
    ],
)
async def test_signals_of_others(
    qemu: str, write: Write, tmp_path: Path, number: signal.Signals, words: tuple[str]
) -> None:
    async with launched(write, tmp_path, boot_sectors.WAITS) as (one, run):
        await one.until_shown("● running", "Running after ")
        assert run.running is not None
        run.running.send(number)
        await one.until_shown(*words)


async def test_a_monitor_that_goes_away_and_comes_back(
    qemu: str, write: Write, tmp_path: Path
) -> None:
    async with launched(write, tmp_path, boot_sectors.WAITS) as (one, run):
        await one.until_shown("● running")
        assert run.running is not None
        path = Path(run.running.record.monitor)
        hidden = path.with_name("hidden")
        path.rename(hidden)
        assert run.watch is not None
        assert run.watch.monitor is not None
        await run.watch.monitor.close()
        await one.until_shown(
            "● running, no monitor", "The monitor closed; the VM runs on. Trying again."
        )
        hidden.rename(path)
        await one.until(lambda: "no monitor" not in one.lines[0], "a monitor")
        await one.until_shown("The monitor answers again.")


async def test_a_qemu_that_hangs_is_ended_step_by_step(
    qemu: str, write: Write, tmp_path: Path
) -> None:
    async with launched(write, tmp_path, boot_sectors.WAITS) as (one, run):
        await one.until_shown("● running")
        assert run.pid is not None
        os.kill(run.pid, signal.SIGSTOP)
        await one.press("f6")
        await one.until_shown("◌ stopping ", "■ Harder F6")
        await one.press("f6")
        await one.until_shown("3/4 SIGTERM.")
        await one.press("f6")
        await one.until_shown("4/4 SIGKILL.", "Ended by SIGKILL.")


async def test_a_qemu_that_says_nothing(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "qemu-system-x86_64"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    async with opened(write("name = 'mute'\n"), LARGE) as one:
        await one.press("f5")
        await one.until_shown("◌ starting ", "■ Cancel F6")
        await one.until_shown("QEMU has not answered yet.")
        await one.press("f6")
        await one.until_shown("3/4 SIGTERM.", "Ended by SIGTERM.")


async def test_a_program_that_may_not_be_run(write: Write, tmp_path: Path) -> None:
    (tmp_path / "qemu-system-x86_64").touch()
    async with opened(write("binary = './qemu-system-x86_64'\n"), LARGE) as one:
        await one.checked()
        await one.press("f5")
        await asked(one, "✗ ./qemu-system-x86_64 cannot be run: permission denied.")
        await one.press("l")
        await one.until_shown("✗ not started")
        line = one.lines[-1]
        assert "qemu-system-x86_64 cannot be run: permission denied." in line


async def test_a_refusal_is_laid_at_its_field(qemu: str, write: Write, tmp_path: Path) -> None:
    profile = {
        "name": "alpine",
        "extra": ["-nodefaults", "-display", "none"],
        "machine": {"type": "pc", "accel": "tcg"},
        "device": [{"type": "virtio-9p-pci", "id": "share", "fsdev": "fs0", "mount_tag": "host"}],
    }
    async with opened(write(tomli_w.dumps(profile)), LARGE) as one:
        await one.checked()
        await one.press("f5")
        await asked(
            one,
            "1 problem will probably stop QEMU.",
            "✗ No fsdev has this id",
            "Enter shows the first",
            "l launches all the same",
        )
        await one.press("l")
        await one.until_shown("QEMU refused Devices › share › fsdev. Enter goes there.")
        await one.until_shown("✗ exit 1 after 0.")


async def test_a_refusal_that_names_no_field(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "qemu-system-x86_64"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'something went wrong' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    async with opened(write("name = 'vm'\n"), LARGE) as one:
        await one.press("f5")
        await one.until_shown("No field could be named; QEMU's words are above.", "✗ exit 1 after")


async def test_what_runs_is_not_what_is_shown(qemu: str, write: Write, tmp_path: Path) -> None:
    async with launched(write, tmp_path, boot_sectors.WAITS) as (one, run):
        await one.until_shown("● running")
        await one.go_to("memory", "size")
        await one.press("enter", *"32M", "enter")
        await one.until_shown("● running Δ")
        await one.press("f5")
        await asked(one, f"guest runs already (pid {run.pid}).", "l launches another", "o shows it")
        await one.press("escape")
        await one.press("ctrl+q")
        await asked(one, "guest has 1 unsaved change.", "s save", "x drop them", "Esc stay")
        await one.press("x")
        await asked(
            one,
            f"guest is still running (pid {run.pid}).",
            "l leave it running",
            "s stop it, then quit",
            "Esc stay",
        )
        await one.press("s")
        await one.until(lambda: not one.app.is_running, "the end")
    assert tomllib.loads((tmp_path / "vm.toml").read_text())["name"] == "guest"
