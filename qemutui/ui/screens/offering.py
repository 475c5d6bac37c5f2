"""How the main screen learns what the profile's QEMU offers, and what it says of that."""

from functools import partial
from typing import TYPE_CHECKING

from textual import work

from qemutui.core import argv
from qemutui.core.keyval import Path as FieldPath
from qemutui.ui import catalogs
from qemutui.ui.catalogs import Answer, Asked
from qemutui.ui.messages import CatalogCame
from qemutui.ui.screens.going import GoingView
from qemutui.ui.session import Session

if TYPE_CHECKING:
    from qemutui.core.catalog import Catalog

_SAID_AFTER = 0.5
"""Seconds after which it is said that QEMU is being asked."""

Problems = frozenset[tuple[str, FieldPath, str]]


class OfferingView(GoingView):
    """The main screen with the catalog of its QEMU."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._asked_qemu: Asked | None = None
        self._asking_said = ""
        """What was said while QEMU was being asked; empty where it was quick."""
        self._is_again = False
        """Whether somebody wants to know how it went."""
        self._judged: tuple[Catalog, Problems] | None = None
        """The catalog before, and what was wrong with the profile by it."""

    def on_mount(self) -> None:
        self.call_after_refresh(self.follow_binary)

    @property
    def is_asking(self) -> bool:
        """Whether it may soon be known what QEMU offers."""
        return self._asked_qemu is None or self._catalogs.is_asking(self._asked_qemu)

    @property
    def catalog_problem(self) -> str:
        """Why there is no catalog, as a sentence; empty where there is one."""
        if self.catalog is not None:
            return ""
        if self._asked_qemu is None or self.is_asking:
            return f"Asking {argv.binary(self.session.settled)} what it offers …"
        answer = self._catalogs.answer(self._asked_qemu)
        return answer.problem if answer is not None else ""

    @property
    def is_untrusted(self) -> bool:
        """Whether the profile's QEMU was not run as nobody has allowed it; `reread` asks."""
        asked = self._asked_qemu
        answer = self._catalogs.answer(asked) if asked is not None else None
        return answer is not None and bool(answer.untrusted)

    @property
    def _catalogs(self) -> catalogs.Catalogs:
        return self.qemutui.catalogs

    def follow_binary(self) -> None:
        """Asks the QEMU of the profile, unless it is the one that was asked last."""
        profile = self.session.settled
        directory = partial(self.session.launch_directory, profile)
        asked = catalogs.asked_of(argv.binary(profile), directory)
        if asked == self._asked_qemu:
            return
        self._keep_problems()
        self._asked_qemu, self.catalog = asked, None
        self._ask_qemu(again=False)
        self._take_answer()

    def _ask_qemu(self, again: bool) -> None:
        asked = self._asked_qemu
        if asked is not None:
            self._catalogs.ask(asked, again)
            self.set_timer(_SAID_AFTER, lambda: self._say_asking(asked))

    def _say_asking(self, asked: Asked) -> None:
        """Says that QEMU is being asked, for as long as that takes."""
        if asked != self._asked_qemu or not self._catalogs.is_asking(asked):
            return
        self._asking_said = f"Asking {asked.binary} what it offers …"
        if self.footer.is_silent:
            self.footer.say(self._asking_said)
        self.set_timer(_SAID_AFTER, lambda: self._say_asking(asked))

    def on_catalog_came(self, event: CatalogCame) -> None:
        """Shows what QEMU offers."""
        if event.asked == self._asked_qemu:
            self._take_answer()

    def _take_answer(self) -> None:
        answer = self._catalogs.answer(self._asked_qemu) if self._asked_qemu is not None else None
        if answer is None:
            return
        self._keep_problems()
        self.footer.unsay(self._asking_said)
        self.catalog, self.programs = answer.catalog, answer.programs
        self.catalog_came()
        self._say_answer(answer)
        self._asking_said, self._is_again = "", False

    def catalog_came(self) -> None:
        """Is called when it is known what QEMU offers, or that it is not."""

    def action_reread(self) -> None:
        """Asks QEMU again what it offers."""
        self._is_again = True
        self._ask_qemu(again=True)

    # What is said of it

    def _known_problems(self) -> Problems:
        return frozenset(
            (finding.rule, finding.path, finding.message)
            for finding in self.marks.findings
            if finding.severity != "hint"
        )

    def _keep_problems(self) -> None:
        if self.catalog is not None:
            self._judged = self.catalog, self._known_problems()

    def _say_answer(self, answer: Answer) -> None:
        if answer.untrusted:
            if self._is_again or answer.untrusted not in self._catalogs.declined:
                self._ask_to_allow(answer.problem, answer.untrusted)
        elif answer.problem:
            # What is missing alone, the check says at its field.
            if self._is_again or answer.is_urgent:
                self.footer.say(answer.problem, "warning")
        elif answer.catalog is not None:
            words = self._version_words(answer.catalog)
            if not words and (self._is_again or self._asking_said):
                words = catalogs.remark(answer.catalog, self.session.settled)
                if not words and self._is_again:
                    words = f"QEMU {answer.catalog.release} was asked again."
            if words:
                self.footer.say(words)

    def _version_words(self, catalog: "Catalog") -> str:
        """Returns what another version means for the profile; empty where it is the same."""
        if self._judged is None or self._judged[0].release == catalog.release:
            return ""
        before, problems = self._judged
        new = len(self._known_problems() - problems)
        count = f"{new or 'no'} new problem{'s' * (new != 1)}"
        return f"QEMU is now {catalog.release}, was {before.release}: {count}."

    @work(group="allowing", exclusive=True)
    async def _ask_to_allow(self, fact: str, path: str) -> None:
        """Asks whether a binary that is not on PATH may be run; once, and when asked to."""
        import asyncio

        from qemutui.ui.screens.question import Choice, Question

        # It may come from anybody: Enter, typed ahead, allows nothing.
        choices = (
            Choice("Enter", "goes on without; names are free text", "no"),
            Choice("a", "allows it, now and from now on", "allow"),
        )
        asked = self._asked_qemu
        if await self.app.push_screen_wait(Question(fact, choices)) != "allow":
            self._catalogs.declined.add(path)
            return
        failure = await asyncio.to_thread(catalogs.allow, path)
        if failure:
            self.footer.say(failure, "error")
        elif asked == self._asked_qemu:
            self._ask_qemu(again=True)
