"""Everything that the check found, errors first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qemutui.core.profile import Profile
from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.places import place_of
from qemutui.ui.widgets.filtered_list import FilteredList
from qemutui.ui.widgets.section_list import sign_of

if TYPE_CHECKING:
    from qemutui.core.check import Finding

_PLACE = 30
"""Cells of the place column."""


class ProblemList(FilteredList):
    """One row a finding: where, what, and its fix."""

    empty_text = "No problems found. F7 asks QEMU itself."

    def __init__(self) -> None:
        super().__init__(id="problems")
        self.findings: list[Finding] = []
        """All findings, those too that a filter leaves out."""
        self._shown: list[Finding] = []
        self._profile: Profile | None = None

    def show(self, profile: Profile, marks: Marks) -> None:
        """Shows the findings of a check; the cursor keeps its row."""
        self._profile = profile
        self.findings = marks.ordered()
        self.lay_out()
        self.rows_changed()

    def lay_out(self) -> None:
        """Finds the findings to be shown."""
        self._shown = self.findings
        if self.sought:
            self._shown = [
                one for one in self.findings if self.wanted(self._place(one), one.message)
            ]
        self.empty_text = self.nothing if self.sought else type(self).empty_text

    @property
    def total(self) -> int:
        return len(self.findings)

    @property
    def chosen(self) -> "Finding | None":
        return self.finding

    def place_of(self, chosen: object) -> int:
        return self._shown.index(chosen) if chosen in self._shown else 0

    def _place(self, finding: "Finding") -> str:
        return place_of(self._profile, finding.path) if self._profile is not None else ""

    @property
    def finding(self) -> "Finding | None":
        """The finding under the cursor."""
        return self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else None

    @property
    def row_count(self) -> int:
        return len(self._shown)

    def row_mark(self, index: int) -> Span:
        palette = self.palette
        severity = self._shown[index].severity
        return sign_of(severity), palette.of_severity(severity, palette.muted)

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        finding = self._shown[index]
        palette = self.palette
        cells = min(_PLACE, max(12, width // 3))
        spans: list[Span] = [
            (glyphs.pad(clean(self._place(finding)), cells - 1) + " ", palette.option),
            *([("qemu ", palette.title)] if finding.is_of_qemu else []),
            (clean(finding.message), palette.text),
        ]
        if finding.fix is not None:
            spans += [(" f", palette.key), (f" {clean(finding.fix.label)}", palette.accent)]
        return spans
