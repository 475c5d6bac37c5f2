"""Asks for the path of a profile in one line, which Tab completes."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from textual import on, work
from textual.content import Content
from textual.widgets import Static

from qemutui.core.text import clean
from qemutui.host.content import StoreError
from qemutui.ui import glyphs
from qemutui.ui.screens.prompt import Prompt
from qemutui.ui.widgets.editor import Kept, LineEditor, Typed

Resolve = Callable[[str], Path]
"""Returns the file that a typed text means. Raises StoreError, which is shown."""


class PathPrompt(Prompt):
    """Gives the text of a path; `resolve` judges it before the prompt closes."""

    def __init__(self, fact: str, text: str, hint: str, start: Path, resolve: Resolve) -> None:
        super().__init__(fact, text, hint)
        self.start = start
        """Where a relative path starts."""
        self.resolve = resolve

    def say(self, text: str) -> None:
        """Says something below the line."""
        self.query_one("#detail", Static).update(Content(clean(text)))

    @on(Kept)
    def _kept(self, event: Kept) -> None:
        event.stop()
        event.prevent_default()
        text = self.query_one(LineEditor).value.strip()
        if event.step:
            self._complete(text)
            return
        if not text:
            return
        try:
            path = self.resolve(text)
        except StoreError as error:
            self.say(str(error))
            return
        if self.accepts(path):
            self.dismiss(text)

    def accepts(self, path: Path) -> bool:
        """Tells whether this file may be taken; says why not."""
        return True

    @on(Typed)
    def _typed(self, event: Typed) -> None:
        event.stop()
        self.changed()

    def changed(self) -> None:
        """Says again what the keys do, as what was said was of another text."""
        self.say(self.detail)

    @work(group="completion", exclusive=True)
    async def _complete(self, text: str) -> None:
        from qemutui.host.completion import complete

        found = await asyncio.to_thread(complete, text, self.start)
        editor = self.query_one_optional(LineEditor)
        # Somebody may have typed on, or answered, while the disk was slow.
        if editor is None or editor.value.strip() != text:
            return
        if found.text != text:
            editor.value = found.text
            editor.cursor_position = len(found.text)
        if len(found.names) != 1:
            gap = f" {glyphs.DOT} "
            self.call_after_refresh(self.say, gap.join(found.names[:8]) or "Nothing begins so.")


class OpenPrompt(PathPrompt):
    """Asks for a file that is there."""

    def accepts(self, path: Path) -> bool:
        """Says where there is no such file."""
        if os.path.isdir(path):  # noqa: PTH112 - is_dir raises where the name is too long
            self.say(f"{path} is a folder. Tab completes.")
        elif not os.path.lexists(path):
            self.say(f"There is no file {path}.")
        else:
            return True
        return False


class SavePrompt(PathPrompt):
    """Asks for a file to write; one that is there already only by a second Enter."""

    def __init__(self, fact: str, text: str, hint: str, start: Path, resolve: Resolve) -> None:
        super().__init__(fact, text, hint, start, resolve)
        self._warned: Path | None = None

    def changed(self) -> None:
        """Asks anew for every other text."""
        self._warned = None
        super().changed()

    def accepts(self, path: Path) -> bool:
        """Says where a file is in the way, or the folder is not there."""
        if not os.path.isdir(path.parent):  # noqa: PTH112
            self.say(f"There is no folder {path.parent}.")
            return False
        if os.path.isdir(path):  # noqa: PTH112 - is_dir raises where the name is too long
            self.say(f"{path} is a folder. Tab completes.")
            return False
        if os.path.lexists(path) and self._warned != path:
            self._warned = path
            self.say("Exists already. Enter again replaces it; the old one goes to the trash.")
            return False
        return True
