"""Every key of every place, pressed where it acts, at three sizes; what it does is seen."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from qemutui.ui.actions import ACTIONS, LIBRARY, ONE_PANE
from qemutui.ui.keymap import places_of_keys
from tests.ui import (  # noqa: F401 - each notes its cases
    key_cases_import,
    key_cases_lists,
    key_cases_main,
    key_cases_output,
    key_cases_rows,
    key_cases_text,
    key_cases_typing,
)
from tests.ui.key_cases import CASES, SAMPLE, put_away
from tests.ui.opened import LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

SIZES = (SMALL, LARGE, (200, 60))
ELSEWHERE = {"output", "library"}
"""Places that have more to be put up than the others, and so tests of their own."""
KEYS = {
    place: {name: keys.split(",") for name, keys in named.items()}
    for place, named in places_of_keys().items()
}


OTHERS = tuple(sorted(KEYS.keys() - ELSEWHERE - {"main"}))
"""The places whose keys are tried on one app after those of the main screen."""


def keys_of(place: str) -> list[tuple[str, str]]:
    """The names of the actions of a place, each with each of its keys, and those without one."""
    only_palette = ACTIONS if place == "main" else ()
    return [
        *((name, key) for name, keys in KEYS[place].items() for key in keys),
        *((action.name, "") for action in only_palette if not action.keys),
    ]


def test_every_key_has_a_case() -> None:
    needed = {(place, name) for place in KEYS for name, _ in keys_of(place)}
    assert needed == CASES.keys()
    # The tables bind what the places have.
    for action in ACTIONS:
        place = action.where if action.where in ONE_PANE else "main"
        assert (place, action.name) in needed
    for action in LIBRARY:
        assert ("library", f"library.{action.name}") in needed


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a program in the place of QEMU, and an editor that changes nothing."""
    path = tmp_path / "bin" / "qemu-system-x86_64"
    path.parent.mkdir()
    path.write_text(key_cases_output.PROGRAM)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.chdir(tmp_path)
    # What a key does is drawn when it is done; half of it need not be drawn on the way.
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 0.2)


async def tried(one: Opened, place: str, name: str, key: str) -> None:
    """Plays a case; what fails says where."""
    try:
        await CASES[place, name](one, key)
        assert not one.raw()
    except BaseException as error:
        error.add_note(f"{place}: {key or 'the palette'} for {name} at {one.app.size}\n{one.text}")
        raise


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("part", [("main",), OTHERS], ids=len)
async def test_keys_of_the_main_screen(
    write: Write, part: tuple[str, ...], size: tuple[int, int]
) -> None:
    async with opened(write(SAMPLE), size) as one:
        sample = one.profile
        for place in part:
            for name, key in keys_of(place):
                await tried(one, place, name, key)
                await put_away(one, sample)


@asynccontextmanager
async def printing(path: Path, size: tuple[int, int]) -> AsyncIterator[Opened]:
    """Opens the app on a profile whose second run has printed what it has to say."""
    async with opened(path, size) as one:
        await key_cases_output.run_twice(one)
        yield one


@pytest.mark.parametrize("size", SIZES)
async def test_keys_of_output(write: Write, size: tuple[int, int]) -> None:
    async with printing(write(key_cases_output.PROFILE), size) as one:
        for name, key in keys_of("output"):
            await key_cases_output.begin(one)
            await tried(one, "output", name, key)


@pytest.mark.parametrize("size", SIZES)
async def test_keys_of_the_library(write: Write, size: tuple[int, int]) -> None:
    key_cases_lists.fill_library()
    async with opened(None, size) as one:
        for name, key in keys_of("library"):
            await key_cases_lists.begin(one)
            await tried(one, "library", name, key)
