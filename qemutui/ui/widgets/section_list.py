"""The sections of a profile, with what is wrong and how many items there are."""

from collections.abc import Sequence

from qemutui.core import keyval
from qemutui.core.profile import Profile
from qemutui.ui import forms, glyphs, sections
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.widgets.row_list import RowList

_OPTION_FROM = 26
"""Cells from which the option's name has room."""


def _letters() -> dict[str, int]:
    """Returns a letter for each section: the first of its name that no section above it has."""
    letters: dict[str, int] = {}
    for index, section in enumerate(sections.SECTIONS):
        if section is not None:
            free = (sign for sign in section.name.lower() if sign.isalpha() and sign not in letters)
            letters[next(free)] = index
    return letters


LETTERS = _letters()
"""The index in `sections.SECTIONS` that each letter goes to."""
_LETTER_OF = {index: letter for letter, index in LETTERS.items()}


def sign_of(severity: str) -> str:
    """Returns the sign of a finding's severity."""
    return {"error": glyphs.ERROR, "warning": glyphs.WARNING}.get(severity, glyphs.HINT)


class SectionList(RowList):
    """One row a section; its marks are the worst of all that lies in it."""

    ground = "surface"
    text_column = 2

    def __init__(self) -> None:
        super().__init__(id="sections")
        self._counts: list[int | None] = []
        self._severities: list[str] = []
        self._has_letters = False

    def show(self, profile: Profile, marks: Marks) -> None:
        """Shows the counts and marks of a profile; redraws only where they are others."""
        counts = [None if section is None else forms.count(profile, section)
                  for section in sections.SECTIONS]  # fmt: skip
        worst = [""] * len(counts)
        for finding in marks.ordered():
            at = sections.section_index(sections.section_of(finding.path))
            worst[at] = worst[at] or finding.severity
        if (counts, worst) != (self._counts, self._severities):
            self._counts, self._severities = counts, worst
            self.rows_changed()

    def show_letters(self, shown: bool) -> None:
        """Marks the letter of each section in its name, or no longer."""
        self._has_letters = shown
        self.rows_changed()

    @property
    def section(self) -> sections.Section:
        """The section of the cursor."""
        section = sections.SECTIONS[max(0, self.cursor)]
        return section or sections.FIRST

    @property
    def row_count(self) -> int:
        return len(self._counts)

    def is_selectable(self, index: int) -> bool:
        return sections.SECTIONS[index] is not None

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        palette = self.palette
        section = sections.SECTIONS[index]
        if section is None:
            return []
        count = self._counts[index]
        empty = count == 0
        style = palette.muted if empty else palette.text
        spans: list[Span] = [(section.name, style)]
        if self._has_letters:
            at = section.name.lower().index(_LETTER_OF[index])
            name = section.name
            spans = [(name[:at], style), (name[at], palette.match), (name[at + 1 :], style)]
        if self.size.width >= _OPTION_FROM and section.option:
            spans.append((f" {section.option}", palette.muted))
        right: list[Span] = []
        severity = self._severities[index]
        if severity:
            right.append((sign_of(severity), palette.of_severity(severity, palette.muted)))
        digits = 2 if severity else 3
        right.append((f"{'' if count is None else count:>{digits}}", palette.muted))
        room = width - glyphs.span_cells(right)
        spans = glyphs.fit_spans(spans, room)
        gap = room - glyphs.span_cells(spans)
        return [*spans, (" " * gap, palette.text), *right]


def summary(profile: Profile) -> str:
    """Returns the machine in short: `q35 · 1G · 2 cpus`."""
    parts = [
        "" if value is None else keyval.text(value)
        for value in (profile.machine.type, profile.memory.size, profile.smp.cpus)
    ]
    if parts[2]:
        parts[2] += " cpu" if parts[2] == "1" else " cpus"
    return f" {glyphs.DOT} ".join(part for part in parts if part)
