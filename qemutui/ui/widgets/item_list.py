"""The items of a section: devices, objects, …, passed files."""

from collections.abc import Sequence

from qemutui.core import edit
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.core.text import clean
from qemutui.ui import forms, glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.section_list import sign_of


class ItemList(RowList):
    """One row an item: id, type, and what is set. Items that are off stay, struck out."""

    def __init__(self) -> None:
        super().__init__(id="items")
        self._profile: Profile | None = None
        self._marks = Marks()
        self.paths: list[Path] = []

    def show(self, profile: Profile, section: forms.Section, marks: Marks) -> None:
        """Shows the items of a section. The cursor keeps its row."""
        self._profile, self._marks = profile, marks
        self.paths = forms.item_paths(profile, section)
        word = section.name.lower()
        options = "" if section.name == "Passed files" else f" Pasting “{section.option} …” works."
        self.empty_text = f"No {word} yet. a adds one." + options * 0
        self.rows_changed()

    def refresh_item(self, profile: Profile, marks: Marks) -> None:
        """Shows the item of the cursor as it is now, in a profile with the same items."""
        self._profile, self._marks = profile, marks
        if self.cursor >= 0:
            self.row_changed(self.cursor)

    @property
    def item(self) -> Path | None:
        """The path of the item under the cursor, if there is one."""
        return self.paths[self.cursor] if 0 <= self.cursor < len(self.paths) else None

    def go_to(self, path: Path) -> bool:
        """Moves the cursor to the item that holds a path; tells whether it is listed."""
        if path[:2] not in self.paths:
            return False
        self.cursor = self.paths.index(path[:2])
        return True

    @property
    def row_count(self) -> int:
        return len(self.paths)

    def _is_off(self, path: Path) -> bool:
        return self._profile is not None and edit.get(self._profile, (*path, "_off")) is True

    def row_mark(self, index: int) -> Span:
        path = self.paths[index]
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
        path = self.paths[index]
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
