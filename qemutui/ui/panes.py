"""Where each pane of the main screen stands, at every size of the terminal.

Plain arithmetic: nothing is mounted anew and no style is matched when something moves.
"""

from typing import NamedTuple

from textual.geometry import Region

WIDTHS = [(0, "-tiny"), (60, "-narrow"), (110, "-normal"), (170, "-wide")]
HEIGHTS = [(0, "-short"), (34, "-mid"), (50, "-tall")]
"""From how many columns and rows a size has its name."""
NARROW, NORMAL, WIDE = (least for least, _ in WIDTHS[1:])
MID = HEIGHTS[1][0]

OUTPUT, PROBLEMS = 4, 7
"""The digits of the dock's tabs."""

_SECTIONS = {"-tiny": 0, "-narrow": 18, "-normal": 24, "-wide": 28}
_RUNS = 5
"""Rows of the runs and their title."""
_COMMAND_WIDE = 76
_HELP_WIDE = 9
_COMMAND_SHORT, _COMMAND = 7, 11
_DOCK, _DOCK_WIDE = 9, 15
"""Rows with the title."""
_LEAST = 3
"""Rows that the command keeps above its help, and the dock of a screen that is very short."""
_FORM = 7
"""Rows that the form keeps with its title and help, where a screen is very short."""
_ITEMS, _ITEMS_WIDE = 6, 14

Places = dict[str, Region]
"""The place of each widget that is seen, by its id."""


class View(NamedTuple):
    """All that decides where the panes stand."""

    width: int
    height: int
    items: int | None = None
    """How many items the section lists; None in a section of fields."""
    inside: bool = False
    """Whether the properties of an item have been gone into."""
    at_sections: bool = False
    """Whether the sections are seen where they have no place of their own."""
    dock: str = ""
    """The id of the pane whose tab is open, if one is."""
    has_runs: bool = False
    enlarged: str = ""
    """The id of the pane that has the whole body."""


def width_class(width: int) -> str:
    """Returns the name of a width."""
    return [name for least, name in WIDTHS if width >= least][-1]


def height_class(height: int) -> str:
    """Returns the name of a height."""
    return [name for least, name in HEIGHTS if height >= least][-1]


def shows_runs(width: int, height: int) -> bool:
    """Returns whether there is room for the runs."""
    return width >= NORMAL and height >= MID


def command_width(width: int) -> int:
    """Returns the cells that the command has."""
    return _COMMAND_WIDE if width >= WIDE else width - _SECTIONS[width_class(width)]


def places(view: View) -> Places:
    """Returns where everything stands that is seen."""
    body = Region(0, 1, view.width, max(0, view.height - 2))
    found = {
        "header": Region(0, 0, view.width, 1),
        "footer": Region(0, view.height - 1, view.width, 1),
    }
    left = _SECTIONS[width_class(view.width)]
    if view.enlarged:
        _stack(found, body, _titled(view, view.enlarged))
    elif not left and view.at_sections:
        _stack(found, body, _titled(view, "sections"))
    else:
        if left:
            _left(found, view, Region(0, 1, left, body.height))
        work = Region(left, 1, view.width - left, body.height)
        (_wide if view.width >= WIDE else _narrow)(found, view, work)
    return found


def _titled(view: View, pane: str) -> list[tuple[str, int]]:
    """Returns a pane with its title above it; the height 0 is what is left."""
    if pane == view.dock:
        return [("tabs", 1), (pane, 0)]
    rows = [(f"{pane}-title", 1), (pane, 0)]
    return [*rows, ("help", 1)] if pane == "properties" else rows


def _stack(found: Places, room: Region, rows: list[tuple[str, int]]) -> None:
    """Places widgets one below the other; one of the height 0 gets what is left."""
    rest = max(0, room.height - sum(height for _, height in rows))
    y = room.y
    for name, height in rows:
        shown = max(0, min(height or rest, room.bottom - y))
        if name and shown:
            found[name] = Region(room.x, y, room.width, shown)
        y += height or rest


def _left(found: Places, view: View, room: Region) -> None:
    rows = [("sections-title", 1), ("sections", 0)]
    if view.has_runs and shows_runs(view.width, view.height):
        rows += [("runs-title", 1), ("runs", _RUNS - 1)]
    _stack(found, room, rows)


def _form(view: View) -> list[tuple[str, int]]:
    """Returns the items, the properties, or one of them where both have no room."""
    items = [("items-title", 1), ("items", 0)]
    properties = [("properties-title", 1), ("properties", 0)]
    if view.items is None:
        return properties
    if not view.items:
        return items
    if view.height < MID:
        return properties if view.inside else items
    most = _ITEMS_WIDE if view.width >= WIDE else _ITEMS
    return [items[0], ("items", min(most, view.items)), ("", 1), *properties]


def _dock(view: View) -> list[tuple[str, int]]:
    rows = _DOCK_WIDE if view.width >= WIDE and view.height >= MID else _DOCK
    rows = max(_LEAST, min(rows, view.height - 2 - _FORM))
    return [("tabs", 1), *([(view.dock, rows - 1)] if view.dock else [])]


def _narrow(found: Places, view: View, room: Region) -> None:
    short = view.height < MID
    rows = [*_form(view), ("help", 1)]
    if not (short and view.dock):
        height = min(_COMMAND_SHORT, room.height - 1 - _FORM) if short else _COMMAND
        rows += [("command-title", 1), ("command", max(1, height - 1))]
    _stack(found, room, [*rows, *_dock(view)])


def _wide(found: Places, view: View, room: Region) -> None:
    dock = _dock(view)
    height = max(0, room.height - sum(rows for _, rows in dock))
    upper = Region(room.x, room.y, room.width, height)
    left, right = upper.split_vertical(-_COMMAND_WIDE)
    form, divider = left.split_vertical(-1)
    _stack(found, form, _form(view))
    found["divider"] = divider
    help_rows = max(0, min(_HELP_WIDE, height - 1 - _LEAST))
    _stack(found, right, [("command-title", 1), ("command", 0), ("help", help_rows)])
    _stack(found, Region(room.x, upper.bottom, room.width, room.height - height), dock)
