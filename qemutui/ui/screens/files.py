"""How the main screen saves its profile: into its file, or elsewhere."""

import asyncio
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from textual import work

from qemutui.core import edit
from qemutui.ui.screens.dry_running import DryRunningView

if TYPE_CHECKING:
    from qemutui.host.store import Conflict, Document


class FilesView(DryRunningView):
    """The main screen with the file of its profile."""

    is_saving = False
    """Whether the file is being written: what it is now is no news."""

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
        from qemutui.host import paths
        from qemutui.host.store import blank
        from qemutui.ui.screens.path_prompt import SavePrompt

        hint = "A name goes to the library, a path with a / anywhere. Tab completes · Esc stays"
        text = self.session.file_name if self.session.document is None else ""
        prompt = SavePrompt("Save as", text, hint, paths.profiles(), self._path_typed)
        text = await self.app.push_screen_wait(prompt)
        if not text:
            return False
        path = self._path_typed(text)
        document = self.session.document
        if document is not None and document.path == path:
            return await self._write(document)
        example = self.session.example
        if example is not None and not self._copy_files(example.path, path.parent):
            return False
        base = document or example or blank(path)
        self._keep_directory(path.parent)
        return await self._replace(base.elsewhere(path))

    @staticmethod
    def _path_typed(text: str) -> FilePath:
        """Returns where a typed name or path leads. Raises StoreError."""
        from qemutui.host import library, paths
        from qemutui.host.content import StoreError

        if "/" not in text:
            return library.new_path(text)
        if "\0" in text:
            raise StoreError("A path cannot hold NUL.")
        path = paths.typed(text)
        return path if path.suffix else path.with_name(path.name + ".toml")

    def _keep_directory(self, folder: FilePath) -> None:
        """Has a profile that was made here run here, wherever its file is saved."""
        session, path = self.session, ("launch", "directory")
        is_new = session.document is None and session.example is None
        if is_new and folder != session.directory and edit.get(session.settled, path) is None:
            self.change(edit.set_value(session.settled, path, str(session.directory)), "directory")

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

    async def _replace(self, document: "Document") -> bool:
        """Writes a new file; one that is in the way, as was agreed to, goes to the trash."""
        import os

        from qemutui.host import trash
        from qemutui.host.content import StoreError

        if not await asyncio.to_thread(os.path.lexists, document.path):
            return await self._write(document)
        try:
            old = await asyncio.to_thread(trash.move, document.path)
        except StoreError as error:
            self.footer.say(str(error), "error")
            return False
        if await self._write(document):
            return True
        try:
            await asyncio.to_thread(trash.restore, old)
        except StoreError as error:
            self.footer.say(str(error), "error")
        return False

    async def _write(self, document: "Document") -> bool:
        """Writes; where the file is not what it was, asks what is to become of it."""
        from qemutui.host import store
        from qemutui.host.content import StoreError

        while True:
            try:
                await self._save_to(document)
            except store.Conflict as conflict:
                decided = await self.decide(document, conflict)
                if decided is None:
                    return False
                document = decided
                continue
            except store.NoSpace:
                return await self._save_where_there_is_room(document)
            except StoreError as error:
                self.footer.say(str(error), "error")
                return False
            break
        path = document.path
        self.qemutui.remember(path)
        self.action_reread()
        self.show_header()
        self.footer.say(f"Saved {path.name}.")
        return True

    async def _save_to(self, document: "Document") -> None:
        """Writes, and takes note of what the file says then. Raises StoreError."""
        from qemutui.host import store

        profile = self.session.settled
        self.is_saving = True
        try:
            self.session.stored(await asyncio.to_thread(store.save, document, profile))
        finally:
            self.is_saving = False

    async def _save_where_there_is_room(self, document: "Document") -> bool:
        """Offers to save elsewhere, after a draft has been written where that is possible."""
        from qemutui.host.content import StoreError
        from qemutui.ui.screens.question import Choice, Question

        fact = f"No space left for {document.path.name}."
        try:
            await asyncio.to_thread(self.qemutui.drafting.keep_now, self.session)
        except (StoreError, OSError):
            fact += " There is none for a draft either."
        else:
            fact += " Your changes are in a draft."
        choices = [Choice("a", "saves elsewhere", "elsewhere")]
        if await self.app.push_screen_wait(Question(fact, choices)) == "elsewhere":
            return await self.save_as()
        return False

    async def decide(self, document: "Document", conflict: "Conflict") -> "Document | None":
        """Asks what is to become of a file that is not what it was; None: nothing is written."""
        raise NotImplementedError
