"""The part of the app that knows which profiles are open, and what becomes of their files."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from qemutui.ui import drafting
from qemutui.ui.running_app import RunningApp

if TYPE_CHECKING:
    from qemutui.host.trash import Trashed
    from qemutui.ui.library_rows import Row
    from qemutui.ui.run import Run
    from qemutui.ui.session import Session

    Subject = Path | Session | str


class FilesApp(RunningApp):
    """Owns the sessions; keeps their drafts, and what was thrown away."""

    def __init__(self, sessions: "list[Session]") -> None:
        super().__init__()
        self.sessions = sessions
        self.drafting = drafting.Drafting()
        self.kept: list[str] = []
        """What is to be said of drafts once the terminal is the shell's again."""
        self.import_text: str | None = None
        """The command that an import was left with; None before there was any here."""
        self._thrown: list[tuple[Trashed, Session | None]] = []
        """What lies in the trash, the last last; with its session where it had no file."""
        self._throwing = asyncio.Lock()

    # Sessions

    def session_at(self, path: Path | None) -> "Session | None":
        """Returns the open session of a file, if there is one."""
        for session in self.sessions:
            if path is not None and session.document is not None and session.document.path == path:
                return session
        return None

    def without_file(self) -> "list[Session]":
        """Returns the sessions that have no file yet, but something to lose or a VM that runs."""
        running = {run.session for run in self.runs if run.is_alive}
        return [
            one
            for one in self.sessions
            if one.document is None and (one.has_changes or one in running)
        ]

    def states(self) -> "dict[Subject, str]":
        """Returns what open profiles and runs are: `running 00:12:07`, `paused`, `not saved`."""
        from qemutui.ui.run_parts import clock

        states: dict[Subject, str] = {}
        for session in self.sessions:
            if session.document is not None and session.has_changes:
                states[session.document.path] = "not saved"
        for run in self.runs:
            if run.is_alive:
                phase = "paused" if run.is_paused else run.phase
                state = f"{phase} {clock(run.age())}"
                states |= dict.fromkeys(self.subjects_of(run), state)
        return states

    @staticmethod
    def subjects_of(run: "Run") -> "list[Subject]":
        """Returns what a run is a run of: the file that was launched, the session and its file."""
        session = run.session
        document = session.document if session is not None else None
        saved = document.path if document is not None else None
        return [one for one in (run.path, saved, session, run.key) if one is not None]

    # Drafts

    def begin_keeping(self) -> None:
        """Keeps drafts from now on, and notes which profiles were opened."""
        self.set_interval(drafting.PERIOD, self._keep_drafts)
        for session in self.sessions:
            if session.document is not None:
                self.remember(session.document.path)

    def _keep_drafts(self) -> None:
        if self.drafting.is_due(self.sessions):
            self._write_drafts()

    @work(group="keeping")
    async def _write_drafts(self) -> None:
        # A worker: no key waits for a slow disk.
        failure = await self.drafting.look(tuple(self.sessions))
        if failure:
            self.say(failure, "error")

    def keep_unsaved(self) -> None:
        """Writes what was not saved into drafts, and says where they are when the app has ended."""
        from qemutui.host.content import StoreError

        self.keep_import()
        for session in self.sessions:
            if not session.has_changes:
                continue
            try:
                path = self.drafting.keep_now(session)
            except (StoreError, OSError) as error:
                self.kept.append(f"qemutui: unsaved changes of {session.stem} are lost: {error}")
            else:
                self.kept.append(f"qemutui: unsaved changes are in {path}")

    def keep_import(self) -> None:
        """Keeps a command that was typed and not imported, and says so when the app has ended."""
        from qemutui.host import unfinished

        text = self.import_text
        if text is None:
            return
        try:
            unfinished.keep(text)
        except OSError as error:
            self.kept.append(f"qemutui: the command that was not imported is lost: {error}")
        else:
            if text.strip():
                self.kept.append("qemutui: the next import begins with the command of this one")

    @work(group="recents")
    async def remember(self, path: Path) -> None:
        """Has the library list a profile that does not lie in it."""
        from qemutui.host import recents

        await asyncio.to_thread(recents.add, path)

    # The trash

    async def throw_away(self, row: "Row") -> str:
        """Moves a profile of the library to the trash; returns why it was not.

        Raises:
            StoreError: The trash does not take it.
        """
        # A key that comes twice throws one thing away once.
        async with self._throwing:
            if row.session is not None and row.session not in self.sessions:
                return ""
            return await self._throw_away(row)

    async def _throw_away(self, row: "Row") -> str:
        from qemutui.host import trash

        if row.kind == "example":
            return "An example stays; it comes with qemutui."
        if row.path is None and row.session is None:
            return f"{row.name} is running. F6 stops it first."
        session = row.session or self.session_at(row.path)
        run = self.run_of(row.path, session)
        if run is not None and run.is_alive:
            return f"{row.name} is running. F6 stops it first."
        if row.session is not None:
            path = await asyncio.to_thread(self._given_up, row.session)
        elif session is not None and session.has_changes:
            return f"{row.name} has unsaved changes. Enter opens it; save or undo them first."
        elif row.path is not None:
            path = row.path
        thrown = await asyncio.to_thread(trash.move, path)
        if session in self.sessions:
            self.sessions.remove(session)
        self._thrown.append((thrown, row.session))
        return ""

    def _given_up(self, session: "Session") -> Path:
        """Returns the draft of a session, whose content is what goes to the trash."""
        from qemutui.host.content import StoreError, reason

        try:
            path = self.drafting.keep_now(session)
        except OSError as error:
            raise StoreError(f"The draft cannot be written: {reason(error)}.") from error
        self.drafting.forget(session)
        return path

    async def bring_back(self) -> tuple[str, Path | None]:
        """Brings back what was thrown away last; returns its name, and where it is.

        The name is empty where there is nothing.

        Raises:
            StoreError: It cannot be brought back; it stays in the trash.
        """
        from qemutui.host import drafts, trash

        if not self._thrown:
            return "", None
        thrown, session = self._thrown[-1]
        await asyncio.to_thread(trash.restore, thrown)
        self._thrown.pop()
        if session is None:
            return thrown.path.name, thrown.path
        origin = drafts.Origin(None, session.directory)
        self.drafting.adopt(session, drafts.Draft(thrown.path, origin, 0.0))
        self.sessions.append(session)
        return session.title, None
