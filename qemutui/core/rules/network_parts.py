"""Parts of networks that do not go together (`net/slirp.c`, `net/socket.c`)."""

import ipaddress
from collections.abc import Iterable, Iterator

from qemutui.core.finding import Problem
from qemutui.core.rules.subject import Entry

_USUAL = "10.0.2.0/24"
_ENDS = ("listen", "connect", "mcast", "udp")
_KEYS = ("host", "dhcpstart", "dns")


def refused(entry: Entry) -> Iterable[Problem]:
    """Addresses that a network does not have, a name server that is the host, and more ends of a
    socket than two."""
    if entry.group.name != "netdev":
        return ()
    judge = {"socket": _socket, "user": _user}.get(entry.type)
    return () if judge is None else judge(entry)


def _user(entry: Entry) -> Iterator[Problem]:
    root = entry.item.root
    forward = root.get("hostfwd")
    if isinstance(forward, bool | int):
        path = (*entry.path, "hostfwd")
        yield Problem("error", path, "A rule is tcp:HOST:PORT-GUEST:PORT.")
    if not any(key in root for key in _KEYS):
        return
    written = root.get("net", _USUAL)
    try:
        if not isinstance(written, str) or "/" not in written:
            return
        network = ipaddress.IPv4Network(written, strict=False)
        given = {
            key: ipaddress.IPv4Address(value)
            for key in _KEYS
            if isinstance(value := root.get(key), str) and value
        }
    except ValueError:  # of which other rules speak
        return
    for key, address in given.items():
        if key != "dns" and address not in network:
            yield Problem("error", (*entry.path, key), f"This is not in {network}.")
    host = given.get("host", network.network_address + 2)
    if given.get("dns") == host:
        yield Problem("error", (*entry.path, "dns"), "The name server is not the host.")


def _socket(entry: Entry) -> Iterator[Problem]:
    """Yields ends of a socket that are no addresses, or one too many."""
    root = entry.item.root
    given = [key for key in _ENDS if key in root]
    for key in given[1:]:
        message = f"With {given[0]}, socket has no {key}."
        yield Problem("error", (*entry.path, key), message)
    for key in given[:1]:
        value = root[key]
        if isinstance(value, bool | int) or (isinstance(value, str) and ":" not in value):
            yield Problem("error", (*entry.path, key), "An address is HOST:PORT.")
    if "udp" in given and "localaddr" not in root:
        yield Problem("error", (*entry.path, "localaddr"), "udp needs a localaddr.")
