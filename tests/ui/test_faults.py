"""A failure of our own: it is said, and the app goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qemutui.ui.screens.main import MainScreen
from qemutui.ui.widgets.section_list import SectionList
from tests.ui.opened import SMALL, Opened, opened

Write = Callable[..., Path]

FACT = "qemutui failed here; the VM and your draft are safe."


@pytest.fixture(autouse=True)
def as_users_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QEMUTUI_DEBUG")


def breaks(*_arguments: Any) -> None:
    raise ValueError("password=hunter2 [/x]\x1b[2J")


async def goes_on(one: Opened) -> None:
    await one.until_shown(FACT)
    assert not one.raw()
    await one.press("escape")
    await one.press("1", "down")
    assert one.focus == "sections"


@pytest.mark.parametrize(
    ("owner", "name", "key"),
    [
        (MainScreen, "action_undo", "u"),  # in the app's loop, by a key
        (MainScreen, "show_section", "down"),  # in the screen's loop
        (SectionList, "action_move_down", "down"),
    ],
)
async def test_the_app_goes_on(
    write: Write, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, key: str
) -> None:
    async with opened(write("name = 'vm'"), SMALL) as one:
        with monkeypatch.context() as broken:
            broken.setattr(owner, name, breaks)
            await one.press(key)
            await one.until_shown(FACT)
        await goes_on(one)


async def test_a_worker_that_fails_is_said(write: Write) -> None:
    async with opened(write("name = 'vm'"), SMALL) as one:

        async def work() -> None:
            breaks()

        one.app.run_worker(work())
        await goes_on(one)


async def test_the_details_are_a_list_and_the_report_holds_no_secret(write: Write) -> None:
    async with opened(write("name = 'vm'"), SMALL) as one:
        one.app.set_timer(0.001, breaks)
        await one.until_shown(FACT)
        await one.press("d")
        await one.until_shown("Details", "ValueError: password=hunter2")
        await one.press("c")
        assert one.app.clipboard.startswith("qemutui ")
        assert "test_faults.py" in one.app.clipboard
        assert "ValueError: password=…" in one.app.clipboard
        assert "hunter2" not in one.app.clipboard
        await one.press("escape", "down")
        assert one.focus == "sections"


async def test_what_fails_again_at_once_ends_the_app_in_a_line(write: Write) -> None:
    with pytest.raises(ValueError, match="hunter2"):
        async with opened(write("name = 'vm'"), SMALL) as one:
            one.app.set_interval(0.01, breaks)
            await one.until(lambda: one.app._exception is not None)
    assert one.app.return_code == 70
