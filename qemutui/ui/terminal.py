"""What the terminal can show, and what becomes of colours and signs that it cannot."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter, Monochrome, NoColor

from qemutui.ui import glyphs
from qemutui.ui.theme_css import to_textual
from qemutui.ui.themes import DEFAULT, PLAIN, SIXTEEN, Palette, load

if TYPE_CHECKING:
    from textual.app import App
    from textual.color import Color as TextualColor

Depth = Literal["none", "16", "256", "truecolour"]
"""How many colours a terminal shows."""


def depth(environ: Mapping[str, str]) -> Depth:
    """Return how many colours the terminal shows, or is allowed to (https://no-color.org).

    SSH passes TERM on, but not COLORTERM; there, 256 colours are what can be relied on.
    """
    term = environ.get("TERM", "").lower()
    if environ.get("NO_COLOR") or term in ("", "dumb", "unknown") or term.startswith("vt"):
        return "none"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "truecolour"
    # These terminals show at least 256 colours and do not say so in their TERM.
    known = ("alacritty", "foot", "xterm-kitty", "xterm-ghostty", "wezterm", "contour")
    return "256" if "256col" in term or term.startswith(known) else "16"


def choose(environ: Mapping[str, str], wished: str = "") -> str:
    """Return the theme to start with: QEMUTUI_THEME, what the settings wish, or *basalt*."""
    return environ.get("QEMUTUI_THEME") or wished or DEFAULT


def use(app: App[Any], name: str, environ: Mapping[str, str] = os.environ) -> Palette:
    """Put `app` under the theme `name`, or under *plain* where there are no colours.

    To be called in the app's constructor, after Textual's own, and again for another
    theme. What is drawn from then on holds only colours and signs that the terminal has.

    Returns:
        The palette that is in use.

    Raises:
        ThemeError: There is no such theme, or its file is malformed.
    """
    colours = depth(environ)
    palette = load({"none": PLAIN, "16": SIXTEEN}.get(colours, name))
    app.register_theme(to_textual(palette))
    if app.is_running:
        app.theme = palette.name
    else:
        # Its watcher would have all CSS parsed a second time before the first frame.
        app.set_reactive(type(app).theme, palette.name)
        classes = {"-dark-mode": palette.dark, "-light-mode": not palette.dark}
        app.update_classes(classes | {f"-theme-{palette.name}": True}, update=False)
        app.stylesheet.set_variables(app.get_css_variables())

    # Private to Textual, but the only place where also the colours of CSS pass through.
    # Its own answer to NO_COLOR, greys, gives way.
    ours = (Monochrome, NoColor, IndexedColours, glyphs.Substitute)
    app._filters[:] = [old for old in app._filters if not isinstance(old, ours)]
    system = ColorSystem.STANDARD
    if colours == "truecolour":
        system = ColorSystem.TRUECOLOR
    elif colours == "256":
        system = ColorSystem.EIGHT_BIT
    if not palette.colours and colours != "16":
        app._filters.append(NoColor())
    elif colours == "256":
        app._filters.append(IndexedColours(palette))
    signs = glyphs.substitute(environ)
    if signs is not None:
        app._filters.append(signs)
    # Rich judges TERM by other rules than `depth`.
    app.console._color_system = system
    return palette


class IndexedColours(LineFilter):
    """Turns true colours into indices of the 256-colour table.

    A colour of the palette becomes the index that its theme names; a mixture (behind a
    dialog) the nearest one. Rich's own reduction sends most dark colours to black, navy
    and teal.
    """

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._indices = {
            Color.parse(truecolour).triplet: Color.from_ansi(index)
            for truecolour, index in palette.colours.values()
        }
        self._styles: dict[Style, Style] = {}

    def apply(self, segments: list[Segment], background: TextualColor) -> list[Segment]:
        """Return `segments` in indexed colours."""
        reduced = self._reduced
        return [
            Segment(text, style and reduced(style), control) for text, style, control in segments
        ]

    def _reduced(self, style: Style) -> Style:
        found = self._styles.get(style)
        if found is None:
            if len(self._styles) > 4096:  # styles with meta data are as many as rows
                self._styles.clear()
            colours = Style.from_color(self._index(style.color), self._index(style.bgcolor))
            found = self._styles[style] = style + colours
        return found

    def _index(self, colour: Color | None) -> Color | None:
        if colour is None or colour.triplet is None:
            return colour
        return self._indices.get(colour.triplet) or nearest(colour.triplet)


@lru_cache(maxsize=1024)
def nearest(colour: ColorTriplet) -> Color:
    """Return the colour of the 256 that looks most like `colour`.

    The distance is the "redmean" approximation of the eye's
    (https://www.compuphase.com/cmetric.htm).
    """

    def distance(index: int) -> float:
        red, green, blue = Color.from_ansi(index).get_truecolor()
        mean = (red + colour.red) / 2
        return (
            (2 + mean / 256) * (red - colour.red) ** 2
            + 4 * (green - colour.green) ** 2
            + (2 + (255 - mean) / 256) * (blue - colour.blue) ** 2
        )

    return Color.from_ansi(min(range(16, 256), key=distance))
