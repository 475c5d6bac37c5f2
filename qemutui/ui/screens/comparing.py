"""How the main screen compares its profile with others, and asks where it has to be seen first."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from textual import work

from qemutui.core.profile import Profile
from qemutui.ui.screens.files import FilesView

if TYPE_CHECKING:
    from qemutui.ui.comparison import Comparison
    from qemutui.ui.screens.question import Choice


class ComparingView(FilesView):
    """The main screen that shows what differs."""

    def action_difference(self) -> None:
        """Shows what differs between the screen and the file as it is on disk."""
        self.settle()
        self._show_difference(self._to_saved)

    def action_difference_to_run(self) -> None:
        """Shows what differs between the screen and what runs, or ran last."""
        self.settle()
        self._show_difference(self._to_run)

    def action_difference_to_profile(self) -> None:
        """Asks for another profile, and shows what differs between that and the screen."""
        self.settle()
        self._show_difference(self._to_profile)

    @work(group="difference", exclusive=True)
    async def _show_difference(self, compare: "Callable[[], Awaitable[Comparison | None]]") -> None:
        from qemutui.ui.screens.difference import Difference

        comparison = await compare()
        if comparison is None:
            return
        others = {"saved": self._to_saved, "run": self._to_run, "profile": self._to_profile}
        path = await self.app.push_screen_wait(Difference(comparison, others))
        if path:
            self.go_to(path)

    async def _to_saved(self) -> "Comparison | None":
        from qemutui.ui import comparison

        document = self.session.document
        saved = Profile() if document is None else await self.on_disk(document.path)
        if saved is None:
            return None
        return comparison.of_profiles("To the saved file", saved, self.session.settled)

    async def _to_run(self) -> "Comparison | None":
        from qemutui.ui import comparison

        run = self._living() or self.run
        if run is None:
            self._say("Nothing runs here.")
            return None
        return comparison.to_run(run, self.session)

    async def _to_profile(self) -> "Comparison | None":
        from qemutui.ui import comparison

        name, path = await self._other_profile()
        if path is None:
            return None
        is_open = self.qemutui.session_at(path)
        if is_open is not None and is_open is not self.session:
            other = is_open.settled
        else:
            read = await self.on_disk(path)
            if read is None:
                return None
            other = read
        return comparison.of_profiles(f"To {name}", other, self.session.settled)

    async def _other_profile(self) -> tuple[str, FilePath | None]:
        """Asks for a profile of the library, or for a path; returns its name and its file."""
        from qemutui.host import paths
        from qemutui.ui.commands import Entry, profiles
        from qemutui.ui.screens.palette import Palette
        from qemutui.ui.screens.path_prompt import OpenPrompt

        file = Entry("A file …", "", "", lambda: None)
        palette = Palette([file], lambda: profiles(self.qemutui), "Difference to which profile?")
        entry = await self.app.push_screen_wait(palette)
        if entry is None or entry.path is not None:
            return (entry.label, entry.path) if entry is not None else ("", None)
        hint = "Tab completes · Enter compares · Esc stays"
        prompt = OpenPrompt("Difference to which file?", "", hint, FilePath.cwd(), paths.typed)
        text = await self.app.push_screen_wait(prompt)
        path = paths.typed(text) if text else None
        return path.stem if path is not None else "", path

    def _say(self, text: str, severity: str = "information") -> None:
        """Says something where it is seen: a difference has a footer of its own."""
        from qemutui.ui.screens.difference import Difference

        screen = self.app.screen
        footer = screen.footer if isinstance(screen, Difference) else self.footer
        footer.say(text, severity)

    async def on_disk(self, path: FilePath) -> Profile | None:
        """Returns what a file says now; says why where that is not to be had."""
        from qemutui.host import store
        from qemutui.host.content import StoreError

        try:
            return (await asyncio.to_thread(store.load, path)).profile
        except StoreError as error:
            self._say(str(error), "error")
            return None

    async def ask_comparing(
        self,
        fact: str,
        choices: "Sequence[Choice]",
        compare: "Callable[[], Awaitable[Comparison | None]]",
    ) -> str | None:
        """Asks, as often as the answer is to see the difference; an empty text is Escape.

        Returns None where the difference cannot be told.
        """
        from qemutui.ui.screens.difference import Difference
        from qemutui.ui.screens.question import Question

        while True:
            answer = await self.app.push_screen_wait(Question(fact, choices))
            if answer != "difference":
                return answer
            comparison = await compare()
            if comparison is None:
                return None
            await self.app.push_screen_wait(Difference(comparison, {}))
