"""What a dry run must not touch of what an option names: sockets, and files that QEMU writes."""

import re
from collections.abc import Callable
from typing import Any, Literal, Protocol

from qemutui.core import keyval
from qemutui.core.keyval import Path, Value

Purpose = Literal[
    "listen",  # a unix socket that QEMU makes, in place of what is there
    "listen abstract",  # one without a file
    "connect",  # a unix socket of somebody else
    "connect abstract",
    "write",  # a file that QEMU makes or empties
    "lock",  # one that QEMU locks, too
    "pipe",  # a FIFO, or two that end in .in and .out
    "memory",  # a file that becomes the guest's memory, or a folder for such files
    "config",  # a file of options, which may name any of these
]
StandIn = Callable[[Purpose, str], str]
"""Returns what QEMU gets in place of a name; the same name where QEMU fails at that untouched.
It may raise NotTriedError."""


class NotTriedError(Exception):
    """A dry run would touch what it must not; the message is one sentence."""


class Settings(Protocol):
    """The keys of one option, however they are written."""

    def get(self, key: str) -> str | None:
        """Returns a value as QEMU reads it, or None where the key is not set."""

    def put(self, key: str, text: str) -> None:
        """Gives a key another value."""

    def values(self, key: str) -> list[str]:
        """Returns all values of a key that may be repeated."""


class Table:
    """The keys of a table or an item of a profile."""

    def __init__(self, root: dict[str, Value]) -> None:
        self._root = root
        self.changes: list[tuple[Path, str]] = []
        """The path in the table and the new value of each key that was changed."""

    def _find(self, key: str) -> tuple[Path, Any]:
        if key in self._root:
            return (key,), self._root[key]
        here: Any = self._root
        parts = key.split(".")
        for part in parts:
            here = here.get(part) if isinstance(here, dict) else None
        return (key,) if here is None else tuple(parts), here

    def get(self, key: str) -> str | None:
        value = self._find(key)[1]
        if isinstance(value, tuple):  # a repeated key, of which the last counts
            value = value[-1] if value else None
        return None if value is None or isinstance(value, dict | tuple) else keyval.text(value)

    def put(self, key: str, text: str) -> None:
        self.changes.append((self._find(key)[0], text))

    def values(self, key: str) -> list[str]:
        value = self._find(key)[1]
        several = value if isinstance(value, tuple) else (value,)
        return [keyval.text(one) for one in several if isinstance(one, str)]


class Pairs:
    """The keys of an option's value, written `key=value,…`; a bare word is `on`, or `off`."""

    def __init__(self, text: str, implied: str = "") -> None:
        self._parts = [part.replace("\0", ",") for part in text.replace(",,", "\0").split(",")]
        self._implied = implied
        self._is_changed = False
        self._text = text

    @property
    def text(self) -> str:
        """The value; what was not changed is as it was written."""
        return ",".join(map(keyval.escape, self._parts)) if self._is_changed else self._text

    def _pair(self, place: int) -> tuple[str, str]:
        key, equals, value = self._parts[place].partition("=")
        if equals:
            return key, value
        if place == 0 and self._implied:
            return self._implied, key
        return (key[2:], "off") if key.startswith("no") else (key, "on")

    def get(self, key: str) -> str | None:
        found = self.values(key)
        return found[-1] if found else None

    def values(self, key: str) -> list[str]:
        pairs = map(self._pair, range(len(self._parts)))
        return [value for name, value in pairs if name == key]

    def put(self, key: str, text: str) -> None:
        self._is_changed = True
        places = [place for place in range(len(self._parts)) if self._pair(place)[0] == key]
        if self._parts[-1:] == [""] and not places:
            self._parts.pop()  # a comma at the end, which is legal
        for place in places:
            self._parts[place] = f"{key}={text}"
        if not places:
            self._parts.append(f"{key}={text}")


def is_on(settings: Settings, key: str) -> bool:
    """Tells whether a switch is on."""
    value = settings.get(key)
    return value is not None and keyval.boolean(value) is True


def _replace(settings: Settings, key: str, purpose: Purpose, stand_in: StandIn) -> None:
    name = settings.get(key)
    if name and "\0" not in name:
        new = stand_in(purpose, name)
        if new != name:
            settings.put(key, new)


def change_item(group: str, kind: str, settings: Settings, stand_in: StandIn) -> None:
    """Gives an item of a group its stand-ins. Raises NotTriedError."""
    if group == "chardev":
        if kind == "socket":
            change_socket("unix", settings, stand_in)
        elif kind in ("file", "pty"):  # a file is emptied; a path of a pty is a link to it
            _replace(settings, "path", "write", stand_in)
        elif kind == "pipe":
            _replace(settings, "path", "pipe", stand_in)
        _replace(settings, "logfile", "write", stand_in)
    elif group == "netdev":
        if kind == "stream":
            purpose: Purpose = "listen" if is_on(settings, "server") else "connect"
            _replace(settings, "addr.path", _abstract(purpose, settings, "addr."), stand_in)
        elif kind == "dgram":
            _replace(settings, "local.path", _abstract("listen", settings, "local."), stand_in)
        for forward in settings.values("guestfwd"):
            if re.search(r"-(unix|file|pipe):", forward):
                raise NotTriedError("What guestfwd leads to would be opened.")
    elif group == "object":
        if kind == "filter-dump":
            _replace(settings, "file", "write", stand_in)
        elif kind == "memory-backend-file":
            _replace(settings, "mem-path", "memory", stand_in)
    elif group == "audiodev" and kind == "wav":
        _replace(settings, "path", "write", stand_in)


def change_machine(settings: Settings, stand_in: StandIn) -> None:
    """Gives the keys of `-machine` their stand-ins."""
    _replace(settings, "dumpdtb", "write", stand_in)


def change_socket(kind: str, settings: Settings, stand_in: StandIn) -> None:
    """Gives the socket of a chardev or a monitor its stand-ins, and has QEMU wait for nobody.

    `kind` is its type; a TCP socket has no path, and keeps its port.
    """
    listens = is_on(settings, "server")
    if kind == "unix":
        purpose: Purpose = "listen" if listens else "connect"
        _replace(settings, "path", _abstract(purpose, settings, ""), stand_in)
    wait = settings.get("wait")
    if listens and (wait is None or keyval.boolean(wait) is True):
        settings.put("wait", "off")


def _abstract(purpose: Purpose, settings: Settings, table: str) -> Purpose:
    if not is_on(settings, f"{table}abstract"):
        return purpose
    return "listen abstract" if purpose == "listen" else "connect abstract"
