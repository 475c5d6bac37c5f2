"""What the field under the cursor is, and everything that is wrong with it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip
from textual.widget import Widget

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.sections import Row
from qemutui.ui.themes import Palette, palette_of
from qemutui.ui.widgets.section_list import sign_of

if TYPE_CHECKING:
    from qemutui.core.finding import Finding

_COLUMN = 3
_LONGEST = 200
"""Characters of a type's name that are shown: a binary may say anything."""
_MOST_WORDS = 12
_NONE = "none"
_KEY = 12
"""Cells of the names in the pane."""
_PANE_FROM = 3
"""Rows from which it is a pane with a title, else one line."""


class FieldHelp(Widget):
    """One line below the form, or a pane below the command, as high as its owner makes it."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="help")
        self._row: Row | None = None
        self._findings: Sequence[Finding] = ()
        self._seen = 0
        self._lines: list[list[Span]] = []
        self._drawn_with: tuple[str, int, int] = ("", 0, 0)

    def show(self, row: Row | None, findings: "Sequence[Finding]", seen: int) -> None:
        """Shows another field, with all its findings, the worst first.

        The line leaves out those that are `seen` beside the field already, so many of them.
        """
        if (row, findings, seen) != (self._row, self._findings, self._seen):
            self._row, self._findings, self._seen = row, findings, seen
            self._drawn_with = ("", 0, 0)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app)
        width, height = self.size
        drawn_with = (self.app.theme, width, height)
        if drawn_with != self._drawn_with:
            self._drawn_with = drawn_with
            self._lines = []
            if self._row is not None and height >= _PANE_FROM:
                self._lines = _pane(self._row, self._findings, palette, width)
            elif self._row is not None:
                self._lines = [_line(self._row, self._findings[self._seen :], palette)]
        line = self._lines[y] if y < len(self._lines) else []
        on = palette.on
        spans = [(text, on(style, "background")) for text, style in line]
        fitted = glyphs.fit_spans(spans, max(0, width - 1))
        return Strip(glyphs.segments(fitted, width, on(palette.text, "background")), width)


def _name(row: Row) -> str:
    return clean(row.label)


def _about(row: Row) -> str:
    """Returns what the field is, and its default where that is what holds, or QEMU tells it."""
    parts = [row.help]
    default = _default(row)
    if default:
        parts.append(f"default {default}" if default != _NONE else "no default")
    return f" {glyphs.DOT} ".join(clean(part) for part in parts if part)


def _default(row: Row) -> str:
    """Returns what holds while the field is not set, or that nothing does; empty for unknown."""
    known = row.property
    if row.adds or (known is None and row.is_set):
        return ""
    if known is None:
        return row.value or _NONE
    return row.default or (_NONE if known.kind == "reference" else "")


def _facts(row: Row) -> Iterator[tuple[str, str]]:
    """Yields what is known of a field, by name: its type, its default, what it takes."""
    known = row.property
    if known is not None and known.type not in (row.kind, "str"):
        yield "Type", known.type[:_LONGEST]
    if default := _default(row):
        yield "Default", default
    if known is None:
        return
    if known.kind == "int" and known.least is not None and known.most is not None:
        yield "Range", f"{known.least} to {known.most}"
    if known.values and known.kind in ("enum", "auto"):
        words = ", ".join(word[:_LONGEST] for word in known.values[:_MOST_WORDS])
        more = len(known.values) - _MOST_WORDS
        yield "Values", f"{words} and {more} more" if more > 0 else words
    if known.required:
        yield "Required", "yes"
    if known.deprecated:
        yield "Deprecated", "yes"


def _said(finding: "Finding", palette: Palette) -> Span:
    style = palette.of_severity(finding.severity, palette.muted)
    return f"{sign_of(finding.severity)} {clean(finding.message)}", style


def _fix(finding: "Finding", palette: Palette) -> list[Span]:
    if finding.fix is None:
        return []
    return [(" f", palette.key), (f" {clean(finding.fix.label)}.", palette.accent)]


def _line(row: Row, findings: "Sequence[Finding]", palette: Palette) -> list[Span]:
    """Returns one line: name, findings with their fixes, and help."""
    line = [(" " * _COLUMN, palette.text), (f"{_name(row)}  ", palette.title)]
    for finding in findings:
        line += [_said(finding, palette), *_fix(finding, palette), ("  ", palette.text)]
    return [*line, (_about(row), palette.muted)]


def _pane(
    row: Row, findings: "Sequence[Finding]", palette: Palette, width: int
) -> list[list[Span]]:
    """Returns a title, the help, all findings with their fixes, the default, and the keys."""
    kind = f" {clean(row.kind)} " if row.kind else " "
    name = glyphs.fit(_name(row), max(1, width // 2))
    rule = glyphs.RULE * max(0, width - 4 - glyphs.span_cells([(name + kind, palette.text)]))
    title = [(" ", palette.text), (name, palette.title), ("  ", palette.text),
             (rule, palette.rule), (kind, palette.muted)]  # fmt: skip
    indent = (" " * _COLUMN, palette.text)
    lines: list[list[Span]] = [title, []]
    room = width - _COLUMN - 1
    if row.help:
        lines += [[indent, (text, palette.text)] for text in glyphs.wrap(clean(row.help), room)]
    for finding in findings:
        said, style = _said(finding, palette)
        lines += [[indent, (text, style)] for text in glyphs.wrap(said, room)]
        lines[-1] += _fix(finding, palette)
    lines.append([])
    for name, text in _facts(row):
        first, *more = glyphs.wrap(clean(text), max(1, room - _KEY))
        lines.append([indent, (glyphs.pad(name, _KEY), palette.muted), (first, palette.text)])
        lines += [[indent, (" " * _KEY, palette.text), (line, palette.text)] for line in more]
    keys = [("Enter", "add" if row.adds else "edit")]
    keys += [("Space", "turn")] if row.choices else []
    keys += [("Backspace", "unset")] if row.is_set else []
    lines += [
        [indent, (glyphs.pad(key, _KEY), palette.key), (label, palette.muted)]
        for key, label in keys
    ]
    return lines
