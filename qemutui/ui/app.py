"""The app: which profiles are open, which VMs run, and what is asked before it ends."""

import asyncio
import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from qemutui.core import keyval
from qemutui.core.profile import Profile
from qemutui.core.text import clean
from qemutui.ui.catalogs import Ask, Asked, Catalogs
from qemutui.ui.messages import CatalogCame
from qemutui.ui.quitting_app import QuittingApp
from qemutui.ui.run import Run
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.session import Session

if TYPE_CHECKING:
    from qemutui.host.drafts import Draft
    from qemutui.host.record import Record
    from qemutui.ui.commands import Entry
    from qemutui.ui.files_app import Subject

_FIND_AFTER = 0.2
"""Seconds after the start in which nobody waits for the VMs that run already."""


class QemutuiApp(QuittingApp):
    """Owns sessions and runs; its screens show one session each, or the library."""

    TITLE = "qemutui"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit"),
    ]

    def __init__(self, session: Session | None, ask: Ask | None = None) -> None:
        super().__init__([session] if session is not None else [])
        self.catalogs = Catalogs(self._catalog_came, ask)
        """What the QEMUs of the profiles offer."""
        self.shown_run: Record | None = None
        """The run that the app was opened on."""
        self.last_shown: Subject | None = None
        """What the library was left for, or left last, to come back to its row."""
        self.recent_types: dict[str, list[str]] = {}
        """What was added lately, the last first, by the first group of its section."""

    def get_default_screen(self) -> Screen[None]:
        if self.sessions:
            return MainScreen(self.sessions[0])
        from qemutui.ui.screens.library import LibraryScreen

        return LibraryScreen()

    def action_command_palette(self) -> None:
        """Opens the palette of whatever screen is shown."""
        from qemutui.ui.commands import commands, profiles
        from qemutui.ui.screens.palette import Palette

        def chosen(entry: "Entry | None") -> None:
            if entry is not None:
                # It acts on the screen below, which is not shown before this has closed.
                self.call_later(entry.run)

        if not isinstance(self.screen, ModalScreen):
            palette = Palette(commands(self, self.screen), lambda: profiles(self))
            self.push_screen(palette, chosen)

    def on_mount(self) -> None:
        self.call_after_refresh(_collect_garbage)
        self.set_timer(_FIND_AFTER, self._begin_watching)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self._ended_by, number)

    def _begin_watching(self) -> None:
        if self.shown_run is not None and isinstance(self.screen, MainScreen):
            self.screen.show_run(self.shown_run)
        self.watch_for_runs()
        self.begin_keeping()

    def on_unmount(self) -> None:
        self.catalogs.end()

    def _catalog_came(self, asked: Asked) -> None:
        gc.freeze()  # as after the first frame: a catalog stays, and the collector is slow with it
        for screen in self.screen_stack:
            screen.post_message(CatalogCame(asked))

    def _ended_by(self, number: signal.Signals) -> None:
        """Ends the app and leaves the VMs running; the terminal is given back as it was."""
        self.keep_unsaved()
        self.exit(128 + number, return_code=128 + number)

    def _fatal_error(self) -> None:
        """Ends the app after a failure of its own, in one line; VMs run on, drafts are kept."""
        if os.environ.get("QEMUTUI_DEBUG"):
            super()._fatal_error()
            return
        error = sys.exc_info()[1] or self._exception
        said = clean(f"{type(error).__name__}: {error}"[:300])
        line = f"qemutui failed: {said}; VMs run on. QEMUTUI_DEBUG=1 shows where."
        self._exit_renderables[:] = [Text(line)]
        self._return_code = 70  # EX_SOFTWARE, as without the screen
        self.keep_unsaved()
        self._close_messages_no_wait()

    # Screens

    def _show(self, screen: Screen[None]) -> None:
        if not self.screen._result_callbacks:
            # The screen that the app began with was never pushed, and cannot be switched else.
            self.screen._push_result_callback(self, None)
        self.switch_screen(screen)

    def show_session(self, session: Session, launch: bool = False, run: Run | None = None) -> None:
        """Shows a session on the main screen, with a run of it, else its last one."""
        path = session.document.path if session.document is not None else None
        run = run or self.run_of(path, session)
        if session not in self.sessions:
            self.sessions.append(session)
        else:
            self.sessions.remove(session)
            self.sessions.append(session)
        if path is not None:
            self.remember(path)
        screen = MainScreen(session, run)
        self._show(screen)
        if launch:
            screen.call_after_refresh(screen.action_launch)

    def show_run(self, key: str) -> None:
        """Shows the run of a row of `run_rows`, on its profile."""
        run = self.run_by(key)
        if run is None:
            return
        session = run.session or self.session_at(run.path)
        if session is None and run.running is not None:
            session = session_of_run(run.running.record)
        if session is not None:
            run.session = run.session or session
            self.show_session(session, run=run)

    def show_library(self) -> None:
        """Shows the library."""
        from qemutui.ui.screens.library import LibraryScreen

        if isinstance(self.screen, MainScreen):
            session = self.screen.session
            self.last_shown = session.document.path if session.document is not None else session
        self._show(LibraryScreen())

    def back(self) -> None:
        """Shows the session that was shown last."""
        if self.sessions:
            self.show_session(self.sessions[-1])

    def open_new(self) -> None:
        """Shows an empty profile; relative paths start where qemutui was started."""
        self.show_session(Session(Profile(), Path.cwd(), None))

    def import_command(self, text: str | None = None) -> None:
        """Opens the import on what was pasted, else on the text that it was left with."""
        from qemutui.ui.screens.importing import ImportScreen

        self.push_screen(ImportScreen(self.import_text if text is None else text, text is not None))

    def open_imported(self, profile: Profile) -> None:
        """Shows what was imported; it ran, or would have, where qemutui was started."""
        here = Path.cwd()
        written = profile.launch.directory
        if written is not None:
            place = os.path.normpath(here / keyval.text(written))
            profile = profile.with_key("launch", profile.launch.with_key("directory", place))
        session = Session(Profile(), here, None)
        session.change(profile, "importing")
        self.show_session(session)

    def open_path(self, path: Path, launch: bool = False) -> None:
        """Shows the profile in a file; one that is open already as it is."""
        from qemutui.host.content import StoreError

        self.last_shown = path
        if (open_already := self.session_at(path)) is not None:
            self.show_session(open_already, launch)
            return
        try:
            session = open_session(path)
        except StoreError as error:
            self.say(str(error), "error")
            return
        self.show_session(session, launch)

    def open_draft(self, draft: "Draft") -> None:
        """Shows a profile that never had a file, as a draft of an earlier time has it."""
        from qemutui.host.content import StoreError
        from qemutui.host.store import load

        session = Session(Profile(), draft.origin.directory, None)
        try:
            document = load(draft.file)
            if draft.origin.example is not None:
                session.example = load(draft.origin.example)
            self.drafting.adopt(session, draft)
        except (StoreError, OSError) as error:
            self.say(f"The draft cannot be opened: {error}", "error")
            return
        session.change(document.profile, "restoring")
        self.show_session(session)

    def ask_to_open(self) -> None:
        """Asks for the path of a profile, and opens it."""
        from qemutui.host import paths
        from qemutui.ui.screens.path_prompt import OpenPrompt

        def opened(text: str | None) -> None:
            if text:
                self.open_path(paths.typed(text))

        hint = "Tab completes · Enter opens · Esc stays"
        self.push_screen(OpenPrompt("Open which file?", "", hint, Path.cwd(), paths.typed), opened)

    def profile_word(self) -> str:
        from qemutui.host import paths
        from qemutui.ui.clipboard import word_of

        document = self.screen.session.document if isinstance(self.screen, MainScreen) else None
        return word_of(document.path if document is not None else None, paths.profiles())


def _collect_garbage() -> None:
    """Switches the collector on, which `__main__` starts without, once the first frame is drawn."""
    gc.freeze()
    gc.enable()


def open_session(path: Path) -> Session:
    """Reads a profile for the screen; an example as a copy.

    Raises:
        StoreError: The file cannot be read, or is no profile.
    """
    from qemutui.host import library
    from qemutui.host.store import load

    document = load(path)
    if library.is_example(path):
        session = Session(document.profile, path.parent, None)
        session.example = document
        return session
    return Session(document.profile, path.parent, document)


def session_of_run(record: "Record") -> Session:
    """Returns a session for a run: on its profile, or where that is gone on its command."""
    from qemutui.host.content import StoreError

    if record.profile:
        with suppress(StoreError):
            return open_session(Path(record.profile))
    from qemutui.core import recovered

    profile = recovered.profile(record.argv, record.binary, record.monitor)
    return Session(profile, Path(record.directory), None)


def run(profile: Path | None, record: "Record | None" = None) -> int:
    """Runs the app on a profile, on a run, or on the library; returns the exit status.

    Raises:
        StoreError: The profile cannot be read.
    """
    from qemutui.host import paths

    session = open_session(paths.absolute(profile)) if profile is not None else None
    if record is not None:
        session = session_of_run(record)
    app = QemutuiApp(session)
    app.shown_run = record
    status = app.run(mouse=app.takes_mouse)
    with suppress(OSError):  # the terminal itself may be gone
        for line in app.kept:
            print(clean(line), file=sys.stderr)
    return status if status is not None else app.return_code or 0
