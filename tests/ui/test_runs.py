"""A real QEMU, launched, watched and stopped from the main screen."""

import asyncio
import json
import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from qemutui.core.argv import words
from qemutui.host import pids
from qemutui.host.record import load
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.prompt import Prompt
from qemutui.ui.screens.question import Question
from tests.cli.command import qemutui
from tests.samples import quiet
from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

IDLE = quiet("idle") + "[launch]\npowerdown = 0\n"


def runs(one: Opened) -> bool:
    return bool(one.app.runs) and one.app.runs[-1].phase == "running"


def ended(one: Opened) -> bool:
    return bool(one.app.runs) and not one.app.runs[-1].is_alive


async def asked(one: Opened) -> str:
    await one.until(lambda: isinstance(one.app.screen, Question))
    await one.rest()
    return one.text


async def answered(one: Opened) -> None:
    await one.until(lambda: isinstance(one.app.screen, MainScreen))
    await one.rest()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_demo_greets_and_is_stopped(qemu: str, size: tuple[int, int]) -> None:
    async with opened(None, size) as one:
        await one.press("home", "f5")
        await answered(one)
        output = one.main.output

        def greetings() -> list[str]:
            return [e.text for e in output.entries if e.stream == "stdout" and e.text.strip()]

        await one.until(greetings)
        greeting = greetings()[0]
        assert greeting in one.text
        await one.until_shown("● running", "■ Stop F6")
        assert not one.main.session.has_changes
        await one.go_to("memory", "size")
        await one.press("enter", "1", "enter")
        await one.until_shown("Δ")
        await one.press("f6")
        await one.until_shown("stopping 1/4", "■ Harder F6", "1/4 Asked the guest to power down.")
        await one.press("f6")
        await one.until(lambda: ended(one))
        await one.until_shown("2/4 Told QEMU to quit.", "QEMU quit.", "▶ Launch F5")
        assert not one.raw()


async def test_the_line_of_a_refusal_leads_to_its_field(qemu: str, write: Write) -> None:
    text = IDLE.replace('none"\nac', 'pc"\nac')
    text += '[[device]]\ntype = "virtio-net-pci"\nid = "net0"\nnetdev = "nope"\n'
    async with opened(write(text)) as one:
        await one.checked()
        await one.press("f5")
        assert "1 problem will probably stop QEMU." in await asked(one)
        await one.press("escape")
        await answered(one)
        assert not one.app.runs
        await one.press("f5")
        await asked(one)
        await one.press("enter")
        await answered(one)
        assert one.main.properties.path == ("device", 0, "netdev")
        await one.press("1", "f5")
        await asked(one)
        await one.press("l")
        await answered(one)
        await one.until(lambda: ended(one))
        await one.until_shown("QEMU refused Devices › net0 › netdev. Enter goes there.")
        assert one.focus == "sections"
        await one.press("4", "up")
        assert "✗" in one.row
        assert "can't find value 'nope'" in one.main.output.errors()[-1]
        await one.press("enter")
        assert one.main.properties.path == ("device", 0, "netdev")
        await one.press("4", "end", "enter")
        assert one.main.properties.path == ("device", 0, "netdev")


async def test_a_second_launch_asks(qemu: str, write: Write) -> None:
    async with opened(write(IDLE)) as one:
        await one.press("f5")
        await one.until(lambda: runs(one))
        for answer, count in [("escape", 1), ("o", 1), ("l", 2)]:
            await one.press("f5")
            assert "idle runs already" in await asked(one)
            await one.press(answer)
            await answered(one)
            assert len(one.app.runs) == count
            assert (one.focus == "output") == (answer != "escape")
        await one.until(lambda: runs(one))


@pytest.mark.parametrize("answer", ["l", "s", "escape"])
async def test_quitting_asks_what_becomes_of_a_vm(qemu: str, write: Write, answer: str) -> None:
    async with opened(write(IDLE)) as one:
        await one.press("f5")
        await one.until(lambda: runs(one))
        pid = one.app.runs[0].pid
        assert pid is not None
        await one.press("ctrl+q")
        assert f"idle is still running (pid {pid})." in await asked(one)
        await one.press(answer)
        if answer == "escape":
            await answered(one)
            assert runs(one)
            return
        await one.until(lambda: not one.app.is_running)
        assert Path(f"/proc/{pid}").exists() == (answer == "l")


async def test_a_vm_runs_on_while_another_profile_is_shown(qemu: str, write: Write) -> None:
    async with opened(write(IDLE)) as one:
        await one.press("f5")
        await one.until(lambda: runs(one))
        await one.press("ctrl+n")
        assert "▶ Launch F5" in one.text
        await one.press("f6")
        await one.until_shown("Nothing runs here.")
        await one.press("ctrl+o")
        await one.until(lambda: isinstance(one.app.screen, LibraryScreen))
        await one.until_shown("1 running")
        one.app.open_path(Path(one.app.sessions[0].document.path))  # type: ignore[union-attr]
        await answered(one)
        await one.until_shown("■ Stop F6", "── run 1 · ")
        await one.press("f6")
        await one.until(lambda: ended(one))
        await one.until_shown("2/4 Told QEMU to quit.", "▶ Launch F5")


async def test_the_library_has_the_runs_of_no_file(qemu: str, write: Write) -> None:
    path = write(IDLE)
    started(path)
    path.unlink()
    async with opened(None, LARGE) as one:
        await one.press("home", "f5")
        await answered(one)
        await one.until_shown("Type and it echoes")
        await one.press("ctrl+o")
        await one.until_shown("2 running", "● demo", "● idle", "no file")
        await one.press("home", "enter")
        await answered(one)
        await one.until_shown("── run 1 · ", "Type and it echoes")
        # It was printed before; when, nobody knows.
        assert one.main.output.has_times
        assert not any(one.time for one in one.main.output.entries if one.source is not None)
        await one.press("ctrl+o")
        await one.until_shown("● demo")
        await one.press("home", "down", "enter")
        await answered(one)
        await one.until_shown("● running 00:", "-nodefaults \\", "-display none \\")
        assert one.profile.name == "idle"
        await one.press("ctrl+o")
        await one.until_shown("● demo")
        for name in ("demo", "idle"):
            await one.press("home")
            await one.until_shown(f"▌● {name}")
            await one.press("f6", "f6")
            await one.until_shown(f"{name}: ")
            await one.until(lambda name=name: f"● {name}" not in one.text)  # type: ignore[misc]
        await one.until_shown("0 running")


async def test_a_key_that_comes_at_once_launches_once(qemu: str, write: Write) -> None:
    async with opened(write(IDLE)) as one:
        one.send("f5", "f5", "f5")
        await asked(one)
        assert len(one.app.runs) == 1
        await one.press("escape")
        await answered(one)
        await one.until(lambda: runs(one))


async def test_without_qemu_it_says_so(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    async with opened(write(IDLE)) as one:
        await one.checked()
        await one.press("f5")
        assert "Not on PATH." in await asked(one)
        await one.press("l")
        await answered(one)
        await one.until(lambda: ended(one))
        await one.until_shown("qemu-system-x86_64", "is not on PATH.", "✗")


async def test_what_a_program_prints_is_shown_clean(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    said.write_text("\n".join(text.replace("\n", " ") for text in HOSTILE) + "\nlast\n")
    program = tmp_path / "qemu-system-x86_64"
    program.write_text(f"#!/bin/sh\ncat '{said}'\ncat '{said}' >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for size in (SMALL, LARGE):
        async with opened(write("name = '[/x]'\n"), size) as one:
            await one.press("f5")
            await one.until(partial(ended, one))
            await one.until_shown("last", "exit 3")
            assert not one.raw()
            await one.press("4")
            for _ in range(2 * len(HOSTILE) + 4):
                await one.press("up")
                assert not one.raw()


async def test_output_follows_its_end_until_one_looks_elsewhere(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    program = tmp_path / "qemu-system-x86_64"
    program.write_text(f"#!/bin/sh\nseq 100\ncat '{go}'\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    async with opened(write("name = 'x'\n")) as one:
        await one.press("f5", "4")
        await one.until(lambda: one.main.output.entries[-1:] and "100" in one.text)
        await one.press("home")
        await one.until(lambda: not one.main.output.following)
        go.write_text("late\n")
        await one.until_shown("1 new", "End follows")
        assert "late" not in one.text
        await one.press("end")
        await one.until_shown("late")
        await one.press("f6")
        await one.until(lambda: ended(one))


def started(*arguments: str | Path) -> str:
    done = qemutui("run", "--detach", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_what_is_previewed_is_what_runs(
    qemu: str, write: Write, size: tuple[int, int]
) -> None:
    async with opened(write(IDLE), size) as one:
        previewed = words(one.main.session.command)
        assert ", 2 added by qemutui" in one.text
        await one.press("f5")
        await one.until(lambda: runs(one))
        (run,) = one.app.runs
        assert run.running is not None
        assert list(run.running.record.argv) == previewed
        first = subprocess.run([qemu, "--version"], capture_output=True, text=True, check=True)
        number = first.stdout.split("version ")[1].split()[0]
        await one.until_shown(f"── run 1 · {number} · pid {run.pid} ──")
        assert Path(f"/proc/{run.pid}/cmdline").read_bytes() == b"".join(
            os.fsencode(word) + b"\0" for word in previewed
        )
        await one.until_shown("Running after 0.")
        # The next launch has a monitor of its own.
        assert words(one.main.session.command) != previewed


async def test_pause_resume_and_reset(qemu: str, write: Write, tmp_path: Path) -> None:
    async with opened(write(IDLE.replace('"none"\nac', '"pc"\nac'))) as one:
        for action in ("pause", "resume", "reset", "screenshot"):
            await one.main.run_action(action)
            await one.until_shown("Nothing runs here.")
        await one.press("f5")
        await one.until(lambda: runs(one))
        await one.main.run_action("pause")
        await one.until_shown("‖ paused", "Paused by stop.")
        await one.main.run_action("resume")
        await one.until_shown("The guest goes on.", "● running")
        await one.main.run_action("reset")
        assert "what it has not written is lost." in await asked(one)
        await one.press("r")
        await one.until_shown("The guest was reset.")
        await one.main.run_action("screenshot")
        await one.until(lambda: isinstance(one.app.screen, Prompt))
        disk = tmp_path / "disk.img"
        disk.write_text("precious")
        await one.press("ctrl+u")
        await one.type(str(disk))
        await one.press("enter")
        await one.until_shown("Exists already. Enter again replaces it.")
        assert disk.read_text() == "precious"
        await one.press("enter")
        await one.until_shown("screendump: ")  # there is no screen to be shot


async def test_arguments_for_one_run(qemu: str, write: Write) -> None:
    async with opened(write(IDLE)) as one:
        before = one.command
        await one.main.run_action("launch_with")
        await one.until(lambda: isinstance(one.app.screen, Prompt))
        await one.type("-S -name 'a b")
        await one.press("enter")
        await one.until_shown("A quote is never closed.")
        await one.press("end", *"'", "enter")
        await one.until(lambda: runs(one))
        await one.until_shown("‖ paused", "Paused before the guest starts (-S).")
        (run,) = one.app.runs
        assert run.running is not None
        assert " ".join(run.running.record.argv).count("-S -name a b -chardev") == 1
        assert "-S" not in before
        assert not one.main.session.has_changes


async def test_a_qemu_that_does_not_answer(qemu: str, write: Write, home: Path) -> None:
    waiting = f'[qmp]\ntype = "unix"\npath = "{home}/alpine.qmp"\nserver = true\n'
    async with opened(write(IDLE + waiting)) as one:
        await one.press("f5")
        await one.until_shown("starting", "■ Cancel F6")
        await one.until_shown("QEMU waits for a client on alpine.qmp.")
        await one.press("f6")
        await one.until_shown("3/4 SIGTERM.", "Ended by SIGTERM.")


async def test_a_run_of_another_program_is_found_shown_and_stopped(qemu: str, write: Write) -> None:
    path = write(IDLE)
    before = started(path)
    async with opened(path) as one:
        await one.until_shown("● running", "Attached to pid ", ", running since ")
        assert "Δ" not in one.text
        assert [run.id for run in one.app.runs] == [before]
        await one.go_to("memory", "size")
        await one.press("enter", "1", "enter")
        await one.until_shown("The profile is not what runs. Launch again to use it.")
        await one.until_shown("● running Δ")
        await one.press("f5")
        assert "idle runs already (pid " in await asked(one)
        await one.press("escape")
        await answered(one)
        await one.press("f6")
        await one.until_shown("2/4 Told QEMU to quit.", "QEMU quit.", "▶ Launch F5")


async def test_a_file_has_one_name_however_one_came_there(qemu: str, write: Write) -> None:
    path = write(IDLE)
    (path.parent / "folder").mkdir()
    started(path.parent / "folder" / ".." / path.name)
    async with opened(path) as one:
        await one.until_shown("● running", "Attached to pid ")
        await one.press("f6", "f6")
        await one.until(lambda: ended(one))


async def test_two_programs_have_one_run(qemu: str, write: Write) -> None:
    path = write(IDLE)
    async with opened(path) as one:
        await one.press("f5")
        await one.until(lambda: runs(one))
        done = await asyncio.to_thread(qemutui, "ps", "--json")
        assert json.loads(done.stdout)[0]["state"] == "running"
        assert "Trying again" not in one.text
        stopped = await asyncio.to_thread(qemutui, "stop", "idle")
        assert stopped.returncode == 0
        await one.until_shown("QEMU quit.", "▶ Launch F5")


async def test_a_run_that_another_program_starts_meanwhile(qemu: str, write: Write) -> None:
    path = write(IDLE)
    async with opened(path) as one:
        await asyncio.to_thread(started, path)
        await one.until_shown("Attached to pid ", "● running")


@pytest.fixture(autouse=True)
def nothing_left(home: Path) -> object:
    """No process of a run outlives its test."""
    import contextlib
    import signal

    from qemutui.host.spawn import RUN_VARIABLE

    yield
    for run, process, _ in pids.with_environment(RUN_VARIABLE):
        if Path(run).is_relative_to(home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process.pid, 0)


async def test_a_run_that_has_ended_is_shown_too(qemu: str, write: Write) -> None:
    path = write(IDLE.replace('"none"]', '"none", "-bogus"]'))
    assert qemutui("run", "--detach", path).returncode == 1
    async with opened(path) as one:
        one.main.show_run(load(f"{path.stem}-1"))
        await one.until_shown("── run 1 ·", "-bogus: invalid option", f"{path.stem}-1 has ended.")
        assert one.focus == "output"
