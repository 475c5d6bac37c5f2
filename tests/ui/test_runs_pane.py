"""The runs below the sections: what they say, and where Enter on one goes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.widgets.run_list import RunRow
from tests.samples import quiet
from tests.ui.opened import HOSTILE, LARGE, SMALL, opened

Write = Callable[..., Path]


async def test_a_run_is_seen_gone_to_and_its_end_too(qemu: str, write: Write) -> None:
    one_path = write(quiet("one"), "one.toml")
    other = write(quiet("other"), "other.toml")
    async with opened(one_path, LARGE) as one:
        await one.until_shown("8 Runs", "No VM runs. F5")
        await one.press("f5")
        await one.until_shown("● one")
        one.app.open_path(other)
        await one.until(lambda: one.main.session.title == "other")
        await one.until_shown("● one")
        await one.press("f5")
        await one.until_shown("▏● other")
        await one.press("8", "home")
        assert one.focus == "runs"
        assert "other" in one.row
        assert "8 Runs  ──────────── 2" in one.text
        await one.press("down", "enter")
        await one.until(lambda: one.main.session.title == "one")
        assert one.main.run is one.app.runs[0]
        await one.until_shown("▏● one")
        await one.press("f6", "f6", "f6", "f6")
        await one.until_shown("■ one")


async def test_the_library_takes_the_place_of_runs_that_are_not_drawn(write: Write) -> None:
    async with opened(write('name = "vm"\n'), SMALL) as one:
        assert "Runs" not in one.text
        await one.press("8")
        assert isinstance(one.app.screen, LibraryScreen)
        await one.press("escape")
        await one.resize(*LARGE)
        await one.until_shown("8 Runs")
        await one.press("8")
        assert one.focus == "runs"
        await one.resize(*SMALL)
        await one.rest()
        assert one.app.focused is not None
        assert one.app.focused.region.height


async def test_names_are_drawn_clean_and_clocks_in_place(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(write('name = "vm"\n'), LARGE) as one:
        await one.until(lambda: one.main.runs)
        rows = [RunRow(str(at), text, "failed", "exit 1") for at, text in enumerate(HOSTILE)]
        monkeypatch.setattr(one.app, "run_rows", lambda: rows)
        one.main.show_runs()
        for _ in HOSTILE:
            await one.press("8", "down")
            assert not one.raw()
            assert one.text.count("exit 1") == 4
        rows = [RunRow("2", "two", "running", "02:14"), RunRow("9", "nine", "paused", "00:01")]
        one.main.show_runs()
        await one.rest()
        assert "● two            02:14" in one.text
        assert "‖ nine           00:01" in one.text
