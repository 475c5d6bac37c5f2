"""What is searched for in the rows of a list. Capitals count only where it has some."""

from rich.style import Style

from qemutui.ui.glyphs import Span


def find(needle: str, text: str, start: int = 0) -> int:
    """Returns where it stands in a text from `start` on, or -1."""
    if needle == needle.lower() and not text.islower():
        lowered = text.lower()
        # A few characters become two in lower case: then its places are no places of `text`.
        text = lowered if len(lowered) == len(text) else text
    return text.find(needle, start)


def marked(needle: str, text: str, style: Style, match: Style) -> list[Span]:
    """Returns a text in pieces, those that match with `match` on top of `style`."""
    pieces: list[Span] = []
    at = 0
    while needle and (found := find(needle, text, at)) >= 0:
        end = found + len(needle)
        pieces += [(text[at:found], style), (text[found:end], style + match)]
        at = end
    return [*pieces, (text[at:], style)]
