"""Themes: colours by role, read from `themes/*.toml`, as styles that are built once.

A `Palette` holds the styles of one theme. Lists and titles draw with it; the same
colours reach the CSS through `to_textual`. `use` puts an app under a theme that its
terminal can show.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter, Monochrome, NoColor
from textual.theme import Theme

from qemutui.ui import glyphs

if TYPE_CHECKING:
    from textual.app import App
    from textual.color import Color as TextualColor

Ground = Literal["background", "surface", "panel", "cursor", "idle"]
"""What text stands on; `cursor` and `idle` are the cursor row with and without focus."""

ROLES = (
    "background",
    "surface",
    "panel",
    "cursor",
    "text",
    "muted",
    "accent",
    "option",
    "error",
    "warning",
    "ok",
    "generated",
    "rule",
)
"""The roles that a theme file gives a colour, each `role = ["#rrggbb", index]`."""

PLAIN = "plain"
"""The theme of two colours, the terminal's own; states are told apart by attributes."""

SIXTEEN = "plain-16"
"""*plain* with the terminal's own red, yellow and cyan."""

DEFAULT = "basalt"

Depth = Literal["none", "16", "256", "truecolour"]
"""How many colours a terminal shows."""

VARIABLE_DEFAULTS = {
    "cursor-row": "ansi_default",
    "generated": "ansi_default",
    "muted": "ansi_default",
    "ok": "ansi_default",
    "option": "ansi_default",
    "rule": "ansi_default",
}
"""What `App.get_theme_variable_defaults` has to return.

These are our own CSS variables; Textual's built-in themes do not define them, and the
app is under one of those until its first theme is set.
"""

_TRUECOLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class ThemeError(Exception):
    """A theme is missing or malformed; the message is one line for the user."""


class Colour(NamedTuple):
    """One colour of a theme."""

    truecolour: str
    """As `#rrggbb`."""
    number: int
    """In the 256-colour table of xterm, 16 to 255."""


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """The styles of one theme. None of them has a background, but those of buttons."""

    name: str
    dark: bool
    colours: Mapping[str, Colour]
    """By role; empty in *plain* and *plain-16*."""

    text: Style
    muted: Style
    accent: Style
    key: Style
    """A key to press; the title of the focused pane."""
    option: Style
    """The name of an option or property that is set."""
    error: Style
    warning: Style
    ok: Style
    generated: Style
    """What qemutui adds to the command."""
    rule: Style
    """Never text."""
    title: Style
    off: Style
    """An item that is switched off."""
    match: Style
    """The part of a text that a search found."""
    token: Style
    """The `key=value` of the focused field in the command."""
    button: Style
    button_neutral: Style
    """A button whose press is no progress, such as Stop."""

    grounds: Mapping[Ground, Style]
    _styles: dict[tuple[Style, Ground], Style] = field(default_factory=dict)

    def on(self, style: Style, ground: Ground) -> Style:
        """Return `style` on `ground`; a background of its own stays. Cached."""
        key = (style, ground)
        found = self._styles.get(key)
        if found is None:
            found = self._styles[key] = self.grounds[ground] + style
        return found

    def selected(self, style: Style) -> Style:
        """Return `style`, as `on` made it, for text that is selected with the mouse."""
        if self.colours:
            return style + self.button
        return style + Style(reverse=not style.reverse)


def folders() -> tuple[Path, ...]:
    """Return where theme files may be: beside the code in a wheel, above it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    return package / "themes", package.parent / "themes"


def names() -> tuple[str, ...]:
    """Return the names a user can choose from: theme files by name, then *plain*."""
    found = {path.stem for folder in folders() for path in folder.glob("*.toml")}
    return (*sorted(found), PLAIN)


@cache
def load(name: str) -> Palette:
    """Return the palette of the theme called `name`.

    Raises:
        ThemeError: There is no such theme, or its file is malformed.
    """
    if name in (PLAIN, SIXTEEN):
        return _plain(name)
    # A name with a separator would reach outside of the folders.
    for folder in folders() if name == Path(name).name else ():
        path = folder / f"{name}.toml"
        if path.is_file():
            return read(path)
    raise ThemeError(f"No theme is called “{name}”; there are {', '.join(names())}.")


def palette_of(app: App[Any]) -> Palette:
    """Return the palette of the theme that `app` shows."""
    return load(app.theme)


def read(path: Path) -> Palette:
    """Return the palette that the theme file `path` describes.

    Raises:
        ThemeError: The file cannot be read or is malformed.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ThemeError(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThemeError(f"{path}: {error}") from error
    except RecursionError as error:
        raise ThemeError(f"{path}: brackets are nested too deeply") from error

    def wrong(key: str, expected: str) -> ThemeError:
        found = f"found {table[key]!r:.60}" if key in table else "missing"
        shown = key if key.isprintable() else repr(key)
        return ThemeError(f"{path}: {shown}: {found}, expected {expected}")

    for key in table:
        if key != "dark" and key not in ROLES:
            raise wrong(key, f"one of dark, {', '.join(ROLES)}")
    dark = table.get("dark")
    if not isinstance(dark, bool):
        raise wrong("dark", "true or false")
    colours: dict[str, Colour] = {}
    for role in ROLES:
        match table.get(role):
            case [str(truecolour), int(index)] if (
                _TRUECOLOUR.fullmatch(truecolour) and 16 <= index <= 255
            ):
                colours[role] = Colour(truecolour.lower(), index)
            case _:
                raise wrong(role, '["#rrggbb", 16 to 255]')
    return _coloured(path.stem, dark, colours)


def _coloured(name: str, dark: bool, colours: Mapping[str, Colour]) -> Palette:
    colour = {role: Color.parse(colours[role].truecolour) for role in ROLES}

    def style(role: str, attributes: str = "") -> Style:
        return Style(color=colour[role]) + Style.parse(attributes)

    def button(ink: str, ground: str) -> Style:
        return Style(color=colour[ink], bgcolor=colour[ground], bold=True)

    return Palette(
        name=name,
        dark=dark,
        colours=colours,
        text=style("text"),
        muted=style("muted"),
        accent=style("accent"),
        key=style("accent", "bold"),
        option=style("option"),
        error=style("error", "bold"),
        warning=style("warning"),
        ok=style("ok"),
        generated=style("generated", "italic"),
        rule=style("rule"),
        title=style("text", "bold"),
        off=style("muted", "strike"),
        match=style("accent", "bold underline"),
        token=style("accent", "bold underline"),
        button=button("background", "accent"),
        button_neutral=button("text", "rule"),
        grounds={
            "background": Style(bgcolor=colour["background"]),
            "surface": Style(bgcolor=colour["surface"]),
            "panel": Style(bgcolor=colour["panel"]),
            "cursor": Style(bgcolor=colour["cursor"]),
            "idle": Style(bgcolor=colour["panel"]),
        },
    )


def _plain(name: str) -> Palette:
    def hue(colour: str) -> str | None:
        return colour if name == SIXTEEN else None

    nothing = Style()
    bold = Style(bold=True)
    dim = Style(dim=True)
    found = Style(bold=True, underline=True)
    return Palette(
        name=name,
        dark=True,
        colours={},
        text=nothing,
        muted=dim,
        accent=bold,
        key=bold,
        option=nothing,
        error=Style(color=hue("red"), bold=True),
        warning=Style(color=hue("yellow"), bold=True),
        ok=Style(color=hue("cyan"), bold=True),
        generated=Style(italic=True),
        rule=dim,
        title=bold,
        off=Style(strike=True, dim=True),
        match=found,
        token=found,
        button=Style(reverse=True, bold=True),
        button_neutral=Style(reverse=True),
        grounds={
            "background": nothing,
            "surface": nothing,
            "panel": nothing,
            "cursor": Style(reverse=True),
            "idle": Style(underline=True),
        },
    )


def to_textual(palette: Palette) -> Theme:
    """Return the theme for `App.register_theme`: the same colours as CSS variables.

    Beside Textual's own variables there are `$muted`, `$option`, `$ok`, `$generated`,
    `$rule` and `$cursor-row`.
    """
    if not palette.colours:
        return _plain_textual(palette)
    colour = {role: both.truecolour for role, both in palette.colours.items()}
    return Theme(
        name=palette.name,
        dark=palette.dark,
        primary=colour["accent"],
        secondary=colour["option"],
        accent=colour["accent"],
        warning=colour["warning"],
        error=colour["error"],
        success=colour["ok"],
        foreground=colour["text"],
        background=colour["background"],
        surface=colour["surface"],
        panel=colour["panel"],
        variables=_variables(colour)
        | {
            "ok": colour["ok"],
            "text-primary": colour["accent"],
            "text-secondary": colour["option"],
            "text-accent": colour["accent"],
            "text-warning": colour["warning"],
            "text-error": colour["error"],
            "text-success": colour["ok"],
        },
    )


def _plain_textual(palette: Palette) -> Theme:
    own = "ansi_default"
    sixteen = palette.name == SIXTEEN
    return Theme(
        name=palette.name,
        ansi=True,
        primary=own,
        secondary=own,
        accent=own,
        warning="ansi_yellow" if sixteen else own,
        error="ansi_red" if sixteen else own,
        success="ansi_cyan" if sixteen else own,
        variables=_variables(dict.fromkeys(ROLES, own))
        | {
            "ok": "ansi_cyan" if sixteen else own,
            # Textual's own CSS asks for these two under every `ansi` theme.
            "ansi-background": own,
            "ansi-foreground": own,
            "block-cursor-text-style": "reverse",
            "block-cursor-blurred-text-style": "underline",
            "input-cursor-text-style": "reverse",
        },
    )


def _variables(colour: Mapping[str, str]) -> dict[str, str]:
    """Return the CSS variables that follow from a CSS colour for each role."""
    background, text, muted = colour["background"], colour["text"], colour["muted"]
    accent, rule, cursor = colour["accent"], colour["rule"], colour["cursor"]
    return {
        "cursor-row": cursor,
        "generated": colour["generated"],
        "muted": muted,
        "option": colour["option"],
        "rule": rule,
        # Textual mixes these; mixtures have no index in a theme of 256 colours.
        "text": text,
        "text-muted": muted,
        "text-disabled": muted,
        "foreground-muted": muted,
        "foreground-disabled": muted,
        "border": accent,
        "border-blurred": rule,
        "scrollbar": rule,
        "scrollbar-hover": muted,
        "scrollbar-active": accent,
        "scrollbar-background": background,
        "scrollbar-background-hover": background,
        "scrollbar-background-active": background,
        "scrollbar-corner-color": background,
        "block-cursor-foreground": text,
        "block-cursor-background": cursor,
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": text,
        "block-cursor-blurred-background": colour["panel"],
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": colour["panel"],
        "input-cursor-background": text,
        "input-cursor-foreground": background,
        "input-selection-background": cursor,
        "input-selection-foreground": text,
        "screen-selection-background": accent,
        "screen-selection-foreground": background,
        "link-color": accent,
        "link-color-hover": accent,
        "footer-background": colour["panel"],
        "footer-foreground": muted,
        "footer-key-foreground": accent,
        "footer-description-foreground": muted,
        "button-foreground": text,
    }


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


def choose(environ: Mapping[str, str]) -> str:
    """Return the name of the theme to start with: QEMUTUI_THEME, or *basalt*."""
    return environ.get("QEMUTUI_THEME") or DEFAULT


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
