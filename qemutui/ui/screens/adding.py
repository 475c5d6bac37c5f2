"""The picker of what is added to a group: everything that QEMU lists, found by a few letters."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from qemutui.core.addable import Addable, Problem, needs_words, property_count
from qemutui.core.catalog import Catalog
from qemutui.core.groups import BY_NAME
from qemutui.core.rules.words import a
from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.screens.seeking import SeekingPopup
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.addable_list import AddableList, DrawnLines
from qemutui.ui.widgets.editor import Dropped, Typed
from qemutui.ui.widgets.row_list import RowList

_WIDEST, _HIGHEST = 100, 30


class Offers(NamedTuple):
    """What is known of what QEMU offers."""

    catalog: Catalog | None = None
    reason: str = ""
    """Why there is no catalog, as a sentence."""
    problem: Problem | None = None
    """Says what the machine cannot plug; None where nobody knows."""


class AddPicker(SeekingPopup[Addable | None]):
    """Gives what is chosen, None for Escape."""

    DEFAULT_CSS = """
    AddPicker > Vertical {
        background: $surface; border: round $accent;
        border-title-color: $accent; border-title-style: bold; border-subtitle-color: $muted;
    }
    AddPicker AddableList { width: 100%; height: 1fr; }
    AddPicker #heading { width: 100%; height: 1; }
    AddPicker #foot { width: 100%; height: 2; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", "page up", show=False, priority=True, id="picker.page-up"),
        Binding("pagedown", "page(1)", "page down", show=False, priority=True,
                id="picker.page-down"),
        Binding("home", "end(-1)", "first row", show=False, priority=True, id="picker.first"),
        Binding("end", "end(1)", "last row", show=False, priority=True, id="picker.last"),
    ]  # fmt: skip

    def __init__(self, groups: Sequence[str], offers: Offers, recent: Sequence[str]) -> None:
        self.list = AddableList(groups, recent)
        super().__init__(self.list)
        self._groups, self._offers = groups, offers
        self._is_shown = False

    @property
    def asks_for_devices(self) -> bool:
        """Whether it is a device that is added."""
        return "device" in self._groups

    def compose(self) -> ComposeResult:
        self._foot = DrawnLines(self._foot_lines, "foot")
        with Vertical() as box:
            yield self.field
            yield DrawnLines(lambda width: [self.list.heading(width)], "heading")
            yield self.list
            yield self._foot
        self._box = box
        several = len(self._groups) > 1
        noun = "storage" if several else a(BY_NAME[self._groups[0]].noun)
        box.border_title = f"Add {noun}"
        box.border_subtitle = "Enter adds · Esc closes"
        self._place()

    def on_mount(self) -> None:
        self.list.offer(self._offers.catalog, self._offers.problem)
        self.field.open("")
        self._is_shown = True

    def on_resize(self) -> None:
        """Keeps the size of the popup to that of the terminal."""
        self._place()

    def _place(self) -> None:
        width, height = self.app.size
        self._box.styles.width = max(1, min(width - 2, _WIDEST))
        self._box.styles.height = max(1, min(height - 2, _HIGHEST))

    def offer(self, offers: Offers) -> None:
        """Offers something else: it has become known, or why it has not."""
        self._offers = offers
        if self._is_shown and self.is_running:
            self.list.offer(offers.catalog, offers.problem)
            self._foot.refresh()

    def _foot_lines(self, width: int) -> list[list[Span]]:
        return [self._about(width), self._count(width)]

    def _about(self, width: int) -> list[Span]:
        """Returns what the row of the cursor is."""
        one, palette = self.list.addable, palette_of(self.app)
        if one is None:
            return []
        catalog = self._offers.catalog
        line = [(f"{clean(one.name)}  ", palette.title)]
        told: list[list[Span]] = []
        if not one.is_listed and catalog is not None:
            words = f"QEMU {clean(catalog.release)} does not list it"
            told.append([(words, palette.warning)])
        if one.problem:
            told.append([(clean(one.problem), palette.warning)])
        count = property_count(catalog, one.group, one.name)
        if count:
            told.append([(f"{count} {'property' if count == 1 else 'properties'}", palette.muted)])
        needed = needs_words(catalog, one.group, one.name)
        if needed:
            told.append([(clean(needed), palette.option)])
        if one.alias:
            told.append([(f"alias {clean(one.alias)}", palette.muted)])
        if one.description and not self.list.shows_all_of(one, width):
            told.append([(clean(one.description), palette.muted)])
        for at, part in enumerate(told):
            line += [*([(f" {glyphs.DOT} ", palette.muted)] if at else []), *part]
        return line

    def _count(self, width: int) -> list[Span]:
        """Returns how much there is, and of what; or why nothing is known."""
        muted = palette_of(self.app).muted
        catalog = self._offers.catalog
        if catalog is None:
            return [(clean(self._offers.reason), muted)]
        found, total = self.list.counted
        left = f"{found} of {total}"
        if self.asks_for_devices:
            left += f" {glyphs.DOT} bus:pci cat:network narrow the list"
        right = f"{clean(catalog.target)} {clean(catalog.release)}"
        gap = width - len(left) - len(right)
        return [(left + " " * gap + right if gap > 1 else left, muted)]

    def on_typed(self, event: Typed) -> None:
        """Shows what fits."""
        event.stop()
        self.list.seek(event.text)
        self._foot.refresh()

    @on(Dropped)
    def _dropped(self, event: Dropped) -> None:
        event.stop()
        self.dismiss(None)

    @on(RowList.Moved)
    def _moved(self) -> None:
        self._foot.refresh()

    def choose(self) -> None:
        if self.list.addable is not None:
            self.dismiss(self.list.addable)

    def action_end(self, step: int) -> None:
        """Moves to the first or last row."""
        (self.list.action_move_last if step > 0 else self.list.action_move_first)()

    def on_click(self, event: events.Click) -> None:
        event.stop()
