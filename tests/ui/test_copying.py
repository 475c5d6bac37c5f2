"""What is copied, and what is said of it."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.geometry import Offset
from textual.selection import SELECT_ALL, Selection

from qemutui.core.profile import Profile
from qemutui.host import paths
from qemutui.ui.clipboard import MOST, word_of
from qemutui.ui.session import Session
from qemutui.ui.widgets.editor import LineEditor
from tests.ui.opened import LARGE, SMALL, opened

Write = Callable[..., Path]

SAMPLE = """
name = "a 'b'"
[[device]]
type = "virtio-net-pci"
id = "net0"
mac = "52:54:00:12:34:56"
netdev = "a-rather-long-name-of-a-netdev-that-is-wrapped"
"""


async def test_the_first_copy_says_what_to_do_if_nothing_arrives(write: Write) -> None:
    paths.profiles().mkdir(parents=True)
    path = write(SAMPLE).rename(paths.profiles() / "alpine.toml")
    async with opened(path, LARGE) as one:
        await one.press("y")
        count = len(one.app.clipboard)
        await one.until_shown(
            f"Copied {count} characters. "
            "Nothing there? The terminal blocks OSC 52; try qemutui argv alpine --shell."
        )
        await one.press("y")
        await one.until_shown(f"Copied {count} characters.")
        assert "Nothing there?" not in one.text
        assert shlex.split(one.app.clipboard)[-1].startswith("virtio-net-pci,")


async def test_where_both_have_no_room_the_hint_follows(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press("y")
        await one.until_shown(" Copied ")
        await one.until_shown("Nothing there? The terminal blocks OSC 52; try qemutui argv")


async def test_in_tmux_its_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux")
    async with opened(Session(Profile(), Path.cwd(), None), (200, 50)) as one:
        await one.press("y")
        await one.until_shown("--shell. In tmux: set -g set-clipboard on.")


async def test_ctrl_c_copies_a_selection_and_else_says_what_it_does_not(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press("ctrl+c")
        await one.until_shown("Ctrl+Q quits. F6 stops the VM.")
        one.app.screen.selections = {one.main.command: SELECT_ALL}
        await one.press("ctrl+c")
        await one.until_shown("Copied ")
        words = [word for part in one.main.session.command for word in part.words]
        assert shlex.split(one.app.clipboard.replace("\\\n", "")) == words


async def test_what_is_selected_outlives_the_making_of_the_editors(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        one.app.screen.selections = {one.main.command: SELECT_ALL}
        await one.main.footer.mount(LineEditor())
        assert one.app.screen.selections == {one.main.command: SELECT_ALL}


async def test_part_of_a_wrapped_option_is_copied_as_one_word(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        command = one.main.command
        lines = range(command.row_count)
        device = next(line for line in lines if not command.is_selectable(line)) - 1
        # From the option's type on the first of its lines to the end of its last.
        selection = Selection(Offset(13, device), Offset(79, len(lines) - 1))
        one.app.screen.selections = {command: selection}
        await one.press("ctrl+c")
        options = one.app.clipboard.split(" \\\n")
        assert options[0] == (
            "virtio-net-pci,id=net0,mac=52:54:00:12:34:56,"
            "netdev=a-rather-long-name-of-a-netdev-that-is-wrapped"
        )


async def test_more_than_some_terminals_take_is_said(write: Write) -> None:
    async with opened(write(SAMPLE), LARGE) as one:
        one.app.copy_to_clipboard("x" * MOST)
        await one.until_shown("Copied 56 000 characters.")
        one.app.copy_to_clipboard("x" * (MOST + 1))
        await one.until_shown("Copied 56 001 characters; some terminals take no more than 56 000.")
        one.app.copy_to_clipboard("a\udcff")
        await one.until_shown("Copied 2 characters.")


def test_a_profile_is_called_as_the_command_line_calls_it(home: Path) -> None:
    library = paths.profiles()
    assert word_of(library / "alpine.toml", library) == "alpine"
    assert word_of(Path.cwd() / "a b.toml", library) == "'a b.toml'"
    assert word_of(Path.cwd() / "vm", library) == "./vm"
    assert word_of(home / "vm.toml", library) == f"{home}/vm.toml"
    assert word_of(None, library) == "PROFILE"


async def test_the_mouse_goes_to_the_terminal_and_comes_back(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        assert one.app._driver is not None
        await one.press("f9")
        await one.until_shown("The mouse is the terminal's; select freely. F9 takes it back.")
        assert not one.app._driver._mouse
        await one.press("f9")
        await one.until_shown("The mouse is qemutui's again.")
        assert one.app._driver._mouse
