"""The palette: what it offers, in which order, and that it does it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from qemutui.host import paths
from qemutui.ui import ranking
from qemutui.ui.actions import ACTIONS
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.palette import Palette
from tests.samples import N0
from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, hostile, opened

Write = Callable[..., Path]

SAMPLE = f"""
name = "vm"
[[device]]
type = "virtio-net-pci"
id = "net0"
{N0}"""


def first(one: Opened) -> str:
    """The row of the cursor."""
    assert isinstance(one.app.screen, Palette)
    entries = one.app.screen.list
    y = entries.region.y + entries.cursor - entries.scroll_offset.y
    line = one.lines[y][entries.region.x : entries.region.right]
    return " ".join(line.strip(" ▏▌").split())


def is_first(one: Opened, row: str) -> bool:
    """Whether the cursor is on a row of this text."""
    return first(one) == row


@pytest.mark.parametrize(
    ("query", "text", "rank"),
    [
        ("net", "net", ranking.EXACT),
        ("net", "Networks", ranking.PREFIX),
        ("pane", "Enlarge the pane", ranking.WORD),
        ("arg", "Enlarge", ranking.INSIDE),
        ("elp", "Enlarge pane", ranking.LETTERS),
        ("xyz", "Enlarge", None),
    ],
)
def test_what_fits_better_comes_first(query: str, text: str, rank: int | None) -> None:
    assert ranking.rank(query, text) == rank


async def test_everything_is_found_by_a_few_letters(write: Write) -> None:
    library = paths.profiles()
    library.mkdir(parents=True)
    (library / "debian.toml").write_text('name = "debian"\n')
    async with opened(write(SAMPLE), LARGE) as one:
        await one.press(":")
        assert first(one) == "Launch F5 ^r R"
        for query, row in [
            ("networks", "Networks -netdev section"),
            ("net0", "net0 virtio-net-pci device"),
            ("n0", "n0 user netdev"),
            ("undo", "Undo ^z u"),
            ("debian", "debian profile"),
            ("demo", "demo example"),
            ("theme ch", "chalk theme"),
        ]:
            await one.type(query)
            await one.until(partial(is_first, one, row), row)
            await one.press("escape")
        await one.type("qqq")
        assert "Nothing matches “qqq”. Esc clears." in one.text
        await one.press("escape", "escape")
        assert isinstance(one.app.screen, MainScreen)


async def test_every_action_has_its_key_or_a_place_in_the_palette(write: Write) -> None:
    async with opened(write(SAMPLE), LARGE) as one:
        await one.press("ctrl+p")
        for action in (action for action in ACTIONS if action.palette):
            await one.type(action.label)
            assert first(one).startswith(action.label[:38].rstrip()), action.label
            await one.press("escape")


async def test_what_is_chosen_is_done(write: Write) -> None:
    library = paths.profiles()
    library.mkdir(parents=True)
    (library / "debian.toml").write_text('name = "debian 12"\n')
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press(":", *"net0", "enter")
        assert one.main.item == ("device", 0)
        await one.press("ctrl+p", *"section mach", "enter")
        assert one.main.sections.section.name == "Machine"
        await one.press(":", *"enlarge", "down", "up", "enter")
        assert one.main.is_enlarged
        await one.press("z", ":")
        await one.type("prof")
        await one.until_shown("debian")
        await one.press("ctrl+u", *"debian", "enter")
        await one.until(lambda: one.main.session.title == "debian 12")


async def test_a_burst_goes_through_the_palette(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        one.send(":", *"section netw", "enter", "enter", "down", "enter", *"x", "escape")
        await one.rest()
        assert one.main.sections.section.name == "Networks"
        assert not one.main.session.has_changes


async def test_a_row_is_chosen_by_the_mouse(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press(":", *"section")
        await one.click("Boot")
        await one.click("Boot")
        await one.until(lambda: isinstance(one.app.screen, MainScreen))
        await one.rest()
        assert one.main.sections.section.name == "Boot"


async def test_the_library_has_a_palette_too(write: Write) -> None:
    async with opened(None, SMALL) as one:
        await one.press(":")
        assert isinstance(one.app.screen, Palette)
        await one.press(*"new", "enter")
        assert isinstance(one.app.screen, MainScreen)
        await one.press("ctrl+o")
        assert isinstance(one.app.screen, LibraryScreen)


async def test_foreign_texts_are_no_markup(write: Write) -> None:
    async with opened(write(hostile()), LARGE) as one:
        await one.press(":")
        for _ in range(12):
            await one.press("pagedown")
            assert not one.raw()
        for text in HOSTILE[:6]:
            await one.paste(text)
            assert not one.raw()
