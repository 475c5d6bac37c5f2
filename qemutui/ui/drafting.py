"""Writes what is not saved into drafts, soon after each edit and away from the screen."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qemutui.core.profile import Profile
    from qemutui.host.drafts import Draft, Keeper
    from qemutui.ui.session import Session

PERIOD = 0.5
"""Seconds between two looks at what was edited: at most this is lost, and the time of a write."""


class _Kept:
    """What of a session its draft says."""

    def __init__(self, keeper: "Keeper") -> None:
        self.keeper = keeper
        self.profile: Profile | None = None
        self.saved: Profile | None = None

    def is_of(self, session: "Session") -> bool:
        # Profiles are never changed in place: the same object says the same.
        return self.profile is session.profile and self.saved is session.saved


class Drafting:
    """The drafts of the sessions of one app."""

    def __init__(self) -> None:
        self._kept: dict[Session, _Kept] = {}
        self._is_busy = False
        self._failed = ""

    def _of(self, session: "Session") -> _Kept:
        if session not in self._kept:
            from qemutui.host.drafts import Keeper

            self._kept[session] = _Kept(Keeper())
        return self._kept[session]

    async def look(self, sessions: Iterable["Session"]) -> str:
        """Writes or removes the drafts of what was edited since; returns a new failure in words.

        Nothing is done where the look before has not ended.
        """
        if self._is_busy:
            return ""
        self._is_busy = True
        try:
            return await self._look([one for one in sessions if self._is_due(one)])
        finally:
            self._is_busy = False

    def is_due(self, sessions: Iterable["Session"]) -> bool:
        """Tells whether something was edited since, and nothing is being written."""
        return not self._is_busy and any(map(self._is_due, sessions))

    def _is_due(self, session: "Session") -> bool:
        if session not in self._kept:
            return session.profile is not session.saved
        return not self._kept[session].is_of(session)

    async def _look(self, sessions: list["Session"]) -> str:
        from qemutui.host.content import StoreError, reason

        for session in sessions:
            kept = self._of(session)
            profile, saved = session.profile, session.saved
            try:
                if session.has_changes:
                    await asyncio.to_thread(self._write, session, kept, profile)
                else:
                    await asyncio.to_thread(kept.keeper.drop)
            except (StoreError, OSError) as error:
                said = reason(error) if isinstance(error, OSError) else str(error)
                words = f"The draft of {session.stem} cannot be written: {said}."
                if words != self._failed:
                    self._failed = words
                    return words
                continue
            kept.profile, kept.saved = profile, saved
            self._failed = ""
        return ""

    @staticmethod
    def _write(session: "Session", kept: _Kept, profile: "Profile") -> Path:
        from qemutui.host.drafts import Origin

        document, example = session.document, session.example
        origin = Origin(
            document.path if document is not None else None,
            session.directory,
            example.path if example is not None else None,
        )
        return kept.keeper.keep(origin, document or example, session.stem, profile)

    def keep_now(self, session: "Session") -> Path:
        """Writes the draft of a session at once, unless it says the same already.

        Raises:
            StoreError: TOML cannot say it.
            OSError: It cannot be written.
        """
        return self._write(session, self._of(session), session.profile)

    def adopt(self, session: "Session", draft: "Draft") -> None:
        """Goes on with a draft that was restored into a session. Raises OSError."""
        self._of(session).keeper.adopt(draft)

    def drop(self, session: "Session") -> None:
        """Removes the draft of a session that was saved, or is given up."""
        if session in self._kept:
            self._kept.pop(session).keeper.drop()

    def forget(self, session: "Session") -> None:
        """Writes the draft of a session no more, and leaves it where it is."""
        self._kept.pop(session, None)
