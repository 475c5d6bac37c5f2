"""QEMU asked from the screen: what is said, where it leads, and how long it holds."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.host import pids, trial
from qemutui.host.spawn import RUN_VARIABLE
from tests.ui.key_cases import is_asked, on_main
from tests.ui.opened import LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

QUIET = 'extra = ["-nodefaults"]\n[machine]\ntype = "pc"\naccel = "tcg"\n'
NET = f'{QUIET}[[device]]\ntype = "virtio-net-pci"\nid = "net0"\nnetdev = "nope"\n'


async def ask(one: Opened, *keys: str) -> None:
    """Has QEMU asked, and waits for what it says."""
    await one.press("f7")
    await is_asked(one, "This starts QEMU paused, with your disks and ports but not")
    await one.press("enter")
    await on_main(one)


def waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a QEMU on PATH that a dry run waits for, and that makes a file `began`."""
    qemu = folder / "qemu-system-x86_64"
    qemu.write_text(
        f'#!/bin/sh\ncase "$*" in\n*qemutui-mon*) touch {folder}/began; exec sleep 60;;\nesac\n'
    )
    qemu.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setattr(trial, "PATIENCE", 30.0)


async def test_qemu_accepts(write: Write, qemu: str) -> None:
    async with opened(write(QUIET), SMALL) as one:
        await one.press("7")
        await one.until_shown("No problems found. F7 asks QEMU itself.")
        await ask(one)
        await one.until_shown("QEMU accepts this command (0.")
        one.main.footer.forget()
        await one.press("C")  # it has been explained
        await one.until_shown("QEMU accepts this command (0.")


async def test_escape_asks_nobody(write: Write) -> None:
    async with opened(write(QUIET), SMALL) as one:
        await one.press("f7", "escape")
        await on_main(one)
        await one.press("f7")
        await is_asked(one, "This starts QEMU paused")


async def test_what_qemu_refuses_stands_at_its_field(write: Write, qemu: str) -> None:
    async with opened(write(NET), LARGE) as one:
        await one.checked()
        await ask(one)
        message = "Property 'virtio-net-device.netdev' can't find value 'nope'"
        await one.until_shown(f"✗ QEMU does not accept this command: {message}")
        assert one.focus == "properties"
        assert one.main.properties.path == ("device", 0, "netdev")
        assert one.main.marks.count("error") == 2
        assert "No netdev has this id. f creates it" in one.row  # what can be mended goes first
        await one.press("7")
        await one.until_shown("qemu Property 'virtio-net", "No netdev has this id")
        await one.go_to("machine", "type")
        await one.press("enter", "ctrl+u", "q", "3", "5", "enter")
        assert one.main.marks.count("error") == 2  # it has nothing to do with that
        await one.go_to("device", 0, "netdev")
        await one.press("enter", "x", "enter")
        await one.until(lambda: one.main.marks.count("error") == 1, "a check")
        assert "can't find value" not in one.text


async def test_what_names_no_field_is_among_the_problems(write: Write, tmp_path: Path) -> None:
    qemu = tmp_path / "qemu-system-x86_64"
    qemu.write_text("#!/bin/sh\necho 'qemu: \x1b[2Jno way' >&2\nexit 1\n")
    qemu.chmod(0o755)
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{tmp_path}:{path}"
    try:
        async with opened(write('name = "vm"\n'), LARGE) as one:
            await ask(one)
            await one.until_shown("✗ QEMU does not accept this command: ␛[2Jno way")
            assert one.focus == "problems"
            assert "General › binary" in one.row
            assert not one.raw()
    finally:
        os.environ["PATH"] = path


async def test_escape_ends_one_that_takes_long(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(tmp_path, monkeypatch)
    async with opened(write('name = "vm"\n[machine]\ntype = "pc"\n'), SMALL) as one:
        one.app.knows_dry_run = True
        one.main.action_dry_run()
        await one.until((tmp_path / "began").exists, "the start")
        assert one.lines[-1].startswith(" QEMU is being asked …  Esc gives up")
        await one.press("down")
        assert one.main.sections.cursor == 1
        one.main.action_dry_run()
        await one.until_shown("QEMU is being asked.")
        one.main.footer.forget()
        await one.press("escape")
        await one.until_shown("QEMU was not asked to the end.")


async def test_a_launch_does_not_meet_it(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(tmp_path, monkeypatch)
    async with opened(write('name = "vm"\n'), SMALL) as one:
        one.app.knows_dry_run = True
        one.main.action_dry_run()
        await one.until((tmp_path / "began").exists, "the start")
        (tmp_path / "began").unlink()
        await one.press("f5")
        await one.until((tmp_path / "began").exists, "the launch")
        assert one.main._cancelled is None
        assert one.app.runs


async def test_one_that_goes_on_ends_with_the_app(
    write: Write, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(tmp_path, monkeypatch)
    async with opened(write('name = "vm"\n'), SMALL) as one:
        one.app.knows_dry_run = True
        one.main.action_dry_run()
        await one.until((tmp_path / "began").exists, "the start")

    def left() -> list[str]:
        found = pids.with_environment(RUN_VARIABLE)
        return [run for run, _, _ in found if Path(run).is_relative_to(home)]

    deadline = time.monotonic() + 10
    while left() or any((home / "run/qemutui").iterdir()):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_all_safe_fixes_are_one_step(write: Write) -> None:
    text = f'{NET}[memory]\nsize = "1GiB"\n[boot]\nmenu = "TRUE"\n'
    async with opened(write(text), SMALL) as one:
        await one.checked()
        before = one.data
        await one.press("F")
        await one.until_shown("2 fixes applied, 1 left. u undoes.")
        assert one.profile.memory.size == "1G"
        assert one.profile.boot.menu is True
        assert not one.profile.netdev
        await one.press("F")
        await one.until_shown("No fix is safe to apply unseen; 1 left. f applies one.")
        await one.press("u")
        assert one.data == before
