"""Hostile profiles: whatever they say, no key fails and nothing raw reaches the terminal."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from qemutui.core.groups import GROUPS
from qemutui.ui import forms
from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, opened

Write = Callable[..., Path]


def hostile() -> str:
    """Returns a profile with a hostile text in every field, key and id."""
    texts = [text.replace("\r\n", "\r") for text in HOSTILE]
    text = "".join(texts[:-1])
    table = dict.fromkeys(texts, text)
    item = {"type": text, "id": text, "list": texts, "table": {text: texts}, **table}
    data: dict[str, Any] = {
        "name": text,
        "binary": text,
        "notes": "\n".join(texts),
        "extra": texts,
        "machine": {"type": text, "accel": texts, **table},
        "cpu": {"model": text, "features": texts, **table},
        "memory": {"size": text, "slots": text, "maxmem": text, **table},
        "smp": {"cpus": text, "dies": text},
        "boot": dict.fromkeys(("kernel", "initrd", "append", "dtb", "bios", "order"), text),
        "qmp": {"type": "unix", "path": text, "host": text, "port": text, **table},
        "fd": [{"path": text, "mode": text}, {"path": text, "mode": "r", text: text}],
        "launch": {
            "directory": text,
            "wrapper": texts,
            "powerdown": text,
            "environment": table,
        },
        "check": {"ignore": texts},
        text: table,
    }
    data |= {
        group.name: [item, {"id": text}, {"type": text, "_off": True}, {}] for group in GROUPS
    }
    return tomli_w.dumps(data)


@pytest.mark.parametrize("size", [SMALL, LARGE, (200, 60), (45, 14)])
async def test_every_section_item_and_problem_is_drawn_clean(
    write: Write, size: tuple[int, int]
) -> None:
    async with opened(write(hostile()), size) as one:
        await one.checked()
        for section in forms.SECTIONS:
            if section is None:
                continue
            items = forms.item_paths(one.profile, section) or [None]
            for item in items:
                one.main.go_to(item or ("memory", "size"))
                if item is None:
                    one.main.sections.cursor = forms.section_index(section.name)
                    one.main.show_section()
                await one.rest()
                for pane in (one.main.properties, one.main.command):
                    for end in (0, pane.row_count):
                        pane.scroll_to(y=end, animate=False, force=True)
                        await one.rest()
                        assert not one.raw(), (section.name, item)
        await one.press("7")
        for _ in one.main.problems.findings:
            await one.press("down")
            assert not one.raw()


async def test_every_finding_leads_somewhere(write: Write) -> None:
    async with opened(write(hostile()), SMALL) as one:
        await one.checked()
        for finding in one.main.marks.ordered():
            one.main.go_to(finding.path)
            await one.rest()
            assert one.main.sections.section.name == forms.section_of(finding.path)
            assert not one.raw()


KEYS = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab"),
    *("enter", "escape", "space", "delete", "backspace", "f1", "f8", "ctrl+l", "alt+up"),
    *"adxJKfour[]pPyjk1234567?UuTn=,/\\é日",
    *("ctrl+z", "ctrl+y", "ctrl+u", "ctrl+c", "ctrl+g", "ctrl+a", "ctrl+w", "f4", "f6"),
)
SIZES = (SMALL, LARGE, (200, 60), (60, 20), (45, 14), (39, 11), (20, 5), (170, 34))


@pytest.mark.parametrize("seed", range(6))
async def test_a_monkey_breaks_nothing(write: Write, seed: int) -> None:
    chance = random.Random(seed)
    path = write(hostile())
    before = path.read_bytes()
    async with opened(path, chance.choice(SIZES)) as one:
        for _ in range(25):
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
