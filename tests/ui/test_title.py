"""Titles at every width, and the tabs of the dock."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from qemutui.ui import terminal, theme_css
from qemutui.ui.widgets.title import Tab, TabTitle, Title

ENVIRON = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


class TitleApp(App[None]):
    """A title and a row of tabs."""

    def __init__(self) -> None:
        super().__init__()
        self.palette = terminal.use(self, "basalt", ENVIRON)
        self.title_line = Title()
        self.tabs = TabTitle()
        self.chosen: list[int] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_css.VARIABLE_DEFAULTS

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.tabs

    def on_mount(self) -> None:
        palette = self.palette
        self.title_line.set(
            2, "Devices", "-device", [("3", palette.text), (" + 1 off", palette.muted)]
        )
        problems = [("✗1", palette.error), (" !1", palette.warning)]
        tabs = [Tab(4, "Output"), Tab(6, "QMP"), Tab(7, "Problems", problems)]
        self.tabs.set(tabs, 4, [("■ exited 1", palette.error)])

    def on_tab_title_tab_chosen(self, message: TabTitle.TabChosen) -> None:
        assert message.control is self.tabs
        self.chosen.append(message.digit)


def text(title: Title | TabTitle) -> str:
    return title.render_line(0).text


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (40, " 2 Devices -device  ───────── 3 + 1 off "),
        (31, " 2 Devices -device   3 + 1 off "),
        (28, " 2 Devices -devi… 3 + 1 off "),
        (24, " 2 Devices    3 + 1 off "),
        (16, " 2 Devices -de… "),
        (10, " 2 Devic… "),
        (3, " … "),
    ],
)
async def test_a_title_gives_up_detail_first(width: int, line: str) -> None:
    app = TitleApp()
    async with app.run_test(size=(width, 4), notifications=True, tooltips=True) as pilot:
        await pilot.pause()
        assert text(app.title_line) == line


async def test_the_title_of_the_focused_pane_has_a_bar_and_the_accent() -> None:
    app = TitleApp()
    async with app.run_test(size=(40, 4), notifications=True, tooltips=True) as pilot:
        app.title_line.active = True
        await pilot.pause()
        styles = {segment.text.strip(): segment.style for segment in app.title_line.render_line(0)}
        palette = app.palette
        assert styles["▌2"] == palette.on(palette.accent, "background")
        assert styles["Devices"] == palette.on(palette.key, "background")
        app.title_line.set(None, "[/x] share", "virtio-9p-pci · [b]PCI[/b]")
        assert text(app.title_line) == "▌[/x] share virtio-9p-pci · [b]PCI[/b]  "


async def test_tabs_are_underlined_and_clicked() -> None:
    app = TitleApp()
    async with app.run_test(size=(60, 4), notifications=True, tooltips=True) as pilot:
        await pilot.pause()
        assert text(app.tabs) == (" 4 Output  6 QMP  7 Problems ✗1 !1  ──────────── ■ exited 1 ")
        underlined = [
            segment.text
            for segment in app.tabs.render_line(0)
            if segment.style is not None and segment.style.underline
        ]
        assert underlined == ["Output"]
        for column in (0, 1, 8, 9, 11, 15, 18, 33, 50):
            await pilot.click(app.tabs, offset=(column, 0))
        assert app.chosen == [4, 4, 6, 6, 7, 7]
        await pilot.resize_terminal(40, 4)
        await pilot.pause()
        assert text(app.tabs) == " 4 Output  6 QMP  7 Problems ✗1 !1  ─── "
