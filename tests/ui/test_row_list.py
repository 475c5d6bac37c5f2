"""The row list, driven by keys and mouse, with rows from a hostile profile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input

from qemutui.ui import terminal, theme_css, themes
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.row_list import RowList

ENVIRON = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


class Rows(RowList):
    """Rows that are texts; `#…` is a heading and `+…` continues the row above it."""

    empty_text = "No devices yet. a adds one."

    def __init__(self, rows: Sequence[str]) -> None:
        super().__init__()
        self.rows = rows
        self.asked: list[int] = []
        self.painted: list[int] = []

    @property
    def row_count(self) -> int:
        return len(self.rows)

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        self.asked.append(index)
        return [(self.rows[index], self.palette.text), (" end", self.palette.error)]

    def render_line(self, y: int) -> Strip:
        self.painted.append(y)
        return super().render_line(y)

    def row_mark(self, index: int) -> Span:
        return ("✗", self.palette.error) if index == 1 else ("", self.palette.text)

    def is_selectable(self, index: int) -> bool:
        return not self.rows[index].startswith(("#", "+"))

    def row_group(self, index: int) -> range:
        start = index
        while start > 0 and self.rows[start].startswith("+"):
            start -= 1
        stop = index + 1
        while stop < len(self.rows) and self.rows[stop].startswith("+"):
            stop += 1
        return range(start, stop)


class ListApp(App[None]):
    """One list above an input that takes the focus away."""

    CSS = "Rows { height: 1fr; }"

    def __init__(self, rows: Sequence[str]) -> None:
        super().__init__()
        terminal.use(self, "basalt", ENVIRON)
        self.rows = Rows(rows)
        self.said: list[tuple[str, int]] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_css.VARIABLE_DEFAULTS

    def compose(self) -> ComposeResult:
        yield self.rows
        yield Input(compact=True)

    def on_mount(self) -> None:
        self.rows.rows_changed()

    def on_row_list_moved(self, message: RowList.Moved) -> None:
        assert message.control is self.rows
        self.said.append(("moved", message.index))

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.said.append(("chosen", message.index))


@asynccontextmanager
async def running(
    rows: Sequence[str], size: tuple[int, int] = (30, 6)
) -> AsyncIterator[tuple[ListApp, Pilot[None]]]:
    app = ListApp(rows)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await pilot.pause()
        yield app, pilot


def seen(rows: RowList) -> list[str]:
    """Return the lines of the list as they are on the screen."""
    return [rows.render_line(y).text.rstrip() for y in range(rows.size.height)]


def numbered(count: int) -> list[str]:
    return [f"row {index}" for index in range(count)]


async def test_bar_mark_and_text_have_their_columns() -> None:
    async with running(["net0", "share", "gpu0"]) as (app, pilot):
        assert seen(app.rows)[:4] == ["▌  net0 end", " ✗ share end", "   gpu0 end", ""]
        await pilot.press("tab")
        assert seen(app.rows)[0] == "▏  net0 end"
        palette = themes.load("basalt")
        style = list(app.rows.render_line(0))[-1].style
        assert style is not None
        assert style.bgcolor == palette.grounds["idle"].bgcolor


async def test_keys_skip_what_cannot_be_selected() -> None:
    rows = ["# set", "id", "fsdev", "+ no fsdev has this id", "# not set", *numbered(20)]
    async with running(rows) as (app, pilot):
        assert app.rows.cursor == 1
        for key, cursor in [
            ("down", 2),
            ("j", 5),
            ("k", 2),
            ("up", 1),
            ("up", 1),
            ("pagedown", 5),
            ("pagedown", 9),
            ("pageup", 5),
            ("end", 24),
            ("j", 24),
            ("pagedown", 24),
            ("home", 1),
        ]:
            await pilot.press(key)
            assert app.rows.cursor == cursor, key
        assert seen(app.rows)[0] == "   # set end"
        moved = [index for _, index in app.said]
        assert moved == [2, 5, 2, 1, 5, 9, 5, 24, 1]
        app.said.clear()
        await pilot.press("enter")
        assert app.said == [("chosen", 1)]


async def test_a_group_is_highlighted_and_clicked_as_one() -> None:
    async with running(["id", "fsdev", "+ no fsdev", "tag"]) as (app, pilot):
        await pilot.click(app.rows, offset=(9, 2))
        assert app.said == [("moved", 1)]
        assert [line[0] if line else "" for line in seen(app.rows)[:4]] == [" ", "▌", "▌", " "]
        await pilot.click(app.rows, offset=(9, 2))
        assert app.said == [("moved", 1), ("chosen", 1)]


async def test_clicks_on_headings_and_below_the_rows_do_nothing() -> None:
    async with running(["id", "# set"]) as (app, pilot):
        await pilot.click(app.rows, offset=(5, 1))
        await pilot.click(app.rows, offset=(5, 4))
        assert (app.rows.cursor, app.said) == (0, [])
        await pilot.click(app.rows, offset=(5, 0), times=2)
        assert app.said == [("chosen", 0)] * 2
        assert not app.screen.selections


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    async with running(numbered(50)) as (app, pilot):
        for _ in range(3):
            app.rows.post_message(
                events.MouseScrollDown(app.rows, 5, 2, 0, 0, 0, False, False, False)
            )
        await pilot.pause()
        assert app.rows.scroll_offset.y > 2
        assert (app.rows.cursor, app.said) == (0, [])
        await pilot.press("down")
        assert (app.rows.cursor, app.rows.scroll_offset.y) == (1, 1)


async def test_a_hundred_thousand_rows_are_asked_for_only_when_seen() -> None:
    async with running(numbered(100_000)) as (app, pilot):
        await pilot.press("end", "up")
        await pilot.pause()
        assert app.rows.cursor == 99_998
        assert seen(app.rows)[-1] == "   row 99999 end"
        assert len(set(app.rows.asked)) < 50


async def test_a_step_paints_two_rows() -> None:
    async with running(numbered(50), size=(30, 20)) as (app, pilot):
        for key, rows in [("down", [0, 1]), ("down", [1, 2]), ("tab", [2]), ("tab", [2])]:
            app.rows.painted.clear()
            await pilot.press(key)
            await pilot.pause()
            assert sorted(app.rows.painted) == rows, key


async def test_the_cursor_stays_visible() -> None:
    async with running(numbered(50), size=(30, 21)) as (app, pilot):
        app.rows.cursor = 18
        await pilot.pause()
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert "▌  row 18 end" in seen(app.rows)
        app.rows.cursor = 49
        await pilot.pause()
        assert seen(app.rows)[-1] == "▌  row 49 end"
        assert app.said == []


async def test_rows_that_change() -> None:
    async with running(numbered(50)) as (app, pilot):
        await pilot.press("end")
        app.rows.rows = numbered(3)
        app.rows.rows_changed()
        await pilot.pause()
        assert app.rows.cursor == 2
        assert seen(app.rows)[:4] == ["   row 0 end", " ✗ row 1 end", "▌  row 2 end", ""]
        app.rows.rows = ["row 0", "other", "row 2"]
        app.rows.row_changed(1)
        assert seen(app.rows)[1] == " ✗ other end"
        app.rows.rows = []
        app.rows.rows_changed()
        await pilot.press("down", "end", "pageup", "enter")
        assert app.rows.cursor == -1
        assert seen(app.rows)[:2] == ["   No devices yet. a adds", "   one."]
        assert ("chosen", -1) not in app.said
        app.rows.rows = ["# only a heading"]
        app.rows.rows_changed()
        await pilot.press("down", "home", "pagedown", "enter")
        assert app.rows.cursor == -1


async def test_a_list_without_rows_takes_any_key() -> None:
    async with running([]) as (app, pilot):
        await pilot.press("up", "down", "pageup", "pagedown", "home", "end", "enter")
        await pilot.click(app.rows, offset=(4, 0))
        assert app.said == []


@pytest.mark.parametrize(
    "text",
    [
        "[/x]",
        "[bold red]x[/]",
        "[@click=app.quit]q[/]",
        "日本語テキスト" * 9,
        "e\u0301" * 40,
        "\u200b",
    ],
)
async def test_foreign_text_is_drawn_as_it_is(text: str) -> None:
    async with running([text, text]) as (app, pilot):
        strip = app.rows.render_line(1)
        assert sum(segment.cell_length for segment in strip) == app.rows.size.width
        assert strip.text.startswith(" ✗ " + text[:9])
        await pilot.click(app.rows, offset=(4, 1))
        assert app.said == [("moved", 1)]


async def test_another_theme_redraws_the_rows() -> None:
    async with running(["net0"]) as (app, pilot):
        palette = terminal.use(app, "chalk", ENVIRON)
        await pilot.pause()
        style = next(iter(app.rows.render_line(0))).style
        assert style is not None
        assert style.bgcolor == palette.grounds["cursor"].bgcolor
        assert app.rows.styles.background.hex.lower() == palette.colours["background"].truecolour


async def test_dragging_selects_text_without_the_gutter() -> None:
    async with running(["net0", "日本share", "gpu0"]) as (app, pilot):
        await pilot.mouse_down(offset=(5, 0))
        await pilot.hover(offset=(10, 1))
        await pilot.mouse_up(offset=(10, 1))
        assert app.screen.get_selected_text() == "t0 end\n日本shar"
        palette = themes.load("basalt")
        marked = [
            segment.text
            for segment in app.rows.render_line(1)
            if segment.style is not None and segment.style.bgcolor == palette.button.bgcolor
        ]
        assert marked == ["日本shar"]
        # A terminal reports the end of a drag as a click too.
        app.rows.post_message(events.Click(app.rows, 10, 1, 0, 0, 1, False, False, False, 10, 1))
        await pilot.pause()
        assert (app.rows.cursor, app.said) == (0, [])
