"""What else there is of the profile on disk: drafts of an earlier time, changes by others."""

import asyncio
import time
from typing import TYPE_CHECKING

from textual import events, work

from qemutui.core.profile import Profile
from qemutui.ui.screens.comparing import ComparingView

if TYPE_CHECKING:
    from qemutui.host.content import Stamp
    from qemutui.host.drafts import Draft
    from qemutui.host.store import Conflict, Document
    from qemutui.ui.comparison import Comparison
    from qemutui.ui.run import Run
    from qemutui.ui.session import Session

_LOOK = 1.0
"""Seconds between two looks at the file."""
_DIFFERENCE = "Difference"


class OnDiskView(ComparingView):
    """The main screen, which notices what others do to its file."""

    def __init__(self, session: "Session", run: "Run | None" = None) -> None:
        super().__init__(session, run)
        self._is_looking = False
        self._deciding = asyncio.Lock()
        """Held while it is asked what is to become of a changed file."""

    def on_mount(self) -> None:
        self.call_after_refresh(self._look_for_draft)
        self.set_interval(_LOOK, self._look_at_file)

    def on_app_focus(self, _event: events.AppFocus) -> None:
        """Looks at once when the terminal is turned to: somebody may come from an editor."""
        self._look_at_file()

    # Editing by hand

    def action_edit_file(self) -> None:
        """Opens the file in $VISUAL or $EDITOR, and takes what was changed there."""
        self.settle()
        self._edit_file()

    @work(group="files", exclusive=True)
    async def _edit_file(self) -> None:
        from qemutui.host.content import StoreError
        from qemutui.ui.screens.editor_of_choice import edit
        from qemutui.ui.screens.question import Choice, Question

        document = self.session.document
        if document is None or self.session.has_changes:
            fact = f"{self.session.title} is not saved; the editor opens the file."
            choices = [Choice("s", "save, then edit", "save")]
            if document is not None:
                choices.append(Choice("e", "edit it as it was saved", "edit"))
            answer = await self.app.push_screen_wait(Question(fact, choices))
            if not answer or (answer == "save" and not await self.save()):
                return
        document = self.session.document
        if document is None:
            return
        failure = edit(self.app, document.path)
        if failure:
            self.footer.say(failure, "error")
        try:
            there = await self._glance(document)
        except StoreError as error:
            self.footer.say(str(error), "error")
            return
        if there is None or there == document.stamp:
            return
        if self.session.has_changes:
            await self._decide(document, there)
        else:
            await self._take_theirs(document)

    # Drafts

    @work(group="drafts", exclusive=True)
    async def _look_for_draft(self) -> None:
        """Offers changes that were not saved when qemutui was ended the last time."""
        from qemutui.host import drafts, store
        from qemutui.host.content import StoreError

        document = self.session.document
        if document is None or self.session.has_changes:
            return
        try:
            draft = await asyncio.to_thread(drafts.of_profile, document.path)
        except OSError as error:
            self.footer.say(f"The drafts cannot be looked at: {error.strerror}.", "warning")
            return
        if draft is None:
            return
        try:
            profile = (await asyncio.to_thread(store.load, draft.file)).profile
        except StoreError as error:
            self.footer.say(f"A draft cannot be read: {error}", "error")
            return
        if profile == document.profile:
            drafts.drop(draft)
        else:
            await self._offer(draft, profile, document)

    async def _offer(self, draft: "Draft", profile: Profile, document: "Document") -> None:
        from qemutui.host import drafts
        from qemutui.ui import comparison
        from qemutui.ui.screens.question import Choice

        fact = f"Unsaved changes from {_clock(draft.at)}."
        changed = document.stamp.mtime_ns / 1e9 if document.stamp is not None else 0.0
        if changed > draft.at:
            fact = f"{fact[:-1]}; the file has changed since, at {_clock(changed)}."
        choices = [
            Choice("r", "restore", "restore"),
            Choice("d", "difference", "difference"),
            Choice("x", "drop", "drop"),
        ]

        async def compare() -> "Comparison":
            return comparison.of_profiles("Unsaved changes", document.profile, profile)

        answer = await self.ask_comparing(fact, choices, compare)
        if answer == "drop":
            drafts.drop(draft)
        elif answer == "restore":
            self.qemutui.drafting.adopt(self.session, draft)
            self.change(profile, "restoring")
            self.footer.say("Restored. u takes it back.")

    # Changes by others

    def _look_at_file(self) -> None:
        # A worker that asks is left alone; a second look would have to wait for it, or end it.
        is_seen = self.app.screen is self and not self.is_editing
        if is_seen and not self._is_looking and self.session.document is not None:
            self._is_looking = True
            self._look(self.session.document)

    @work(group="on disk")
    async def _look(self, document: "Document") -> None:
        """Looks whether the file is still the one that was read."""
        try:
            await self._compare(document)
        finally:
            self._is_looking = False

    async def _compare(self, document: "Document") -> None:
        from qemutui.host.content import StoreError

        try:
            there = await self._glance(document)
        except StoreError:
            return  # it is said when the file is saved
        is_other = self.session.document is not document or self.app.screen is not self
        is_ours = self.is_saving or self._deciding.locked()
        if is_other or is_ours or self.is_editing or there == document.stamp:
            return
        if there is None:
            self._deleted(document)
        elif document.stamp is not None and there.digest == document.stamp.digest:
            self.session.document = document.expecting(there)
        else:
            await self._decide(document, there)

    @staticmethod
    async def _glance(document: "Document") -> "Stamp | None":
        """Returns what identifies the file now. Raises StoreError."""
        from qemutui.host import store

        return await asyncio.to_thread(store.glance, document.path, document.stamp)

    def _deleted(self, document: "Document") -> None:
        self.session.document = document.expecting(None)
        self.footer.say(f"{document.path.name} was deleted. Ctrl+S writes it again.", "error")

    async def decide(self, document: "Document", conflict: "Conflict") -> "Document | None":
        """Asks what is to become of a file that is not what it was; None: nothing is written."""
        if conflict.stamp is None:
            self._deleted(document)
            return None
        return await self._decide(document, conflict.stamp)

    async def _decide(self, document: "Document", there: "Stamp") -> "Document | None":
        """Returns the document to be saved over what is there; None: nothing is written.

        Saving and looking may find the same change at the same time; it is asked about once, and
        who comes second goes on with what was decided.
        """
        waits = self._deciding.locked()
        async with self._deciding:
            if waits:
                return self.session.document
            decided = await self._decided(document, there)
            if decided is not None and self.session.document is document:
                self.session.document = decided
            return decided

    async def _decided(self, document: "Document", there: "Stamp") -> "Document | None":
        from qemutui.ui import comparison
        from qemutui.ui.screens.question import Choice

        fact = f"{document.path.name} changed on disk at {_clock(there.mtime_ns / 1e9)}."
        choices = [
            Choice("d", "difference", "difference"),
            Choice("t", "take theirs; u brings mine back", "theirs"),
            Choice("k", "keep mine", "mine"),
        ]

        async def compare() -> "Comparison | None":
            theirs = await self.on_disk(document.path)
            if theirs is None:
                return None
            return comparison.of_profiles("Mine, after theirs", theirs, self.session.settled)

        answer = await self.ask_comparing(fact, choices, compare)
        if answer is None:
            return None
        if answer == "mine":
            return document.expecting(there)
        if answer == "theirs":
            await self._take_theirs(document)
        elif self.session.document is document:
            # Asked once; saving asks again, as the content is another than was read.
            self._asked_about(document, there)
        return None

    def _asked_about(self, document: "Document", there: "Stamp") -> None:
        """Notes what was asked about, so that only saving, or another change, asks again."""
        if document.stamp is not None:
            digest = document.stamp.digest
            self.session.document = document.expecting(there._replace(digest=digest))

    async def _take_theirs(self, document: "Document") -> None:
        from qemutui.host import store
        from qemutui.host.content import StoreError

        try:
            theirs = await asyncio.to_thread(store.load, document.path)
        except StoreError as error:
            self.footer.say(str(error), "error")
            return
        self.session.stored(theirs)
        self.change(theirs.profile, "taking what is on disk")
        self.show_header()
        self.footer.say("Taken from the disk. u brings yours back.")


def _clock(seconds: float) -> str:
    """Returns a time as `14:05`; of another day with its date."""
    then = time.localtime(seconds)
    same_day = time.strftime("%F", then) == time.strftime("%F")
    return time.strftime("%H:%M" if same_day else "%d %b %H:%M", then)
