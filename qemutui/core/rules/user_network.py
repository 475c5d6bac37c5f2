"""Addresses of a network of the type `user` that QEMU cannot read (`net/slirp.c`)."""

import re
from collections.abc import Iterator

from qemutui.core import keyval
from qemutui.core.finding import Problem
from qemutui.core.rules.subject import Entry

_FORWARD = re.compile(r"(|tcp|udp|unix):([^:]*):(\d{1,99})-([^:]*):(\d{1,99})")
_DOTTED = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
_INET_ATON = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}", re.IGNORECASE)
"""What `inet_aton` may read, which also takes fewer numbers than four."""
_GUEST = re.compile(r"(?:tcp)?:([^:]*):(\d{1,99})-.+", re.DOTALL)
_MASK = re.compile(r"\d{1,99}")
_HOSTS = ("host", "dns", "dhcpstart")
_HOSTS_6 = ("ipv6-prefix", "ipv6-host", "ipv6-dns")
_JUDGED = frozenset({"hostfwd", "guestfwd", "net", "ipv4", "ipv6", *_HOSTS, *_HOSTS_6})


def _is_address(text: str) -> bool:
    """Tells whether it may be an IPv4 address; forms that few people write are let pass."""
    match = _DOTTED.fullmatch(text)
    if match:
        return all(int(part) < 256 for part in match.groups())
    return _INET_ATON.fullmatch(text) is not None


def _is_address_6(text: str) -> bool:
    from ipaddress import IPv6Address  # not needed by most profiles

    try:
        return "%" not in text and bool(IPv6Address(text).packed)
    except ValueError:
        return False


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
    if entry.type != "user" or _JUDGED.isdisjoint(root):
        return
    rules = root.get("hostfwd", ())
    for index, rule in enumerate(rules if isinstance(rules, tuple) else (rules,)):
        if isinstance(rule, str) and not _is_forward(rule):
            here = (index,) if isinstance(rules, tuple) else ()
            message = "A rule is tcp:HOST:PORT-GUEST:PORT."
            yield Problem("error", (*entry.path, "hostfwd", *here), message)
    rules = root.get("guestfwd", ())
    for index, rule in enumerate(rules if isinstance(rules, tuple) else (rules,)):
        match = _GUEST.fullmatch(rule) if isinstance(rule, str) else None
        if isinstance(rule, str) and not (
            match and 0 < int(match[2]) < 65536 and (not match[1] or _is_address(match[1]))
        ):
            here = (index,) if isinstance(rules, tuple) else ()
            message = "A rule is tcp:SERVER:PORT-DEVICE."
            yield Problem("error", (*entry.path, "guestfwd", *here), message)
    for key in _HOSTS:
        value = root.get(key)
        if isinstance(value, str) and value and not _is_address(value):
            yield Problem("error", (*entry.path, key), "This is no IPv4 address.")
    for key in _HOSTS_6:
        value = root.get(key)
        if isinstance(value, str) and not _is_address_6(value):
            yield Problem("error", (*entry.path, key), "This is no IPv6 address.")
    net = root.get("net")
    if isinstance(net, str) and net:
        address, _, mask = net.partition("/")
        number = int(mask) if _MASK.fullmatch(mask) else None
        bad_mask = mask != "" and not (_is_address(mask) if number is None else 4 <= number <= 32)
        if not _is_address(address) or bad_mask:
            yield Problem("error", (*entry.path, "net"), "This is no IPv4 network.")
    if all(keyval.is_off(root.get(key)) for key in ("ipv4", "ipv6")):
        yield Problem("error", (*entry.path, "ipv6"), "Neither IPv4 nor IPv6 is on.")
