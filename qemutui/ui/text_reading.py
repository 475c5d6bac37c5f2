"""What becomes of a profile by a text of its command, and what there is to say about that."""

from typing import TYPE_CHECKING, NamedTuple

from qemutui.core import change_words
from qemutui.core.check import Checker
from qemutui.core.command_edit import Laid, Overlay
from qemutui.core.command_text import NoCommandError
from qemutui.core.facts import NO_FACTS, Facts
from qemutui.core.shell import CannotPassError
from qemutui.core.text import clean
from qemutui.ui.places import place_of

if TYPE_CHECKING:
    from qemutui.core.finding import Finding
    from qemutui.core.profile import Profile

_RANKS = {"error": 0, "warning": 1}
_LAST = (1 << 30, 0)


class Said(NamedTuple):
    """A remark or a finding."""

    severity: str
    place: str
    """Where it is, in words."""
    message: str
    span: tuple[int, int] | None
    """The part of the text that it is about."""


class TextReading:
    """A text that is read again and again while somebody types."""

    def __init__(self, base: "Profile") -> None:
        """Begins with the command of a profile.

        Raises:
            CannotPassError: A word of the command cannot be written for a shell.
        """
        self.begins_with = ""
        """The text that changes nothing."""
        self._checker = Checker()
        self._take(base)
        self.begins_with = self._overlay.text

    def _take(self, base: "Profile") -> None:
        self.base = base
        """What the text is laid over."""
        self._overlay = Overlay(base)
        self.text: str | None = None
        """What was read last."""
        self.laid: Laid | None = None
        """What the text makes of the profile; None where it holds no command."""
        self.error: NoCommandError | None = None
        """Why it holds none."""
        self.findings: tuple[Finding, ...] = ()

    def lay_over(self, base: "Profile") -> None:
        """Takes another profile, which is what the text is read against from now on."""
        self._take(base)
        try:
            self.begins_with = self._overlay.text
        except CannotPassError:
            self.begins_with = ""

    def read(self, text: str) -> None:
        """Reads another text. It is to be checked, too."""
        self.text = text
        self.laid, self.error, self.findings = None, None, ()
        try:
            command = self._overlay.read(text)
        except NoCommandError as error:
            self.error = error
            return
        self.laid = self._overlay.lay(text, command)
        if text == self.begins_with:
            self.laid = self.laid._replace(profile=self.base)

    def check(self, facts: Facts | None) -> None:
        """Finds what is wrong with the profile, by what is known of its files."""
        if self.laid is not None:
            self.findings = self._checker.check(self.laid.profile, facts or NO_FACTS)

    @property
    def sentence(self) -> str:
        """What changes, or why nothing can."""
        if self.laid is None:
            return clean(self.error.message) if self.error is not None else ""
        words = change_words.changes(self.base, self.laid.profile).sentence
        return f"{words} Enter {'leaves' if self.laid.profile is self.base else 'applies'}."

    @property
    def fault(self) -> tuple[int, int] | None:
        """The part of the text that is to blame that it holds no command."""
        error = self.error
        return (error.start, error.end) if error is not None and error.end > error.start else None

    def said(self) -> tuple[Said, ...]:
        """Returns remarks and findings, errors first, else in the order of the text."""
        if self.laid is None:
            return ()
        known = {finding.message for finding in self.findings}
        found = [
            Said("warning", self.line(one.start), one.message, (one.start, one.end))
            for one in self.laid.remarks
            if one.message not in known
        ]
        for finding in self.findings:
            place = place_of(self.laid.profile, finding.path)
            span = self.laid.places.of(finding.path)
            found.append(Said(finding.severity, place, finding.message, span))
        return tuple(
            sorted(found, key=lambda one: (_RANKS.get(one.severity, 2), one.span or _LAST))
        )

    def line(self, place: int) -> str:
        """Returns the line of a character, in words."""
        return f"line {(self.text or '').count(chr(10), 0, place) + 1}"
