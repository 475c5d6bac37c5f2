"""Themes: colours by role, read from `themes/*.toml`, as styles that are built once.

A `Palette` holds the styles of one theme; lists and titles draw with it. `theme_css` gives the same
colours to the CSS, and `terminal` decides which theme a terminal gets.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rich.color import Color
from rich.style import Style

if TYPE_CHECKING:
    from textual.app import App

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

    def of_severity(self, severity: str, otherwise: Style) -> Style:
        """Return the style of an error or a warning, and `otherwise` of anything less."""
        return {"error": self.error, "warning": self.warning}.get(severity, otherwise)

    def selected(self, style: Style) -> Style:
        """Return `style`, as `on` made it, for text that is selected with the mouse."""
        if self.colours:
            return style + self.button
        return style + Style(reverse=not style.reverse)


def folders() -> tuple[Path, ...]:
    """Return where theme files may be: the user's folder, whose themes go before shipped ones of
    the same name; then beside the code in a wheel, or above it in a checkout."""
    from qemutui.host import paths

    package = Path(__file__).resolve().parents[1]
    return paths.config() / "themes", package / "themes", package.parent / "themes"


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
    # There is one row to say it in; the folders are known.
    shown_path = Path(path.parent.name, path.name)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ThemeError(f"{shown_path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThemeError(f"{shown_path}: {error}") from error
    except RecursionError as error:
        raise ThemeError(f"{shown_path}: brackets are nested too deeply") from error

    def wrong(key: str, expected: str) -> ThemeError:
        found = f"found {table[key]!r:.60}" if key in table else "missing"
        shown = key if key.isprintable() else repr(key)
        return ThemeError(f"{shown_path}: {shown}: {found}, expected {expected}")

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
