"""Asks a QEMU binary what it offers.

One QEMU answers by QMP, others beside it print their help texts. Some questions crash some QEMUs
(an assertion of a machine type, a module that is not installed): QEMU is started again then, and
asked one thing at a time, as answers that it had not written are lost with it and only so the
culprit is certain. What the culprit is cannot be told from QMP is read from its help text.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from qemutui.core import catalog_text
from qemutui.core.catalog import Catalog
from qemutui.core.catalog_text import Answers, Question
from qemutui.core.text import clean
from qemutui.host import child
from qemutui.host.child import Child
from qemutui.host.probe_errors import BrokenError, SilentError, StoppedError

PATIENCE = 10.0
"""Seconds that one binary has for everything."""
_MOST_STARTS = 12
"""How often QEMU is started again for what it crashes on; the rest stays unknown."""
_TRIES = 2
"""How often a help text is asked for whose QEMU a signal ends."""
_MACHINES = ("none", "none,accel=qtest")
"""What it is started with; the second needs no accelerator, whose module may be broken."""


def kvm_problem() -> str:
    """Returns why /dev/kvm cannot be used; nothing if it can."""
    if not os.path.exists("/dev/kvm"):  # noqa: PTH110
        return "No /dev/kvm."
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "/dev/kvm is there, but you are not in group kvm."
    return ""


def catalog_of(path: str, name: str, stopped: Callable[[], bool] = lambda: False) -> bytes:
    """Returns the text of the catalog of a binary that may be run.

    Args:
        path: The binary, from the root.
        name: What it is called in sentences.
        stopped: Is asked now and then whether nobody waits any more.

    Raises:
        SilentError: It does not answer in time.
        BrokenError: It does not answer as QEMU does.
        StoppedError: Nobody waits any more.
    """
    probe = _Probe(path, name, stopped)
    answers = probe.answers()
    try:
        text = catalog_text.write(answers)
        Catalog.read(text)
    except ValueError:
        raise BrokenError(name, probe.last_words) from None
    return text


def answers_of(path: str) -> Answers:
    """Returns all that a binary that may be run answers. Raises as `catalog_of`."""
    return _Probe(path, PurePath(path).name, lambda: False).answers()


class _Probe:
    def __init__(self, path: str, name: str, stopped: Callable[[], bool]) -> None:
        self._path = path
        self._name = name
        self._stopped = stopped
        self._deadline = time.monotonic() + PATIENCE
        self._starts = 0
        self._crashed: list[str] = []
        self._help: dict[tuple[str, ...], str] = {}
        self.last_words = ""
        """Why the first QEMU ended that said nothing of QMP."""
        self.todo: deque[Question] = deque(catalog_text.QUERIES)
        self.followed = False
        """Whether what follows from the first answers has been added to `todo`."""
        self.answered: dict[str, bytes] = {}

    def answers(self) -> Answers:
        self._run(self._talks(), self._helps(catalog_text.HELP_OPTIONS))
        if not self.followed:  # QEMU crashed on what its types are asked by
            self.follow()
            self._run(self._talks())
        if instead := catalog_text.help_instead(self._crashed):
            self._run(self._helps(instead))
        first = {name for name, _, _ in catalog_text.QUERIES}
        return Answers(
            {name: text for name, text in self.answered.items() if name in first},
            self._help,
            {name: text for name, text in self.answered.items() if name not in first},
            tuple(self._crashed),
            kvm_problem(),
            PurePath(self._path).name,
            "" if self.answered else self.last_words,
        )

    def follow(self) -> None:
        """Goes on to what the answers to the first questions, and the help texts, lead to."""
        self.followed = True
        self.todo.extend(catalog_text.questions(self.answered, self._help))

    def _run(self, *lanes: Iterator[Child]) -> None:
        try:
            child.run(lanes, self._deadline, self._stopped)
        except TimeoutError:
            raise SilentError(self._name, PATIENCE) from None
        except child.StoppedError:
            raise StoppedError(self._name) from None
        except child.TooMuchError:
            most = f"it printed more than {child.MOST_OUTPUT >> 20} MB"
            raise BrokenError(self._name, most) from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise BrokenError(self._name, f"it cannot be run: {reason}") from None

    def _talks(self) -> Iterator[Child]:
        """Starts QEMU, again and again where it crashes, until all has been asked."""
        machines = list(_MACHINES)
        window = len(self.todo) + (1 << 16)
        while self.todo and self._starts < _MOST_STARTS:
            self._starts += 1
            talk = _Talk(self, [self._path, *catalog_text.arguments(machines[0])], window)
            yield talk
            unanswered = list(talk.asked)
            self.todo.extendleft(reversed(unanswered))
            if not talk.greeted:
                self.last_words = self.last_words or _why(talk)
                del machines[0]
                if not machines:
                    return
            elif unanswered:
                if window == 1:
                    name, command, _ = self.todo.popleft()
                    self._crashed.append(name if "/" in name else command)
                window = 1

    def _helps(self, options: Sequence[tuple[str, ...]]) -> Iterator[Child]:
        for words in options:
            for _ in range(_TRIES):
                one = Child([self._path, *words])
                yield one
                self._help[words] = one.output.decode("utf-8", "replace")
                if one.status is None or one.status >= 0:
                    break  # nobody has killed it half-way


class _Talk(Child):
    """A QEMU that is asked by QMP what is still to be asked."""

    def __init__(self, probe: _Probe, argv: Sequence[str], window: int) -> None:
        super().__init__(argv, b'{"execute":"qmp_capabilities"}\n')
        self._probe = probe
        self._window = window
        self._begin = self._scanned = 0
        self._accepted = False
        self.greeted = False
        self.asked: deque[Question] = deque()
        """What has been sent and not been answered, in its order."""

    def received(self) -> bool:
        while (end := self.output.find(b"\n", self._scanned)) >= 0:
            line = bytes(self.output[self._begin : end]).strip()
            self._begin = self._scanned = end + 1
            if self._read_line(line):
                return True
        self._scanned = len(self.output)
        return False

    def _read_line(self, line: bytes) -> bool:
        """Takes a line of QMP; returns whether nothing is left to be asked."""
        if not self.greeted:
            self.greeted = line.startswith(b'{"QMP"')
        elif line.startswith((b'{"return"', b'{"error"')):
            if not self._accepted:
                self._accepted = True
            elif self.asked:
                name, _, _ = self.asked.popleft()
                if line.startswith(b'{"return"'):
                    self._probe.answered[name] = line
            return self._ask()
        return False

    def _ask(self) -> bool:
        probe = self._probe
        if not self.asked and not probe.todo and not probe.followed:
            if not catalog_text.leads_on(probe.answered):
                return True
            probe.follow()
        while probe.todo and len(self.asked) < self._window:
            question = probe.todo.popleft()
            self.asked.append(question)
            self.send(catalog_text.request(question))
        return not self.asked


def _why(talk: Child) -> str:
    """Returns what a program that ended without a word of QMP has said of it."""
    lines = talk.errors.decode("utf-8", "replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    status = "" if talk.status is None else f"it ended with status {talk.status}"
    if talk.status is not None and talk.status < 0:
        status = f"it ended by signal {-talk.status}"
    return ": ".join(filter(None, (status or "it speaks no QMP", clean(last.strip()[:200]))))
