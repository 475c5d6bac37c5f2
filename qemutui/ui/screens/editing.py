"""The editor of the main screen: it opens over a row, shows what is typed, keeps or drops it."""

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual import on
from textual.geometry import Region
from textual.widget import Widget

from qemutui.core import edit, keyval
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.ui.places import field_label
from qemutui.ui.screens.filtering import FilteringView
from qemutui.ui.sections import Row
from qemutui.ui.session import Session
from qemutui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from qemutui.ui.widgets.editor import Dropped, Kept, LineEditor, TextEditor, Typed

_OTHER_LINE_ENDS = frozenset("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
"""A TextArea would make line feeds of these; the editor of one line keeps them."""
_EDITORS_AFTER = 0.3
"""Seconds after the first frame in which nobody has opened the editor yet."""


class _Editing(NamedTuple):
    """The one row whose editor is open."""

    row: Row
    base: Profile
    """What the profile becomes if nothing is typed: it may hold a new item already."""
    label: str
    new: bool


class EditingView(FilteringView):
    """The main screen with its one editor, and undo."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._editing: _Editing | None = None
        self._editor: LineEditor | TextEditor | None = None
        self._line: LineEditor | None = None
        self._text: TextEditor | None = None

    def on_mount(self) -> None:
        self.set_timer(_EDITORS_AFTER, self._mount_editors)
        self.watch(self.properties, "scroll_y", self._place, init=False)

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs whose output is being watched."""
        return True

    @property
    def is_editing(self) -> bool:
        """Whether an editor is open over a row."""
        return self._editing is not None

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
        """Takes the last step back; while typing, what is typed."""
        if self._editor is not None:
            self._editor.action_drop()
            return
        before = self.session.settled
        label = self.session.undo()
        self.refresh_profile()
        self._go_to_change(before)
        self.footer.say("Nothing to undo." if label is None else f"Undone: {label}.")

    def action_redo(self) -> None:
        """Does again what was undone, or brings back what was dropped."""
        self.settle()
        before = self.session.settled
        label = self.session.redo()
        self.refresh_profile()
        self._go_to_change(before)
        self.footer.say("Nothing to redo." if label is None else f"Done again: {label}.")

    def _go_to_change(self, before: Profile) -> None:
        """Moves to what undo or redo has changed, in the lists that show it."""
        from qemutui.core.changes import first_change

        path = first_change(before, self.session.settled)
        if path is None:
            return
        self.reveal(path)
        if self.focused in (self.sections, self.items, self.properties):
            is_item = bool(self.sections.section.groups) and len(path) <= 2
            self.set_focus(self.items if is_item else self.properties)

    def action_edit(self) -> None:
        """Opens the editor on the row of the cursor."""
        self.open_editor(self.session.settled, new=False)

    # The editor

    def open_editor(self, base: Profile, new: bool) -> None:
        """Opens the editor on the row of the cursor; `base` holds what was just added, if new."""
        row = self.properties.row
        if row is None or self._editing is not None:
            return
        value = None if row.adds else edit.get(base, row.path)
        text = keyval.scalar_text(value)
        label = field_label(base, row.path)
        self._editing = _Editing(row, base, label, new)
        self._mount_editors()
        several = (row.kind == "long" or "\n" in text) and not _OTHER_LINE_ENDS & set(text)
        self._editor = editor = self._text if several else self._line
        if editor is None:
            return
        self.footer.forget()
        if self.has_class("-short") and self.is_idle:
            # The preview is worth more here than the output of a run that is over.
            self.open_tab(None)
        editor.open(text)
        # The list may be laid out anew by what opened the editor; where its rows are shows then.
        self.call_after_refresh(self._place)

    def _mount_editors(self) -> None:
        """Makes both editors, hidden. Not at the start: the first frame does not need them."""
        from qemutui.ui.widgets.editor import LineEditor, TextEditor

        if self._line is None or self._text is None:
            self._line, self._text = LineEditor(), TextEditor()
            self.mount(self._line, self._text)
            self.editors_mounted()

    def editors_mounted(self) -> None:
        """Is called once there are editors, hidden as they are."""

    def _place(self) -> None:
        """Puts the open editor over the value of its row."""
        editor = self._editor
        if editor is None:
            return
        region = self.properties.region
        if self.has_class("-too-small") or not region:
            # Out of sight, not hidden: what is hidden loses the focus, and what was typed with it.
            editor.styles.offset = (0, self.size.height)
            return
        first, cells = self.properties.value_cells()
        line = self.properties.cursor - self.properties.scroll_offset.y
        height = 1 if editor is self._line else min(5, max(1, region.height - 1))
        top = max(region.y, min(region.y + line, region.bottom - height))
        editor.styles.offset = (region.x + first, top)
        # As wide as the column, so that a finding beside it is seen, or as what is typed needs.
        room = max(8, region.width - first - 1)
        needed = cell_len(editor.typed) + 2 if editor is self._line else room
        width = min(room, max(cells, needed))
        self.properties.make_room(width)
        editor.styles.width = width
        editor.styles.height = height
        self.placed(Region(region.x + first, top, width, height))

    def placed(self, cell: Region) -> None:
        """Is called when the editor has been put somewhere on the screen."""

    def on_resize(self) -> None:
        self.call_after_refresh(self._place)

    def place(self) -> None:
        """Has the panes placed anew, and the editor over its row."""
        super().place()
        if self._editor is not None:
            self.call_after_refresh(self._place)

    def on_typed(self, event: "Typed") -> None:
        """Shows in the command what is being typed."""
        event.stop()
        self.show_typed(event.text)
        self.typed_on(event.text)

    def typed_on(self, text: str) -> None:
        """Is called when somebody has typed on, once it is shown."""

    def show_typed(self, text: str) -> None:
        """Shows in the command what stands in the editor."""
        if self._editing is None:
            return
        profile, path = self.typed_into(self._editing.base, self._editing.row, text)
        self.session.preview(profile)
        self._place()
        self.command.show(self.session.command, self.marks, path)
        # Drawn with the character itself: Textual would ask the command later, and draw it with
        # the frame after.
        self._dirty_widgets.add(self.command)
        if self.sections.section.groups:
            self.items.refresh_item(profile, self.marks)
        self.check_soon()

    def typed_into(self, base: Profile, row: Row, text: str) -> tuple[Profile, Path]:
        """Returns the profile with a text typed into a row, and the path of its field then."""
        from qemutui.ui.typed import with_typed

        return with_typed(base, row, text)

    def on_kept(self, event: "Kept") -> None:
        """Keeps what was typed, and goes on, unless the key was meant for what the field offers."""
        event.stop()
        if not self.took(event):
            self._keep(event)

    def took(self, event: "Kept") -> bool:
        """Returns whether something else was done with a key than keeping."""
        return False

    def _keep(self, event: "Kept") -> None:
        """Keeps what was typed as one step of undo, and closes the editor."""
        editing, editor = self._editing, self._editor
        if editing is None or editor is None:
            return
        if editing.new and editing.row.path[0] == "extra" and not editor.typed:
            self.on_dropped(event)
            return
        profile, path = self.typed_into(editing.base, editing.row, editor.typed)
        # A row that is set leaves its place; what comes next is what came next before.
        onward = self.properties.beyond(event.step) if editing.row.is_offered else None
        self.close_editor()
        label = editing.label
        if editing.new and path[0] != "extra":
            label = f"{edit.title_of(profile, path[:2])} added"
        elif editing.row.adds:
            label = field_label(profile, path)
        changed = self.session.change(profile, label)
        self.show_all()
        if path[:2] != editing.row.path[:2] and self.item is not None:
            self.items.go_to(path)
            self.show_properties(profile)
        self.properties.go_to(path)
        if event.step and onward is not None:
            self.properties.go_to(onward)
        elif event.step and not editing.new:
            for _ in range(abs(event.step)):
                (self.properties.action_move_down if event.step > 0
                 else self.properties.action_move_up)()  # fmt: skip
        elif editing.new and self.sections.section.groups:
            self.properties.cursor = self.properties.row_count - 1
        self.mark_field()
        if changed:
            self.check_soon()

    def on_dropped(self, event: "Dropped | Kept") -> None:
        """Restores what was there, and closes the editor."""
        event.stop()
        if self._editing is None:
            return
        row = self._editing.row
        new = self._editing.new
        self.close_editor()
        lost = self.session.drop_typing()
        self.show_all()
        if new and self.sections.section.groups:
            self.inside = False
            self.set_focus(self.items)
        else:
            self.properties.go_to(row.path)
        self.check_soon()
        if lost:
            self.footer.say("Dropped. U brings it back.")

    def close_editor(self) -> None:
        """Takes the editor away; what stands in it has been kept, or dropped."""
        if self._editor is not None:
            self._editor.close()
        self._editing = self._editor = None
        self.properties.make_room(0)
        self.set_focus(self.properties)

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

            self._keep(Kept())

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
            self.set_focus(widget)
