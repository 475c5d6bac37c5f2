"""Character devices of options of `extra`: their addresses, keys, and the ids they name."""

from collections.abc import Iterator

from qemutui.core import chardev_words, options
from qemutui.core.finding import Problem
from qemutui.core.groups import BY_NAME
from qemutui.core.profile import Item
from qemutui.core.rules import offered_properties, sockets
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Subject, entry_of
from qemutui.core.rules.words import short


def _users(subject: Subject) -> Iterator[tuple[options.Option, str]]:
    """Yields the options that name a character device, and its id."""
    for option in subject.options:
        if option.size != 2 or option.value.startswith("{"):
            continue
        name = None
        if option.name in chardev_words.USERS:
            name = chardev_words.reference(option.value)
        elif option.name == "mon":
            name = dict(options.pairs(option.value, "chardev")).get("chardev")
        if name is not None:
            yield option, name


def dangling(subject: Subject) -> Iterator[Problem]:
    """Ids of character devices that nothing has."""
    if subject.is_rewritten:
        return
    for option, name in _users(subject):
        things = subject.ids.those("chardev", name)
        if name in subject.ids.of_extra or any(not thing.off for thing in things):
            continue
        message = f"No chardev has the id {short(name)}."
        if things:
            message = f"{short(name)} is switched off."
        yield Problem("error", place(subject, option), message)


def addresses(subject: Subject) -> Iterator[Problem]:
    """Sockets in one word with keys, switches and ports that QEMU does not take."""
    catalog = subject.catalog
    for option in subject.options:
        if option.name not in chardev_words.USERS or option.size != 2:
            continue
        written = chardev_words.backend(option.value)
        if written is None or written["type"] != "socket":
            continue
        entry = entry_of(BY_NAME["chardev"], Item.of({**written, "id": "x"}), 0)
        found = list(sockets.socket_wait(entry)) + list(sockets.socket_path(entry))
        if catalog is not None:
            found += offered_properties.unknown(entry, catalog)
            found += offered_properties.bad_value(entry, catalog)
        for problem in found:
            if problem.severity == "error":
                key = str(problem.path[-1])
                yield Problem("error", place(subject, option), f"{key}: {problem.message}")
