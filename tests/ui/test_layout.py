"""What is seen, and where, at every size of the terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.geometry import Region

from qemutui.ui import panes
from qemutui.ui.panes import View
from tests.samples import GPU, net0
from tests.ui.opened import Opened, opened

Write = Callable[..., Path]

SAMPLE = f"""
name = "vm"
{net0("nope")}{GPU}_off = true
"""
SIZES = (
    (45, 14),
    (60, 20),
    (80, 24),
    (80, 40),
    (110, 34),
    (120, 40),
    (170, 34),
    (200, 24),
    (200, 60),
)


def seen(one: Opened) -> dict[str, Region]:
    """The places of all widgets that are on the screen."""
    return {
        widget.id: region
        for widget, region in (
            (widget, one.app.screen.find_widget(widget).region)
            for widget in one.app.screen.children
            if widget in one.app.screen._compositor.visible_widgets
        )
        if widget.id
    }


@pytest.mark.parametrize("width", [40, 59, 60, 80, 109, 110, 120, 169, 170, 200])
@pytest.mark.parametrize("height", [12, 14, 24, 33, 34, 49, 50, 60])
def test_places_never_overlap_and_fill_the_screen(width: int, height: int) -> None:
    for items in (None, 0, 3, 30):
        for inside in (False, True):
            for dock in ("", "output"):
                for enlarged in ("", "command", dock):
                    view = View(width, height, items, inside, False, dock, True, enlarged)
                    places = panes.places(view)
                    screen = Region(0, 0, width, height)
                    cells = 0
                    regions = list(places.values())
                    for at, region in enumerate(regions):
                        assert screen.contains_region(region), (view, places)
                        assert region.area, (view, places)
                        cells += region.area
                        for other in regions[at + 1 :]:
                            assert not region.intersection(other), (view, places)
                    # One blank line below the items is all that is left free.
                    assert cells >= screen.area - width, (view, places)


def test_the_measures_of_a_small_screen() -> None:
    at = panes.places(View(80, 24, 3, inside=True))
    assert at["sections"] == Region(0, 2, 18, 21)
    assert at["properties"] == Region(18, 2, 62, 12)
    assert at["help"] == Region(18, 14, 62, 1)
    assert at["command-title"] == Region(18, 15, 62, 1)
    assert at["command"] == Region(18, 16, 62, 6)
    assert at["tabs"] == Region(18, 22, 62, 1)
    assert "items" not in at
    at = panes.places(View(80, 24, 3, dock="output"))
    assert at["output"].height == 8
    assert "command" not in at
    assert at["items"].height == 11
    for height in (12, 14, 18):
        for dock in ("", "output"):
            at = panes.places(View(45, height, 3, dock=dock))
            assert at["items"].height >= 4, (height, dock)
            assert at["output" if dock else "command"].height >= 1
    assert "sections" not in panes.places(View(59, 24, 3))
    assert panes.places(View(59, 24, 3, at_sections=True))["sections"].width == 59


def test_the_measures_of_a_normal_screen() -> None:
    at = panes.places(View(120, 40, 8, dock="output", has_runs=True))
    assert at["sections"].width == 24
    assert at["runs"] == Region(0, 35, 24, 4)
    assert at["items"].height == 6
    assert at["properties-title"].y == at["items"].bottom + 1
    assert at["help"].height == 1
    assert at["command"].height == 10
    assert at["output"].height == 8
    assert "runs" not in panes.places(View(120, 33, 8, has_runs=True))


def test_the_measures_of_a_wide_screen() -> None:
    at = panes.places(View(200, 60, 20, dock="output", has_runs=True))
    assert at["sections"].width == 28
    assert at["items"].height == 14
    assert (at["command"].x, at["command"].width) == (124, 76)
    assert (at["help"].height, at["help"].width) == (9, 76)
    assert at["tabs"].height + at["output"].height == 15
    assert (at["output"].x, at["output"].width) == (28, 172)
    assert at["divider"].right == at["command"].x


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_where_one_is(write: Write, size: tuple[int, int]) -> None:
    width, height = size
    async with opened(write(SAMPLE), size, placed=True) as one:
        # It opens at its error.
        assert one.focus == "properties"
        assert one.main.properties.path == ("device", 0, "netdev")
        assert one.row.startswith("▌✗ netdev")
        assert "No netdev has this id." in one.text
        assert "Launch F5" in one.lines[0]
        assert one.lines[-1].rstrip().endswith("? keys")
        both = height >= 34
        assert ("items" in seen(one)) == both
        assert ("Devices -device" in one.text) == both or width >= 170
        assert ("1 of 2" in one.text) == (not both)
        assert ("sections" in seen(one)) == (width >= 60)
        assert ("Shares -fsdev" in one.text) == (width >= 170)
        assert ("vm.toml" in one.lines[0]) == (width >= 110)
        assert ("output" in seen(one)) == both
        for title, region in seen(one).items():
            if title.endswith("-title"):
                assert seen(one)[title.removesuffix("-title")].y == region.bottom


async def test_a_size_is_reached_without_mounting_anew(write: Write) -> None:
    async with opened(write(SAMPLE), (80, 24), placed=True) as one:
        before = {widget.id: widget for widget in one.app.screen.children}
        for size in (*SIZES, (39, 11), (20, 5), (80, 24)):
            await one.resize(*size)
            await one.rest()
            if size == (39, 11):
                assert one.lines[0].strip() == "Too small: 39×11. qemutui needs 40×12."
        for widget in one.app.screen.children:
            assert before.get(widget.id, widget) is widget
        assert one.focus == "properties"
        assert one.row.startswith("▌✗ netdev")


async def test_the_sections_of_a_tiny_screen_are_above_the_items(write: Write) -> None:
    async with opened(write(SAMPLE), (45, 14), placed=True) as one:
        await one.press("escape")
        assert one.focus == "items"
        assert "net0" in one.row
        await one.press("escape")
        assert one.focus == "sections"
        assert one.row.startswith("▌ Devices")
        assert set(seen(one)) == {"header", "sections-title", "sections", "footer"}
        await one.press("enter")
        assert "sections" not in seen(one)


async def test_an_unsaved_profile_says_so_where_there_is_room(write: Write) -> None:
    for size, words in (((80, 24), "vm ● "), ((120, 40), "vm ● not saved")):
        async with opened(write(SAMPLE), size) as one:
            await one.go_to("memory", "size")
            await one.press("enter", "1", "enter")
            assert words in one.lines[0]
            await one.click("●", "header")
            await one.until_shown("Saved vm.toml.")
            assert "●" not in one.lines[0]


async def test_the_binary_of_the_header_is_chosen_by_a_click(write: Write) -> None:
    async with opened(write(SAMPLE), (80, 24)) as one:
        await one.click("x86_64", "header")
        assert one.focus == "line-editor"
        await one.type("qemu-system-arm")
        assert one.profile.binary == "qemu-system-arm"


async def test_all_findings_of_a_field_are_in_its_help(write: Write) -> None:
    text = '[smp]\ncpus = "x"\n[memory]\nsize = "1GiB"\n'
    for size in ((120, 40), (200, 60)):
        async with opened(write(text), size) as one:
            await one.checked()
            for finding in one.main.marks.ordered():
                await one.go_to(*finding.path)
                assert finding.message[:40] in one.text
    async with opened(write(text), (200, 60)) as one:
        await one.go_to("memory", "size")
        help_pane = seen(one)["help"]
        lines = [line[help_pane.x :] for line in one.lines[help_pane.y : help_pane.bottom]]
        assert lines[0].startswith(" size  ─")
        assert "-m; a bare number is MiB" in lines[2]
        assert any("Backspace   unset" in line for line in lines)
        await one.go_to("memory", "slots")
        assert "slots for memory that is plugged in" in one.text
    async with opened(write(text), (80, 24)) as one:
        await one.go_to("launch", "powerdown")
        line = one.lines[seen(one)["help"].y]
        assert "powerdown  seconds before stopping harder · default 20" in line
