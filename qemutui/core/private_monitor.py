"""What qemutui adds to a command so that it can watch and control the run: a QMP monitor."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from qemutui.core import keyval
from qemutui.core.argument import Argument, OptionValue
from qemutui.core.argv import build, words_of
from qemutui.core.profile import Profile

PATH = ("launch", "monitor")
"""The field that switches it off."""

_ID = "qemutui-mon"
_OPTIONS_OF_MONITORS = frozenset({"-monitor", "-mon", "-qmp", "-qmp-pretty", "-nodefaults"})
_MULTIPLEXED = frozenset({"-serial", "-parallel", "-debugcon"})


def is_wanted(profile: Profile) -> bool:
    """Tells whether a profile lets qemutui add its monitor; what is no switch does not."""
    return keyval.is_on(profile.launch.monitor)


def command(profile: Profile, path: str, more: Iterable[str] = ()) -> tuple[Argument, ...]:
    """Returns the command that is executed: the profile's own, `more` for this run, the monitor."""
    words = tuple(more)
    once = (Argument(words, ("extra",), origin="qemutui"),) if words else ()
    return build(profile, (*once, *added(profile, path, words)))


def added(
    profile: Profile, path: str, more: Iterable[str] = (), *, listens: bool = True
) -> tuple[Argument, ...]:
    """Returns the arguments of a monitor on the unix socket `path`.

    `more` are arguments that this run has beside the profile's own. QEMU listens, or connects to
    somebody who does.

    Any monitor takes the place of the one that QEMU has by default (`default_monitor` in
    `system/vl.c`), and under `-nographic` the keys Ctrl-A c and Ctrl-A x with it (tried on 7.2);
    so where the profile has that one, it is asked for again.
    """
    if not is_wanted(profile):
        return ()
    extra = (*words_of(profile.extra), *more)
    name = _free_id(profile, extra)
    socket = ("socket", f"id={name}", f"path={keyval.escape(path)}")
    return (
        _argument("-chardev", *socket, *(("server=on", "wait=off") if listens else ())),
        _argument("-mon", f"chardev={name}", "mode=control"),
        *(_argument(*words) for words in _default_monitor(profile, extra)),
    )


def without(words: Sequence[str]) -> tuple[str, ...]:
    """Returns an argv without the arguments of `added`, which end it."""
    for index in range(len(words) - 3):
        option, socket, mon, _ = words[index : index + 4]
        if (option, mon) == ("-chardev", "-mon") and socket.startswith(f"socket,id={_ID}"):
            return tuple(words[:index])
    return tuple(words)


def _argument(option: str, *parts: str) -> Argument:
    value = OptionValue(PATH)
    for part in parts:
        value.add(part, PATH)
    return value.argument(option)._replace(origin="qemutui")


def _free_id(profile: Profile, extra: tuple[str, ...]) -> str:
    taken = {item.id for item in profile.items("chardev")}
    words = " ".join(extra)
    name = _ID
    number = 2
    while name in taken or name in words:
        name = f"{_ID}{number}"
        number += 1
    return name


def _default_monitor(profile: Profile, extra: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yields the option that gives the default monitor back, where there would be one."""
    options = {_single(word) for word in extra}
    pairs = [(_single(word), value) for word, value in pairwise(extra)]
    own = any(option in _MULTIPLEXED and value.startswith("mon:") for option, value in pairs)
    if own or options & _OPTIONS_OF_MONITORS or profile.qmp.type is not None:
        return
    if "-nographic" in options:
        serial = "-serial" in options or any(
            not item.off and item.type == "isa-serial" for item in profile.items("device")
        )
        yield ("-monitor", "stdio") if serial else ("-serial", "mon:stdio")
    elif ("-display", "none") not in pairs:
        yield "-monitor", "vc:80Cx24C"


def _single(word: str) -> str:
    """Returns an option as QEMU reads it: two dashes are one."""
    return word[1:] if word.startswith("--") else word
