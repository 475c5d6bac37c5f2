"""The words around the lists: of the header, of the titles, of the footer."""

from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from qemutui.core import edit
from qemutui.core.argv import binary
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.core.text import clean
from qemutui.ui import forms, glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.sections import Row
from qemutui.ui.session import Session
from qemutui.ui.themes import Palette
from qemutui.ui.widgets.filtered_list import FilteredList
from qemutui.ui.widgets.footer_line import Hint
from qemutui.ui.widgets.header_line import Part
from qemutui.ui.widgets.section_list import summary

if TYPE_CHECKING:
    from qemutui.core.catalog import Catalog

_NAME = 30
_PATH = 40
"""Cells that the name and the path of the header have at most."""
_UNDO = Hint("u", "undo", "undo")
_FILTER = Hint("/", "filter", "filter")
_LAST = (_UNDO, Hint("g", "go", "go"), Hint("^s", "save", "save"))
_KEYS = Hint("?", "keys", "help")
_WIDE_LAST = (_UNDO, Hint("y", "copy", "copy"), Hint("g", "go to", "go"),
              Hint("^s", "save", "save"))  # fmt: skip


def left_parts(session: Session, palette: Palette, wide: bool) -> list[Part]:
    """Returns what the header begins with: name, whether it is saved, and the path."""
    parts = [Part([(f" {glyphs.fit(clean(session.title), _NAME)}", palette.title)])]
    if session.has_changes:
        words = " not saved" if wide else ""
        parts.append(Part([(f" {glyphs.RUNNING}{words}", palette.warning)], "save"))
    if session.document is not None and wide:
        path = glyphs.fit_middle(clean(short(session.document.path)), _PATH)
        parts.append(Part([(f"   {path}", palette.muted)], rank=4))
    return parts


def right_parts(
    profile: Profile, marks: Marks, palette: Palette, wide: bool, catalog: "Catalog | None" = None
) -> list[Part]:
    """Returns the machine in short, the binary with what is known of it, and the findings."""
    parts = [
        Part([(f"{clean(summary(profile))}  ", palette.muted)], rank=3),
        Part([(f"{_binary(profile, wide)} ", palette.text)], "choose_binary", rank=1),
    ]
    if catalog is not None:
        parts.append(Part(_version(profile, catalog, palette), "choose_binary", rank=2))
    counts = finding_counts(marks, palette)
    if counts:
        parts.append(Part([(" ", palette.text), *counts, (" ", palette.text)], "pane(7)"))
    return parts


def _version(profile: Profile, catalog: "Catalog", palette: Palette) -> list[Span]:
    """Returns the version of a QEMU, and the accelerator that it will use."""
    from qemutui.core import accelerators

    used = accelerators.used(profile, catalog)
    first = accelerators.named(profile)[0]
    slow = palette.warning if used != first else palette.muted
    style = palette.ok if used not in ("", "tcg") else slow
    return [(f"{catalog.release} ", palette.text), (f"{clean(used or first)} ", style)]


def finding_counts(marks: Marks, palette: Palette) -> list[Span]:
    """Returns `✗1 !1`, or nothing where nothing was found."""
    errors, warnings = marks.count("error"), marks.count("warning")
    counts: list[Span] = []
    if errors:
        counts.append((f"{glyphs.ERROR}{errors}", palette.error))
    if warnings:
        counts.append((f"{' ' * bool(errors)}{glyphs.WARNING}{warnings}", palette.warning))
    return counts


def item_count(profile: Profile, paths: list[Path]) -> str:
    """Returns how many items there are: `3 + 1 off`."""
    off = sum(edit.get(profile, (*path, "_off")) is True for path in paths)
    return f"{len(paths) - off}" + (f" + {off} off" if off else "")


def set_count(rows: list[Row]) -> str:
    """Returns how many fields are set: `4 set`; and where others are offered: `4 set · 58 not`."""
    offered = sum(row.is_offered for row in rows)
    rest = f" {glyphs.DOT} {offered} not" if offered else ""
    return f"{sum(row.is_set for row in rows)} set{rest}"


def found(rows: FilteredList) -> str:
    """Returns what a filter has found, `/net 3 of 17`; empty where there is none."""
    if not rows.sought:
        return ""
    return f"/{clean(rows.sought)} {rows.position[1]} of {rows.total}"


def item_title(profile: Profile, item: Path, catalog: "Catalog | None" = None) -> tuple[str, str]:
    """Returns what an item is called, and its type where that is not the name already.

    With a catalog also the bus and the category of a device.
    """
    name, kind, _ = forms.item_summary(profile, item)
    device = catalog.device(kind) if catalog is not None and item[0] == "device" else None
    more: tuple[str, ...] = ()
    if device is not None:
        from qemutui.core.addable import bus_name

        more = (bus_name(device.bus), device.category.lower())
    words = [kind if name else "", *more]
    return clean(name or kind or "new"), clean(f" {glyphs.DOT} ".join(filter(None, words)))


def option_count(session: Session) -> str:
    """Returns how many options the command has."""
    count = sum(argument.path != ("binary",) for argument in session.command)
    added = sum(argument.origin == "qemutui" for argument in session.command)
    options = "1 option" if count == 1 else f"{count} options"
    return f"{options}, {added} added by qemutui" if added else options


def editor_hints(long: bool, arrows: str) -> list[Hint]:
    """Returns what the keys do while an editor is open; `arrows` is what those do."""
    keep = Hint("Tab", "keep", "settle") if long else Hint("Enter", "keep", "settle")
    hints = [keep, Hint("Esc", "restore", "leave")]
    return [*hints, Hint("↑↓", arrows, "arrow(1)")] if arrows else hints


def property_hints(row: Row, marks: Marks, in_item: bool, wide: bool) -> list[Hint]:
    """Returns what the keys do on a row of a form, or of an item."""
    hints = [Hint("Enter", "add" if row.adds else "edit", "choose")]
    if row.choices:
        hints.append(Hint("Space", "turn", "turn"))
    found = [] if row.adds else marks.at(row.path)
    if any(finding.fix is not None for finding in found):
        hints.append(Hint("f", "fix", "fix"))
    hints += [Hint("a", "add", "add"), _FILTER]
    if in_item and wide:
        hints.append(Hint("o", "follow", "follow"))
    if in_item:
        hints.append(Hint("x", "off", "switch"))
    if row.is_set:
        hints.append(Hint("Del", "unset", "remove"))
    if in_item and wide:
        hints.append(Hint("[ ]", "item", "item(1)"))
    return [*hints, *(_WIDE_LAST if wide else _LAST), _KEYS]


def list_hints(name: str, rows: int, wide: bool) -> list[Hint]:
    """Returns what the keys do in a list, by its id; of those that need a row, none without one."""
    last = (*(_WIDE_LAST if wide else _LAST), Hint("^o", "library", "library"), _KEYS)
    if not rows:
        return [*_HINTS_WITHOUT_ROWS.get(name, ()), *last]
    hints = _HINTS.get(name, (Hint("Enter", "open", "choose"),))
    return [*hints, *(hint for hint in last if hint not in hints)]


_HINTS_WITHOUT_ROWS: dict[str, tuple[Hint, ...]] = {
    "items": (Hint("a", "add", "add"),),
    "problems": (Hint("F7", "check with QEMU", "dry_run"),),
}
_GO = Hint("Enter", "go to the field", "choose")
_HINTS: dict[str, tuple[Hint, ...]] = {
    "sections": (Hint("Enter", "open", "choose"), _FILTER),
    "items": (
        Hint("Enter", "open", "choose"),
        Hint("a", "add", "add"),
        Hint("d", "duplicate", "duplicate"),
        _FILTER,
        Hint("x", "off", "switch"),
        Hint("Del", "remove", "remove"),
    ),
    "command": (
        _GO,
        Hint("e", "edit as text", "edit_command"),
        Hint("y", "copy", "copy"),
        Hint("Y", "copy as", "copy_as"),
    ),
    "problems": (_GO, Hint("f", "fix", "fix"), Hint("F", "fix all", "fix_all"), _FILTER),
    "output": (
        Hint("Enter", "field", "choose"),
        Hint("End", "follow", "output_follow"),
        Hint("/", "search", "output_search"),
        Hint("e", "error", "output_error(1)"),
        Hint("w", "wrap", "output_wrap"),
        Hint("s", "save", "output_save"),
        Hint("[", "run before", "output_run(-1)"),
        Hint("Space", "hold", "output_pause"),
        Hint("B", "bug bundle", "output_bundle"),
    ),
}


def short(path: FilePath) -> str:
    """Returns a path with the home folder as `~`."""
    text, home = str(path), str(FilePath.home())
    return "~" + text[len(home) :] if text.startswith(home + "/") else text


def _binary(profile: Profile, wide: bool) -> str:
    name = binary(profile).rsplit("/", 1)[-1]
    return glyphs.fit(clean(name if wide else name.removeprefix("qemu-system-")), _NAME)
