"""The import: a pasted or typed command, what becomes of it, and what it leaves alone."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.core.command_text import Command
from qemutui.core.importing import Imported
from qemutui.host import importing, paths, unfinished
from qemutui.ui.screens.importing import ImportScreen
from qemutui.ui.screens.library import LibraryScreen
from tests.ui.key_cases import on_main
from tests.ui.key_cases_import import importing as screen_of
from tests.ui.key_cases_import import on_import
from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

COMMAND = (
    "qemu-system-x86_64 -name alpine -M q35 -m 2G \\\n  -device virtio-rng-pci,id=rng -nodefaults\n"
)
COUNTED = "4 options understood, 1 kept word for word in Extra."


async def pasted(one: Opened, text: str) -> ImportScreen:
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
    await one.rest()
    await one.paste(text)
    return await on_import(one)


@pytest.mark.parametrize("size", [SMALL, LARGE, (200, 60), (40, 12)])
async def test_a_paste_and_enter_make_a_profile(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(None, size) as one:
        # A terminal pastes carriage returns, and none of them is Enter.
        screen = await pasted(one, COMMAND.replace("\n", "\r"))
        assert screen.text.text == COMMAND
        assert not one.app.sessions
        if size != (40, 12):
            await one.until_shown(COUNTED, "The command differs in", "Open ^s", "-machine q35")
            await one.until_shown("was -M q35", "Devices › rng", "Enter open as a new profile")
        await one.press("enter")
        await on_main(one)
        session = one.main.session
        assert (one.profile.name, session.document, session.directory) == ("alpine", None, tmp_path)
        assert session.has_changes
        assert not one.app.import_text
        assert not paths.profiles().exists()
        await one.press("ctrl+o")
        await one.until_shown("alpine", "not saved")


async def test_in_the_text_enter_is_a_new_line() -> None:
    async with opened(None) as one:
        await one.until_shown("demo")
        await one.press("i")
        screen = await on_import(one)
        await one.press("ctrl+s")
        await one.until_shown("Paste or type a command first.")
        await one.type("qemu-system-x86_64 \\")
        await one.press("enter")
        await one.type("-m 512")
        await one.until_shown("1 option understood. The command comes out the same.")
        assert screen.text.text == "qemu-system-x86_64 \\\n-m 512"
        # What comes after it is pasted into it, and leaves the focus there.
        await one.paste(" -nodefaults")
        await one.until_shown("1 kept word for word")
        assert one.focus == "import-text"
        await one.type(" -S")
        await one.press("ctrl+s")  # before it can be read
        await on_main(one)
        assert one.profile.extra == ("-nodefaults", "-S")


async def test_leaving_changes_nothing_and_loses_nothing() -> None:
    async with opened(None) as one:
        await pasted(one, COMMAND)
        await one.press("escape")
        await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
        assert not one.app.sessions
        await one.until_shown("Nothing changed. The next import begins with this command.")
        await one.press("i")
        screen = await on_import(one)
        assert (screen.text.text, one.focus) == (COMMAND, "import-text")


async def test_what_is_no_command_is_said_and_pointed_at() -> None:
    async with opened(None) as one:
        screen = await pasted(one, "qemu-system-x86_64 -m 1G -append 'quiet")
        await one.until_shown("✗ A quote is never closed.")
        assert one.focus == "import-text"
        assert "Open ^s" not in one.text
        assert screen.text.cursor_location == (0, 33)
        line = screen.text.get_line(0)
        assert any(span.start == 33 for span in line.spans)
        await one.press("end")
        await one.type("'")
        await one.until_shown("2 options understood.", "Open ^s")
        await one.click("Open ^s", "header")
        await on_main(one)
        assert one.profile.boot.append == "quiet"


async def test_a_remark_points_at_its_words() -> None:
    async with opened(None) as one:
        screen = await pasted(one, "./qemu -foo bar \\\n  -m 1G -fuu baz")
        await one.until_shown("! -foo", "! -fuu", "2 remarks")
        marked = [
            screen.text.get_line(row).plain[span.start : span.end]
            for row in (0, 1)
            for span in screen.text.get_line(row).spans
        ]
        assert [text.split()[0] for text in marked] == ["-foo", "-fuu"]
        styles = [screen.text.get_line(row).spans[0].style for row in (0, 1)]
        await one.press("down")
        assert [screen.text.get_line(row).spans[0].style for row in (1, 0)] == styles
        assert screen.text.cursor_location[0] == 1


async def test_from_the_main_screen(write: Write) -> None:
    async with opened(write('name = "old"\n'), LARGE) as one:
        before = one.main.session
        one.main.action_import()
        await on_import(one)
        await one.paste("cd sub && qemu-system-x86_64 -m 1G")
        await on_import(one)
        await one.press("enter")
        await on_main(one)
        assert one.main.session is not before
        assert one.profile.launch.directory == str(Path.cwd() / "sub")
        assert before in one.app.sessions


JUNK = "".join(map(chr, range(1, 0x300))) * 20


@pytest.mark.parametrize("text", [*HOSTILE[:-1], JUNK], ids=repr)
async def test_hostile_text(text: str) -> None:
    async with opened(None) as one:
        for command in (text, f"qemu -name '{text}' -{text} -device '{text},id={text}'"):
            one.app.import_text = ""
            await pasted(one, command)
            assert not one.raw()
            await one.press("escape")


async def test_a_paste_that_is_too_much_leaves_the_text_as_it_was() -> None:
    async with opened(None) as one:
        screen = await pasted(one, "-device virtio-rng-pci \\\n" * 400_000)
        await one.until_shown("✗ 9.5 million characters are more than fit here.")
        assert screen.text.text == ""
        await one.type("qemu -S")
        await one.paste("x" * 100_000)
        await one.until_shown("✗ A line is longer than 65 536 characters.")
        assert screen.text.text == "qemu -S"


async def test_keys_do_not_wait_for_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = threading.Event()
    real = importing.of_command
    read: list[int] = []

    def slow(command: Command) -> Imported:
        read.append(len(command.words))
        assert may_go_on.wait(10)
        return real(command)

    monkeypatch.setattr(importing, "of_command", slow)
    async with opened(None) as one:
        await one.until_shown("demo")
        await one.press("i")
        await one.until(lambda: isinstance(one.app.screen, ImportScreen), "the import")
        await one.rest()
        await one.type("qemu")
        await one.until(lambda: read, "a reading")
        await one.type(" -m 1G -S")
        assert screen_of(one).text.text == "qemu -m 1G -S"
        await one.pause(0.2)  # what was typed wants to be read meanwhile
        may_go_on.set()
        await on_import(one)
        assert screen_of(one).outcome.profile is not None
        assert read == [1, 4]


async def test_a_paste_while_something_is_searched_for_is_searched_for() -> None:
    async with opened(None) as one:
        await one.until_shown("linux-serial")
        await one.press("/")
        await one.paste("two-\nx")
        await one.until_shown("/ two-", "1 of 4")
        assert isinstance(one.app.screen, LibraryScreen)


async def test_what_is_typed_outlives_the_app() -> None:
    async with opened(None) as one:
        await one.until_shown("demo")
        await one.press("i")
        screen = await on_import(one)
        await one.type("qemu -m 1G")
        await one.until(lambda: one.app.import_text == screen.text.text, "a reading")
        await one.press("ctrl+q")
        await one.until(lambda: one.app.return_code == 0, "the end")
    assert one.app.kept == ["qemutui: the next import begins with the command of this one"]
    async with opened(None) as one:
        await one.until_shown("demo")
        await one.press("i")
        await on_import(one)
        await one.until_shown("qemu -m 1G", "1 option understood.")
        await one.press("ctrl+s")
        await on_main(one)
        one.app.keep_import()
    assert unfinished.kept() == ""
