"""What the disk says of the path that is being typed in the main screen."""

import asyncio
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, NamedTuple

from textual import work

from qemutui.core.keyval import Path
from qemutui.ui.screens.editing import EditingView
from qemutui.ui.session import Session

if TYPE_CHECKING:
    from qemutui.host.file_words import Looked


class _Asked(NamedTuple):
    """A typed path, and what it is for."""

    text: str
    field: Path
    is_image: bool


class LookingView(EditingView):
    """The main screen that looks at what is typed, away from its keys: a disk may be slow."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.looked: Looked | None = None
        """What the disk said last of the path in the open editor."""
        self._asked_disk: _Asked | None = None
        self._is_looking = False

    def look_at(self, text: str, field: Path, is_image: bool) -> None:
        """Asks the disk about a path that is typed into a field; `looked_came` has the answer."""
        if self._asked_disk is not None and self._asked_disk.field != field:
            self.looked = None
        self._asked_disk = _Asked(text, field, is_image)
        if not self._is_looking:
            self._is_looking = True
            self._look_on()

    def looked_came(self) -> None:
        """Is called when the disk has answered for what is typed now."""

    def close_editor(self) -> None:
        """Takes the editor away; no answer is waited for any more."""
        self._asked_disk = self.looked = None
        super().close_editor()

    @work(group="looking")
    async def _look_on(self) -> None:
        # One question at a time, as a disk that hangs would take every thread there is.
        try:
            while (asked := self._asked_disk) is not None:
                looked = await asyncio.to_thread(self._answer_to, asked)
                if asked == self._asked_disk:
                    self.looked = looked
                    self.looked_came()
                    return
        finally:
            self._is_looking = False

    def _answer_to(self, asked: _Asked) -> "Looked":
        from qemutui.host.file_words import look

        return look(asked.text, self._start(asked.field), asked.is_image)

    def _start(self, field: Path) -> FilePath:
        """Returns where a relative path starts: the folder of the profile for that of QEMU."""
        if field != ("launch", "directory"):
            return self.session.launch_directory(self.session.settled)
        return self.session.directory
