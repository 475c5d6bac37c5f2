"""The one editor: it opens over the value of a row."""

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input, TextArea
from textual.widgets.input import Selection

from qemutui.core.text import clean
from qemutui.ui.faults import Contained
from qemutui.ui.widgets.overlay import Overlay

_OVER = """
    position: absolute;
    layer: over;
    display: none;
    border: none;
    padding: 0;
    background: $cursor-row;
    color: $text;
    &.-open { display: block; }
    &:focus { border: none; background: $cursor-row; background-tint: transparent; }
"""


class Kept(Message):
    """What was typed is to be kept."""

    def __init__(self, step: int = 0, arrow: bool = False) -> None:
        super().__init__()
        self.step = step
        """How many rows to go on by."""
        self.arrow = arrow
        """Whether an arrow says so, which an owner with a list or a number may take for that."""


class Dropped(Message):
    """What was typed is to be given up."""


class Typed(Message):
    """What is typed has changed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class LineEditor(Contained, Input, Overlay):
    """An editor of one line. Control characters are drawn as pictures and kept as they are."""

    DEFAULT_CSS = f"LineEditor {{ height: 1; {_OVER} }}"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep(0)", "keep", show=False, id="editor.keep"),
        Binding("tab", "keep(1)", "keep, next", show=False, id="editor.keep-next"),
        Binding("shift+tab", "keep(-1)", "keep, previous", show=False, id="editor.keep-previous"),
        Binding("down", "keep(1, True)", "down", show=False, id="editor.down"),
        Binding("up", "keep(-1, True)", "up", show=False, id="editor.up"),
        Binding("escape", "drop", "restore", show=False, id="editor.drop"),
    ]

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """Its owner says how wide it is; each key would lay out the whole screen else."""

    def __init__(self) -> None:
        super().__init__(compact=True, id="line-editor", select_on_focus=False)
        self.cursor_blink = False

    def _watch_selection(self, selection: Selection) -> None:
        # Input would clear what is selected in other widgets by coming into being.
        if self.is_mounted:
            super()._watch_selection(selection)

    @property
    def _value(self) -> Text:
        # As many characters as the value, so that the cursor and selections fit.
        return Text(clean(self.value), no_wrap=True, overflow="ignore", end="")

    @property
    def typed(self) -> str:
        """What stands in the editor."""
        return self.value

    def open(self, text: str) -> None:
        """Opens with a text, the cursor at its end."""
        self.put(text)
        self.add_class("-open")
        self.screen.set_focus(self, scroll_visible=False)

    def put(self, text: str) -> None:
        """Shows another text, without a word to the owner, who knows."""
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)

    def close(self) -> None:
        """Closes; the owner moves the focus."""
        self.remove_class("-open")

    def _on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(Typed(event.value))

    def _on_paste(self, event: events.Paste) -> None:
        # Input would take the first line only: the rest of what was pasted would be lost.
        event.stop()
        event.prevent_default()
        text = event.text.rstrip("\r\n").replace("\r\n", "\n")
        self.replace(text, *sorted(self.selection))

    def action_keep(self, step: int, arrow: bool = False) -> None:
        """Keeps what was typed."""
        self.post_message(Kept(step, arrow))

    def action_drop(self) -> None:
        """Gives up what was typed."""
        self.post_message(Dropped())


class TextEditor(Contained, TextArea, Overlay):
    """An editor of several lines, for notes and kernel command lines."""

    DEFAULT_CSS = f"TextEditor {{ height: 5; {_OVER} }}"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "keep(1)", "keep", show=False, id="editor.keep-text"),
        Binding("escape", "drop", "restore", show=False, id="editor.drop-text"),
        # Keys of the screen that TextArea would take for selecting.
        Binding("f6", "screen.stop", show=False),
        Binding("f7", "screen.dry_run", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(
            "", id="text-editor", compact=True, tab_behavior="focus", highlight_cursor_line=False,
            soft_wrap=True, show_line_numbers=False,
        )  # fmt: skip
        self.cursor_blink = False
        self._opening = False

    def get_line(self, line_index: int) -> Text:
        """Returns a line, safe to draw; it has as many characters as the real one."""
        return Text(clean(self.document.get_line(line_index)), end="", no_wrap=True)

    @property
    def typed(self) -> str:
        """What stands in the editor."""
        return self.text

    def open(self, text: str) -> None:
        """Opens with a text, the cursor at its end."""
        with self.prevent(TextArea.Changed):
            self.text = text
        self.move_cursor(self.document.end)
        self.add_class("-open")
        self.screen.set_focus(self, scroll_visible=False)

    def close(self) -> None:
        """Closes; the owner moves the focus."""
        self.remove_class("-open")

    def _on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(Typed(self.text))

    def action_keep(self, step: int) -> None:
        """Keeps what was typed."""
        self.post_message(Kept(step))

    def action_drop(self) -> None:
        """Gives up what was typed."""
        self.post_message(Dropped())

    def action_noop(self) -> None:
        """Does nothing."""
