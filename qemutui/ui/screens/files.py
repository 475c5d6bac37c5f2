"""What the main screen does to the file of its profile: draft, save, conflict."""

import asyncio
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from textual import work

from qemutui.core import edit
from qemutui.ui import headings
from qemutui.ui.screens.running import RunningView

if TYPE_CHECKING:
    from qemutui.host.store import Conflict, Document


class FilesView(RunningView):
    """The main screen with the file of its profile."""

    def on_mount(self) -> None:
        self.call_after_refresh(self._tell_of_draft)

    @work(group="drafts", exclusive=True)
    async def _tell_of_draft(self) -> None:
        """Says where changes are that were not saved when qemutui was ended the last time."""
        from qemutui.host import drafts

        document = self.session.document
        if document is None or document.stamp is None:
            return
        since = document.stamp.mtime_ns / 1e9
        try:
            draft = await asyncio.to_thread(drafts.newest, document.path.stem, since)
        except OSError as error:
            self.footer.say(f"The drafts cannot be looked at: {error.strerror}.", "warning")
            return
        if draft is not None:
            self.footer.say(f"Not saved the last time: {headings.short(draft)}", "error")

    def action_save(self) -> None:
        """Saves; asks for a name where there is no file yet."""
        self.settle()
        self._save()

    def action_save_as(self) -> None:
        """Saves as another file, and goes on with that one."""
        self.settle()
        self._save_elsewhere()

    @work(group="files", exclusive=True)
    async def _save(self) -> None:
        await self.save()

    @work(group="files", exclusive=True)
    async def _save_elsewhere(self) -> None:
        await self.save_as()

    async def save(self) -> bool:
        """Saves; tells whether the file now says what the screen says."""
        document = self.session.document
        if document is None:
            return await self.save_as()
        return await self._write(document)

    async def save_as(self) -> bool:
        """Asks for a name or a path, and saves there; never over another file unasked."""
        from qemutui.host import library
        from qemutui.host.content import StoreError
        from qemutui.host.store import blank
        from qemutui.ui.screens.prompt import Prompt

        detail = "A name goes to the library, a path with a / anywhere. Enter saves · Esc stays"
        text = self.session.stem if self.session.document is None else ""
        while True:
            text = await self.app.push_screen_wait(Prompt("Save as", text, detail))
            if not text:
                return False
            try:
                path = self._path_typed(text) if "/" in text else library.new_path(text)
            except StoreError as error:
                detail = str(error)
                continue
            if not path.parent.is_dir():
                detail = f"There is no folder {path.parent}."
                continue
            example = self.session.example
            if example is not None and not self._copy_files(example.path, path.parent):
                return False
            base = self.session.document or example or blank(path)
            self._keep_directory(path.parent)
            return await self._write(base.elsewhere(path))

    def _keep_directory(self, folder: FilePath) -> None:
        """Has a profile that was made here run here, wherever its file is saved."""
        session, path = self.session, ("launch", "directory")
        is_new = session.document is None and session.example is None
        if is_new and folder != session.directory and edit.get(session.settled, path) is None:
            self.change(edit.set_value(session.settled, path, str(session.directory)), "directory")

    @staticmethod
    def _path_typed(text: str) -> FilePath:
        path = FilePath(text).expanduser().absolute()
        return path if path.suffix else path.with_name(path.name + ".toml")

    def _copy_files(self, example: FilePath, folder: FilePath) -> bool:
        """Brings the files of an example along to where its copy is saved."""
        from qemutui.host import library
        from qemutui.host.content import StoreError

        try:
            library.copy_files(example, folder)
        except StoreError as error:
            self.footer.say(str(error), "error")
            return False
        return True

    async def _write(self, document: "Document") -> bool:
        """Writes; where the file is not what it was, asks what is to become of it."""
        from qemutui.host import store
        from qemutui.host.content import StoreError

        profile = self.session.settled
        while True:
            try:
                written = await asyncio.to_thread(store.save, document, profile)
            except store.Conflict as conflict:
                decided = await self._decide(document, conflict)
                if decided is None:
                    return False
                document = decided
                continue
            except StoreError as error:
                self.footer.say(str(error), "error")
                return False
            break
        self.session.stored(written)
        self.action_reread()
        self.show_header()
        self.footer.say(f"Saved {written.path.name}.")
        return True

    async def _decide(self, document: "Document", conflict: "Conflict") -> "Document | None":
        """Asks what is to become of a file that is not what it was; None: nothing is written."""
        from qemutui.ui.screens.question import Choice, Question

        keep = Choice("k", "keep mine: write over it", "keep")
        if conflict.stamp is None:
            choices = [Choice("k", "write it again", "keep")]
        elif document.stamp is None:
            choices = [Choice("k", "replace it", "keep")]
        else:
            choices = [Choice("t", "take theirs; u brings mine back", "theirs"), keep]
        answer = await self.app.push_screen_wait(Question(str(conflict), choices))
        if answer == "keep":
            return document.expecting(conflict.stamp)
        if answer == "theirs":
            self._take_theirs(document.path)
        return None

    def _take_theirs(self, path: FilePath) -> None:
        from qemutui.host import store
        from qemutui.host.content import StoreError

        try:
            theirs = store.load(path)
        except StoreError as error:
            self.footer.say(str(error), "error")
            return
        self.session.stored(theirs)
        self.change(theirs.profile, "taking what is on disk")
        self.footer.say("Taken from the disk. u brings yours back.")
