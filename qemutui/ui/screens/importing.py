"""Makes a profile of a command: the text, what becomes of it, and what there is to say about it."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Static, TextArea

from qemutui.core.profile import Profile
from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.import_rows import Outcome, outcome
from qemutui.ui.screens.sized import SizedScreen
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.footer_line import FooterLine, Hint
from qemutui.ui.widgets.header_line import HeaderLine, Part
from qemutui.ui.widgets.import_result import ImportResult
from qemutui.ui.widgets.marked_text import Marked, MarkedText, too_much, unified
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import Title

if TYPE_CHECKING:
    pass

_PAUSE = 0.06
"""Seconds without a key after which a text is read."""
_WIDTHS = [(0, "-stacked"), (100, "-beside")]
"""Columns from which there is room for the text and its profile beside each other."""
_NOTHING = Outcome("")
_MARK = Style(underline=True)
"""What tells marked words from others where there is no colour."""


def read(text: str) -> Outcome:
    """Returns what becomes of a text. May wait for a QEMU that is asked about an option."""
    from qemutui.core.command_text import NoCommandError
    from qemutui.core.command_text import read as read_command
    from qemutui.host.importing import of_command

    if not text.strip():
        return _NOTHING
    try:
        return outcome(of_command(read_command(text)))
    except NoCommandError as error:
        return Outcome(error.message, fault=(error.start, error.end))


class ImportScreen(SizedScreen):
    """A command at the left, or above; its profile beside it. Nothing changes before it is taken.

    What was pasted as a whole leaves the focus to the result, where Enter takes it; in the text
    Enter is a new line.
    """

    DEFAULT_CSS = """
    ImportScreen #import-body { height: 1fr; layout: vertical; }
    ImportScreen #import-left { height: 2fr; }
    ImportScreen #import-right { height: 3fr; }
    ImportScreen.-beside #import-body { layout: horizontal; }
    ImportScreen.-beside #import-left, ImportScreen.-beside #import-right {
        width: 1fr; height: 100%;
    }
    ImportScreen MarkedText, ImportScreen ImportResult { height: 1fr; }
    ImportScreen #import-sentence { height: auto; max-height: 3; padding: 0 1; }
    """
    HORIZONTAL_BREAKPOINTS = _WIDTHS

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", "Open it as a new profile", show=False, id="import.accept"),
        Binding("tab,shift+tab", "other", "To the other pane", show=False, id="import.other"),
        Binding("escape", "leave", "Leave; nothing changes", show=False, id="import.leave"),
        Binding("f1,question_mark", "help", "Keys", show=False, id="import.help"),
    ]

    def __init__(self, text: str | None, pasted: bool) -> None:
        """Begins with a text; None: with the one that an earlier qemutui was left with.

        `pasted`: as if it had been pasted here.
        """
        super().__init__(id="import")
        self._brings_back = text is None
        text = unified(text or "")
        self._refused = too_much(text)
        """Why what was pasted last was not taken."""
        self._first = "" if self._refused else text
        self._was_pasted = pasted and not self._refused
        self._timer: Timer | None = None
        self._is_reading = False
        self._takes_next = False
        self._read_text = ""
        self.outcome = _NOTHING
        """What becomes of the text as it was read last."""

    def compose(self) -> ComposeResult:
        self.header, self.footer = HeaderLine(), FooterLine()
        self.text = MarkedText(self._first, "import-text")
        self.result = ImportResult()
        self.text_title, self.result_title = Title(), Title()
        self.sentence = Static(id="import-sentence")
        yield self.header
        with Container(id="import-body"):
            with Vertical(id="import-left"):
                yield self.text_title
                yield self.text
            with Vertical(id="import-right"):
                yield self.result_title
                yield self.result
        yield self.sentence
        yield self.footer

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show())
        self.text.move_cursor(self.text.document.end)
        self.set_focus(self.result if self._was_pasted else self.text)
        self._show()
        self._read()
        if self._brings_back:
            self._bring_back()

    @work(group="bringing back")
    async def _bring_back(self) -> None:
        from qemutui.host import unfinished

        text = unified(await asyncio.to_thread(unfinished.kept))
        # Somebody may have typed already, while the disk was slow.
        if text and not self.text.text and not too_much(text):
            self.text.text = text
            self.text.move_cursor(self.text.document.end)

    # Reading

    @on(TextArea.Changed)
    def _text_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._refused = ""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._read)

    @on(MarkedText.Pasted)
    def _pasted(self) -> None:
        self._was_pasted = True
        self._read()

    @on(MarkedText.TooMuch)
    def _too_much(self, event: MarkedText.TooMuch) -> None:
        self._refused = event.sentence
        self._show_sentence()

    @property
    def is_read(self) -> bool:
        """Whether what is shown is of the text as it is."""
        return self._read_text == self.text.text and not self._is_reading

    def _read(self) -> None:
        if not self._is_reading:
            self._is_reading = True
            self._read_all()

    @work(group="reading")
    async def _read_all(self) -> None:
        """Reads the text, and again while it is another; never on the way of a key."""
        try:
            while True:
                text = self.text.text
                found = await asyncio.to_thread(read, text)
                if text == self.text.text:
                    break
        finally:
            self._is_reading = False
        self._read_text, self.outcome = text, found
        if text or not self._brings_back:
            self.qemutui.import_text = text
        self._show()
        self._point()
        self._settle_focus()

    def _settle_focus(self) -> None:
        """Goes to where a text that was pasted leads, and takes it if that was asked for."""
        was_pasted, self._was_pasted = self._was_pasted, False
        takes, self._takes_next = self._takes_next, False
        if self.outcome.profile is None:
            if self.outcome.fault is not None and (was_pasted or takes):
                self.set_focus(self.text)
                self.text.go_to(self.outcome.fault[0])
        elif takes:
            self._take(self.outcome.profile)
        elif was_pasted:
            self.set_focus(self.result)
            first = self.result.chosen
            self.text.go_to(first.ranges[0][0] if first is not None and first.ranges else 0)

    # What is shown

    def _show(self) -> None:
        found = self.outcome
        palette = palette_of(self.app)
        button = Part([("  Open ^s  ", palette.button)], "accept")
        self.header.show(
            [Part([(" qemutui", palette.title), ("  import a command", palette.muted)])],
            [button] if found.profile is not None else [],
        )
        remarks = sum(not row.place for row in found.rows)
        count = f"{remarks} remark{'s' * (remarks != 1)}" if remarks else ""
        self.result.show(found.rows)
        self.text_title.set(None, "Command")
        self.result_title.set(None, "Profile", "", count)
        self._show_sentence()
        self.show_hints()

    def _show_sentence(self) -> None:
        found, palette = self.outcome, palette_of(self.app)
        sentence = self._refused or found.sentence
        if self._refused or found.profile is None:
            sign, style = glyphs.ERROR, palette.error
        elif found.differs:
            sign, style = glyphs.CHANGED, palette.accent
        else:
            sign, style = glyphs.OK, palette.ok
        said = Text.assemble((f"{sign} ", style), (clean(sentence), palette.text))
        self.sentence.update(said if sentence else "")

    def show_hints(self) -> None:
        """Shows what the keys do in the pane that has the focus."""
        in_text = self.focused is self.text
        takes = [Hint("^s" if in_text else "Enter", "open as a new profile", "accept")]
        if self.outcome.profile is None:
            takes = []
        other = Hint("Tab", "to the profile" if in_text else "to the text", "other")
        leave = Hint("Esc", "leave", "leave")
        self.footer.show([*takes, other, leave, Hint("F1", "keys", "help")])

    def _point(self) -> None:
        """Marks what the remarks are about, most of all that of the row of the cursor."""
        palette = palette_of(self.app)
        marks: list[Marked] = []
        if self.outcome.fault is not None:
            marks.append(Marked(*self.outcome.fault, palette.error + _MARK))
        for row in self.outcome.rows:
            if not row.place:
                is_chosen = row is self.result.chosen
                style = palette.token if is_chosen else palette.warning + _MARK
                marks += [Marked(start, end, style) for start, end in row.ranges]
        self.text.mark(marks)

    @on(RowList.Moved, "#import-result")
    def _moved(self) -> None:
        self._point()
        row = self.result.chosen
        if row is not None and row.ranges:
            self.text.go_to(row.ranges[0][0])

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Marks the pane that the keys act in."""
        self.text_title.active = event.widget is self.text
        self.result_title.active = event.widget is self.result
        self.show_hints()

    # What is done

    @on(RowList.Chosen, "#import-result")
    def action_accept(self) -> None:
        """Opens the profile as one that is not saved yet."""
        if not self.is_read:
            self._takes_next = True
            self._read()
        elif self.outcome.profile is not None:
            self._take(self.outcome.profile)
        elif self.outcome.fault is not None:
            self.set_focus(self.text)
            self.text.go_to(self.outcome.fault[0])
        else:
            self.set_focus(self.text)
            self.footer.say("Paste or type a command first.")

    def _take(self, profile: Profile) -> None:
        self.qemutui.import_text = ""
        self.dismiss()
        # It acts on the screen below, which is not the one that is shown before this closed.
        self.app.call_later(self.qemutui.open_imported, profile)

    def action_other(self) -> None:
        """Goes to the other pane."""
        self.set_focus(self.text if self.focused is self.result else self.result)

    def action_leave(self) -> None:
        """Leaves; the text is there again when somebody comes back."""
        text = self.qemutui.import_text = self.text.text
        self.dismiss()
        if text.strip():
            words = "Nothing changed. The next import begins with this command."
            self.app.call_later(self.qemutui.say, words)

    def action_help(self) -> None:
        """Shows the keys."""
        from qemutui.ui.screens.help import Help

        self.app.push_screen(Help(self))

    @on(HeaderLine.Pressed)
    @on(FooterLine.Pressed)
    async def _pressed(self, event: HeaderLine.Pressed | FooterLine.Pressed) -> None:
        await self.run_action(event.action)

    def on_key(self) -> None:
        self.footer.key_pressed()
