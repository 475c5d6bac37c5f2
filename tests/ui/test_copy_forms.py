"""What is copied, in which form, and the command written into a file."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.prompt import Prompt
from tests.ui.opened import SMALL, opened

Write = Callable[..., Path]

SAMPLE = """
name = "a b"
extra = ["-S", "x y"]
[memory]
size = "1G"
[[device]]
type = "virtio-net-pci"
id = "net0"
netdev = "no,pe"
[[device]]
type = "VGA"
id = "gpu"
_off = true
"""
WORDS = ["qemu-system-x86_64", "-name", "a b", "-m", "1G", "-device",
         "virtio-net-pci,id=net0,netdev=no,,pe", "-S", "x y"]  # fmt: skip


async def test_each_form_of_the_command(write: Write, tmp_path: Path) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press("Y")
        assert one.lines[-1].rstrip() == (
            " Copy as …  s shell  m multi-line  j JSON  t token  w to a file  Esc stays"
        )
        await one.press("s")
        line = one.app.clipboard
        assert line.startswith(f"cd {tmp_path} && qemu-system-x86_64 -name 'a b' -m 1G ")
        await one.until_shown(f"Copied {len(line)} characters.")
        await one.press("Y", "m")
        lines = one.app.clipboard.splitlines()
        assert lines[1] == "    -name 'a b' \\"
        await one.press("Y", "j")
        assert json.loads(one.app.clipboard) == WORDS
        await one.go_to("device", 0, "netdev")
        await one.press("Y", "t")
        assert one.app.clipboard == "netdev=no,,pe"
        await one.press("Y")
        await one.click("multi-line", "footer")
        assert one.app.clipboard.splitlines() == lines
        await one.press("Y", "escape", "Y", "x")
        assert one.app.clipboard.splitlines() == lines


@pytest.mark.parametrize(
    ("path", "keys", "copied"),
    [
        (("memory", "size"), "y", "size=1G"),
        (("device", 0, "netdev"), "y", "netdev=no,,pe"),
        (("extra", 1), "y", "x y"),
        (("name",), "y", "a b"),
        (("device", 0), "y", "-device virtio-net-pci,id=net0,netdev=no,,pe"),
    ],
)
async def test_a_row_is_copied_as_the_command_has_it(
    write: Write, path: tuple[str | int, ...], keys: str, copied: str
) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to(*path)
        if len(path) == 2 and path[0] == "device":
            await one.press("escape")
        await one.press(*keys)
        assert one.app.clipboard in (copied, copied.removeprefix("size="))


async def test_what_is_not_in_the_command_is_not_copied(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        one.main.go_to(("device", 1))
        await one.press("escape", "y")
        assert one.app.clipboard == ""
        await one.until_shown("Nothing of this is in the command.")


async def test_a_problem_is_copied_with_its_place(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.checked()
        await one.press("7", "home", "y")
        assert one.app.clipboard.startswith("Devices › net0 › netdev: No netdev has this id")


async def test_a_command_no_shell_can_run_is_named(write: Write) -> None:
    async with opened(write('name = "a\\u0000b"\n'), SMALL) as one:
        await one.press("Y", "s")
        assert one.app.clipboard == ""
        assert "NUL" in one.lines[-1]


async def test_the_command_is_written_to_a_file_and_over_none_unasked(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = write("")
    monkeypatch.chdir(profile.parent)  # where QEMU is to run, which the script says all the same
    binary = tmp_path / "qemu-system-true"
    binary.write_text('#!/bin/sh\nfor word; do echo "$word"; done\n')
    binary.chmod(0o755)
    script = tmp_path / "out.sh"
    async with opened(write(f'binary = "{binary}"\n{SAMPLE}'), SMALL) as one:
        for before in (None, "old"):
            if before is not None:
                script.write_text(before)
            await one.press("Y", "w")
            await one.until(lambda: isinstance(one.app.screen, Prompt))
            await one.rest()
            await one.press("ctrl+u")
            await one.type(str(script))
            await one.press("enter")
            if before is not None:
                await one.until_shown("Exists already. Enter again replaces it.")
                assert script.read_text() == before
                await one.press("enter")
            await one.until(lambda: isinstance(one.app.screen, MainScreen))
            await one.until_shown("Wrote out.sh.")
            assert f"\ncd {profile.parent} && " in script.read_text()
            ran = subprocess.run([script], capture_output=True, text=True, check=True)
            assert ran.stdout.splitlines() == WORDS[1:]
        await one.press("Y", "w")
        await one.until(lambda: isinstance(one.app.screen, Prompt))
        await one.rest()
        await one.press("ctrl+u")
        await one.type(str(tmp_path / "no" / "out.sh"))
        await one.press("enter")
        await one.until(lambda: "cannot be written: no such file" in one.text.replace("\n", ""))
        await one.press("escape")
        await one.until(lambda: isinstance(one.app.screen, MainScreen))
