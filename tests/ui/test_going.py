"""Ways around the main screen: go to, Tab, enlarge, filters, and where a profile opens."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.core import edit
from qemutui.core.keyval import Path as KeyPath
from qemutui.host import left
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.widgets.section_list import LETTERS
from tests.samples import GPU, N0, RNG, net0
from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

SAMPLE = f"""
name = "vm"
{net0("n0")}mac = "52:54:00:12:34:56"
{GPU}{RNG}{N0}"""
WRONG = SAMPLE.replace('netdev = "n0"', 'netdev = "nope"')
SIZES = ((45, 14), SMALL, LARGE, (200, 60))


def at(one: Opened) -> tuple[str, str]:
    """The section and the pane with the focus."""
    return one.main.sections.section.name, one.focus


def where(one: Opened) -> tuple[tuple[str, str], KeyPath | None]:
    """The section, the pane, and the field or item of its cursor."""
    return at(one), one.main.properties.path if one.focus == "properties" else one.main.item


# Go to


@pytest.mark.parametrize("size", SIZES)
async def test_a_letter_goes_to_a_section_and_a_digit_to_a_pane(
    write: Write, size: tuple[int, int]
) -> None:
    async with opened(write(SAMPLE), size) as one:
        await one.press("g")
        words = " Go to …  press a letter or a digit · Esc stays here"
        assert one.lines[-1].startswith(words if size[0] > 60 else words[:20])
        assert "Esc stays here" in one.lines[-1]
        assert "Networks" in one.text
        await one.press("n")
        assert at(one) == ("Networks", "items")
        assert "Go to …" not in one.text
        await one.press("ctrl+g", "3")
        assert at(one) == ("Networks", "command")
        await one.press("g", "m")
        assert at(one) == ("Machine", "properties")
        await one.press("g", "escape")
        assert at(one) == ("Machine", "properties")
        await one.press("g", "j", "down")  # what follows nothing leaves it too
        assert at(one) == ("Machine", "properties")


async def test_the_letters_are_marked_in_the_names(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        match = one.main.sections.palette.match

        def letters() -> str:
            return "".join(
                segment.text
                for y in range(one.main.sections.size.height)
                for segment in one.main.sections.render_line(y)
                if segment.style is not None and segment.style.underline == match.underline
                and segment.style.color == match.color
            ).lower()  # fmt: skip

        assert letters() == ""
        await one.press("g")
        assert sorted(letters()) == sorted(LETTERS)
        await one.press("escape")
        assert letters() == ""


async def test_a_click_leaves_what_a_key_waits_for(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press("g")
        await one.click("Machine", "sections")
        assert "Go to …" not in one.text
        await one.press("g")
        await one.click("Esc", "footer")
        assert "Go to …" not in one.text
        await one.press("g")
        await one.pilot.pause(0)
        one.send("d", "down", "enter")
        await one.rest()
        assert at(one) == ("Devices", "properties")
        assert one.main.item == ("device", 1)


# Tab


@pytest.mark.parametrize(
    ("size", "panes"),
    [
        ((45, 14), ["sections", "items", "command"]),
        (SMALL, ["sections", "items", "command"]),
        (LARGE, ["sections", "items", "properties", "command", "output", "runs"]),
    ],
)
async def test_tab_goes_through_the_panes_that_are_seen(
    write: Write, size: tuple[int, int], panes: list[str]
) -> None:
    async with opened(write(SAMPLE), size) as one:
        if size == LARGE:
            await one.until(lambda: one.main.runs)
        await one.press("g", "d", "down", "1")
        for pane in [*panes[1:], *panes[:2]]:
            await one.press("tab")
            assert one.focus == pane
        assert one.main.item == ("device", 1)
        for pane in panes[0::-1]:
            await one.press("shift+tab")
            assert one.focus == pane
        await one.press("shift+tab")
        assert one.focus == panes[-1]


async def test_a_title_is_clicked_as_its_digit_is_pressed(write: Write) -> None:
    async with opened(write(SAMPLE), LARGE) as one:
        await one.press("g", "d")
        for text, pane in (("Command", "command"), ("Sections", "sections"), ("-device", "items")):
            await one.click(text, f"{pane}-title")
            assert one.focus == pane
        await one.click("virtio-net-pci", "properties-title")
        assert one.focus == "properties"
        await one.click("copy", "command-title")
        assert one.app.clipboard.startswith("cd ")


@pytest.mark.parametrize("size", SIZES)
async def test_the_digit_of_the_open_tab_closes_it(write: Write, size: tuple[int, int]) -> None:
    async with opened(write(SAMPLE), size) as one:
        await one.press("4")
        opened_at = one.main.tabs.region.y
        assert (one.focus, one.main.tab) == ("output", 4)
        await one.press("7")
        assert (one.focus, one.main.tab) == ("problems", 7)
        await one.press("7")
        assert (one.focus, one.main.tab) == ("sections", None)
        await one.press("2")
        assert one.main.tabs.region.y == size[1] - 2 > opened_at


# Enlarge


@pytest.mark.parametrize("size", SIZES)
async def test_the_pane_with_the_focus_takes_the_whole_body_and_gives_it_back(
    write: Write, size: tuple[int, int]
) -> None:
    width, height = size
    async with opened(write(SAMPLE), size) as one:
        for digit in "237":
            await one.press(digit)
            before = one.text
            await one.press("z")
            assert one.app.focused is not None
            region = one.app.focused.region
            assert (region.x, region.width) == (0, width)
            assert region.height >= height - 4
            await one.press("f4")
            assert one.text == before


async def test_letters_are_seen_from_an_enlarged_pane_too(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press("3", "z")
        assert "Networks" not in one.text
        await one.press("g")
        assert "Networks" in one.text
        await one.press("escape")
        assert "Networks" not in one.text
        await one.press("g", "n")
        assert one.app.focused is not None
        assert (at(one), one.app.focused.region.width) == (("Networks", "items"), SMALL[0])


async def test_an_editor_stands_over_its_row_in_an_enlarged_pane(write: Write) -> None:
    async with opened(write(SAMPLE), LARGE) as one:
        await one.go_to("device", 0, "mac")
        await one.press("enter", "f4", "7")
        assert one.app.focused is not None
        assert "mac" in one.lines[one.app.focused.region.y]
        await one.press("f4", "8", "enter")
        assert edit.get(one.profile, ("device", 0, "mac")) == "52:54:00:12:34:5678"


# Filters


async def test_rows_are_filtered_while_typing(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press("g", "d", "/")
        await one.type("virtio")
        assert [row for row in ("net0", "rng", "gpu") if f"  {row} " in one.text] == ["net0", "rng"]
        assert "/ virtio▏  2 of 3  Enter keeps  Esc clears" in one.lines[-1]
        await one.press("down", "enter")
        assert one.main.item == ("device", 2)
        await one.press("n")
        assert one.main.item == ("device", 0)
        assert "1 of 2" in one.lines[-1]
        await one.press("N")
        assert one.main.item == ("device", 2)
        await one.press("escape")
        assert "  gpu " in one.text
        assert (one.focus, one.main.item) == ("items", ("device", 2))
        await one.press("n")
        assert "Nothing is sought here. / filters." in one.text


async def test_matches_are_underlined(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press("g", "d", "/")
        await one.type("NET")
        marked = [
            segment.text
            for segment in one.main.items.render_line(0)
            if segment.style is not None and segment.style.underline
        ]
        assert marked == ["net", "net", "net"]


async def test_a_filter_that_finds_nothing_says_so_and_is_cleared(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("device", 0, "mac")
        await one.press("/")
        await one.type("xyz")
        assert "Nothing matches “xyz”. Esc clears." in one.text
        await one.press("enter", "enter", "space", "delete")
        assert one.profile.device[0].root["mac"]
        await one.press("escape")
        assert "52:54:00" in one.text
        await one.press("/", "m", "backspace", "backspace", "down")
        assert one.main.properties.sought == ""


async def test_keys_of_editing_are_letters_of_a_filter(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        before = one.data
        await one.press("g", "d", "/")
        await one.type("xdJKuafR:z1g?")
        assert one.data == before
        assert one.main.items.sought == "xdJKuafR:z1g?"
        await one.press("f8")
        assert "▏" not in one.lines[-1]


async def test_what_is_gone_to_is_shown_whatever_is_filtered(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press("g", "d", "/", *"gpu", "enter")
        await one.go_to("device", 0, "mac")
        assert "52:54:00" in one.row
        await one.press("/", *"mac", "enter", "a", *"x=y", "enter")
        assert one.profile.device[0].root["x"] == "y"


async def test_problems_are_filtered(write: Write) -> None:
    async with opened(write(WRONG + '[smp]\ncpus = "x"\n'), LARGE) as one:
        await one.checked()
        await one.press("7", "/", *"smp", "enter")
        await one.press("/", "ctrl+u", *"no netdev", "enter")
        assert one.main.problems.row_count == 1
        await one.press("enter")
        assert one.main.properties.path == ("device", 0, "netdev")


@pytest.mark.parametrize("text", HOSTILE[:8])
async def test_a_hostile_filter_is_drawn_clean(write: Write, text: str) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.press("g", "d", "/")
        await one.type(text)
        assert not one.raw()


# Where a profile opens


async def test_the_same_property_of_the_next_item_and_the_first_row_of_another_form(
    write: Write,
) -> None:
    first = f"{net0('n0')}{N0}"
    second = first.replace("net0", "net1").replace("n0", "n1")
    async with opened(write(first + second + RNG), SMALL) as one:
        await one.press("g", "d", "enter", "down", "down", "]")
        assert one.main.properties.path == ("device", 1, "netdev")
        await one.press("]")
        assert one.main.properties.path == ("device", 2, "id")  # this one has no netdev
        await one.press("down", "g", "c")
        assert where(one) == (("CPU & memory", "properties"), ("cpu", "model"))


@pytest.mark.parametrize("size", SIZES)
async def test_a_profile_opens_at_its_first_error(write: Write, size: tuple[int, int]) -> None:
    async with opened(write(WRONG), size, placed=True) as one:
        assert one.main.properties.path == ("device", 0, "netdev")
        assert one.focus == "properties"


@pytest.mark.parametrize("keys", ["gd", "gd\r", "gm", "gdj"])
async def test_a_profile_opens_where_it_was_left(write: Write, keys: str) -> None:
    path = write(SAMPLE)
    async with opened(path, SMALL) as one:
        await one.press(*(key if key != "\r" else "enter" for key in keys), "down")
        place = where(one)
        assert place[0] != ("General", "sections")
        one.app.exit()
    async with opened(path, LARGE, placed=True) as one:
        assert where(one) == place
        await one.press("ctrl+o")
        assert isinstance(one.app.screen, LibraryScreen)
        await one.press("escape")
        assert where(one) == place


async def test_a_place_that_is_gone_is_no_matter(write: Write) -> None:
    path = write(SAMPLE)
    left.remember(path, left.Place("Devices", ("device", 7, "gone"), "properties"))
    async with opened(path, SMALL, placed=True) as one:
        assert one.main.sections.section.name == "Devices"
        assert one.app.focused is not None
    left._file().write_text('{"x": 1, "' + str(path) + '": ["a", [[]], 3]}')
    assert left.recall(path) is None
    left._file().write_text("[")
    async with opened(path, SMALL, placed=True) as one:
        assert at(one) == ("General", "sections")


async def test_undo_and_redo_go_to_what_they_change(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL) as one:
        await one.go_to("device", 0, "mac")
        await one.press("enter", "7", "enter")
        await one.press("escape", "down", "x", "g", "m")
        await one.press("u")
        assert (one.focus, one.main.item) == ("items", ("device", 1))
        assert "Undone: gpu off." in one.text
        await one.press("g", "m", "u")
        assert (one.focus, one.main.properties.path) == ("properties", ("device", 0, "mac"))
        assert "Undone: mac of net0." in one.text
        await one.press("g", "m", "U")
        assert one.main.properties.path == ("device", 0, "mac")
        assert "Done again: mac of net0." in one.text


async def test_an_id_says_who_uses_it(write: Write) -> None:
    more = '[[device]]\ntype = "e1000"\nid = "net1"\nnetdev = "n0"\n'
    async with opened(write(SAMPLE + more), SMALL) as one:
        await one.go_to("netdev", 0, "id")
        await one.press("o")
        assert one.main.properties.path == ("device", 0, "netdev")
        assert "n0 is used by net0, net1." in one.text
