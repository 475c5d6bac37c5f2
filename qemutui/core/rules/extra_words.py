"""Words of options of `extra` that no version of QEMU reads."""

from collections.abc import Iterator

from qemutui.core import options
from qemutui.core.finding import Problem
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.words import quoted


def boot_order(subject: Subject) -> Iterator[Problem]:
    """Letters of drives that QEMU refuses (`system/bootdevice.c`, validate_bootdevices)."""
    last = {
        key: (letters, option)
        for option in subject.options
        if option.name == "boot"
        for key, letters in options.pairs(option.value, "order")
        if key in ("order", "once")
    }
    for letters, option in last.values():
        wrong = next((letter for letter in letters if not "a" <= letter <= "p"), None)
        if wrong is not None:
            message = f"{quoted(wrong)} is no drive; a to p are."
            yield Problem("error", place(subject, option), message)
        elif len(set(letters)) < len(letters):
            yield Problem("error", place(subject, option), "A drive stands here twice.")
