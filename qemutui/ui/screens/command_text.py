"""The whole command as text: what is typed is read and checked, and applied as one change."""

import asyncio
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.style import Style
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Static, TextArea

from qemutui.core.profile import Profile
from qemutui.ui import glyphs, panes
from qemutui.ui.actions import ACTIONS
from qemutui.ui.marks import Marks
from qemutui.ui.screens.sized import SizedScreen
from qemutui.ui.text_reading import Said, TextReading
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.command_editor import CommandEditor, SaidList
from qemutui.ui.widgets.footer_line import FooterLine, Hint
from qemutui.ui.widgets.header_line import HeaderLine
from qemutui.ui.widgets.marked_text import Marked, MarkedText
from qemutui.ui.widgets.title import Title

if TYPE_CHECKING:
    from qemutui.core.facts import Facts, NamedFile
    from qemutui.ui.screens.main import MainScreen

_PAUSE = 0.1
"""Seconds without a key after which the text is read."""
_RESTS = 10
"""How many times as long as a reading takes the keys are left alone before the next one."""
_SAID, _SAID_SHORT = 8, 4
"""Rows of remarks and findings."""
_LINE = Style(underline=True)
_THEN = ("save", "launch", "library", "new", "palette", "go")
"""Actions of the main screen that need the whole: the text is applied first, as by Enter."""


class Dropped(NamedTuple):
    """A text that was given up, until it is brought back."""

    base: Profile
    text: str


class Applied(NamedTuple):
    """A profile that a text was applied to, and the action that was asked for besides."""

    profile: Profile
    then: str = ""


def _then_bindings() -> list[BindingType]:
    """Returns the keys of those actions that type nothing; users give them others by the names."""
    found: list[BindingType] = []
    for action in ACTIONS:
        keys = [key for key in action.keys.split(",") if "+" in key or key[1:].isdigit()]
        if action.name in _THEN:
            found.append(Binding(",".join(keys), f"then('{action.name}')", action.label,
                                 show=False, id=action.name))  # fmt: skip
        elif action.name in ("stop", "help", "redraw", "next_problem"):
            found.append(
                Binding(",".join(keys), action.name, action.label, show=False, id=action.name)
            )
    return found


class CommandTextScreen(SizedScreen):
    """The editor of the command in the place of all panes, with what there is to say below it."""

    DEFAULT_CSS = """
    CommandTextScreen { layout: vertical; }
    CommandTextScreen CommandEditor { height: 1fr; }
    CommandTextScreen #command-sentence { height: 1; padding: 0 1; background: $surface; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "leave; nothing changes", show=False, id="command-text.drop"),
        *_then_bindings(),
    ]

    def __init__(self, main: "MainScreen", text: str | None = None) -> None:
        """Begins with the command of a main screen, or with a text that was dropped there.

        Raises:
            shell.CannotPassError: A word of the command cannot be written for a shell.
        """
        super().__init__()
        self.main = main
        self.reading = TextReading(main.session.settled)
        self._begin = self.reading.begins_with if text is None else text
        self.left: Applied | Dropped | None = None
        """What became of the text once the screen is left; None where nothing did."""
        self._is_left = False
        self._due = 0.0
        self._pause = _PAUSE
        self._timer: Timer | None = None
        self._facts: Facts | None = main.facts
        self._named: tuple[NamedFile, ...] | None = None
        self._said: tuple[Said, ...] = ()
        self._marked: list[tuple[str, tuple[int, int]]] = []

    def compose(self) -> ComposeResult:
        self.header, self.footer = HeaderLine(), FooterLine()
        self.title_line = Title()
        self.editor = CommandEditor(self._begin)
        self.said = SaidList()
        self.sentence = Static(id="command-sentence")
        yield self.header
        yield self.title_line
        yield self.editor
        yield self.said
        yield self.sentence
        yield self.footer

    def on_mount(self) -> None:
        self.title_line.active = True
        self.set_focus(self.editor)
        self.editor.move_cursor(self.editor.document.end)
        self.set_interval(1, self._show_header)
        self.footer.show(
            [
                Hint("Enter", "apply", "apply"),
                Hint("\\ Enter", "new line", "break_line"),
                Hint("Esc", "leave", "drop"),
                Hint("F8", "next remark", "next_problem"),
                Hint("F1", "keys", "help"),
            ]
        )
        self._read()

    def on_resize(self) -> None:
        # What was hidden has lost the focus.
        if self.focused is None and not self.is_too_small:
            self.call_after_refresh(self.set_focus, self.editor)

    def _show_header(self) -> None:
        self.header.show(*self.main.header_parts(Marks(self.reading.findings)))

    # Reading

    @on(TextArea.Changed)
    @on(TextArea.SelectionChanged)
    def _changed(self, event: TextArea.Changed | TextArea.SelectionChanged) -> None:
        """Has the text read once nothing is typed for a moment; never on the way of a key."""
        event.stop()
        if isinstance(event, TextArea.Changed):
            self.footer.key_pressed()
        self._due = monotonic() + self._pause
        if self._timer is None:
            self._timer = self.set_timer(self._pause, self._look)

    def _look(self) -> None:
        rest = self._due - monotonic()
        if rest > 0.001:
            self._timer = self.set_timer(rest, self._look)
            return
        self._timer = None
        if not self._is_left:
            self._read()

    def _read(self) -> None:
        """Reads the text, if it is another, and says what there is to say where the cursor is."""
        text, reading = self.editor.text, self.reading
        if self.main.session.settled is not reading.base:  # what another program wrote was taken
            reading.lay_over(self.main.session.settled)
        if text != reading.text:
            began = perf_counter()
            reading.read(text)
            if reading.laid is not None:
                # Not yet the profile that is shown; but a draft has it, and quitting asks about it.
                self.main.session.preview(reading.laid.profile)
            self._check()
            self._pause = max(_PAUSE, _RESTS * (perf_counter() - began))
        self._show()

    def _check(self) -> None:
        from qemutui.core.facts import named_files

        self.reading.check(self._facts)
        if self.reading.laid is None:
            return
        profile = self.reading.laid.profile
        named = named_files(profile)
        if named != self._named:
            self._named = named
            self._gather(profile)

    @work(group="facts", exclusive=True)
    async def _gather(self, profile: Profile) -> None:
        """Looks at the files that the text names, away from the screen: a disk may be slow."""
        facts = await asyncio.to_thread(self.main.gather_facts, profile)
        if facts != self._facts and not self._is_left:
            self._facts = facts
            self._check()
            self._show()

    # What is shown

    def _show(self) -> None:
        palette = palette_of(self.app)
        reading, fault = self.reading, self.reading.fault
        self._said = said = reading.said()
        marked = [(one.severity, one.span) for one in said if one.span is not None]
        if fault is not None:
            marked.append(("error", fault))
        if marked != self._marked:
            self._marked = marked
            styles = {one: palette.of_severity(one, palette.accent) + _LINE for one, _ in marked}
            self.editor.mark([Marked(*span, styles[one]) for one, span in reversed(marked)])
        place = self.editor.place
        here = [one for one in said if one.span and one.span[0] <= place <= one.span[1]]
        most = _SAID_SHORT if self.app.size.height < panes.MID else _SAID
        self.said.show([*here, *(one for one in said if one not in here)], most)
        lines = self.editor.document.line_count
        at = f"line {self.editor.cursor_location[0] + 1} of {lines}"
        self.title_line.set(3, "Command", "as text", at)
        sentence, style = reading.sentence, palette.text
        if reading.laid is None:
            line = reading.line(fault[0]) if fault is not None else ""
            sentence, style = f"{glyphs.ERROR} {sentence}  {line}", palette.error
        self.sentence.update(Text(sentence, style=style, no_wrap=True, overflow="ellipsis"))
        self._show_header()

    # Leaving

    @on(CommandEditor.Entered)
    def _entered(self) -> None:
        self.action_apply()

    def action_apply(self) -> None:
        """Applies the text as one change; says why not where it holds no command."""
        self.action_then("")

    def action_then(self, name: str) -> None:
        """Applies the text, and then does what was asked for on the main screen."""
        self._read()
        reading = self.reading
        if reading.laid is not None:
            self._leave(Applied(reading.laid.profile, name))
            return
        self.footer.say(f"Nothing is applied. {reading.sentence}", "error")
        if reading.fault is not None:
            self.editor.go_to(reading.fault[0])

    def _leave(self, left: Applied | Dropped | None) -> None:
        self._is_left = True
        self.left = left
        self.dismiss()

    def let_quit(self) -> bool:
        """Applies the text, and asks the main screen to quit."""
        self.action_then("quit")
        return False

    def action_drop(self) -> None:
        """Gives the text up; `redo` brings it back."""
        text = self.editor.text
        reading = self.reading
        self._leave(Dropped(reading.base, text) if text != reading.begins_with else None)

    def action_break_line(self) -> None:
        """Begins a line where the cursor stands."""
        self.editor.insert("\\" if self.editor.place else "")
        self.editor.action_enter()

    def action_next_problem(self) -> None:
        """Goes to the next remark or finding."""
        self._read()
        places = sorted({one.span[0] for one in self._said if one.span is not None})
        if not places:
            self.footer.say("No problems found.")
            return
        here = self.editor.place
        self.editor.go_to(next((place for place in places if place > here), places[0]))

    def action_stop(self) -> None:
        """Stops the VM, as on the main screen."""
        if self.main.is_idle:
            self.footer.say("Nothing runs here.")
        else:
            self.main.action_stop()

    def action_redraw(self) -> None:
        """Draws everything anew."""
        self.refresh(layout=True, repaint=True)

    def action_help(self) -> None:
        """Shows the keys."""
        from qemutui.ui.screens.help import Help

        self.app.push_screen(Help(self.editor))

    @on(MarkedText.TooMuch)
    def _too_much(self, event: MarkedText.TooMuch) -> None:
        self.footer.say(event.sentence, "error")

    @on(SaidList.Clicked)
    def _said_clicked(self, event: SaidList.Clicked) -> None:
        if event.said.span is not None:
            self.editor.go_to(event.said.span[0])
        self.set_focus(self.editor)

    @on(HeaderLine.Pressed)
    def _header_pressed(self, event: HeaderLine.Pressed) -> None:
        self.action_then(event.action)

    @on(FooterLine.Pressed)
    async def _footer_pressed(self, event: FooterLine.Pressed) -> None:
        await self.run_action(event.action)

    def on_key(self) -> None:
        self.footer.key_pressed()
