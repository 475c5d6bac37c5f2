"""Random keys, pastes, clicks and sizes over a hostile profile: no failure, no write."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, hostile, opened

Write = Callable[..., Path]

KEYS = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab"),
    *("enter", "escape", "space", "delete", "backspace", "f1", "f8", "ctrl+l", "alt+up"),
    *"adxJKfour[]pPyjk1234567?UuTnNgzY=,/\\é日",
    *("ctrl+z", "ctrl+y", "ctrl+u", "ctrl+c", "ctrl+g", "ctrl+a", "ctrl+w", "f4", "f6"),
)
SIZES = (SMALL, LARGE, (200, 60), (60, 20), (45, 14), (39, 11), (20, 5), (170, 34))


@pytest.mark.parametrize("seed", range(5))
async def test_a_monkey_breaks_nothing(write: Write, seed: int) -> None:
    chance = random.Random(seed)
    path = write(hostile())
    before = path.read_bytes()
    async with opened(path, chance.choice(SIZES)) as one:
        for _ in range(30):
            keys = chance.choices(KEYS, k=10)
            try:
                await monkey(one, chance, keys)
            except BaseException:
                print(f"seed {seed}, size {one.app.size}, keys {keys}")
                raise
            assert not one.raw(), keys
        one.app.exit()
    assert path.read_bytes() == before


async def monkey(one: Opened, chance: random.Random, keys: list[str]) -> None:
    one.send(*keys)
    await one.rest()
    if chance.random() < 0.2:
        await one.paste(chance.choice(HOSTILE))
    if chance.random() < 0.3:
        width, height = one.app.size
        await one.pilot.click(offset=(chance.randrange(width), chance.randrange(height)))
        await one.rest()
    if chance.random() < 0.2:
        await one.resize(*chance.choice(SIZES))
    assert one.app._exception is None
