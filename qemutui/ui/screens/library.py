"""The library: every profile by name, and the examples."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.messages import RunChanged
from qemutui.ui.screens.sized import SizedScreen
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.footer_line import FooterLine, Hint
from qemutui.ui.widgets.header_line import HeaderLine, Part
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.section_list import summary
from qemutui.ui.widgets.title import Title

if TYPE_CHECKING:
    from qemutui.ui.app import QemutuiApp


class Listed(NamedTuple):
    """One row: a profile of the library, an example, or one that is open and has no file yet."""

    name: str
    path: Path | None
    is_example: bool = False


class LibraryList(RowList):
    """One row a profile. Files are read only when their row is drawn."""

    def __init__(self) -> None:
        super().__init__(id="profiles")
        self.listed: list[Listed] = []
        self.states: dict[Path, str] = {}
        self._read: dict[Path, tuple[str, str]] = {}

    def show(self, listed: list[Listed], states: dict[Path, str]) -> None:
        """Shows other profiles; `states` says of those that are open what they are."""
        self.listed, self.states = listed, states
        self._read.clear()
        self.rows_changed()

    def about(self, listed: Listed) -> tuple[str, str]:
        """Returns the machine of a profile in short, or what is wrong with its file."""
        path = listed.path
        if path is None:
            return "", ""
        if path not in self._read:
            from qemutui.host.content import StoreError
            from qemutui.host.store import load

            try:
                self._read[path] = (clean(summary(load(path).profile)), "")
            except StoreError as error:
                self._read[path] = ("", str(error))
        return self._read[path]

    @property
    def chosen(self) -> Listed | None:
        """The profile under the cursor."""
        return self.listed[self.cursor] if 0 <= self.cursor < len(self.listed) else None

    @property
    def row_count(self) -> int:
        return len(self.listed)

    def row_mark(self, index: int) -> Span:
        listed = self.listed[index]
        palette = self.palette
        state = self.states.get(listed.path) if listed.path else None
        if state == "running":
            return glyphs.RUNNING, palette.ok
        if self.about(listed)[1]:
            return glyphs.WARNING, palette.warning
        return "", palette.text

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        listed = self.listed[index]
        palette = self.palette
        machine, problem = self.about(listed)
        state = self.states.get(listed.path, "") if listed.path else "not saved"
        where = "example" if listed.is_example else "library" if listed.path else ""
        spans = [
            (glyphs.pad(clean(listed.name), 17) + " ", palette.title),
            (glyphs.pad(machine, 25) + " ", palette.text),
        ]
        if problem:
            return [spans[0], (problem.split("\n")[0], palette.warning)]
        if state:
            spans.append((f"{state} ", palette.ok if state == "running" else palette.warning))
        gap = width - glyphs.span_cells(spans) - len(where)
        return [*spans, (" " * max(1, gap), palette.text), (where, palette.muted)]


class LibraryScreen(SizedScreen):
    """Profiles and examples; Enter opens one."""

    DEFAULT_CSS = """
    LibraryScreen LibraryList { height: 1fr; }
    LibraryScreen #about { height: 7; }
    LibraryScreen #about-command { height: 6; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "new", "New profile", show=False, id="library.new"),
        Binding("o", "open", "Open a file", show=False, id="library.open"),
        Binding("f5,ctrl+r,R", "launch", "Launch", show=False, id="library.launch"),
        Binding("r", "reread", "Read again", show=False, id="library.reread"),
        Binding("ctrl+p,colon", "palette", "Palette", show=False, id="library.palette"),
        Binding("ctrl+q", "quit", "Quit", show=False, id="library.quit"),
        Binding("escape,ctrl+o", "back", "Back", show=False, id="library.back"),
        Binding("f1,question_mark", "help", "Keys", show=False, id="library.help"),
    ]

    def compose(self) -> ComposeResult:
        self.header, self.footer = HeaderLine(), FooterLine()
        self.profiles = LibraryList()
        self.note = Title(id="library-note")
        self.about_title = Title(id="about-title")
        self.about = _About()
        yield self.header
        yield self.note
        yield self.profiles
        yield self.about_title
        yield self.about
        yield self.footer

    @property
    def qemutui(self) -> "QemutuiApp":
        """The app, by its own type."""
        return cast("QemutuiApp", self.app)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.action_reread())
        self.profiles.focus()
        self.action_reread()

    def on_screen_resume(self) -> None:
        self.action_reread()

    def action_reread(self) -> None:
        """Lists the library again."""
        from qemutui.host import library
        from qemutui.host.content import StoreError

        try:
            found = library.profiles()
        except StoreError as error:
            found = []
            self.footer.say(str(error), "error")
        listed = [Listed(session.title, None) for session in self.qemutui.unsaved()]
        listed += [Listed(one.stem, one.path) for one in found]
        listed += [Listed(one.name, one.path, True) for one in library.examples()]
        chosen = self.profiles.chosen.path if self.profiles.chosen else self.qemutui.last_opened
        self.profiles.show(listed, self.qemutui.states())
        paths = [one.path for one in listed]
        if chosen in paths:
            self.profiles.cursor = paths.index(chosen)
        self._show(len(found))

    def _show(self, count: int) -> None:
        palette = palette_of(self.app)
        running = sum(run.is_alive for run in self.qemutui.runs)
        words = f"{count} profile{'s' * (count != 1)} {glyphs.DOT} {running} running  "
        new = Part([("  + New ^n  ", palette.button)], "new")
        self.header.show(
            [Part([(" qemutui", palette.title), ("  library", palette.muted)])],
            [Part([(words, palette.muted)], rank=1), new],
        )
        first = "Profiles" if count else "No profiles yet."
        rest = f"Enter opens a copy of an example {glyphs.DOT} ^n new {glyphs.DOT} o opens a file"
        self.note.set(None, first, "" if count else rest)
        self.footer.show(
            [
                Hint("Enter", "open", "choose"),
                Hint("^n", "new", "new"),
                Hint("o", "open a file", "open"),
                Hint("F5", "launch", "launch"),
                Hint("^q", "quit", "quit"),
                Hint("?", "keys", "help"),
            ]
        )
        self._show_about()

    def _show_about(self) -> None:
        listed = self.profiles.chosen
        if listed is None:
            self.about_title.set(None, "")
            self.about.show([])
            return
        machine, problem = self.profiles.about(listed)
        self.about_title.set(None, clean(listed.name), machine)
        self.about.show(self._about_lines(listed, problem))

    def _about_lines(self, listed: Listed, problem: str) -> list[str]:
        if problem:
            return problem.splitlines()
        if listed.path is None:
            return ["Open, and not saved yet."]
        from qemutui.core import argv, edit
        from qemutui.host.content import StoreError
        from qemutui.host.store import load
        from qemutui.ui.command_layout import shown

        try:
            profile = load(listed.path).profile
        except StoreError as error:
            return str(error).splitlines()
        notes = edit.scalar_text(profile.notes).strip().splitlines()
        command = [shown(word).text for word in argv.words(argv.build(profile))]
        return [*notes[:3], " ".join(command)]

    @on(RowList.Moved, "#profiles")
    def _moved(self) -> None:
        self._show_about()

    @on(RowList.Chosen, "#profiles")
    def _chosen(self) -> None:
        self._open(launch=False)

    def _open(self, launch: bool) -> None:
        listed = self.profiles.chosen
        if listed is None:
            return
        if listed.path is None:
            session = next(s for s in self.qemutui.unsaved() if s.title == listed.name)
            self.qemutui.show_session(session, launch)
        else:
            self.qemutui.open_path(listed.path, launch)

    def on_run_changed(self, event: RunChanged) -> None:
        """Shows which VMs run."""
        self.action_reread()

    @on(HeaderLine.Pressed)
    @on(FooterLine.Pressed)
    async def _pressed(self, event: HeaderLine.Pressed | FooterLine.Pressed) -> None:
        await self.run_action(event.action)

    def on_key(self) -> None:
        self.footer.key_pressed()

    def action_choose(self) -> None:
        """Opens the profile under the cursor."""
        self._open(launch=False)

    def action_launch(self) -> None:
        """Opens the profile under the cursor and launches it."""
        self._open(launch=True)

    def action_new(self) -> None:
        """Begins an empty profile."""
        self.qemutui.open_new()

    def action_open(self) -> None:
        """Asks for a path and opens it."""
        self.qemutui.ask_to_open()

    def action_back(self) -> None:
        """Goes back to the profile that was open last."""
        self.qemutui.back()

    def action_palette(self) -> None:
        """Opens the palette."""
        self.app.action_command_palette()

    def action_quit(self) -> None:
        """Quits, after asking what becomes of changes and VMs."""
        self.qemutui.ask_to_quit()

    def action_help(self) -> None:
        """Shows the keys."""
        from qemutui.ui.screens.help import Help

        self.app.push_screen(Help())


class _About(RowList):
    """What the marked profile is: its notes and its command, or what is wrong with its file."""

    can_focus = False

    def __init__(self) -> None:
        super().__init__(id="about")
        self._texts: list[str] = []
        self._lines: list[str] = []

    def show(self, lines: list[str]) -> None:
        """Shows other lines, wrapped to the width that there is."""
        self._texts = lines
        self.on_resize()

    def on_resize(self) -> None:
        """Wraps anew."""
        import textwrap

        width = max(20, self.size.width - self.text_column - 1)
        self._lines = [
            clean(part) for line in self._texts for part in textwrap.wrap(line, width) or [""]
        ]
        self.rows_changed()

    @property
    def row_count(self) -> int:
        return len(self._lines)

    def is_selectable(self, index: int) -> bool:
        return False

    def render_row(self, index: int, width: int) -> Sequence[Span]:
        return [(self._lines[index], self.palette.text)]
