"""The library as it is drawn, and as it is read once rows are seen."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult

from qemutui.core.text import clean
from qemutui.ui import catalogs, glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.library_rows import Listing, Row
from qemutui.ui.messages import RunChanged
from qemutui.ui.screens.waiting import WaitingScreen
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.about_view import AboutView
from qemutui.ui.widgets.footer_line import FooterLine, Hint
from qemutui.ui.widgets.header_line import HeaderLine, Part
from qemutui.ui.widgets.library_heading import LibraryHeading
from qemutui.ui.widgets.library_list import LibraryList, problem_words
from qemutui.ui.widgets.row_list import RowList
from qemutui.ui.widgets.title import Title

if TYPE_CHECKING:
    from qemutui.host.about import Detail, Reader

_CHUNK = 50
"""Files that a search reads before it shows what it has found so far."""
_SECOND = 1.0
_UNSAVED = "Open, and not saved yet."
_HEIGHTS = [(0, "-lowest"), (18, "-low"), (30, "-high")]
"""Rows from which there is some room, and enough, for what is said of the marked profile."""
_FIRST = (
    f"No profiles yet. Ctrl+N new {glyphs.DOT} i import a command {glyphs.DOT} o open a file"
    f" {glyphs.DOT} or paste one here."
)


class LibraryFrame(WaitingScreen):
    """The rows, and what is said of the marked one."""

    DEFAULT_CSS = """
    LibraryFrame LibraryList { height: 1fr; }
    LibraryFrame #about { height: 6; }
    LibraryFrame.-low #about { height: 3; }
    LibraryFrame.-lowest #about, LibraryFrame.-lowest #about-title { display: none; }
    """
    VERTICAL_BREAKPOINTS = _HEIGHTS

    def __init__(self) -> None:
        super().__init__()
        self._listing = Listing((), 0)
        self._is_listed = False
        self._reader: Reader | None = None
        self._is_reading = False

    def compose(self) -> ComposeResult:
        self.header, self.footer = HeaderLine(), FooterLine()
        self.heading, self.profiles = LibraryHeading(), LibraryList()
        self.about_title, self.about = Title(id="about-title"), AboutView()
        yield self.header
        yield self.heading
        yield self.profiles
        yield self.about_title
        yield self.about
        yield self.footer

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show_all())
        self.set_focus(self.profiles)
        self.set_interval(_SECOND, self._show_clocks)
        self.show_all()

    def on_screen_resume(self) -> None:
        self.reread()

    def reread(self, path: Path | None = None) -> None:
        """Lists the library again, and reads again what is seen; goes to `path` then."""
        self._list(path)

    @work(group="listing", exclusive=True)
    async def _list(self, path: Path | None) -> None:
        from qemutui.host.about import Reader
        from qemutui.ui.library_rows import listing

        found = await asyncio.to_thread(listing)
        first = not self._is_listed
        self._listing, self._is_listed = found, True
        self._reader = Reader()
        self.profiles.about.clear()
        self.show_all()
        subject = path or (self.qemutui.last_shown if first else None)
        if subject is not None:
            self.profiles.go_to(subject)
        self.show_about()
        if found.failure:
            self.footer.say(found.failure, "error")
        elif first and (missing := await asyncio.to_thread(catalogs.without_qemu)):
            self.footer.say(missing, "warning")

    # What is shown

    def show_all(self) -> None:
        """Shows what was listed, and what is open."""
        rows = (*self._open_rows(), *self._listing.rows)
        self.profiles.no_rows = "" if self._is_listed else f"Reading {glyphs.ELLIPSIS}"
        self.profiles.show(rows, self.qemutui.states())
        self._show_header()
        self.show_hints()
        self.show_heading()

    def _open_rows(self) -> list[Row]:
        """Returns what no file stands for: open profiles without one, and runs of none."""
        open_ones = [Row(one.title, "open", None, one) for one in self.qemutui.without_file()]
        alive = [run for run in self.qemutui.runs if run.is_alive]
        if not alive:
            return open_ones
        shown = {row.subject for row in (*open_ones, *self._listing.rows)}
        lost = [run for run in alive if shown.isdisjoint(self.qemutui.subjects_of(run))]
        return [*open_ones, *(Row(run.title, "run", run=run.key) for run in lost)]

    def _show_header(self) -> None:
        palette = palette_of(self.app)
        count = self._listing.profiles + len(self.qemutui.without_file())
        running = sum(run.is_alive for run in self.qemutui.runs)
        words = f"{count} profile{'s' * (count != 1)} {glyphs.DOT} {running} running  "
        self.header.show(
            [Part([(" qemutui", palette.title), ("  library", palette.muted)])],
            [
                Part([(words if self._is_listed else "", palette.muted)], rank=1),
                Part([("  + New ^n  ", palette.button)], "new"),
            ],
        )

    def show_heading(self) -> None:
        """Shows what is searched for, and how much was found."""
        rows, count = self.profiles, self._listing.profiles + len(self.qemutui.without_file())
        found = f" {len(rows.rows)} of {rows.total}" if rows.sought else ""
        lead = _FIRST if self._is_listed and not count else ""
        self.heading.show(rows.sought, self.waiting is not None, found, lead)

    def show_hints(self) -> None:
        """Shows what the keys do on this row."""
        if self.waiting is not None:
            super().show_hints()
            self.show_heading()
            return
        row = self.profiles.chosen
        begin = (
            Hint("^n", "new", "new"),
            Hint("i", "import", "import"),
            Hint("o", "open a file", "open"),
        )
        hints = [*begin]
        if row is not None:
            is_running = self.profiles.is_alive(row)
            stop = [Hint("F6", "stop", "stop")] if is_running else []
            file = [Hint("e", "edit the file", "edit_file"), Hint("d", "duplicate", "duplicate")]
            trash = [Hint("Del", "move to trash", "trash")]
            hints = [
                Hint("Enter", "open", "choose"),
                *begin,
                *(stop or [Hint("F5", "launch", "launch")]),
                *(file if row.kind in ("library", "elsewhere") else []),
                *([] if row.kind == "example" or is_running else trash),
            ]
        self.footer.show([*hints, Hint("^q", "quit", "quit"), Hint("?", "keys", "help")])

    def _show_clocks(self) -> None:
        if self.is_current and any(run.is_alive for run in self.qemutui.runs):
            self.profiles.show(self.profiles.all, self.qemutui.states())

    def on_run_changed(self, event: RunChanged) -> None:
        """Shows which VMs run."""
        if event.sentence:
            self.footer.say(f"{event.run.title}: {event.sentence}", event.severity)
        if not event.run.is_alive:
            self.reread()
        self.show_all()

    # Reading

    @on(LibraryList.Wanted)
    def _wanted(self) -> None:
        self.read()

    def read(self) -> None:
        """Reads what is seen, and what is searched, in the background."""
        if not self._is_reading:
            self._is_reading = True
            self._read_all()

    @work(group="reading")
    async def _read_all(self) -> None:
        """Reads what is seen; then, while something is searched for, all the rest."""
        try:
            while (paths := self._next()) and self._reader is not None:
                reader = self._reader
                about = await asyncio.to_thread(reader.read, paths)
                if reader is self._reader:
                    self.profiles.take(about)
                    self.show_heading()
        finally:
            self._is_reading = False

    def _next(self) -> list[Path]:
        """Returns what is to be read next: what is seen, the last that was drawn first."""
        rows = self.profiles
        seen, rows.wanted_paths = rows.wanted_paths, []
        paths = [path for path in dict.fromkeys(reversed(seen)) if path not in rows.about]
        if not paths and rows.sought:
            paths = rows.unread()
        return paths[:_CHUNK]

    # The marked profile

    @on(RowList.Moved, "#profiles")
    def _moved(self) -> None:
        self.show_about()
        self.show_hints()

    @work(group="about", exclusive=True)
    async def show_about(self) -> None:
        """Shows what the marked profile is."""
        from qemutui.host.about import Reader
        from qemutui.host.content import StoreError

        row = self.profiles.chosen
        palette = palette_of(self.app)
        if row is None:
            self.about_title.set(None, "")
            self.about.show([])
            return
        self.about_title.set(None, clean(row.name))
        if row.path is None:
            self.about.show([self._of_open(row)])
            return
        reader = self._reader or Reader()
        try:
            detail = await asyncio.to_thread(reader.detail, row.path)
        except StoreError as error:
            lines = problem_words(str(error)).splitlines()
            self.about.show([[(word, palette.warning) for word in line.split()] for line in lines])
            return
        self._show_detail(row, detail)

    def _of_open(self, row: Row) -> list[Span]:
        """Returns what is said of a row without a file: of a run, its command."""
        from qemutui.ui.command_layout import shown

        palette = palette_of(self.app)
        run = self.qemutui.run_by(row.run)
        if run is not None and run.running is not None:
            return [(shown(word).text, palette.text) for word in run.running.record.argv]
        words = "Runs, and has no file." if self.profiles.is_alive(row) else _UNSAVED
        return [(words, palette.muted)]

    def _show_detail(self, row: Row, detail: "Detail") -> None:
        from qemutui.core import argv
        from qemutui.ui.command_layout import shown
        from qemutui.ui.library_rows import day

        palette = palette_of(self.app)
        words = argv.words(detail.command)
        count = sum(argument.path != ("binary",) for argument in detail.command)
        kind = f"{count} option{'s' * (count != 1)}"
        edited = ""
        if detail.edited is not None and row.kind != "example":
            from datetime import datetime

            edited = f"edited {day(detail.edited, datetime.now().astimezone())}"
        self.about_title.set(None, clean(row.name), kind, edited)
        styles = [palette.title, *(palette.option if word.startswith("-") else palette.text
                                   for word in words[1:])]  # fmt: skip
        command = [(shown(word).text, style) for word, style in zip(words, styles, strict=True)]
        last = detail.last
        lines = [command]
        if last.severity == "error":
            after = "" if last.seconds is None else f" after {last.seconds:.1f} s"
            state = last.state.replace("exited ", "ended with status ")
            said = f"{glyphs.ERROR} Last run {state}{after}."
            lines.append([(said, palette.error), ("Enter opens it.", palette.muted)])
            lines.append([(word, palette.text) for word in detail.printed.split()])
        self.about.show(lines)

    @on(HeaderLine.Pressed)
    @on(FooterLine.Pressed)
    async def _pressed(self, event: HeaderLine.Pressed | FooterLine.Pressed) -> None:
        await self.run_action(event.action)

    def on_key(self) -> None:
        self.footer.key_pressed()
