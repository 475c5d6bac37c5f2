"""Options of `extra` that this QEMU does not have, or has no longer."""

from collections.abc import Iterator

from qemutui.core import options
from qemutui.core.catalog import Catalog
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.near import nearest
from qemutui.core.rules.effective import place
from qemutui.core.rules.renamed import OPTIONS
from qemutui.core.rules.subject import Subject

# What every QEMU takes, and `-help` does not begin a line with (`qemu-options.hx`).
_UNLISTED = frozenset({"fdb", "hdb", "hdd", "help", "h", "machine", "qtest", "qtest-log"})


def unknown(subject: Subject) -> Iterator[Problem]:
    """Options that QEMU does not have; where that is not known, those that no QEMU has."""
    catalog = subject.catalog
    offered = catalog.options if catalog is not None else {}
    for option in subject.options:
        if catalog is None or not offered:
            if not options.is_known(option):
                path = place(subject, option)
                yield Problem("hint", path, options.assumption(option))
        elif option.name and option.name not in _UNLISTED and _bare(option) not in offered:
            yield _gone(subject, catalog, option)


def _bare(option: options.Option) -> str:
    """Returns the name of an option, also of one that no QEMU is known to have."""
    return option.name.removeprefix("-").removeprefix("-")


def _gone(subject: Subject, catalog: Catalog, option: options.Option) -> Problem:
    path = place(subject, option)
    instead = OPTIONS.get(option.name)
    shown = option.written if len(option.written) <= 30 else option.written[:29] + "…"
    if instead is not None:
        return Problem("error", path, f"QEMU {catalog.release} has no {shown}; {instead}.")
    near = nearest(_bare(option), tuple(catalog.options))
    fix = None
    takes_value = option.size == 2
    if near is not None and len(path) == 2 and catalog.options[near] is takes_value:
        fix = Fix(f"makes it -{near}", (Set(path, f"-{near}"),))
    return Problem("error", path, f"QEMU {catalog.release} has no option {shown}.", fix)
