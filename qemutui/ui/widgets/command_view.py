"""The command, exactly as it will be executed, with the field of each of its parts."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, compress, count
from operator import ne
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.selection import Selection

from qemutui.core.argv import Argument
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.ui import glyphs
from qemutui.ui.actions import pane_bindings
from qemutui.ui.command_layout import HANG, Line, Piece, joined, lay_out
from qemutui.ui.glyphs import Span
from qemutui.ui.marks import Marks
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.section_list import sign_of

if TYPE_CHECKING:
    from qemutui.core.finding import Finding

_INDENT = 2
"""What every line but the binary's is indented."""


def _unchanged(before: Sequence[object], now: Sequence[object]) -> tuple[int, int]:
    """Returns how many elements both have alike at the beginning, and behind that at the end."""
    most = min(len(before), len(now))
    first = next(compress(count(), map(ne, before, now)), most)
    last = next(compress(count(), map(ne, reversed(before), reversed(now))), most)
    return first, min(last, most - first)


class CommandView(RowList):
    """One option a row, wrapped at commas. The token of the focused field is marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "token(-1)", "previous token", show=False, id="command.previous-token"),
        Binding("right", "token(1)", "next token", show=False, id="command.next-token"),
        *pane_bindings("command"),
    ]

    class Followed(Message):
        """The user chose a part of the command that a field wrote."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    def __init__(self) -> None:
        super().__init__(id="command")
        self._command: tuple[Argument, ...] = ()
        self._marks = Marks()
        self._focus: Path | None = None
        self._is_away = False
        """Whether nothing of the command is that field's."""
        self._laid_out: list[tuple[Line, ...]] = []
        """The lines of each argument."""
        self._laid_width = 0
        self._expected = 0
        self._first = [0]
        """The first line of each argument, and last how many lines there are."""

    def show(self, command: tuple[Argument, ...], marks: Marks, focus: Path | None) -> None:
        """Shows a command, with the token of the field `focus` marked and kept in view."""
        self._marks, self._focus = marks, focus
        self._lay_out(command)
        self.rows_changed()
        if not self.has_focus:
            self._reveal()

    def mark(self, focus: Path | None) -> None:
        """Marks the token of another field."""
        if focus == self._focus:
            return
        self._focus = focus
        self._strips.clear()
        self.refresh()
        if not self.has_focus:
            self._reveal()

    def show_marks(self, marks: Marks) -> None:
        """Shows other findings in the gutter."""
        self._marks = marks
        self._strips.clear()
        self.refresh()

    def expect(self, width: int) -> None:
        """Takes a width to wrap at until there is a layout."""
        self._expected = width

    def on_resize(self) -> None:
        """Wraps anew."""
        if self._width() != self._laid_width:
            self._lay_out(self._command)
            self.rows_changed()
        self._reveal()

    def _width(self) -> int:
        width = self.size.width or self._expected
        return width - self.text_column - _INDENT - 3

    def _lay_out(self, command: tuple[Argument, ...]) -> None:
        """Lays out what stands between the arguments that are there as before."""
        width = self._width()
        before = self._command if width == self._laid_width else ()
        first, last = _unchanged(before, command)
        new = [lay_out(one, max(20, width)) for one in command[first : len(command) - last]]
        # What is laid out for another width goes as a whole.
        end = len(before) - last if before else len(self._laid_out)
        self._laid_out[first:end] = new
        self._command, self._laid_width = command, width
        self._first = list(accumulate(map(len, self._laid_out), initial=0))

    def _place(self, line: int) -> tuple[int, int]:
        """Returns of a line drawn the argument, and which of its lines it is."""
        number = bisect_right(self._first, line) - 1
        return number, line - self._first[number]

    def _argument_of(self, path: Path) -> int | None:
        """Returns the argument that a field wrote, or the one that its item became."""
        paths = [argument.path for argument in self._command]
        if path[0] in BY_NAME:
            # What an item became is its own.
            return paths.index(path[:2]) if path[:2] in paths else None
        # The options of a table's fields are not each other's.
        for index, argument in enumerate(self._command):
            if argument.path == path or any(token.path == path for token in argument.tokens):
                return index
        return None

    def _reveal(self) -> None:
        if not self.size.height:
            return
        index = self._argument_of(self._focus) if self._focus is not None else None
        if self._is_away != (index is None):
            self._is_away = index is None
            self._refresh_group(self.cursor)
        if index is None:
            return
        self.cursor = self._first[index]
        for number, line in enumerate(self._laid_out[index]):
            if any(piece.path == self._focus for piece in line):
                self._show_line(self._first[index] + number)
                return

    def _show_line(self, line: int) -> None:
        top = self.scroll_offset.y
        if not top <= line < top + self.size.height:
            self.scroll_to(y=max(0, line - self.size.height + 1), animate=False, force=True)

    @property
    def argument(self) -> Argument | None:
        """The argument under the cursor."""
        if 0 <= self.cursor < self.row_count:
            return self._command[self._place(self.cursor)[0]]
        return None

    @property
    def marked(self) -> Path | None:
        """The field whose token is marked."""
        return self._focus

    def action_token(self, step: int) -> None:
        """Marks the next or previous token of the option under the cursor."""
        argument = self.argument
        if argument is None or not argument.tokens:
            return
        paths = [token.path for token in argument.tokens]
        at = paths.index(self._focus) + step if self._focus in paths else 0
        self.mark(paths[max(0, min(at, len(paths) - 1))])

    def action_choose(self) -> None:
        """Goes to the field of the marked token, else of the option."""
        argument = self.argument
        if argument is None:
            return
        paths = [token.path for token in argument.tokens]
        self.post_message(self.Followed(self._focus if self._focus in paths else argument.path))

    def clicked(self, index: int, column: int) -> None:
        """Goes to the field of the token that was clicked."""
        if not 0 <= index < self.row_count:
            return
        number, line = self._place(index)
        argument = self._command[number]
        at = self.text_column + (_INDENT if number else 0)
        for piece in self._laid_out[number][line]:
            end = at + cell_len(piece.text)
            if at <= column < end and piece.path is not None:
                self.post_message(self.Followed(piece.path))
                return
            at = end
        self.post_message(self.Followed(argument.path))

    @property
    def shows_cursor(self) -> bool:
        return self.has_focus or not self._is_away

    @property
    def row_count(self) -> int:
        return self._first[-1]

    def is_selectable(self, index: int) -> bool:
        return self._place(index)[1] == 0

    def row_group(self, index: int) -> range:
        if not 0 <= index < self.row_count:
            return range(index, index + 1)
        number = self._place(index)[0]
        return range(self._first[number], self._first[number + 1])

    def row_mark(self, index: int) -> Span:
        number, line = self._place(index)
        argument = self._command[number]
        palette = self.palette
        if line:
            return "", palette.text
        worst = self._worst(argument)
        if worst is not None and worst.severity != "hint":
            error = worst.severity == "error"
            return sign_of(worst.severity), palette.error if error else palette.warning
        if argument.origin == "qemutui":
            return glyphs.ADDED, palette.generated
        return "", palette.text

    def _worst(self, argument: Argument) -> "Finding | None":
        """Returns the worst finding of an argument's item, or of the fields that made it."""
        path = argument.path
        if len(path) > 1 or len(argument.words) == 1:
            return self._marks.worst(path)
        found = [worst for token in argument.tokens if (worst := self._marks.worst(token.path))]
        errors = [worst for worst in found if worst.severity == "error"]
        return next(iter(errors or found), None)

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        number, at = self._place(index)
        argument = self._command[number]
        lines = self._laid_out[number]
        palette = self.palette
        spans: list[Span] = [(" " * (_INDENT if number else 0), palette.text)]
        spans += [(piece.text, self._style_of(piece, argument)) for piece in lines[at]]
        if at == len(lines) - 1 and number < len(self._command) - 1:
            spans.append((" \\", palette.muted))
        return spans

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Returns the selected text as a shell reads it: what is wrapped here is one word there.

        An option that is selected whole is copied as it is executed, with controls written out.
        """
        first = selection.start.y if selection.start is not None else 0
        last = selection.end.y if selection.end is not None else self.row_count - 1
        texts: dict[int, tuple[str, int, int]] = {}
        for index in range(max(0, first), min(last + 1, self.row_count)):
            span = selection.get_span(index)
            if span is None:
                continue
            number, at = self._place(index)
            argument = self._command[number]
            text, starts = joined(argument, self._laid_out[number])
            begin, room = starts[at], starts[at + 1] - starts[at]
            before = self.text_column + (_INDENT if number else 0) + (HANG if at else 0)
            start = begin + min(max(0, span[0] - before), room)
            end = begin + (room if span[1] < 0 else min(max(0, span[1] - before), room))
            texts[number] = (text, texts[number][1] if number in texts else start, end)
        return " \\\n".join(self._copied(*one, number) for number, one in texts.items()), "\n"

    def _copied(self, text: str, start: int, end: int, number: int) -> str:
        if (start, end) != (0, len(text)):
            return text[start:end].strip()
        from qemutui.core.shell import quote

        try:
            return " ".join(quote(word) for word in self._command[number].words)
        except ValueError:  # no shell can be given it; the findings say so
            return text

    def _style_of(self, piece: Piece, argument: Argument) -> Style:
        palette = self.palette
        if piece.path is not None and self._is_focus(piece.path):
            return palette.token
        if argument.origin == "qemutui":
            return palette.generated
        if argument.path == ("binary",):
            return palette.title
        if piece.is_option or (piece.path and piece.path[0] == "extra" and piece.text[:1] == "-"):
            return palette.option
        return palette.text

    def _is_focus(self, path: Path) -> bool:
        focus = self._focus
        if focus is None or path[: len(focus)] != focus:
            return False
        # A whole item is shown by the bar at its lines.
        return not (len(focus) == 2 and focus[0] in BY_NAME)
