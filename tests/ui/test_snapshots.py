"""What the screens look like.

`pytest tests/ui/test_snapshots.py --snapshot-update` accepts another look; see it before you
commit it.

Nothing that differs between two machines is drawn: no path, no clock, no socket, no QEMU but one
that says nothing.
"""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from qemutui.core.profile import read
from qemutui.host import paths
from qemutui.ui.app import QemutuiApp
from qemutui.ui.catalogs import Answer
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.session import Session
from tests.ui.opened import LARGE, SMALL, Opened

Compare = Callable[..., bool]

TINY, WIDE = (45, 14), (200, 60)
PROFILE: dict[str, Any] = {
    "name": "alpine",
    "extra": ["-nodefaults", "-rtc", "base=utc"],
    "machine": {"type": "q35", "accel": "tcg"},
    "memory": {"size": "256M"},
    "smp": {"cpus": 2},
    "netdev": [{"type": "user", "id": "n0", "hostfwd": ["tcp:127.0.0.1:2222-:22"]}],
    "device": [
        {"type": "virtio-blk-pci", "id": "disk0", "drive": "d0", "bootindex": 1},
        {"type": "virtio-net-pci", "id": "net0", "netdev": "n0"},
        {"type": "virtio-9p-pci", "id": "share", "fsdev": "fs0", "mount_tag": "host"},
        {"type": "VGA", "id": "gpu", "edid": True, "_off": True},
    ],
    "blockdev": [{"type": "null-co", "id": "d0"}],
    "launch": {"monitor": False},
}
LONG_AGO = 1_000_000_000
"""When the files of the library were written, in seconds since 1970: 9 September 2001."""


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has nothing but a QEMU that says nothing."""
    program = tmp_path / "bin" / "qemu-system-x86_64"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("TZ", "UTC")


async def settled(one: Opened) -> None:
    """Waits until all that is not mounted at once is there."""
    main = one.main
    await one.until(lambda: main.is_placed, "a place")
    if one.app.size.width >= LARGE[0]:
        await one.until(lambda: main.runs, "the runs")
    await one.until(lambda: main._line, "the editor")
    await one.checked()
    await one.rest()


async def at_share(one: Opened) -> None:
    """Stands on the error: a device without its backend."""
    await settled(one)
    await one.go_to("device", 2, "fsdev")
    await one.pilot.pause()


async def editing(one: Opened) -> None:
    """Types the id of the backend."""
    await at_share(one)
    await one.press("enter", "ctrl+u", *"shared")
    await one.checked()
    await one.pilot.pause()


async def in_library(one: Opened) -> None:
    """Waits until the library is read."""
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
    await one.until_shown("never run", "alpine", "demo", "-machine q35", "edited")
    await one.rest()


def shot(stage: Callable[[Opened], Awaitable[None]]) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Returns what puts the screen up before it is drawn."""

    async def run(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, QemutuiApp)
        await stage(Opened(app, pilot))

    return run


@pytest.mark.parametrize(
    ("theme", "size", "stage"),
    [
        ("basalt", SMALL, at_share),
        ("chalk", LARGE, at_share),
        ("basalt", LARGE, editing),
        ("basalt", WIDE, at_share),
        ("basalt", TINY, at_share),
        ("plain", SMALL, at_share),
    ],
    ids=["main", "main-chalk", "editing", "wide", "tiny", "plain"],
)
def test_the_main_screen(
    snap_compare: Compare,
    monkeypatch: pytest.MonkeyPatch,
    theme: str,
    size: tuple[int, int],
    stage: Callable[[Opened], Awaitable[None]],
) -> None:
    monkeypatch.setenv("QEMUTUI_THEME", theme)
    app = QemutuiApp(Session(read(PROFILE), Path("/"), None), lambda *_: Answer())
    assert snap_compare(app, terminal_size=size, run_before=shot(stage))


def test_the_library(snap_compare: Compare) -> None:
    folder = paths.profiles()
    folder.mkdir(parents=True)
    for name, text in (
        ("alpine", '[machine]\ntype = "q35"\naccel = "tcg"\n[memory]\nsize = "1G"\n'),
        ("broken", "[memory]\nsize =\n"),
        ("newer", "format = 3\n"),
    ):
        path = folder / f"{name}.toml"
        path.write_text(text)
        os.utime(path, (LONG_AGO, LONG_AGO))
    app = QemutuiApp(None)
    assert snap_compare(app, terminal_size=SMALL, run_before=shot(in_library))
