"""What the main screen does to whole items and values: add, copy, move, switch, remove, fix."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import work

from qemutui.core import edit
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import PassedFd, Profile
from qemutui.ui import forms
from qemutui.ui.places import field_label
from qemutui.ui.screens.choosing import ChoosingView
from qemutui.ui.session import Session

if TYPE_CHECKING:
    from qemutui.core.addable import Addable, Problem
    from qemutui.core.catalog import Catalog
    from qemutui.ui.screens.adding import AddPicker, Offers

_DRAWN_AFTER = 0.05
"""Seconds in which the picker is drawn, for which no other thread may take the interpreter."""
_RECENT = 8
"""How many of the types that were added last come first in the picker."""


class ItemsView(ChoosingView):
    """The main screen with the keys that act on the item or the value under the cursor."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._picker: AddPicker | None = None
        """The picker of what is added, while it is open."""

    def action_add(self) -> None:
        """Adds an item, a property, or an element of a list, and opens the editor on it."""
        section = self.sections.section
        inside = self.focused is self.properties and section.groups
        if inside or not (section.groups or section.name == "Extra"):
            self._add_property()
        elif section.name == "Extra":
            self._add_argument()
        elif section.groups == ("fd",):
            self._add_file()
        else:
            self._pick(section.groups)

    def _add_property(self) -> None:
        adding = [row for row in self.properties.rows if row.adds]
        if not adding:
            return
        # On a row of a list, the list's own place to add; else the last one of the form.
        path = self.properties.path or ()
        near = [row for row in adding if len(row.path) > 1 and row.path[:-1] == path[:-1]]
        self.properties.go_to((near or adding[-1:])[0].path)
        self.set_focus(self.properties)
        self.action_edit()

    def _add_argument(self) -> None:
        row = self.properties.row
        index = 0
        if row is not None and len(row.path) > 1:
            index = int(row.path[1]) + (not row.adds)
        base = edit.insert(self.session.settled, ("extra", index), "")
        self._show_new(base, ("extra", index), ("extra", index))

    def _add_file(self) -> None:
        path = ("fd", self._below("fd"))
        base = edit.insert(self.session.settled, path, PassedFd())
        self._show_new(base, path, (*path, "path"))

    def _below(self, group: str) -> int:
        """Returns the index below the cursor, in a group; that of its end from elsewhere."""
        below = self.item
        if below is not None and below[0] == group:
            return int(below[1]) + 1
        return len(edit.get(self.session.settled, (group,)))

    def _pick(self, groups: Sequence[str]) -> None:
        """Lets somebody pick what is added to a group."""
        from qemutui.ui.screens.adding import AddPicker

        def picked(one: "Addable | None") -> None:
            if one is not None:
                recent.insert(0, one.name)
                recent[:] = [*dict.fromkeys(recent)][:_RECENT]
                self.add_item(one.group, one.name)

            self._picker = None

        recent = self.qemutui.recent_types.setdefault(groups[0], [])
        self._picker = AddPicker(groups, self._offers(), recent)
        self.app.push_screen(self._picker, picked)
        self._find_problem(self._picker)

    def _offers(self, problem: "Problem | None" = None) -> "Offers":
        """Returns what is known of what QEMU offers; `problem` says what cannot be plugged."""
        from qemutui.ui.screens.adding import Offers

        return Offers(self.catalog, self.catalog_problem, problem)

    def catalog_came(self) -> None:
        """Offers what QEMU does in the picker, if it is open."""
        super().catalog_came()
        if self._picker is not None:
            self._picker.offer(self._offers())
            self._find_problem(self._picker)

    @work(group="plugging", exclusive=True)
    async def _find_problem(self, picker: "AddPicker") -> None:
        """Finds out what the machine cannot plug; QEMU may have to be asked for its buses."""
        catalog = self.catalog
        if catalog is None or not picker.asks_for_devices:
            return
        await asyncio.sleep(_DRAWN_AFTER)
        profile = self.session.settled
        problem = await asyncio.to_thread(self._unpluggable, profile, catalog)
        if self._picker is picker and self.catalog is catalog:
            picker.offer(self._offers(problem))

    def _unpluggable(self, profile: Profile, catalog: "Catalog") -> "Problem":
        from qemutui.core.placing import unpluggable
        from qemutui.host import boards

        board = boards.of(profile, self.session.launch_directory(profile), catalog)
        return unpluggable(profile, board, catalog)

    def add_item(self, group: str, type_: str) -> None:
        """Adds an item below the cursor, and goes to what needs a value in it."""
        from qemutui.core import addable

        profile = self.session.settled
        added = addable.add(profile, group, type_, self._below(group), self.catalog)
        self.change(added.profile, f"{edit.title_of(added.profile, added.item)} added")
        self.reveal(added.item)
        if not self.properties.go_to(added.field):
            self.properties.go_to(added.item)  # the row that adds a property
        self.enter_properties()
        self.mark_field()

    def _show_new(self, base: Profile, item: Path, field: Path) -> None:
        """Shows something that was just added, half typed as it is, with its editor open."""
        self.session.preview(base)
        self.show_all()
        if self.sections.section.groups:
            self.items.go_to(item)
            self.show_properties(base)
            self.inside = True
        self.properties.go_to(field)
        self.set_focus(self.properties)
        self.open_editor(base, new=True)

    def _target(self) -> Path | None:
        """Returns the item or argument that a key acts on, where one has the focus."""
        if self.focused not in (self.items, self.properties):
            return None
        if self.sections.section.name == "Extra":
            row = self.properties.row
            if row is None or row.adds:
                return None
            return row.path if len(row.path) > 1 else ("extra", 0)
        return self.item

    def _listed(self, path: Path) -> Profile:
        """Returns the profile with one text that stands for a list as that list."""
        profile = self.session.settled
        value = edit.get(profile, path[:-1])
        if isinstance(value, tuple):
            return profile
        return edit.set_value(profile, path[:-1], (value,))

    def action_duplicate(self) -> None:
        """Puts a copy of the item after it, under a free id."""
        path = self._target()
        if path is None:
            return
        label = f"copy of {edit.title_of(self.session.settled, path)}"
        self.change(edit.duplicate(self._listed(path), path), label)
        self._select((*path[:-1], int(path[-1]) + 1))

    def action_switch(self) -> None:
        """Switches the item off, or on again."""
        path = self._target()
        if path is None or path[0] == "extra":
            return
        off = edit.get(self.session.settled, (*path, "_off")) is True
        name = edit.title_of(self.session.settled, path)
        self.change(edit.switch(self.session.settled, path), f"{name} {'on' if off else 'off'}")

    def action_move(self, step: int) -> None:
        """Moves the item within its group: QEMU's order."""
        path = self._target()
        if path is None:
            return
        profile = self._listed(path)
        siblings = edit.get(profile, path[:-1])
        to = int(path[-1]) + step
        if isinstance(siblings, tuple) and 0 <= to < len(siblings):
            self.change(edit.move(profile, path, to), f"{edit.title_of(profile, path)} moved")
            self._select((*path[:-1], to))

    def _select(self, path: Path) -> None:
        if path[0] == "extra":
            self.properties.go_to(path)
        elif self.items.go_to(path):
            self.show_properties(self.session.profile)

    def action_remove(self) -> None:
        """Removes the item, or unsets the property."""
        profile = self.session.settled
        row = self.properties.row
        if self.focused is self.items and self.item is not None:
            path = self.item
            name = edit.title_of(profile, path)
            from qemutui.core import referring

            referrer = referring.left_behind(profile, path)
            self.change(edit.remove(profile, path), f"{name} removed")
            still = "" if referrer is None else f"; {referrer} still refers to it"
            self.footer.say(f"Removed {name}{still}. u undoes.")
        elif self.focused is self.properties and row is not None and not row.adds:
            self.change(edit.set_value(profile, row.path, None), field_label(profile, row.path))

    def action_turn(self) -> None:
        """Turns the value of the row: unset, on, off, unset."""
        row = self.properties.row
        if self.focused is not self.properties or row is None or not row.choices:
            return
        profile = self.session.settled
        value = forms.turned(row, edit.get(profile, row.path) if row.is_set else None)
        if value is None and row.path[0] in BY_NAME and row.property is None:
            # Unset, the property would have no row any more, and Space would turn the next one.
            value = row.choices[0]
        self.change(edit.set_value(profile, row.path, value), field_label(profile, row.path))

    def action_fix(self) -> None:
        """Applies the fix of the row's finding; one undo takes it back."""
        self.check_now()
        if self.focused is self.problems:
            finding = self.problems.finding
        elif self.focused is self.items and self.items.item is not None:
            finding = self.marks.worst(self.items.item)
        else:
            path = self.properties.path
            found = self.marks.at(path) if path is not None else []
            finding = next((one for one in found if one.fix is not None), None)
        if finding is None or finding.fix is None:
            self.footer.say("No fix for this row.")
            return
        self.change(edit.apply(self.session.settled, finding.fix.edits), "fix")
        self.footer.say(f"Fixed: {finding.message} u undoes.")

    def action_fix_all(self) -> None:
        """Applies all safe fixes; one undo takes them back."""
        from qemutui.core.fixes import apply_safe

        self.settle()
        mended = apply_safe(self.session.settled, self.judge)
        self.change(mended.profile, "fixes")
        count, left = mended.applied, mended.left
        if count:
            what = f"{count} fix{'es' * (count > 1)} applied"
            self.footer.say(f"{what}, {left} left. u undoes.")
        elif left:
            self.footer.say(f"No fix is safe to apply unseen; {left} left. f applies one.")
        else:
            self.footer.say("No fixes.")

    def action_follow(self) -> None:
        """Goes to what the row refers to; on an id, to what uses it, and says who that is."""
        row = self.properties.row
        item = self.item
        if row is None or not row.is_set or not row.value:
            return
        if item is None and row.path[0] != "machine":
            return
        name = row.value
        from qemutui.core import referring

        profile = self.session.settled
        if item is None or row.path[-1] != "id":
            named = referring.called(profile, item or (), name)
            if named is None:
                self.footer.say(f"Nothing here is called {name}.")
            else:
                self.go_to(named)
            return
        users = referring.users(profile, item, name)
        if not users:
            self.footer.say(f"Nothing refers to {name}.")
            return
        self.go_to(users[0])
        titles = dict.fromkeys(edit.title_of(profile, user[:2]) for user in users)
        self.footer.say(f"{name} is used by {', '.join(titles)}.")
