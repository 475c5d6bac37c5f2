"""Signs, and text that fits into a number of terminal cells.

Screens use the signs below as they are. Where the terminal cannot show them, a filter
that `qemutui.ui.terminal.use` installs puts ASCII in their place as the screen is
painted, so no widget needs to ask.

Text that comes here is free of control characters (`qemutui.core.text.clean`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len, split_text
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color as TextualColor

Span = tuple[str, Style]
"""A piece of a line: plain text, never markup, and how it looks."""

ERROR = "✗"
WARNING = "!"
HINT = "i"
OK = "✓"
RUNNING = "●"
OFF = "○"
STOPPED = "■"
STARTING = "◌"
PAUSED = "‖"
LAUNCH = "▶"
ADDED = "+"
CHANGED = "Δ"
BAR = "▌"
"""Column 0 of the cursor row and of the title, in the pane that has the focus."""
BAR_IDLE = "▏"
"""Column 0 of the cursor row in another pane."""
RULE = "─"
DIVIDER = "│"
STEP = "›"
DOT = "·"
ELLIPSIS = "…"

_ASCII = {
    ERROR: "x",
    OK: "v",
    RUNNING: "*",
    OFF: "o",
    STOPPED: "#",
    STARTING: ".",
    PAUSED: "=",
    LAUNCH: ">",
    CHANGED: "^",
    BAR: "|",
    BAR_IDLE: ":",
    STEP: ">",
    DOT: ".",
    ELLIPSIS: "~",
    "␛": "^",
    "×": "x",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "–": "-",
    "“": '"',
    "”": '"',
    "’": "'",
    # What Textual draws boxes and scrollbars with. Its partial blocks of a scrollbar's
    # ends are dropped: blank in front, full where they are reversed.
    **dict.fromkeys("─━═╌╍┄┅┈┉", "-"),
    **dict.fromkeys("│┃║▎▍▊▋▐▕", "|"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛", "+"),
    **dict.fromkeys("▁▂▃▄▅▆▇▔▀", " "),
    "█": "#",
}

_SIGNS = str.maketrans(_ASCII)


def substitute(environ: Mapping[str, str]) -> Substitute | None:
    """Return the filter that the terminal needs, or None where it shows everything."""
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "C"
    if "utf8" not in locale.lower().replace("-", ""):
        return Substitute(text=True)
    # The fonts of the Linux console have letters, but few signs.
    return Substitute(text=False) if environ.get("TERM") == "linux" else None


class Substitute(LineFilter):
    """Puts ASCII in the place of signs, cell by cell, as a line is painted."""

    def __init__(self, text: bool) -> None:
        """With `text`, whatever else is not ASCII becomes `?` too."""
        super().__init__()
        self._text = text

    def apply(self, segments: list[Segment], background: TextualColor) -> list[Segment]:
        """Return `segments` with signs, and perhaps other text, in ASCII."""
        return [
            segment
            if segment.text.isascii()
            else Segment(self._replaced(segment.text), segment.style, segment.control)
            for segment in segments
        ]

    def _replaced(self, text: str) -> str:
        text = text.translate(_SIGNS)
        if not self._text or text.isascii():
            return text
        shown = "".join(sign if sign.isascii() else "?" * cell_len(sign) for sign in text)
        # Joined emoji are narrower than their parts.
        return shown[: cell_len(text)].ljust(cell_len(text))


def fit(text: str, cells: int) -> str:
    """Return `text`, cut at its end with `…` where it is wider than `cells`."""
    if cell_len(text) <= cells:
        return text
    return split_text(text, cells - 1)[0].rstrip() + ELLIPSIS if cells > 0 else ""


def fit_middle(path: str, cells: int) -> str:
    """Return `path`, cut in its middle where it is wider than `cells`.

    The end is worth more than the beginning: it keeps two thirds.
    """
    width = cell_len(path)
    if width <= cells:
        return path
    if cells < 4:
        return fit(path, cells)
    head = (cells - 1) // 3
    tail = cells - 1 - head
    return split_text(path, head)[0] + ELLIPSIS + split_text(path, width - tail)[1]


def pad(text: str, cells: int) -> str:
    """Return `text` exactly `cells` wide: cut as by `fit`, or filled with spaces."""
    text = fit(text, cells)
    return text + " " * (cells - cell_len(text))


def wrap(text: str, cells: int) -> list[str]:
    """Return the lines of `text`, wrapped at spaces; a word that is wider has a line of its own."""
    lines = [""]
    for word in text.split():
        line = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and cell_len(line) > cells:
            lines.append(word)
        else:
            lines[-1] = line
    return lines


def span_cells(spans: Iterable[Span]) -> int:
    """Return how many cells `spans` take."""
    return sum(cell_len(text) for text, _ in spans)


def fit_spans(spans: Iterable[Span], cells: int) -> list[Span]:
    """Return `spans`, cut at their end with `…` where they are wider than `cells`."""
    spans = [span for span in spans if span[0]]
    room = cells
    for at, (text, style) in enumerate(spans):
        needed = cell_len(text)
        more = at + 1 < len(spans)
        if needed > room or (needed == room and more and span_cells(spans[at + 1 :])):
            # A text that fills the room exactly still gives a cell to the sign.
            cut = fit(text + (" " if needed == room else ""), room)
            return [*spans[:at], (cut, style)] if cut else spans[:at]
        room -= needed
    return spans


@lru_cache(maxsize=1024)
def _blank_look(style: Style) -> Color | Style | None:
    """Return what can be seen of a space in `style`: mostly its background alone."""
    if style.reverse or style.underline or style.strike or style.meta:
        return style
    return style.bgcolor


def segments(spans: Iterable[Span], cells: int, rest: Style) -> list[Segment]:
    """Return a line of `cells` cells: `spans`, cut or filled with spaces in style `rest`.

    Neighbours that look alike become one segment, spaces in whatever foreground: the
    terminal gets some forty bytes for each segment.
    """
    line: list[Segment] = []
    run, run_style, run_blank = "", rest, True
    fitted = fit_spans(spans, cells)
    fitted.append((" " * (cells - span_cells(fitted)), rest))
    for text, style in fitted:
        blank = text.isspace()
        if style == run_style or (
            (blank or run_blank) and _blank_look(style) == _blank_look(run_style)
        ):
            if run_blank and not blank:
                run_style = style
            run += text
            run_blank = run_blank and blank
            continue
        if run:
            line.append(Segment(run, run_style))
        run, run_style, run_blank = text, style, blank
    if run:
        line.append(Segment(run, run_style))
    return line
