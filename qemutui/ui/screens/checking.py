"""How the main screen checks the profile: in the background of typing, and of a slow disk."""

import asyncio
from time import thread_time
from typing import TYPE_CHECKING

from textual import work
from textual.timer import Timer

from qemutui.core.profile import Profile
from qemutui.ui.marks import Marks
from qemutui.ui.screens.offering import OfferingView
from qemutui.ui.session import Session

if TYPE_CHECKING:
    from qemutui.core.check import Checker
    from qemutui.core.facts import Facts
    from qemutui.core.finding import Finding
    from qemutui.core.questions import Questions

_DELAY = 0.05
"""Seconds without a change after which the profile is checked."""

_RESTS = 15
"""How many times as long as a check takes the keys are left alone before the next one; of the
processor's time, as other programs that keep it busy make no check longer."""
_PATIENCE = 0.2
"""Seconds that the first check waits for what the disk says."""


class CheckingView(OfferingView):
    """The main screen with the findings of its profile."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._check_timer: Timer | None = None
        self._check_delay = _DELAY
        self._checker: Checker | None = None
        self._checked: Profile | None = None
        self._facts: Facts | None = None
        self._questions: Questions | None = None
        self._asked: tuple[object, ...] | None = None
        """What the host was asked last."""

    def on_mount(self) -> None:
        self.call_after_refresh(self._check_first)

    def _check_first(self) -> None:
        """Checks with what the disk says, but does not wait for a slow one."""
        self._check_timer = self.set_timer(_PATIENCE, self.check)
        self._gather_facts()

    def check_soon(self) -> None:
        """Checks the profile once nothing has changed for a moment, however fast somebody types."""
        self.show_header()
        if self._check_timer is not None:
            self._check_timer.stop()
        self._check_timer = self.set_timer(self._check_delay, self.check)

    def check_now(self) -> None:
        """Checks the profile if it has changed since: before findings are acted on."""
        if self._checked is not self.session.profile:
            self.check()

    def check(self) -> None:
        """Checks the profile now, with what is known of its files."""
        self.follow_binary()
        began = thread_time()
        profile = self.session.profile
        self._checked = profile
        self.marks = Marks((*self.judge(profile), *self.own_findings(profile)))
        self._show_marks()
        self.checked()
        self._gather_facts()
        # Typing must not wait for the check of a large profile.
        self._check_delay = max(_DELAY, _RESTS * (thread_time() - began))

    def judge(self, profile: Profile) -> "tuple[Finding, ...]":
        """Returns the findings of the rules about a profile in the place of this one."""
        from qemutui.core.check import Checker
        from qemutui.core.facts import NO_FACTS

        self._checker = self._checker or Checker()
        return self._checker.check(profile, self._facts or NO_FACTS, self.catalog)

    def own_findings(self, profile: Profile) -> "tuple[Finding, ...]":
        """Returns findings of others than the rules."""
        return ()

    def checked(self) -> None:
        """Is called after each check, once its findings are shown."""

    def catalog_came(self) -> None:
        super().catalog_came()
        if self._checked is not None or self._facts is not None:
            self._check_at_once()

    def _check_at_once(self) -> None:
        if self._check_timer is not None:
            self._check_timer.stop()
        self.check()

    def _gather_facts(self) -> None:
        from qemutui.core.questions import Questions

        self._questions = self._questions or Questions()
        profile = self.session.profile
        configs = self._facts.configs if self._facts is not None else {}
        asked = self._questions.about(profile, self.catalog, configs)
        if asked != self._asked:
            self._asked = asked
            self._gather(profile)

    @work(group="facts", exclusive=True)
    async def _gather(self, profile: Profile) -> None:
        """Looks at the files that the profile names, away from the screen: a disk may be slow."""
        facts = await asyncio.to_thread(self.gather_facts, profile)
        if facts != self._facts:
            self._facts = facts
            # The first check waits for what QEMU offers, too, but no longer than for the disk.
            if self._checked is not None or not self.is_asking:
                self._check_at_once()

    def gather_facts(self, profile: Profile) -> "Facts":
        """Returns what the disk says of the files that a profile in the place of this one names."""
        from qemutui.host.facts import gather

        directory = self.session.launch_directory(profile)
        catalog = self.catalog
        data_folders = catalog.data_folders if catalog is not None else ()
        facts = gather(profile, directory, self.own_processes(), data_folders)
        if catalog is None:
            return facts
        from qemutui.host import boards

        return facts._replace(board=boards.of(profile, directory, catalog))

    def own_processes(self) -> frozenset[int]:
        """The pids of this profile's VM: what it uses is taken by nobody else."""
        return frozenset()

    @property
    def facts(self) -> "Facts | None":
        """What the disk said last; None as long as nobody knows."""
        return self._facts

    def action_reread(self) -> None:
        """Looks at the files that the profile names again, and asks QEMU again."""
        super().action_reread()
        self._asked = None
        self.check()

    def _show_marks(self) -> None:
        profile = self.session.profile
        self.sections.show(profile, self.marks)
        if self.is_editing:
            self.properties.show_marks(self.marks)
        else:
            self.show_section()
        self.show_help()
        self.command.show_marks(self.marks)
        self.problems.show(profile, self.marks)
        self.show_header()
        self.show_tabs()
        self.show_hints()
