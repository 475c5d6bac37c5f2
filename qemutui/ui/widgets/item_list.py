"""The items of a section: devices, objects, …, passed files."""

from collections.abc import Sequence

from qemutui.core import edit
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.core.text import clean
from qemutui.ui import forms, glyphs, sections
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.widgets.filtered_list import FilteredList
from qemutui.ui.widgets.section_list import sign_of


class ItemList(FilteredList):
    """One row an item: id, type, and what is set. Items that are off stay, struck out."""

    def __init__(self) -> None:
        super().__init__(id="items")
        self._profile: Profile | None = None
        self._marks = Marks()
        self.paths: list[Path] = []
        """All items, those too that a filter leaves out."""
        self._shown: list[Path] = []
        self._word = ""
        self._option = ""

    def show(self, profile: Profile, section: sections.Section, marks: Marks) -> None:
        """Shows the items of a section. The cursor keeps its row."""
        self._profile, self._marks = profile, marks
        self.paths = forms.item_paths(profile, section)
        self._word = section.name.lower()
        self._option = BY_NAME[section.groups[0]].option if section.groups[0] in BY_NAME else ""
        self.lay_out()
        self.rows_changed()

    def lay_out(self) -> None:
        """Finds the items to be shown."""
        profile = self._profile
        self._shown = self.paths
        if self.sought and profile is not None:
            self._shown = [
                path for path in self.paths if self.wanted(*forms.item_summary(profile, path))
            ]
        pasting = f" Pasting “{self._option} …” works too." if self._option else ""
        nothing = f"No {self._word} yet. a adds one.{pasting}"
        self.empty_text = self.nothing if self.sought else nothing

    @property
    def total(self) -> int:
        return len(self.paths)

    @property
    def chosen(self) -> Path | None:
        return self.item

    def place_of(self, chosen: object) -> int:
        return self._shown.index(chosen) if chosen in self._shown else 0

    def refresh_item(self, profile: Profile, marks: Marks) -> None:
        """Shows the item of the cursor as it is now, in a profile with the same items."""
        self._profile, self._marks = profile, marks
        if self.cursor >= 0:
            self.row_changed(self.cursor)

    @property
    def item(self) -> Path | None:
        """The path of the item under the cursor, if there is one."""
        return self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else None

    def go_to(self, path: Path) -> bool:
        """Moves the cursor to the item that holds a path; tells whether it is listed.

        A filter that leaves it out is cleared.
        """
        if path[:2] not in self.paths:
            return False
        if path[:2] not in self._shown:
            self.seek("")
        self.cursor = self._shown.index(path[:2])
        return True

    @property
    def row_count(self) -> int:
        return len(self._shown)

    def _is_off(self, path: Path) -> bool:
        return self._profile is not None and edit.get(self._profile, (*path, "_off")) is True

    def row_mark(self, index: int) -> Span:
        path = self._shown[index]
        palette = self.palette
        if self._is_off(path):
            return glyphs.OFF, palette.muted
        worst = self._marks.worst(path)
        if worst is None:
            return "", palette.text
        return sign_of(worst.severity), palette.of_severity(worst.severity, palette.muted)

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        if self._profile is None:
            return []
        path = self._shown[index]
        palette = self.palette
        name, kind, what = map(clean, forms.item_summary(self._profile, path))
        off = self._is_off(path)
        first, second = (10, 20) if width >= 56 else (8, 16)
        return [
            (glyphs.pad(name, first - 1) + " ", palette.muted if off else palette.title),
            (glyphs.pad(kind, second - 1), palette.off if off else palette.option),
            (" ", palette.text),
            (f"off {what}" if off else what, palette.muted if off else palette.text),
        ]
