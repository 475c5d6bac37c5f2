"""Networks of -nic and -net in `extra`: their keys and addresses."""

import re
from collections.abc import Iterator

from qemutui.core import options
from qemutui.core.catalog import Catalog
from qemutui.core.finding import Problem
from qemutui.core.groups import BY_NAME
from qemutui.core.profile import Item
from qemutui.core.rules import offered_properties, user_network
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Subject, entry_of
from qemutui.core.rules.words import quoted

_OF_CARDS = frozenset({"type", "id", "model", "mac", "macaddr", "helper"})
"""Keys of -nic beside those of its network (`net/net.c`, net_param_nic)."""
_LEGACY_CARD = frozenset({"type", "id", "netdev", "macaddr", "model", "addr", "vectors"})
"""`qapi/net.json`, NetLegacyNicOptions."""
_MAC = re.compile(r"([0-9a-fA-F]{1,2}[:-]){5}[0-9a-fA-F]{1,2}")


def refused(subject: Subject) -> Iterator[Problem]:
    """Keys and addresses that QEMU refuses."""
    catalog = subject.catalog
    if catalog is None or subject.is_rewritten:
        return
    for option in subject.options:
        if option.name in ("nic", "net") and option.size == 2 and option.value[:1] != "{":
            for message in _faults(option, catalog):
                yield Problem("error", place(subject, option), message)


def _faults(option: options.Option, catalog: Catalog) -> Iterator[str]:
    pairs = dict(options.pairs(option.value, "type"))
    kind = pairs.get("type", "")
    if {"help", "?"} & {*pairs, *pairs.values()}:
        return
    is_card = option.name == "nic" or kind == "nic"
    for key in ("mac", "macaddr") if is_card else ():
        if key in pairs and not _MAC.fullmatch(pairs[key]):
            yield f"{key}: A MAC is six bytes: 52:54:00:12:34:56."
    if option.name == "net" and kind == "nic":
        for key in pairs:
            if key not in _LEGACY_CARD:
                yield f"-net nic has no {quoted(key)}."
        return
    if kind == "none" or kind not in catalog.types("netdev"):
        return
    own = _OF_CARDS if option.name == "nic" else frozenset({"type", "id"})
    root = {key: value for key, value in pairs.items() if key not in own - {"type"}}
    repeated: dict[str, list[str]] = {}
    for key, value in options.pairs(option.value, "type"):
        repeated.setdefault(key, []).append(value)
    item = Item.of({k: tuple(repeated[k]) if len(repeated[k]) > 1 else v for k, v in root.items()})
    entry = entry_of(BY_NAME["netdev"], item, 0)
    for problem in (
        *offered_properties.unknown(entry, catalog),
        *offered_properties.bad_value(entry, catalog),
        *user_network.addresses(entry),
    ):
        yield f"{problem.path[2]}: {problem.message}"
