"""A palette as a theme of Textual: the same colours, as variables of its CSS."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

from qemutui.ui.themes import ROLES, SIXTEEN, Palette

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
