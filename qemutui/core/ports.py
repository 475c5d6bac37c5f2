"""The TCP and UDP ports that a profile has QEMU listen on."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from qemutui.core import chardev_words, keyval, options
from qemutui.core.argv import words_of
from qemutui.core.keyval import Path
from qemutui.core.profile import Item, Profile

Protocol = Literal["tcp", "udp"]


class NamedPort(NamedTuple):
    """A port that QEMU is to listen on."""

    path: Path
    """The field that names it."""
    protocol: Protocol
    host: str
    """As written: an IPv4 address, a name, or nothing for all addresses."""
    port: int

    @property
    def is_exact(self) -> bool:
        """Whether QEMU listens on this IPv4 address and no other: it fails where that is taken."""
        return self.host == "" or _IPV4.fullmatch(self.host) is not None


_LOCAL = ("127.", "localhost")
_RECONNECT = frozenset({"reconnect", "reconnect-ms"})
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# net/slirp.c, slirp_hostfwd: `tcp` may be left out.
_FORWARD = re.compile(r"(tcp|udp)?:([^:]*):(\d+)-[^:]*:\d+")


def named_ports(profile: Profile) -> tuple[NamedPort, ...]:
    """Returns the ports that QEMU is to listen on. What is off is left out."""
    return tuple(_ports(profile))


def named_peers(profile: Profile) -> tuple[NamedPort, ...]:
    """Returns the ports of this computer that QEMU is to connect to."""
    return tuple(port for port in _peers(profile) if port.host.startswith(_LOCAL))


def _in_extra(profile: Profile, *, listens: bool) -> Iterator[NamedPort]:
    """Yields the ports of character devices in one word."""
    whole = not isinstance(profile.extra, tuple)
    for option in options.read(words_of(profile.extra)):
        if option.name not in chardev_words.USERS or option.size != 2:
            continue
        device = chardev_words.backend(option.value) or {}
        # gdbserver_start of gdbstub/softmmu.c makes it a server.
        server = option.name == "gdb" or _is_on(device.get("server"))
        if "port" in device and server is listens and not {"to", *_RECONNECT} & device.keys():
            path: Path = ("extra",) if whole else ("extra", option.place + 1)
            yield from _port(path, "tcp", device["host"], device["port"])


def _peers(profile: Profile) -> Iterator[NamedPort]:
    yield from _in_extra(profile, listens=False)
    qmp = profile.qmp
    if qmp.type == "tcp" and not _is_on(qmp.server) and not _RECONNECT & qmp.others.keys():
        yield from _port(("qmp", "port"), "tcp", _text(qmp.host), qmp.port)
    for index, item in enumerate(profile.chardev):
        if not item.off and item.type == "socket" and not _is_on(item.root.get("server")):
            root = item.root
            if not _RECONNECT & root.keys() and "path" not in root:
                path = ("chardev", index, "port")
                yield from _port(path, "tcp", _text(root.get("host")), root.get("port"))


def _ports(profile: Profile) -> Iterator[NamedPort]:
    qmp = profile.qmp
    yield from _in_extra(profile, listens=True)
    if qmp.type == "tcp" and _is_on(qmp.server) and not qmp.others.get("to"):
        yield from _port(("qmp", "port"), "tcp", _text(qmp.host), qmp.port)
    for index, item in enumerate(profile.netdev):
        if not item.off and item.type == "user":
            yield from _forwards(("netdev", index, "hostfwd"), item.root.get("hostfwd"))
        elif not item.off and item.type == "socket":
            host, _, port = _text(item.root.get("listen")).rpartition(":")
            yield from _port(("netdev", index, "listen"), "tcp", host, port)
    for index, item in enumerate(profile.chardev):
        if not item.off and item.type == "socket" and _is_on(item.root.get("server")):
            yield from _listening(("chardev", index, "port"), item)


def _listening(path: Path, item: Item) -> Iterator[NamedPort]:
    if "to" not in item.root:
        yield from _port(path, "tcp", _text(item.root.get("host")), item.root.get("port"))


def _forwards(path: Path, value: object) -> Iterator[NamedPort]:
    rules = value if isinstance(value, tuple) else () if value is None else (value,)
    for index, rule in enumerate(rules):
        match = _FORWARD.fullmatch(rule) if isinstance(rule, str) else None
        if match:
            here = (*path, index) if isinstance(value, tuple) else path
            yield from _port(here, "udp" if match[1] == "udp" else "tcp", match[2], match[3])


def _port(path: Path, protocol: Protocol, host: str, value: object) -> Iterator[NamedPort]:
    text = _text(value)
    # Port 0 is any that is free.
    if text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536:
        yield NamedPort(path, protocol, host, int(text))


def _text(value: object) -> str:
    return keyval.text(value) if isinstance(value, int | str) else ""


def _is_on(value: object) -> bool:
    return isinstance(value, bool | str) and keyval.boolean(value) is True
