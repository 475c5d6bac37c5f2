"""Every action of the main screen, by the keys that the help lists."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.core.argv import words_of
from qemutui.core.keyval import Path as KeyPath
from qemutui.ui import headings
from qemutui.ui.actions import ACTIONS, ONE_PANE, bindings, pane_bindings
from qemutui.ui.screens.help import Help
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.screens.main import MainScreen
from tests.samples import GPU, N0, net0
from tests.ui.opened import LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

SAMPLE = f"""
name = "vm"
extra = ["-nodefaults", "-S"]
[boot]
menu = true
{net0("nope")}{GPU}edid = true
{N0}hostfwd = ["tcp::1-:1", "tcp::2-:2"]
"""


def test_every_action_exists_once_and_every_key_does_one_thing() -> None:
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    # In Output some keys do something else than in the other lists.
    for is_output in (False, True):
        actions = [action for action in ACTIONS if (action.where == "output") == is_output]
        keys = [key for action in actions for key in action.keys.split(",") if key]
        assert len(set(keys)) == len(keys)
    for action in ACTIONS:
        assert hasattr(MainScreen, f"action_{action.name.split('(')[0]}"), action.name
        # What the palette leaves out has a key, and what has none stands in the palette.
        assert action.keys or action.palette
        assert bool(action.keys) == bool(action.shown)
    bound = {
        binding.id
        for binding in (*bindings(), *(one for where in ONE_PANE for one in pane_bindings(where)))
    }
    assert bound == {action.name for action in ACTIONS if action.keys}


async def pressed(one: Opened, key: str, *path: str | int) -> Opened:
    await one.go_to(*path)
    await one.press(key)
    return one


def path_of(one: Opened) -> KeyPath | None:
    return one.main.properties.path


def devices(one: Opened) -> list[str]:
    return [item.id for item in one.profile.device]


@pytest.mark.parametrize("pane", ["sections", "items", "command", "problems", "output", "runs"])
def test_no_hint_stands_twice_in_the_footer(pane: str) -> None:
    hints = headings.list_hints(pane, 1, wide=True)
    assert len(hints) == len(set(hints))


async def test_moving_between_panes_and_rows(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        assert one.focus == "sections"
        for keys, focus in [
            (("6",), "sections"),
            (("2",), "properties"),
            (("3",), "command"),
            (("4",), "output"),
            (("4",), "sections"),
            (("7",), "problems"),
            (("escape",), "sections"),
            (("down",) * 5, "sections"),
            (("enter",), "items"),
            (("enter",), "properties"),
            (("escape",), "items"),
            (("escape",), "sections"),
            (("1",), "sections"),
        ]:
            await one.press(*keys)
            assert one.focus == focus, keys
        await one.go_to("device", 0, "type")
        await one.press("]")
        assert path_of(one) == ("device", 1, "type")
        await one.press("]", "[")
        assert path_of(one) == ("device", 0, "type")


async def test_a_pane_that_a_digit_goes_to_is_seen(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        for digit in "4317312":
            await one.press(digit)
            assert one.app.focused is not None
            assert one.app.focused.region.height, (digit, one.focus)


async def test_items_are_added_copied_moved_switched_and_removed(write: Write) -> None:
    async with opened(write(SAMPLE), LARGE) as one:
        await one.go_to("device", 1, "id")
        await one.press("escape", "d")
        assert devices(one) == ["net0", "gpu", "gpu0"]
        assert one.row.startswith("▌  gpu0")
        await one.press("K")
        assert devices(one) == ["net0", "gpu0", "gpu"]
        await one.press("J", "J")
        assert devices(one) == ["net0", "gpu", "gpu0"]
        await one.press("alt+up", "alt+down", "x")
        assert one.command.count("-device VGA") == 1
        assert "○" in one.row
        await one.press("x", "delete")
        assert devices(one) == ["net0", "gpu"]
        await one.until_shown("Removed gpu0. u undoes.")
        await one.press("backspace", "backspace", "delete")
        assert devices(one) == []
        await one.until_shown("No devices yet. a adds one.")
        for _ in range(3):
            await one.press("u")
        assert devices(one) == ["net0", "gpu", "gpu0"]
        await one.press("ctrl+z", "U", "ctrl+y")
        assert devices(one) == ["net0", "gpu"]


async def test_keys_of_items_do_nothing_where_no_item_is_seen(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        before = one.data
        for place in (("device", 0), ("netdev", 0), ("memory", "size"), ("extra", 0), ("fd", 0)):
            one.main.go_to(place)
            await one.press("1")
            for key in ("d", "delete", "backspace", "space", "f", "o", "x", "J", "K"):
                await one.press(key)
                assert one.data == before, (place, key)


@pytest.mark.parametrize(
    ("group", "type_"),
    [
        ("device", "VGA"),
        ("object", "rng-builtin"),
        ("netdev", "user"),
        ("blockdev", "null-co"),
        ("drive", ""),
        ("chardev", "null"),
        ("fsdev", "local"),
        ("audiodev", "none"),
        ("tpmdev", "emulator"),
    ],
)
async def test_an_item_of_each_group_is_added_and_edited(
    write: Write, group: str, type_: str
) -> None:
    async with opened(write(""), SMALL) as one:
        one.main.go_to((group, 0))
        await one.press("a")
        await one.type(type_ or "drive")
        await one.press("enter", "a")
        await one.type("key=a,b")
        await one.press("enter", "a")
        await one.type("other=7")
        await one.press("enter")
        item = one.profile.items(group)[0]
        assert (item.type, bool(item.id)) == (type_, True)
        assert item.properties == [("key", "a,b"), ("other", 7)]
        assert "key=a,,b,other=7" in one.command
        await one.press("u")
        assert one.profile.items(group)[0].properties == [("key", "a,b")]
        await one.press("u", "u", "u")
        assert not one.profile.items(group)


async def test_passed_files_are_added_and_turned(write: Write) -> None:
    async with opened(write(""), SMALL) as one:
        one.main.go_to(("fd", 0))
        await one.press("a")
        await one.type("/dev/null")
        await one.press("enter")
        await one.go_to("fd", 0, "mode")
        for mode in ("r", "w", "r+", "a", None):
            await one.press("space")
            assert one.data["fd"] == [{"path": "/dev/null"} | ({"mode": mode} if mode else {})]
        await one.press("x")
        assert one.profile.fd[0].off


async def test_arguments_of_extra(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("extra", 0)
        await one.press("a")
        await one.type("-snapshot")
        await one.press("enter")
        assert words_of(one.profile.extra) == ("-nodefaults", "-snapshot", "-S")
        assert "-snapshot" in one.row
        await one.press("J", "d")
        assert words_of(one.profile.extra) == ("-nodefaults", "-S", "-snapshot", "-snapshot")
        await one.press("delete", "up", "delete")
        assert words_of(one.profile.extra) == ("-nodefaults", "-S")
        await one.press("a", "escape")
        assert words_of(one.profile.extra) == ("-nodefaults", "-S")


@pytest.mark.parametrize("key", ["d", "J", "K", "x", "delete", "a", "enter"])
async def test_one_text_stands_for_all_arguments(write: Write, key: str) -> None:
    async with opened(write('extra = "-S"\n[machine]\naccel = "tcg"\n'), SMALL) as one:
        await one.go_to("extra")
        await one.press(key)
        if key in ("a", "enter"):
            await one.type("x")
            await one.press("enter")
        await one.go_to("machine", "accel")
        await one.press(key)
        assert one.app.is_running


async def test_values_are_turned_unset_and_fixed(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("boot", "menu")
        for value in (False, None, True):
            await one.press("space")
            assert one.profile.boot.menu is value
        await one.press("delete")
        assert one.profile.boot.menu is None
        await one.checked()
        await one.go_to("device", 0, "netdev")
        await one.press("f")
        assert [item.id for item in one.profile.netdev] == ["n0", "nope"]
        await one.until_shown("Fixed: No netdev has this id")
        await one.checked()
        await one.press("f")
        await one.until_shown("No fix for this row.")
        await one.press("u")
        assert [item.id for item in one.profile.netdev] == ["n0"]


async def test_an_item_says_what_it_is_and_what_is_wrong_with_it(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("device", 1)
        await one.press("escape")
        await one.until(lambda: one.focus == "items", "the items")
        await one.until_shown("gpu  VGA")
        await one.press("up")
        await one.until_shown("net0  ✗ No netdev has this id. f creates it.  virtio-net")
        await one.press("f")
        await one.until_shown("Fixed: No netdev has this id. u undoes.")


async def test_turning_a_value_stays_on_its_row(write: Write) -> None:
    async with opened(write('[[device]]\ntype = "VGA"\na = true\nb = true\n'), SMALL) as one:
        await one.go_to("device", 0, "a")
        await one.press(*["space"] * 5)
        assert one.profile.device[0].root["b"] is True


async def test_references_are_followed_both_ways(write: Write) -> None:
    text = '[[device]]\ntype = "virtio-net-pci"\nid = "net0"\nnetdev = "n0"\n[[device]]\n'
    text += 'type = "VGA"\nx = "y"\n[[netdev]]\ntype = "user"\nid = "n0"\n'
    async with opened(write(text), SMALL) as one:
        await pressed(one, "o", "device", 0, "netdev")
        assert path_of(one) == ("netdev", 0, "id")
        await one.press("o")
        assert path_of(one) == ("device", 0, "netdev")
        await pressed(one, "o", "device", 1, "x")
        await one.until_shown("Nothing here is called y.")
        await pressed(one, "o", "device", 0, "id")
        await one.until_shown("Nothing refers to net0.")


async def test_a_row_without_a_value_refers_to_nothing(write: Write) -> None:
    text = '[[device]]\ntype = "VGA"\n[[netdev]]\ntype = "user"\n'
    async with opened(write(text), SMALL) as one:
        for row in (("device", 0), ("device", 0, "id")):
            await pressed(one, "o", *row)
            assert path_of(one) == row


async def test_problems_are_gone_through(write: Write) -> None:
    text = SAMPLE + '[[device]]\ntype = "VGA"\nid = "gpu"\n[smp]\ncpus = "x"\n'
    async with opened(write(text), LARGE) as one:
        await one.checked()
        paths = [finding.path for finding in one.main.marks.ordered()]
        assert len(paths) >= 3
        seen = []
        for key in ("f8", "p", "p"):
            await one.press(key)
            seen.append(one.main.properties.path)
        await one.press("P")
        assert seen[:3] == paths[:3]
        assert path_of(one) == paths[1]
        await one.press("7", "home", "enter")
        assert path_of(one) == paths[0]
        await one.press("7", "home")
        first = one.main.marks.ordered()[0]
        assert first.message in one.text
        if first.fix:
            await one.press("f")
            await one.checked()
            assert first not in one.main.marks.findings


async def test_a_fix_is_applied_once_however_fast_the_keys_come(write: Write) -> None:
    text = SAMPLE + '[[device]]\ntype = "virtio-net-pci"\nid = "net1"\nnetdev = "other"\n'
    async with opened(write(text), LARGE) as one:
        await one.checked()
        await one.press("7", "home")
        one.send("f", "f")
        await one.rest()
        ids = [item.id for item in one.profile.netdev]
        assert len(set(ids)) == len(ids)


async def test_the_command_and_the_form_go_to_each_other(write: Write) -> None:
    for size in (SMALL, LARGE):
        async with opened(write(SAMPLE), size) as one:
            await one.go_to("device", 1, "edid")
            styles = {
                segment.text: segment.style
                for y in range(one.main.command.size.height)
                for segment in one.main.command.render_line(y)
            }
            marked = [text for text, style in styles.items() if style and style.underline]
            assert marked == ["edid=on"]
            await one.press("3", "left", "enter")
            assert path_of(one) == ("device", 1, "id")
            await one.press("3", "up", "right", "right", "enter")
            assert one.main.item == ("device", 0)
            await one.click("netdev=nope", "command")
            assert path_of(one) == ("device", 0, "netdev")
            await one.click("-netdev", "command")
            assert one.main.item == ("netdev", 0)
            await one.press("3", "home", "enter")
            assert path_of(one) == ("binary",)


async def test_what_is_not_in_the_command_is_marked_nowhere_in_it(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:

        def marked() -> list[str]:
            rows = one.main.command.size.height
            lines = [one.main.command.render_line(y).text for y in range(rows)]
            return [line.split()[1] for line in lines if line[0] in "▏▌"]

        await one.go_to("device", 1)
        assert marked() == ["-device"]
        await one.press("x")
        assert marked() == []
        await one.press("x")
        assert marked() == ["-device"]
        await one.go_to("notes")
        assert marked() == []
        await one.press("3")
        assert len(marked()) == 1


async def test_a_click_finds_the_token_under_the_mouse_after_scrolling(write: Write) -> None:
    text = "".join(f'[[device]]\ntype = "VGA"\nid = "d{n}."\n' for n in range(40))
    async with opened(write(text), SMALL) as one:
        await one.go_to("device", 0, "id")
        one.main.command.scroll_to(y=20, animate=False)
        await one.pilot.pause()
        await one.click("id=d21.", "command")
        assert path_of(one) == ("device", 21, "id")


async def test_help_lists_every_key_and_closes(write: Write) -> None:
    async with opened(write(""), LARGE) as one:
        for opens, closes in [("f1", "escape"), ("?", "q"), ("f1", "f1")]:
            await one.press(opens)
            assert isinstance(one.app.screen, Help)
            await one.press(closes)
            assert isinstance(one.app.screen, MainScreen)
        await one.press("f1")
        lines = one.app.screen.query_one("_Keys").lines  # type: ignore[attr-defined]
        for action in ACTIONS:
            assert (not action.keys) or (action.shown, action.label) in lines


async def palette(one: Opened, text: str) -> None:
    await one.press("ctrl+p")
    await one.type(text)
    await one.press("enter")
    await one.until(lambda: len(one.app.screen_stack) == 1, "the palette's end")


async def test_the_palette_acts(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await palette(one, "section Networks")
        await one.until(lambda: one.main.sections.section.name == "Networks")
        await palette(one, "Undo")
        await one.until_shown("Nothing to undo.")
        await palette(one, "Library")
        await one.until(lambda: isinstance(one.app.screen, LibraryScreen))


async def test_another_theme_is_drawn_everywhere(write: Write) -> None:
    from qemutui.ui import themes

    async with opened(write(SAMPLE), LARGE) as one:
        await one.checked()
        await palette(one, "theme chalk")
        await one.until(lambda: one.app.theme == "chalk")
        await one.pilot.pause()
        dark = {str(colour.truecolour) for colour in themes.load("basalt").colours.values()}
        seen = {
            (segment.style.color.name, segment.text)
            for strip in one.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.style.color is not None
        }
        assert not {text for colour, text in seen if colour in dark}


async def test_the_clipboard_gets_one_line(write: Write) -> None:
    async with opened(write('name = "a b"\n'), SMALL) as one:
        await one.press("y")
        assert one.app.clipboard.endswith("qemu-system-x86_64 -name 'a b'")
        await one.until_shown(f"Copied {len(one.app.clipboard)} characters.")


async def test_keys_that_only_look_change_nothing(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        before = one.data
        await one.press("r", "ctrl+l", "p", "P", "f6", "T", "ctrl+t", "ctrl+c")
        assert one.data == before
        await one.until_shown("Ctrl+Q quits. F6 stops the VM.")


async def test_the_command_is_still_seen_after_the_palette(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await palette(one, "section Boot")
        assert one.main.command.size.height
        assert "qemu-system-x86_64" in one.text


async def test_a_key_given_twice_is_a_list(write: Write) -> None:
    async with opened(write('[[netdev]]\ntype = "user"\nid = "n0"\n'), SMALL) as one:
        for port in ("1", "2", "3"):
            one.main.go_to(("netdev", 0, "id"))
            await one.press("end", "enter")
            await one.type(f"hostfwd={port}")
            await one.press("enter")
        assert one.profile.netdev[0].root["hostfwd"] == (1, "2", "3")


async def test_an_item_that_is_off_says_so_among_its_properties(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("device", 0, "type")
        await one.press("x")
        assert "net0 ○ off" in one.text


async def test_what_still_refers_to_a_removed_item_is_named(write: Write) -> None:
    text = '[[netdev]]\ntype = "user"\nid = "n0"\n'
    text += '[[device]]\ntype = "e1000"\nid = "net0"\nnetdev = "n0"\n'
    async with opened(write(text), SMALL) as one:
        one.main.go_to(("netdev", 0))
        await one.press("escape", "delete")
        assert "Removed n0; net0 still refers to it. u undoes." in one.text


async def test_what_was_dropped_stands_before_what_can_be_redone(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("memory", "size")
        await one.press("enter", "1", "enter")
        shown = one.profile.memory.size
        await one.press("u", "enter", "9", "escape", "U", "U")
        assert one.profile.memory.size == shown


async def test_help_begins_with_the_pane_that_has_the_focus(write: Write) -> None:
    async with opened(write(SAMPLE), LARGE) as one:
        for digit, heading in (("3", "here: command"), ("4", "output"), ("7", "lists")):
            await one.press(digit, "?")
            lines = one.app.screen.query_one("_Keys").lines  # type: ignore[attr-defined]
            assert lines[0] == ("", heading)
            assert not one.raw()
            await one.press("escape")
        await one.press("4", "/", "f1")
        assert not one.raw()
