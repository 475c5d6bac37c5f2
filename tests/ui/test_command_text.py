"""The command as text, and options that are pasted into lists."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.core.profile import dump
from qemutui.ui.screens.command_text import CommandTextScreen
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.question import Question
from tests.ui.key_cases_text import open_text
from tests.ui.opened import LARGE, SMALL, Opened, hostile, opened

Write = Callable[..., Path]

SAMPLE = """
name = "vm"
notes = "mine"
extra = ["-nodefaults"]
[memory]
size = "1G"
[[device]]
type = "virtio-net-pci"
id = "net0"
netdev = "n0"
[[device]]
type = "VGA"
_off = true
[[netdev]]
type = "user"
id = "n0"
"""


@pytest.mark.parametrize("size", [SMALL, (200, 60), (45, 14)])
async def test_the_command_is_edited_as_one_change(write: Write, size: tuple[int, int]) -> None:
    async with opened(write(SAMPLE), size) as one:
        before = one.data
        screen = await open_text(one)
        rows = size[1] - screen.editor.region.height
        assert screen.editor.region.width == size[0]
        assert rows <= 8
        await one.press("up", "up", "up", "end", "enter")
        await one.type("-smp 2")
        await one.until_shown("1 field changes. Enter applies.")
        # Nothing is applied yet, but a draft would have it.
        assert dump(screen.main.session.settled) == before
        assert screen.main.session.has_changes
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, MainScreen), "the main screen")
        assert one.data == before | {"smp": {"cpus": 2}}
        assert one.focus == "command"
        await one.press("u")
        assert one.data == before
        assert one.main.session.changes == 0


async def test_a_text_that_is_no_command_is_not_applied_and_not_lost(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await open_text(one)
        await one.type(" -append 'x")
        await one.until_shown("✗ A quote is never closed.")
        for key in ("enter", "tab", "ctrl+s", "ctrl+q"):
            await one.press(key)
            assert isinstance(one.app.screen, CommandTextScreen)
            await one.until_shown("✗ Nothing is applied. A quote is never closed.")
        await one.press("end", "escape", "U")
        await one.until_shown("-append 'x")
        await one.press("ctrl+end", "'", "enter")
        await one.until(lambda: isinstance(one.app.screen, MainScreen), "the main screen")
        assert one.profile.boot.append == "x"
        await one.press("u", "U")
        assert one.profile.boot.append == "x"


async def test_what_was_dropped_before_it_was_read_is_not_read_any_more(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        screen = await open_text(one)
        one.send(*" -S", "escape")
        await one.rest()
        screen._due = 0
        screen._look()
        await one.pause(0.3)
        assert not one.main.session.has_changes
        await one.press("U")
        await one.until_shown("-nodefaults -S")


async def test_findings_stand_at_their_words_the_one_at_the_cursor_first(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        screen = await open_text(one)
        await one.type(" -append x -device VGA,id=net0")
        await one.until_shown("Boot › append", "Devices › net0")
        first = next(line for line in one.lines if " ✗ " in line)
        at = one.lines.index(first)
        assert "Devices" in one.lines[at], one.text
        screen.editor.go_to(screen.editor.text.index("append") + 8)
        await one.until(lambda: "Boot › append" in one.lines[at], "the other finding first")
        spans = [one.span for one in screen._said if one.span is not None]
        assert {screen.editor.text[slice(*span)] for span in spans} >= {"x", "id=net0"}


async def test_quitting_applies_the_text_and_asks(write: Write) -> None:
    async with opened(write(SAMPLE), LARGE) as one:
        await open_text(one)
        await one.type(" -S")
        await one.press("ctrl+q")
        await one.until(lambda: isinstance(one.app.screen, Question), "a question")
        await one.until_shown("vm has 1 unsaved change.")
        await one.press("escape")
        assert one.profile.extra == ("-nodefaults", "-S")


async def test_what_cannot_be_written_for_a_shell_is_said(write: Write) -> None:
    async with opened(write('name = "a\\u0000"'), SMALL) as one:
        await one.press("3", "e")
        assert isinstance(one.app.screen, MainScreen)
        await one.until_shown("✗ name: NUL cannot be passed to a program")


async def test_hostile_text_is_drawn_as_pictures_and_kept(write: Write) -> None:
    async with opened(write(hostile()), LARGE) as one:
        before = one.profile
        await open_text(one)
        await one.until_shown("Nothing changes. Enter leaves.")
        assert not one.raw()
        await one.press("enter")
        assert one.profile is before


async def test_keys_do_not_wait_for_the_text_to_be_read(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        screen = await open_text(one)
        read: list[str] = []
        monkeypatch.setattr(screen.reading, "read", read.append)
        for letter in "abcdefgh":
            await one.press(letter)
        await one.until(lambda: read, "a reading")
        # Faster than the pause one cannot press here on a slow machine: but never at each key.
        assert len(read) < 8
        assert read[-1].endswith("abcdefgh")


async def paste(one: Opened, text: str, question: str) -> None:
    """Pastes into a list, where that question is asked."""
    await one.paste(text)
    assert one.lines[-1].strip() == f"{question} Enter adds, Esc drops."


@pytest.mark.parametrize("pane", ["1", "2", "3", "4", "7"])
async def test_options_are_pasted_into_any_list(write: Write, pane: str) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        before = one.data
        text = "-device virtio-rng-pci,id=rng \\\r\n  -m 2G\r\n  -S\r\n"
        await one.press(pane)
        await paste(one, text, "Add 3 options, replacing 1 value?")
        await one.press("escape")
        assert one.data == before
        await paste(one, text, "Add 3 options, replacing 1 value?")
        await one.press("enter")
        await one.until_shown("Added 3 options. u undoes.")
        assert one.profile.device[2].id == "rng"
        assert one.profile.memory.size == "2G"
        assert (one.main.sections.section.name, one.focus) == ("Devices", "items")
        assert one.main.items.item == ("device", 2)
        await one.press("u")
        assert one.data == before


async def test_what_a_paste_leaves_out_is_said(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await paste(one, "-device virtio-rng-pci\nmake\n", "Add 1 option?")
        await one.press("enter")
        await one.until_shown("Added 1 option. u undoes. Other commands are left out: make.")


async def test_another_key_drops_what_was_pasted_and_does_what_it_does(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        before = one.data
        await paste(one, "qemu-system-arm -S", "Add 1 option, replacing 1 value?")
        await one.press("j", "enter")
        assert one.data == before
        assert one.main.sections.section.name == "Machine"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hello", "Nothing was pasted: "),
        ("", "Nothing was pasted: "),
        ("-append 'x", "Nothing was pasted: A quote is never closed."),
        ("\x7fELF\x02\x00\x1b]0;x\x07", "Nothing was pasted: "),
        ("-device virtio-rng-pci\n" * 500_000, "11 500 000 characters are no command"),
        ("-m 1G", "All of what was pasted is there already."),
    ],
    ids=len,
)
async def test_all_else_that_is_pasted_is_one_sentence(
    write: Write, text: str, sentence: str
) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        before = one.data
        await one.paste(text)
        assert sentence in one.lines[-1]
        assert one.main.waiting is None
        assert one.data == before


async def test_a_paste_into_an_editor_is_text(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        for path in (("memory", "size"), ("notes",)):
            await one.go_to(*path)
            await one.press("enter", "ctrl+u")
            await one.paste("-m 2G")
            assert one.main.waiting is None
            assert one.main.is_editing
            await one.press("tab")
        assert (one.profile.memory.size, one.profile.notes) == ("-m 2G", "-m 2G")


async def test_what_is_pasted_while_rows_are_filtered_is_sought(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        one.main.go_to(("device", 0))
        await one.press("escape", "/")
        await one.paste("net0\nmore")
        await one.until_shown("/ net0▏  1 of 2")
        await one.press("enter")
        await paste(one, "-S", "Add 1 option?")


async def test_a_small_terminal_loses_no_text(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await open_text(one)
        await one.type(" -S")
        await one.resize(38, 10)
        await one.until_shown("Too small")
        await one.resize(*LARGE)
        await one.until(lambda: one.focus == "command-text", "the focus")
        await one.type(" -s")
        await one.until_shown("-nodefaults -S -s")


async def test_a_profile_that_became_another_meanwhile_is_what_a_text_is_laid_over(
    write: Write,
) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        screen = await open_text(one)
        await one.type(" -S")
        main = screen.main
        main.change(main.session.settled.with_key("notes", "theirs"), "theirs")
        await one.press("enter")
        assert one.profile.notes == "theirs"
        assert one.profile.extra == ("-nodefaults", "-S")


async def test_an_empty_list_says_that_pasting_works(write: Write) -> None:
    async with opened(write("name = 'x'"), SMALL) as one:
        one.main.go_to(("device",))
        await one.until_shown("No devices yet. a adds one. Pasting “-device …” works too.")
