"""The difference of the screen to another profile and to what runs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.host import paths
from qemutui.ui.screens.difference import Difference
from qemutui.ui.screens.palette import Palette
from tests.ui.key_cases import on_main, palette
from tests.ui.opened import LARGE, Opened, opened

Write = Callable[..., Path]

SAMPLE = """
name = "vm"
notes = "mine"
[memory]
size = "1G"
[[device]]
type = "virtio-net-pci"
id = "net0"
netdev = "n0"
[launch]
monitor = false
"""


def differences(one: Opened) -> list[str]:
    """The lines of the difference that is shown."""
    screen = one.app.screen
    assert isinstance(screen, Difference), screen
    return [change.line() for change in screen.comparison.changes]


async def shown(one: Opened, title: str) -> None:
    """Waits until a difference is shown."""
    await one.until(lambda: isinstance(one.app.screen, Difference), "the difference")
    await one.until_shown(title)


async def another(one: Opened, name: str) -> None:
    """Chooses another profile to compare with."""
    await one.press("o")
    await one.until(lambda: isinstance(one.app.screen, Palette), "the profiles")
    await one.until_shown(name)
    await one.type(name)
    await one.press("enter")


async def test_to_another_profile(write: Write) -> None:
    path = write(SAMPLE)
    listed = paths.profiles() / "other.toml"
    listed.parent.mkdir(parents=True)
    listed.write_text(SAMPLE.replace('"n0"', '"n1"').replace('"mine"', '"its"'))
    broken = write("= 3", "broken.toml")
    async with opened(path, LARGE) as one:
        await palette(one, "Difference to another profile")
        await one.until_shown("Difference to which profile?", "other")
        await one.type("other")
        await one.press("enter")
        await shown(one, "To other")
        assert differences(one) == ["-device net0: netdev=n1 → n0", "notes: its → mine"]
        await another(one, "A file")
        await one.until_shown("Difference to which file?")
        await one.type(str(broken))
        await one.press("enter")
        await one.until_shown("broken.toml, line 1")
        await shown(one, "To other")  # it stays
        await one.press("down")
        await one.click("s saved")
        await one.until_shown("To the saved file", "Nothing differs. Esc closes.")
        await another(one, "other")
        await one.until_shown("To other")
        await one.press("enter")
        await on_main(one)
        await one.until(lambda: one.main.properties.path == ("device", 0, "netdev"))


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a program that stays in the place of QEMU."""
    path = tmp_path / "bin" / "qemu-system-x86_64"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\nexec sleep 60\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")


async def test_to_what_runs(write: Write, program: None) -> None:
    path = write(SAMPLE)
    async with opened(path, LARGE) as one:
        await palette(one, "Launch with arguments")
        await one.until_shown("For this run alone")
        await one.type("-snapshot")
        await one.press("enter")
        await one.until_shown("launches all the same")  # there is no n0
        await one.press("l")
        await one.until(lambda: one.app.runs and one.app.runs[0].id, "a run")
        await one.go_to("device", 0, "netdev")
        await one.press("enter", "ctrl+u", *"n2", "enter", "D")
        await shown(one, "To the saved file")
        await one.press("r")
        await shown(one, "To what runs, vm-1")
        expected = ["-device net0: netdev=n0 → n2", "- -snapshot"]
        assert differences(one) == expected
        # Found again by its record alone, where the environment has no values.
        one.app.runs[0].profile = None
        one.app.runs[0].command = ()
        await one.press("s")
        await shown(one, "To the saved file")
        await one.press("r")
        await shown(one, "To what runs, vm-1")
        assert differences(one) == expected
