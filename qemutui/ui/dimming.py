"""The screen behind a popup, dimmed; each style is mixed with the dim once, not for each word."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, ScreenResultType

from qemutui.ui.faults import Contained

_NONE = Style()


class Dimming(Contained, ModalScreen[ScreenResultType]):
    """A modal screen whose translucent background is drawn faster than Textual does it."""

    def render(self) -> RenderableType:
        """Returns the screen behind this one."""
        found = super().render()
        return _Behind(found.screen, found.color) if isinstance(found, BackgroundScreen) else found


class _Behind(BackgroundScreen):
    @classmethod
    def process_segments(cls, segments: Iterable[Segment], color: Color) -> Iterator[Segment]:
        for segment in segments:
            text, style, control = segment
            yield segment if control else Segment(text, _dimmed(style or _NONE, color), control)


@lru_cache(maxsize=512)
def _dimmed(style: Style, dim: Color) -> Style:
    bare = style.clear_meta_and_links()
    if not dim.a:
        return bare
    fore, back = (
        None if one is None else (Color.from_rich_color(one) + dim).rich_color
        for one in (bare.color, bare.bgcolor)
    )
    return bare + Style(color=fore, bgcolor=back)
