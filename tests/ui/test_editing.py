"""The one editor: over every kind of row, kept, dropped, left by a click, and never in the way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from qemutui.core import edit
from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

SAMPLE = """
name = "vm"
notes = "one line"
extra = ["-S"]
[machine]
accel = ["kvm", "tcg"]
[memory]
size = "1G"
[[device]]
type = "virtio-net-pci"
id = "net0"
netdev = "n0"
on = true
[[netdev]]
type = "user"
id = "n0"
hostfwd = ["tcp::1-:1", "tcp::2-:2"]
"""


def value(one: Opened, *path: str | int) -> object:
    return edit.get(one.profile, path)


@pytest.mark.parametrize(
    ("path", "typed", "kept"),
    [
        (("name",), "x", "vmx"),
        (("binary",), "qemu", "qemu"),
        (("memory", "size"), "1", "1G1"),
        (("smp", "cpus"), "4", 4),
        (("boot", "menu"), "on", "on"),
        (("qmp", "type"), "unix", "unix"),
        (("machine", "accel", 0), "x", "kvmx"),
        (("machine", "accel", 2), "hvf", "hvf"),
        (("device", 0, "id"), "1", "net01"),
        (("device", 0, "on"), "x", "onx"),
        (("netdev", 0, "hostfwd", 1), "3", "tcp::2-:23"),
        (("netdev", 0, "hostfwd", 2), "udp::1-:1", "udp::1-:1"),
        (("extra", 0), "x", "-Sx"),
        (("extra", 1), "-x", "-x"),
        (("launch", "directory"), "/", "/"),
    ],
)
async def test_each_kind_of_row_is_typed_kept_dropped_and_undone(
    write: Write, path: tuple[str | int, ...], typed: str, kept: object
) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        before = one.data
        was = value(one, *path)
        await one.go_to(*path)
        await one.press("enter")
        assert one.focus == "line-editor"
        await one.type(typed)
        assert value(one, *path) == kept
        await one.press("escape")
        assert (one.focus, one.data) == ("properties", before)
        assert one.main.properties.path == path
        await one.press("U")
        assert value(one, *path) == kept
        await one.press("u", "enter")
        assert value(one, *path) == was
        await one.type(typed)
        await one.press("enter")
        assert (one.focus, value(one, *path)) == ("properties", kept)
        assert one.main.properties.path == path
        await one.press("u")
        assert one.data == before


async def test_long_text_has_lines(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        for path in (("notes",), ("boot", "append")):
            await one.go_to(*path)
            await one.press("enter", "end", "enter")
            await one.type("two j u x")
            was = str(value(one, *path))
            assert was.endswith("\ntwo j u x")
            assert one.focus == "text-editor"
            await one.press("tab")
            assert (one.focus, value(one, *path)) == ("properties", was)
            await one.press("u")
            await one.go_to(*path)
            await one.press("enter", "!", "escape", "U")
            assert str(value(one, *path)).endswith("!")


async def test_tab_and_the_arrows_keep_and_go_on(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("qmp", "host")
        steps = [("tab", "port"), ("shift+tab", "host"), ("up", "path"), ("shift+tab", "type")]
        for key, name in steps:
            await one.press("enter", "2", key)
            assert one.main.properties.path == ("qmp", name)
        assert one.data["qmp"] == {"host": 22, "port": 2, "path": 2}


async def test_a_click_elsewhere_keeps_what_was_typed(write: Write) -> None:
    for text, within in (("size", "properties"), ("Objects", "sections"), ("-netdev", "command")):
        async with opened(write(SAMPLE), LARGE) as one:
            await one.go_to("cpu", "model")
            await one.press("enter")
            await one.type("max")
            await one.click(text, within)
            assert one.focus != "line-editor"
            assert one.profile.cpu.model == "max"
            assert one.main.session.settled == one.profile
            await one.press("u")
            assert one.profile.cpu.model is None


async def test_an_emptied_row_is_unset_or_passed_empty(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        for path, left in [
            (("memory", "size"), None),
            (("device", 0, "netdev"), ""),
            (("device", 0, "id"), None),
        ]:
            await one.go_to(*path)
            await one.press("enter", "ctrl+u", "enter")
            assert value(one, *path) == left
        assert "-device virtio-net-pci,netdev=,on=on" in one.command


async def test_undo_while_typing_takes_back_what_is_typed(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("memory", "size")
        await one.press("enter", "1", "enter")
        await one.go_to("smp", "cpus")
        await one.press("enter", "4", "ctrl+z")
        assert value(one, "smp", "cpus") is None
        await one.press("escape")
        # One key takes one thing back: the step before it is still there, or is undone for good.
        shown = one.data
        await one.press("enter", "enter")
        assert one.data == shown


async def test_undo_and_redo_go_the_same_way_back_and_forth(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        states = [one.data]
        await one.go_to("memory", "size")
        await one.press("enter", "1", "enter")
        states.append(one.data)
        await one.go_to("device", 0)
        await one.press("enter")
        await one.type("a=b")
        await one.press("enter")
        states.append(one.data)
        await one.press("escape", "d")
        states.append(one.data)
        await one.press("delete", "x")
        states += [states[2], one.data]
        for state in states[-2::-1]:
            await one.press("u")
            assert one.data == state
        await one.press("u")
        await one.until_shown("Nothing to undo.")
        assert "●" not in one.lines[0]
        for state in states[1:]:
            await one.press("U")
            assert one.data == state
        await one.press("U")
        await one.until_shown("Nothing to redo.")


@pytest.mark.parametrize(
    "key", ["f5", "f6", "f7", "f8", "ctrl+s", "ctrl+o", "ctrl+n", "ctrl+q", "f1"]
)
async def test_no_key_loses_what_is_typed(write: Write, key: str) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        session = one.main.session
        await one.go_to("launch", "directory")
        await one.press("enter")
        await one.type("/nonexistent")
        await one.press(key)
        assert session.profile.launch.directory == "/nonexistent"


async def test_the_palette_keeps_what_is_typed(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("device", 0, "netdev")
        await one.press("enter", "x", "ctrl+p")
        await one.type("section objects")
        await one.press("enter")
        await one.until(lambda: len(one.app.screen_stack) == 1)
        await one.until(lambda: one.main.sections.section.name == "Objects")
        assert value(one, "device", 0, "netdev") == "n0x"


async def test_a_character_is_drawn_with_the_command_that_has_it(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("device", 0, "id")
        await one.press("enter")
        await one.pause(0.05)  # what comes after a while without a frame is drawn at once
        frames: list[str] = []
        display = one.app._display

        def displayed(screen: Screen[Any], drawn: Any) -> None:
            frames.append(drawn.render_segments(one.app.console))
            display(screen, drawn)

        monkeypatch.setattr(one.app, "_display", displayed)
        await one.press("q")
        assert "id=net0q" in next(frame for frame in frames if "net0q" in frame)


async def test_a_burst_of_keys_opens_types_and_keeps(write: Write) -> None:
    text = "upxRjkdTf1"
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("memory", "size")
        one.send("enter", *text, "enter", "down", "enter", *"3", "tab")
        await one.rest()
        assert one.data["memory"] == {"size": f"1G{text}", "slots": 3}
        one.send("u", "u", "enter", *text, "escape", "u")
        await one.rest()
        assert one.data["memory"] == {"size": "1G"}


async def test_a_burst_adds_items(write: Write) -> None:
    async with opened(write(""), SMALL) as one:
        one.main.go_to(("device", 0))
        await one.rest()
        for number in range(3):
            one.send("a", *f"VGA{number}", "enter", "a", *"k=x", "enter", "escape")
        await one.rest()
        assert [item.type for item in one.profile.device] == ["VGA0", "VGA1", "VGA2"]
        assert all(item.properties == [("k", "x")] for item in one.profile.device)


@pytest.mark.parametrize(("typed", "added"), [("drive", ""), ("fyle", "fyle")])
async def test_a_burst_adds_storage(write: Write, typed: str, added: str) -> None:
    async with opened(write(""), SMALL) as one:
        one.main.go_to(("blockdev", 0))
        await one.rest()
        one.send("a", *typed, "enter", "a", *"file=u", "enter")
        await one.rest()
        item = one.profile.items("blockdev" if added else "drive")[0]
        assert (item.type, item.properties) == (added, [("file", "u")])


async def test_all_lines_of_a_paste_are_kept(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("extra", 1)
        await one.press("enter")
        await one.paste("-append\r\na b\nc\n")
        await one.press("enter")
        assert one.profile.extra == ("-S", "-append\na b\nc")
        await one.go_to("notes")
        await one.press("enter")
        await one.paste("\nx\ny")
        await one.press("tab")
        assert one.profile.notes == "one line\nx\ny"


@pytest.mark.parametrize("path", [("memory", "size"), ("notes",), ("device", 0, "netdev")])
async def test_no_size_of_the_terminal_loses_what_is_typed(
    write: Write, path: tuple[str | int, ...]
) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to(*path)
        await one.press("enter", "x")
        for size in [LARGE, (200, 60), (60, 20), (50, 16), (39, 10), (59, 40), (110, 24), SMALL]:
            await one.resize(*size)
            await one.rest()
            assert one.focus.endswith("-editor"), size
            await one.press("y")
        assert str(value(one, *path)).endswith("xyyyyyyyy")
        editor = one.app.focused
        assert editor is not None
        # It stands over the value of its row.
        line = one.lines[editor.region.y]
        assert one.app.screen.query_one("#properties").region.contains_region(editor.region)
        assert str(path[-1]) in line
        await one.press("tab")
        assert str(value(one, *path)).endswith("xyyyyyyyy")
        assert one.focus == "properties"


async def test_findings_follow_each_key(write: Write) -> None:
    async with opened(write(SAMPLE), LARGE) as one:
        await one.checked()
        assert "✗" not in one.lines[0]
        await one.go_to("device", 0, "netdev")
        await one.press("enter", "x")
        await one.until(lambda: "✗1" in one.lines[0])
        await one.until(lambda: "No netdev has this id" in one.text)
        await one.press("backspace")
        await one.until(lambda: "✗" not in one.lines[0])


async def test_hostile_texts_are_typed_kept_and_shown_clean(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        for text in HOSTILE:
            for path in (("name",), ("device", 0, "netdev"), ("extra", 0), ("notes",)):
                await one.go_to(*path)
                await one.press("enter")
                await one.paste(text)
                assert not one.raw(), (text, path)
                await one.press("tab")
                assert one.focus == "properties"
                lines = "\n".join(text.splitlines())
                kept = lines if path == ("notes",) else text.replace("\r", "")
                assert kept in str(value(one, *path))
                assert not one.raw(), (text, path)
                await one.press("u")
        await one.checked()
        assert not one.raw()


@pytest.mark.parametrize("path", [("notes",), ("name",)])
async def test_looking_at_a_text_does_not_change_it(
    write: Write, path: tuple[str | int, ...]
) -> None:
    text = r"a\nb\r\nc\rd\u2028e\u2029f\fg\u0085h\u000bi\u001cj\n\n"
    async with opened(write(f'notes = "{text}"\nname = "{text}"\n'), SMALL) as one:
        await one.go_to(*path)
        await one.press("enter", "tab")
        assert not one.main.session.has_changes
