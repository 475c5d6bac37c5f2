"""How the main screen changes the profile: the editor over a row, items, fixes, undo."""

from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.timer import Timer
from textual.widget import Widget

from qemutui.core import edit
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import PassedFd, Profile
from qemutui.ui import forms
from qemutui.ui.marks import Marks
from qemutui.ui.places import field_label
from qemutui.ui.screens.view import MainView
from qemutui.ui.session import Session
from qemutui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from qemutui.core.facts import Facts
    from qemutui.ui.widgets.editor import Dropped, Kept, LineEditor, TextEditor, Typed

_IDS = {
    "device": "dev0",
    "object": "obj0",
    "netdev": "n0",
    "chardev": "char0",
    "blockdev": "disk0",
    "drive": "drive0",
    "fsdev": "fs0",
    "audiodev": "audio0",
    "tpmdev": "tpm0",
}
"""What the first item of a group is called until somebody calls it otherwise."""

_CHECK_DELAY = 0.05
"""Seconds without a change after which the profile is checked."""


class _Editing(NamedTuple):
    """The one row whose editor is open."""

    row: forms.Row
    base: Profile
    """What the profile becomes if nothing is typed: it may hold a new item already."""
    label: str
    new: bool


class EditingView(MainView):
    """The main screen with everything that makes another profile of the one it shows."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._editing: _Editing | None = None
        self._editor: LineEditor | TextEditor | None = None
        self._line: LineEditor | None = None
        self._text: TextEditor | None = None
        self._check_timer: Timer | None = None
        self._check_delay = _CHECK_DELAY
        self._facts: Facts | None = None
        self._named: tuple[Any, ...] | None = None

    def on_mount(self) -> None:
        self.call_after_refresh(self._check)
        self.call_after_refresh(self._mount_editors)

    # Changing

    def change(self, profile: Profile, label: str) -> None:
        """Makes one step of undo of a changed profile, and shows it."""
        if self.session.change(profile, label):
            self.show_all()
            self.check_soon()

    def refresh_profile(self) -> None:
        """Shows the profile after undo, redo, or another profile took its place."""
        self.show_all()
        self.check_soon()

    def action_undo(self) -> None:
        """Takes the last step back."""
        label = self.session.undo()
        self.refresh_profile()
        self.footer.say("Nothing to undo." if label is None else f"Undone: {label}.")

    def action_redo(self) -> None:
        """Does again what was undone, or brings back what was dropped."""
        label = self.session.redo()
        self.refresh_profile()
        self.footer.say("Nothing to redo." if label is None else f"Done again: {label}.")

    def action_add(self) -> None:
        """Adds an item, a property, or an element of a list, and opens the editor on it."""
        section = self.sections.section
        inside = self.focused is self.properties and section.groups
        if inside or not (section.groups or section.name == "Extra"):
            self._add_property()
        elif section.name == "Extra":
            self._add_argument()
        elif section.name == "Storage":
            self._add_storage()
        else:
            self._add_item(section.groups[0])

    def _add_property(self) -> None:
        adding = [row for row in self.properties.rows if row.adds]
        if not adding:
            return
        # On a row of a list, the list's own place to add; else the last one of the form.
        path = self.properties.path or ()
        near = [row for row in adding if len(row.path) > 1 and row.path[:-1] == path[:-1]]
        self.properties.go_to((near or adding[-1:])[0].path)
        self.properties.focus()
        self.action_edit()

    def _add_argument(self) -> None:
        row = self.properties.row
        index = 0
        if row is not None and len(row.path) > 1:
            index = int(row.path[1]) + (not row.adds)
        base = edit.insert(self.session.settled, ("extra", index), "")
        self._show_new(base, ("extra", index), ("extra", index))

    def _add_storage(self) -> None:
        from qemutui.ui.screens.question import Choice, Question

        def chosen(answer: str | None) -> None:
            if answer:
                self._add_item(answer)

        choices = (Choice("b", "a block device, -blockdev", "blockdev"),
                   Choice("d", "a drive, -drive", "drive"))  # fmt: skip
        self.app.push_screen(Question("Add what?", choices), chosen)

    def _add_item(self, group: str) -> None:
        profile = self.session.settled
        count = len(edit.get(profile, (group,)))
        below = self.item
        index = int(below[1]) + 1 if below is not None and below[0] == group else count
        if group == "fd":
            base = edit.insert(profile, (group, index), PassedFd())
            self._show_new(base, (group, index), (group, index, "path"))
            return
        item = edit.new_item(id=edit.free_id(profile, group, _IDS[group]))
        base = edit.insert(profile, (group, index), item)
        field = "type" if BY_NAME[group].type_key else ""
        self._show_new(base, (group, index), (group, index, field) if field else (group, index))

    def _show_new(self, base: Profile, item: Path, field: Path) -> None:
        """Shows something that was just added, half typed as it is, with its editor open."""
        self.session.preview(base)
        self.show_all()
        if self.sections.section.groups:
            self.items.go_to(item)
            self.show_properties(base)
            self.add_class("-inside")
        self.properties.go_to(field)
        self.properties.focus()
        self._open_editor(base, new=True)

    def action_edit(self) -> None:
        """Opens the editor on the row of the cursor."""
        self._open_editor(self.session.settled, new=False)

    # The editor

    def _open_editor(self, base: Profile, new: bool) -> None:
        row = self.properties.row
        if row is None or self._editing is not None:
            return
        value = None if row.adds else edit.get(base, row.path)
        text = edit.scalar_text(value)
        label = field_label(base, row.path)
        self._editing = _Editing(row, base, label, new)
        self._mount_editors()
        kind = self._line if row.kind != "long" and "\n" not in text else self._text
        self._editor = editor = kind
        if editor is None:
            return
        editor.open(text)
        # The list may be laid out anew by what opened the editor; where its rows are shows then.
        self.call_after_refresh(self._place)

    def _mount_editors(self) -> None:
        """Makes both editors, hidden. Not at the start: the first frame does not need them."""
        from qemutui.ui.widgets.editor import LineEditor, TextEditor

        if self._line is None or self._text is None:
            self._line, self._text = LineEditor(), TextEditor()
            self.mount(self._line, self._text)

    def _place(self) -> None:
        """Puts the open editor over the value of its row."""
        editor = self._editor
        if editor is None:
            return
        region = self.properties.region
        first, _ = self.properties.value_cells()
        line = self.properties.cursor - self.properties.scroll_offset.y
        height = 1 if editor is self._line else min(5, max(1, region.height - 1))
        editor.styles.offset = (region.x + first, min(region.y + line, region.bottom - height))
        editor.styles.width = max(8, region.width - first - 1)
        editor.styles.height = height

    def on_resize(self) -> None:
        self.call_after_refresh(self._place)

    def _with_typed(self, editing: _Editing, text: str) -> tuple[Profile, Path]:
        """Returns the profile with what is typed, and the path of the field that this is."""
        row, base = editing.row, editing.base
        if not row.adds:
            before = edit.get(base, row.path)
            if text == edit.scalar_text(before):
                return base, row.path
            value = edit.typed(text, before) if text else self._nothing(row.path)
            return edit.set_value(base, row.path, value), row.path
        if not text:
            return base, row.path
        if isinstance(row.path[-1], int) and not self._is_item(row.path):
            return edit.set_value(base, row.path, text), row.path
        key, _, value = text.partition("=")
        path = (*row.path, key)
        if not key or (edit.get(editing.base, path) is not None and "=" not in text):
            return base, row.path
        return edit.set_value(base, path, edit.typed(value, None)), path

    @staticmethod
    def _is_item(path: Path) -> bool:
        return len(path) == 2 and path[0] in BY_NAME

    def _nothing(self, path: Path) -> str | None:
        """Returns what an emptied value becomes: unset, but `key=` for a property of an item."""
        named = len(path) > 2 and path[0] in BY_NAME and path[2] not in ("type", "id")
        return "" if named or path[0] == "extra" or isinstance(path[-1], int) else None

    def on_typed(self, event: "Typed") -> None:
        """Shows in the command what is being typed."""
        event.stop()
        if self._editing is None:
            return
        profile, path = self._with_typed(self._editing, event.text)
        self.session.preview(profile)
        self.command.show(self.session.command, self.marks, path)
        if self.sections.section.groups:
            self.items.refresh_item(profile, self.marks)
        self.check_soon()

    def on_kept(self, event: "Kept") -> None:
        """Keeps what was typed as one step of undo, and closes the editor."""
        event.stop()
        editing, editor = self._editing, self._editor
        if editing is None or editor is None:
            return
        profile, path = self._with_typed(editing, editor.typed)
        self._close_editor()
        label = editing.label
        if editing.new and path[0] != "extra":
            label = f"{edit.title_of(profile, path[:2])} added"
        elif editing.row.adds:
            label = field_label(profile, path)
        changed = self.session.change(profile, label)
        self.show_all()
        self.properties.go_to(path)
        if event.step and not editing.new:
            for _ in range(abs(event.step)):
                (self.properties.action_move_down if event.step > 0
                 else self.properties.action_move_up)()  # fmt: skip
        elif editing.new and self.sections.section.groups:
            self.properties.cursor = self.properties.row_count - 1
        self.mark_field()
        if changed:
            self.check_soon()

    def on_dropped(self, event: "Dropped") -> None:
        """Restores what was there, and closes the editor."""
        event.stop()
        if self._editing is None:
            return
        row = self._editing.row
        new = self._editing.new
        self._close_editor()
        lost = self.session.drop_typing()
        self.show_all()
        if new and self.sections.section.groups:
            self.remove_class("-inside")
            self.items.focus()
        else:
            self.properties.go_to(row.path)
        self.check_soon()
        if lost:
            self.footer.say("Dropped. U brings it back.")

    def _close_editor(self) -> None:
        if self._editor is not None:
            self._editor.close()
        self._editing = self._editor = None
        self.properties.focus()

    def action_settle(self) -> None:
        """Keeps what is being typed."""
        self.settle()

    def action_leave(self) -> None:
        """Restores what was there where an editor is open; else goes one step up."""
        if self._editor is not None:
            self._editor.action_drop()
        else:
            super().action_leave()

    def settle(self) -> None:
        """Keeps what is being typed, as Enter would: before anything that needs the whole."""
        if self._editing is not None:
            from qemutui.ui.widgets.editor import Kept

            self.on_kept(Kept())

    # Items and values

    def _target(self) -> Path | None:
        """Returns the item or argument that a key acts on."""
        if self.sections.section.name == "Extra":
            row = self.properties.row
            return None if row is None or row.adds else row.path
        return self.item

    def action_duplicate(self) -> None:
        """Puts a copy of the item after it, under a free id."""
        path = self._target()
        if path is None or self.focused not in (self.items, self.properties):
            return
        label = f"copy of {edit.title_of(self.session.settled, path)}"
        self.change(edit.duplicate(self.session.settled, path), label)
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
        siblings = edit.get(self.session.settled, path[:-1])
        to = int(path[-1]) + step
        if isinstance(siblings, tuple) and 0 <= to < len(siblings):
            label = f"{edit.title_of(self.session.settled, path)} moved"
            self.change(edit.move(self.session.settled, path, to), label)
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
            self.change(edit.remove(profile, path), f"{name} removed")
            self.footer.say(f"Removed {name}. u undoes.")
        elif self.focused is self.properties and row is not None and not row.adds:
            self.change(edit.set_value(profile, row.path, None), field_label(profile, row.path))

    def action_turn(self) -> None:
        """Turns the value of the row: unset, on, off, unset."""
        row = self.properties.row
        if self.focused is not self.properties or row is None or not row.choices:
            return
        profile = self.session.settled
        value = forms.turned(row, edit.get(profile, row.path) if row.is_set else None)
        self.change(edit.set_value(profile, row.path, value), field_label(profile, row.path))

    def action_fix(self) -> None:
        """Applies the fix of the row's finding; one undo takes it back."""
        if self.focused is self.problems:
            finding = self.problems.finding
        else:
            path = self.properties.path
            found = self.marks.at(path) if path is not None else []
            finding = next((one for one in found if one.fix is not None), None)
        if finding is None or finding.fix is None:
            self.footer.say("No fix for this row.")
            return
        self.change(edit.apply(self.session.settled, finding.fix.edits), "fix")
        self.footer.say(f"Fixed: {finding.message} u undoes.")

    def action_follow(self) -> None:
        """Goes to what the row refers to; on an id, to what refers to it."""
        row = self.properties.row
        item = self.item
        if row is None or item is None:
            return
        name = row.value
        profile = self.session.settled
        own = row.path[-1] == "id"
        for group in BY_NAME:
            for index, other in enumerate(profile.items(group)):
                path: Path = (group, index)
                if path == item:
                    continue
                if own:
                    found = next((key for key, value in other.properties if value == name), None)
                    if found is not None:
                        self.go_to((*path, found))
                        return
                elif other.id == name:
                    self.go_to((*path, "id"))
                    return
        self.footer.say(f"Nothing refers to {name}." if own else f"Nothing here is called {name}.")

    # Checking

    def check_soon(self) -> None:
        """Checks the profile once nothing has changed for a moment, however fast somebody types."""
        self.show_header()
        if self._check_timer is not None:
            self._check_timer.stop()
        self._check_timer = self.set_timer(self._check_delay, self._check)

    def _check(self) -> None:
        from time import perf_counter

        from qemutui.core.check import check
        from qemutui.core.facts import NO_FACTS, named_files

        began = perf_counter()
        profile = self.session.profile
        self.session.findings = check(profile, self._facts or NO_FACTS)
        self.marks = Marks(self.session.findings)
        self._show_marks()
        named = named_files(profile)
        if named != self._named:
            self._named = named
            self.run_worker(self._gather(profile), group="facts", exclusive=True)
        # Typing must not wait for the check of a large profile.
        self._check_delay = max(_CHECK_DELAY, 4 * (perf_counter() - began))

    async def _gather(self, profile: Profile) -> None:
        """Looks at the files that the profile names, away from the screen: a disk may be slow."""
        import asyncio

        from qemutui.host.facts import gather, launch_directory

        def look() -> "Facts":
            document = self.session.document
            path = document.path if document is not None else self.session.directory / "x.toml"
            return gather(profile, launch_directory(profile, path))

        facts = await asyncio.to_thread(look)
        if facts != self._facts:
            self._facts = facts
            self._check()

    def action_reread(self) -> None:
        """Looks at the files that the profile names again."""
        self._named = None
        self._check()

    def _show_marks(self) -> None:
        profile = self.session.profile
        self.sections.show(profile, self.marks)
        if self._editing is None:
            if self.sections.section.groups:
                self.items.show(profile, self.sections.section, self.marks)
            self.properties.show(forms.rows(profile, self.sections.section, self.item)
                                 if self.item is not None or not self.sections.section.groups
                                 else [], self.marks)  # fmt: skip
        self.command.show_marks(self.marks)
        self.problems.show(profile, self.marks)
        self.show_header()
        self.show_tabs()
        self.show_hints()

    @on(RowList.Chosen, "#properties")
    def _property_chosen(self) -> None:
        self.action_edit()

    def _focus_moved(self, widget: Widget) -> None:
        super()._focus_moved(widget)
        # The editor lost the focus to a click: what was typed is kept, as everywhere.
        editor = self._editor
        # Not the widget of the event: the focus may have moved on to the editor since.
        if editor is not None and editor.has_class("-open") and self.focused is not editor:
            self.settle()
            widget.focus()
