"""Addresses of a network of the type `user` that QEMU cannot read (`net/slirp.c`)."""

import re
from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.finding import Problem
from qemutui.core.rules.subject import Entry

_FORWARD = re.compile(r"(|tcp|udp|unix):([^:]*):(\d+)-([^:]*):(\d+)")
_DOTTED = re.compile(r"(\d+)\.(\d+)\.(\d+)\.(\d+)")
_MASK = re.compile(r"\d+")
_HOSTS = ("host", "dns", "dhcpstart")


def _is_address(text: str) -> bool:
    """Tells whether it may be an IPv4 address; forms that few people write are let pass."""
    match = _DOTTED.fullmatch(text)
    if match:
        return all(int(part) < 256 for part in match.groups())
    return re.fullmatch(r"[0-9a-fA-Fx.]+", text) is not None


def _is_forward(rule: str) -> bool:
    if "[" in rule or rule.startswith("unix:"):
        return True
    match = _FORWARD.fullmatch(rule)
    return (
        match is not None
        and all(not address or _is_address(address) for address in match.group(2, 4))
        and int(match[3]) < 65536
        and 0 < int(match[5]) < 65536
    )


def addresses(entry: Entry) -> Iterator[Problem]:
    """Addresses, networks and forwarded ports that are none."""
    root = entry.item.root
    if entry.type != "user":
        return
    rules = root.get("hostfwd", ())
    for index, rule in enumerate(rules if isinstance(rules, tuple) else (rules,)):
        if isinstance(rule, str) and not _is_forward(rule):
            here = (index,) if isinstance(rules, tuple) else ()
            message = "A rule is tcp:HOST:PORT-GUEST:PORT."
            yield Problem("error", (*entry.path, "hostfwd", *here), message)
    for key in _HOSTS:
        value = root.get(key)
        if isinstance(value, str) and value and not _is_address(value):
            yield Problem("error", (*entry.path, key), "This is no IPv4 address.")
    net = root.get("net")
    if isinstance(net, str) and net:
        address, _, mask = net.partition("/")
        bad_mask = _MASK.fullmatch(mask) is not None and not 4 <= int(mask) <= 32
        if not _is_address(address) or bad_mask:
            yield Problem("error", (*entry.path, "net"), "This is no IPv4 network.")
    if all(keyval.is_off(root.get(key)) for key in ("ipv4", "ipv6")):
        yield Problem("error", (*entry.path, "ipv6"), "Neither IPv4 nor IPv6 is on.")
