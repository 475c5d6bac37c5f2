"""The TCP and UDP ports that a profile has QEMU listen on."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from qemutui.core import chardev_words, keyval, options
from qemutui.core.argv import words_of
from qemutui.core.groups import BY_NAME, Group
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


IN_GROUPS = ("netdev", "chardev")
"""The groups whose items can have ports."""

_LOCAL = ("127.", "localhost")
_RECONNECT = frozenset({"reconnect", "reconnect-ms"})
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# net/slirp.c, slirp_hostfwd: `tcp` may be left out.
_FORWARD = re.compile(r"(tcp|udp)?:([^:]*):(\d+)-[^:]*:\d+")


def named_ports(profile: Profile) -> tuple[NamedPort, ...]:
    """Returns the ports that QEMU is to listen on. What is off is left out."""
    return (*qmp_ports(profile), *_of_items(profile, item_ports))


def named_peers(profile: Profile) -> tuple[NamedPort, ...]:
    """Returns the ports of this computer that QEMU is to connect to."""
    return (*qmp_peers(profile), *_of_items(profile, item_peers))


def _of_items(
    profile: Profile, of: Callable[[Group, Item, int], Iterable[NamedPort]]
) -> Iterator[NamedPort]:
    for name in IN_GROUPS:
        for index, item in enumerate(profile.items(name)):
            if not item.off:
                yield from of(BY_NAME[name], item, index)


def qmp_ports(profile: Profile) -> Iterator[NamedPort]:
    """Yields the port on which the profile's own QMP socket listens, and those of `extra`."""
    qmp = profile.qmp
    yield from _in_extra(profile, listens=True)
    if qmp.type == "tcp" and keyval.is_on(qmp.server) and not qmp.others.get("to"):
        yield from _port(("qmp", "port"), "tcp", keyval.scalar_text(qmp.host), qmp.port)


def qmp_peers(profile: Profile) -> Iterator[NamedPort]:
    """Yields the port of this computer to which the profile's own QMP socket connects, and those
    of `extra`."""
    qmp = profile.qmp
    yield from _here(_in_extra(profile, listens=False))
    if qmp.type == "tcp" and not keyval.is_on(qmp.server) and not _RECONNECT & qmp.others.keys():
        yield from _here(_port(("qmp", "port"), "tcp", keyval.scalar_text(qmp.host), qmp.port))


def _in_extra(profile: Profile, *, listens: bool) -> Iterator[NamedPort]:
    """Yields the ports of character devices in one word."""
    whole = not isinstance(profile.extra, tuple)
    for option in options.read(words_of(profile.extra)):
        if option.name not in chardev_words.USERS or option.size != 2:
            continue
        device = chardev_words.backend(option.value) or {}
        # gdbserver_start of gdbstub/softmmu.c makes it a server.
        server = option.name == "gdb" or keyval.is_on(device.get("server"))
        if "port" in device and server is listens and not {"to", *_RECONNECT} & device.keys():
            path: Path = ("extra",) if whole else ("extra", option.place + 1)
            yield from _port(path, "tcp", device["host"], device["port"])


def item_ports(group: Group, item: Item, index: int) -> Iterator[NamedPort]:
    """Yields the ports that an item, the index-th of its group, has QEMU listen on."""
    kind, root = (group.name, item.type), item.root
    if kind == ("netdev", "user"):
        yield from _forwards((group.name, index, "hostfwd"), root.get("hostfwd"))
    elif kind == ("netdev", "socket"):
        host, _, port = keyval.scalar_text(root.get("listen")).rpartition(":")
        yield from _port((group.name, index, "listen"), "tcp", host, port)
    elif kind == ("chardev", "socket") and keyval.is_on(root.get("server")):
        yield from _listening((group.name, index, "port"), item)


def item_peers(group: Group, item: Item, index: int) -> Iterator[NamedPort]:
    """Yields the port of this computer that an item has QEMU connect to."""
    root = item.root
    is_client = item.type == "socket" and not keyval.is_on(root.get("server"))
    if group.name == "chardev" and is_client and not {*_RECONNECT, "path"} & root.keys():
        path = (group.name, index, "port")
        yield from _here(_port(path, "tcp", keyval.scalar_text(root.get("host")), root.get("port")))


def _here(ports: Iterable[NamedPort]) -> Iterator[NamedPort]:
    return (port for port in ports if port.host.startswith(_LOCAL))


def _listening(path: Path, item: Item) -> Iterator[NamedPort]:
    if "to" not in item.root:
        yield from _port(
            path, "tcp", keyval.scalar_text(item.root.get("host")), item.root.get("port")
        )


def _forwards(path: Path, value: object) -> Iterator[NamedPort]:
    rules = value if isinstance(value, tuple) else () if value is None else (value,)
    for index, rule in enumerate(rules):
        match = _FORWARD.fullmatch(rule) if isinstance(rule, str) else None
        if match:
            here = (*path, index) if isinstance(value, tuple) else path
            yield from _port(here, "udp" if match[1] == "udp" else "tcp", match[2], match[3])


def _port(path: Path, protocol: Protocol, host: str, value: object) -> Iterator[NamedPort]:
    text = keyval.scalar_text(value)
    # Port 0 is any that is free.
    if text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536:
        yield NamedPort(path, protocol, host, int(text))
