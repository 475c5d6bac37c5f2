"""The library: every profile by name, and the examples."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import BindingType

from qemutui.ui.actions import library_bindings
from qemutui.ui.library_rows import Row
from qemutui.ui.screens.library_search import LibrarySearch
from qemutui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from qemutui.ui.run import Run


class LibraryScreen(LibrarySearch):
    """Profiles and examples; Enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [*library_bindings()]

    @on(RowList.Chosen, "#profiles")
    def _chosen(self) -> None:
        self._open(launch=False)

    def _open(self, launch: bool) -> None:
        row = self.profiles.chosen
        if row is None:
            return
        if row.run:
            self.qemutui.show_run(row.run)
        elif row.session is not None:
            self.qemutui.show_session(row.session, launch)
        elif row.draft is not None:
            self.qemutui.open_draft(row.draft)
        elif row.path is not None:
            self.qemutui.open_path(row.path, launch)

    def action_choose(self) -> None:
        """Opens the profile under the cursor."""
        self._open(launch=False)

    def action_launch(self) -> None:
        """Opens the profile under the cursor and launches it."""
        self._open(launch=True)

    def action_stop(self) -> None:
        """Stops the VM of the profile under the cursor; again, goes on to the next step."""
        row = self.profiles.chosen
        run = self._run_of(row) if row is not None else None
        if run is None or not run.is_alive:
            self.footer.say("Nothing runs here.")
        else:
            self.qemutui.stop(run)

    def _run_of(self, row: Row) -> "Run | None":
        return self.qemutui.run_by(row.run) or self.qemutui.run_of(row.path, row.session)

    def action_new(self) -> None:
        """Begins an empty profile."""
        self.qemutui.open_new()

    def action_import(self) -> None:
        """Makes a profile of a command."""
        self.qemutui.import_command()

    def on_paste(self, event: events.Paste) -> None:
        """Makes a profile of what was pasted; searches for it where that is typed."""
        event.stop()
        if self.waiting is None:
            self.qemutui.import_command(event.text)
        else:
            self.seek_pasted(event.text)

    def action_open(self) -> None:
        """Asks for a path and opens it."""
        self.qemutui.ask_to_open()

    def action_reread(self) -> None:
        """Reads the library again."""
        self.reread()

    def action_palette(self) -> None:
        """Opens the palette."""
        self.app.action_command_palette()

    def action_quit(self) -> None:
        """Quits, after asking what becomes of changes and VMs."""
        self.qemutui.ask_to_quit()

    def action_redraw(self) -> None:
        """Draws everything anew."""
        self.refresh(layout=True, repaint=True)
        self.show_all()

    def action_help(self) -> None:
        """Shows the keys."""
        from qemutui.ui.screens.help import Help

        self.app.push_screen(Help(self.profiles))

    # Files

    def _file(self) -> Path | None:
        """Returns the file of the row of the cursor; says so where it has none of its own."""
        row = self.profiles.chosen
        if row is None or row.path is None or row.kind in ("example", "draft"):
            self.footer.say("There is no file of yours here. Enter opens it; Ctrl+S saves it then.")
            return None
        return row.path

    @work(group="files")
    async def action_duplicate(self) -> None:
        """Copies the file of the row beside itself."""
        from qemutui.host import library, recents
        from qemutui.host.content import StoreError

        path = self._file()
        if path is None:
            return
        try:
            copy = await asyncio.to_thread(library.duplicate, path)
            await asyncio.to_thread(recents.add, copy)
        except StoreError as error:
            self.footer.say(str(error), "error")
            return
        self.reread(copy)
        self.footer.say(f"Copied to {copy.name}.")

    @work(group="files")
    async def action_trash(self) -> None:
        """Moves the file of the row to the trash, or gives up a profile that has none."""
        from qemutui.host.content import StoreError

        row = self.profiles.chosen
        if row is None:
            return
        try:
            refused = await self.qemutui.throw_away(row)
        except StoreError as error:
            refused = str(error)
        if refused:
            self.footer.say(refused, "warning")
            return
        self.reread()
        self.footer.say("Moved to the trash. u brings it back.")

    @work(group="files")
    async def action_untrash(self) -> None:
        """Brings back what was moved to the trash last."""
        from qemutui.host.content import StoreError

        try:
            name, path = await self.qemutui.bring_back()
        except StoreError as error:
            self.footer.say(str(error), "error")
            return
        self.reread(path)
        self.footer.say(f"{name} is back." if name else "Nothing to bring back.")

    def action_edit_file(self) -> None:
        """Opens the file of the row in $VISUAL or $EDITOR, and reads it again."""
        from qemutui.ui.screens.editor_of_choice import edit

        path = self._file()
        if path is None:
            return
        failure = edit(self.app, path)
        self.reread(path)
        if failure:
            self.footer.say(failure, "error")
