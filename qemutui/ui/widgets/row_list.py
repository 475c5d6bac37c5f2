"""The one list of the app: rows drawn on demand under a cursor, never a widget a row."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from qemutui.ui.widgets.row_view import RowView


class _OfRow(Message):
    """Something was done with a row of a list."""

    def __init__(self, row_list: RowList, index: int) -> None:
        super().__init__()
        self.row_list = row_list
        self.index = index

    @property
    def control(self) -> RowList:
        """The list, for the selector of `on`."""
        return self.row_list


class RowList(RowView, can_focus=True, inherit_bindings=False):
    """A list with a cursor, moved by keys and by the mouse.

    A subclass answers what its rows are: `row_count`, `render_row`, and where it differs
    from the default, `row_mark`, `is_selectable`, `row_group`. It calls `rows_changed` or
    `row_changed` when the answers change.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move_up", "up", show=False, id="list.up"),
        Binding("down,j", "move_down", "down", show=False, id="list.down"),
        Binding("pageup", "page_up", "page up", show=False, id="list.page-up"),
        Binding("pagedown", "page_down", "page down", show=False, id="list.page-down"),
        Binding("home", "move_first", "first row", show=False, id="list.first"),
        Binding("end", "move_last", "last row", show=False, id="list.last"),
        Binding("enter", "choose", "choose", show=False, id="list.choose"),
    ]

    class Moved(_OfRow):
        """The user moved the cursor to another row."""

    class Chosen(_OfRow):
        """The user pressed Enter on the cursor row, or clicked on it."""

    def clicked(self, index: int, column: int) -> None:
        """Act on a click on a row, `column` cells from the left of the list.

        The cursor moves there; on the cursor row a click is Enter.
        """
        if index in self.row_group(self.cursor):
            self.action_choose()
        elif self._head(index) >= 0:
            self._move(self._head(index))

    def scroll_to_row(self, index: int) -> None:
        """Scroll as little as brings a row and its group into view."""
        height = self.size.height
        if not height or not 0 <= index < self.row_count:
            return
        group = self.row_group(index)
        top = self.scroll_offset.y
        if group.start < top or len(group) > height:
            top = group.start
            # Headings above the first row that can be selected are seen with it.
            if group.stop <= height and self._seek(group.start - 1, -1) < 0:
                top = 0
        elif group.stop > top + height:
            top = group.stop - height
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)

    # Cursor

    def validate_cursor(self, index: int) -> int:
        """Return the row nearest to `index` that can be selected, or -1."""
        count = self.row_count
        if not count:
            return -1
        index = min(max(index, 0), count - 1)
        for found in (self._head(index), self._seek(index, 1), self._seek(index, -1)):
            if found >= 0:
                return found
        return -1

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the rows that the cursor leaves and enters, and no others."""
        self._refresh_group(old)
        self._refresh_group(new)
        self.scroll_to_row(new)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Repaint the cursor row, and no others.

        Textual would restyle the list and its scrollbars for `:focus`; nothing here has
        such a rule.
        """
        self._refresh_group(self.cursor)

    def _refresh_group(self, index: int) -> None:
        if 0 <= index < self.row_count:
            group = self.row_group(index)
            self.refresh_lines(group.start, len(group))

    def action_move_up(self) -> None:
        """Move to the previous row; at the first, show what stands above it."""
        found = self._seek(self.cursor - 1, -1)
        if found < 0:
            self.scroll_to(y=0, animate=False)
        self._move(found)

    def action_move_down(self) -> None:
        """Move to the next row; at the last, show what stands below it."""
        found = self._seek(self.cursor + 1, 1)
        if found < 0:
            self.scroll_to(y=self.max_scroll_y, animate=False)
        self._move(found)

    def action_page_up(self) -> None:
        """Move up by what is seen, less one row."""
        target = max(self.cursor - max(1, self.size.height - 1), 0)
        found = self._seek(target, 1)
        self._move(found if found < self.cursor else self._seek(target, -1))

    def action_page_down(self) -> None:
        """Move down by what is seen, less one row."""
        target = min(self.cursor + max(1, self.size.height - 1), self.row_count - 1)
        found = self._seek(target, -1)
        self._move(found if found > self.cursor else self._seek(target, 1))

    def action_move_first(self) -> None:
        """Move to the first row, and show what stands above it."""
        self.scroll_to(y=0, animate=False)
        self._move(self._seek(0, 1))

    def action_move_last(self) -> None:
        """Move to the last row, and show what stands below it."""
        self.scroll_to(y=self.max_scroll_y, animate=False)
        self._move(self._seek(self.row_count - 1, -1))

    def action_choose(self) -> None:
        """Choose the cursor row."""
        if self.cursor >= 0:
            self.post_message(self.Chosen(self, self.cursor))

    def _move(self, index: int) -> None:
        if index >= 0:
            before = self.cursor
            self.cursor = index
            if self.cursor != before:
                self.post_message(self.Moved(self, self.cursor))
            else:
                self.scroll_to_row(index)

    def _seek(self, index: int, step: int) -> int:
        """Return the first row from `index` on that can be selected, or -1."""
        count = self.row_count
        while 0 <= index < count:
            if self.is_selectable(index):
                return index
            index += step
        return -1

    def _head(self, index: int) -> int:
        """Return the row of the group of `index` that can be selected, or -1."""
        return next((row for row in self.row_group(index) if self.is_selectable(row)), -1)

    # Focus and mouse

    def _on_focus(self, event: events.Focus) -> None:
        # Textual's own handler repaints everything.
        event.prevent_default()
        self.has_focus = True
        if self.parent is not None:
            self.parent.post_message(events.DescendantFocus(self))

    def _on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self.has_focus = False
        if self.parent is not None:
            self.parent.post_message(events.DescendantBlur(self))

    async def _on_click(self, event: events.Click) -> None:
        # Textual would select everything on a double click.
        event.prevent_default()
        event.stop()
        offset = event.get_content_offset(self)
        # The end of a drag is a click too, but it was meant for the selection.
        if event.button != 1 or offset is None or self.text_selection is not None:
            return
        index = self.scroll_offset.y + offset.y
        if index < self.row_count:
            self.clicked(index, offset.x)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.scroll_to_row(self.cursor)
