"""Theme files, their contrast, and what a terminal with few colours gets to see."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color as TextualColor
from textual.widgets import Label

from qemutui.ui import glyphs, terminal, theme_css, themes

GROUNDS = ("background", "surface", "panel", "cursor")

# Least contrast of each role on the four backgrounds, as specified.
CONTRAST = {
    "basalt": {
        "text": 9.6,
        "muted": 5.0,
        "accent": 5.8,
        "option": 7.2,
        "error": 5.2,
        "warning": 8.7,
        "ok": 7.6,
        "generated": 6.3,
    },
    "chalk": {
        "text": 12.3,
        "muted": 5.3,
        "accent": 5.2,
        "option": 6.6,
        "error": 4.9,
        "warning": 5.6,
        "ok": 8.1,
        "generated": 6.0,
    },
}

GOOD = Path(themes.__file__).resolve().parents[2] / "themes" / "basalt.toml"


def luminance(colour: Color) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [part / 255 for part in colour.get_truecolor()]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio, WCAG 2.1."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", CONTRAST)
def test_text_is_readable_on_every_background(name: str) -> None:
    colours = themes.load(name).colours
    assert set(colours) == set(themes.ROLES)
    for role, least in CONTRAST[name].items():
        true = [
            contrast(Color.parse(colours[role].truecolour), Color.parse(colours[ground].truecolour))
            for ground in GROUNDS
        ]
        assert round(min(true), 1) >= least, role
        indexed = [
            contrast(Color.from_ansi(colours[role].number), Color.from_ansi(colours[ground].number))
            for ground in GROUNDS
        ]
        assert min(indexed) >= 4.5, role


def test_every_name_loads_and_becomes_a_css_theme() -> None:
    assert themes.names() == ("basalt", "chalk", "plain")
    for name in (*themes.names(), themes.SIXTEEN):
        palette = themes.load(name)
        assert palette.name == name
        assert themes.load(name) is palette
        theme = theme_css.to_textual(palette)
        variables = theme.to_color_system().generate() | theme.variables
        assert set(theme_css.VARIABLE_DEFAULTS) <= set(variables)
    assert theme_css.to_textual(themes.load("chalk")).dark is False


def test_styles_on_a_ground_are_shared() -> None:
    palette = themes.load("basalt")
    on_cursor = palette.on(palette.error, "cursor")
    assert on_cursor is palette.on(palette.error, "cursor")
    assert on_cursor == Style(color="#fb8668", bgcolor="#22344f", bold=True)
    assert palette.on(palette.button, "cursor").bgcolor == palette.button.bgcolor


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('accent = ["#86b0ff", 111]', ""), 'accent: missing, expected ["#rrggbb", 16 to 255]'),
        (('"#86b0ff"', '"blue"'), "accent: found ['blue', 111], expected"),
        (("111]", "7]"), "accent: found ['#86b0ff', 7], expected"),
        (("111]", "111, 5]"), "accent: found ['#86b0ff', 111, 5], expected"),
        (("dark = true", "dark = 1"), "dark: found 1, expected true or false"),
        (("accent =", "acent ="), "acent: found ['#86b0ff', 111], expected one of dark,"),
        (("accent =", "accent"), "(at line "),
        (("dark = true", '"a\\u001b[2J\\nb" = 1'), "'a\\x1b[2J\\nb': found 1, expected one of"),
        (("dark = true", "dark = " + "[" * 5000), "brackets are nested too deeply"),
    ],
)
def test_a_bad_theme_is_one_clear_line(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    path = tmp_path / "mine.toml"
    good = GOOD.read_text()
    assert change[0] in good
    path.write_text(good.replace(*change, 1))
    with pytest.raises(themes.ThemeError) as caught:
        themes.read(path)
    assert str(caught.value).startswith(f"{tmp_path.name}/mine.toml: ")
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["absent", "../themes/basalt", "", "/etc/passwd"])
def test_an_unknown_theme_names_the_known_ones(name: str) -> None:
    with pytest.raises(themes.ThemeError, match="there are basalt, chalk, plain"):
        themes.load(name)


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"name\x00"])
def test_a_file_that_is_no_theme(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(themes.ThemeError, match=r"mine\.toml: "):
        themes.read(path)


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolour"),
        ({"TERM": "xterm-direct"}, "truecolour"),
        ({"TERM": "tmux-256color"}, "256"),
        ({"TERM": "alacritty"}, "256"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "vt220"}, "none"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "none"),
        ({}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_depth(environ: dict[str, str], depth: str) -> None:
    assert terminal.depth(environ) == depth


class Sample(App[None]):
    """A label that stands on a colour of the CSS and one that CSS mixes."""

    CSS = """
    Label { width: 8; }
    #pure { background: $surface; color: $accent; }
    #mixed { background: $accent 30%; color: $text; }
    #own { background: $cursor-row; color: $muted; }
    """

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__()
        self.palette = terminal.use(self, terminal.choose(environ), environ)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_css.VARIABLE_DEFAULTS

    def compose(self) -> ComposeResult:
        yield Label("✗ pure", id="pure", markup=False)
        yield Label("mixed", id="mixed", markup=False)
        yield Label("日 own", id="own", markup=False)


async def painted(environ: dict[str, str]) -> str:
    """Return what the app of these variables sends for its three labels."""
    app = Sample(environ)
    async with app.run_test(size=(20, 3), notifications=True, tooltips=True):
        lines = app.screen._compositor.render_strips()
        return "".join(strip.crop(0, 8).render(app.console) for strip in lines)


async def test_256_colours_are_those_of_the_theme() -> None:
    sent = await painted({"TERM": "screen-256color", "LANG": "C.UTF-8"})
    assert "38;5;111;48;5;234m✗ pure" in sent
    assert "38;5;248;48;5;237m日 own" in sent
    assert "48;5;17m" not in sent  # what Rich makes of dark blues
    assert ";2;" not in sent


async def test_truecolour_is_passed_on() -> None:
    sent = await painted(
        {"TERM": "xterm", "COLORTERM": "24bit", "LANG": "C.UTF-8", "QEMUTUI_THEME": "chalk"}
    )
    assert "38;2;11;87;184;48;2;243;241;236m✗ pure" in sent


async def test_no_colour_sends_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    sent = await painted({"TERM": "xterm-256color", "NO_COLOR": "1", "LANG": "C.UTF-8"})
    assert "pure" in sent
    assert "38;" not in sent
    assert "48;" not in sent


async def test_an_empty_no_color_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")  # where Textual shows greys
    sent = await painted({"TERM": "xterm-256color", "NO_COLOR": "", "LANG": "C.UTF-8"})
    assert "38;5;111;48;5;234m✗ pure" in sent


async def test_without_utf8_all_is_ascii() -> None:
    sent = await painted({"TERM": "xterm-256color", "LC_ALL": "C"})
    assert "x pure" in sent
    assert "?? own" in sent
    assert sent.isascii()


async def test_the_linux_console_keeps_its_letters() -> None:
    sent = await painted({"TERM": "linux", "LANG": "de_DE.UTF-8"})
    assert "x pure" in sent
    assert "日 own" in sent


def test_a_mixture_becomes_the_nearest_index() -> None:
    palette = themes.load("basalt")
    filtered = terminal.IndexedColours(palette).apply(
        [Segment("a", Style(color="#0e1218", bgcolor="#ff0000")), Segment("b")],
        TextualColor(0, 0, 0),
    )
    style = filtered[0].style
    assert style is not None
    assert style.color == Color.from_ansi(233)
    assert style.bgcolor == Color.from_ansi(196)
    assert filtered[1] == Segment("b")


@pytest.mark.parametrize(
    ("text", "cells", "cut"),
    [
        ("share", 5, "share"),
        ("share", 4, "sha…"),
        ("share", 1, "…"),
        ("share", 0, ""),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"),
        ("[/x]", 3, "[/…"),
    ],
)
def test_fit(text: str, cells: int, cut: str) -> None:
    assert glyphs.fit(text, cells) == cut


@pytest.mark.parametrize("cells", range(25))
def test_fit_middle_keeps_the_end_of_a_path(cells: int) -> None:
    path = "/srv/画像/vm/alpine.raw"
    cut = glyphs.fit_middle(path, cells)
    assert cell_len(cut) <= cells
    if cells > 12:
        assert cut.startswith("/srv")
        assert cut.endswith("pine.raw")


@pytest.mark.parametrize("cells", range(12))
def test_a_line_is_as_wide_as_asked(cells: int) -> None:
    red, plain = Style(color="red"), Style()
    spans = [("日本", red), ("", plain), ("ab\u200b", red), ("  ", plain), ("[b]x", plain)]
    line = glyphs.segments(spans, cells, plain)
    assert sum(segment.cell_length for segment in line) == cells
    text = "".join(segment.text for segment in line)
    assert ("…" in text) == (0 < cells < glyphs.span_cells(spans))


def test_signs_become_those_that_every_terminal_has() -> None:
    signs, ascii_signs = "✗ ! i ✓ ● ○ ■ ▶ ▌ ─", "x ! i v * o # > | -"
    for environ in ({"TERM": "linux", "LANG": "C.UTF-8"}, {"TERM": "xterm", "LANG": "C"}):
        substitute = glyphs.substitute(environ)
        assert substitute is not None
        (line,) = substitute.apply([Segment(signs)], TextualColor(0, 0, 0))
        assert line.text == ascii_signs
    assert glyphs.substitute({"TERM": "xterm", "LANG": "de_DE.UTF-8"}) is None
