"""Random keys, pastes, clicks and sizes over hostile profiles: no failure, no write, no VM.

20 000 keys in all; those that launch are among them, but no program of a QEMU's name is on PATH.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from textual.pilot import OutOfBounds, WaitForScreenTimeout

from qemutui.host import paths
from qemutui.host.store import load
from qemutui.ui.actions import ACTIONS, LIBRARY
from qemutui.ui.app import open_session
from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, hostile, opened

Write = Callable[..., Path]

SIZES = (SMALL, LARGE, (200, 60), (60, 20), (45, 14), (39, 11), (20, 5), (170, 34))
BATCH, BATCHES, SEEDS = 50, 50, 8
"""Keys that come at once, how often they come, and to how many apps."""
UNPRESSED = {"ctrl+q", "ctrl+s"}
"""What ends the app, and what is to write the file."""
TYPED = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab"),
    *("enter", "escape", "space", "delete", "backspace", "ctrl+a", "ctrl+c", "ctrl+u", "ctrl+w"),
    *"jkxyz=,/\\é日<",
)
KEYS = sorted(
    {key for action in (*ACTIONS, *LIBRARY) for key in action.keys.split(",") if key} - UNPRESSED
)
"""Every key of the tables, as often as another; and those that move and type."""


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An editor that changes nothing, no QEMU, and a folder for what is written by a key."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "true").symlink_to("/bin/true")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.chdir(folder)


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_monkey_breaks_nothing(write: Write, home: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = write(hostile())
    before = path.read_bytes()
    original = load(path).profile
    listed = paths.profiles() / "hostile.toml"
    listed.parent.mkdir(parents=True)
    listed.write_bytes(before)
    session = open_session(path)
    async with opened(session, chance.choice(SIZES)) as one:
        for _ in range(BATCHES):
            keys = [chance.choice(chance.choice((KEYS, TYPED))) for _ in range(BATCH)]
            try:
                await monkey(one, chance, keys)
                assert not one.raw()
            except BaseException as error:
                error.add_note(f"seed {seed}, size {one.app.size}, keys {keys}")
                raise
        assert not any(run.running for run in one.app.runs)
        one.app.exit()
    # Two letters and Enter in the palette save: then it was asked for.
    if session.saved == original:
        kept = path if path.exists() else home / "data/Trash/files" / path.name
        assert kept.read_bytes() == before


async def monkey(one: Opened, chance: random.Random, keys: list[str]) -> None:
    """Presses keys and looks; now and then pastes, clicks, and gives another size."""
    one.send(*keys)
    await one.rest()
    if chance.random() < 0.1:
        await one.paste(chance.choice(HOSTILE))
    if chance.random() < 0.2:
        width, height = one.app.size
        # A screen that was opened a moment ago has no size yet; one that goes, answers nobody.
        with suppress(OutOfBounds, WaitForScreenTimeout):
            await one.pilot.click(offset=(chance.randrange(width), chance.randrange(height)))
        await one.rest()
    if chance.random() < 0.3:
        await one.resize(*chance.choice(SIZES))
    assert one.app._exception is None
    assert one.app.is_running
