"""Profiles that a command tells whole: what `parse` gives back is what `build` was given.

Left out is what no command says: notes, launch, check, passed files, items that are off, unknown
tables, a missing binary (a command has one). Also what two profiles say alike: `"on"` and true,
`"2"` and 2 (over 17 digits it is text), one text and a list of it, a table and dotted keys, an
empty table and none. A type with a comma is none that a QEMU has, and is read in two ways.
"""

import re
from typing import Any

from hypothesis import strategies as st

from qemutui.core.groups import GROUPS, Group

Data = dict[str, Any]

_SIGNS = st.text(alphabet=",=:.{}[]'\"\\$ -_~%aé😀0\n\x1b\u202e", max_size=6)
_ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
_WORDS = st.sampled_from(["q35", "virtio-net-pci", "yes", "n", "TRUE", "1G", "0x2", "02", "1.5"])
TEXTS = _WORDS | _SIGNS | _ANY
"""What is text wherever it stands; of a word after a dash no profile is made."""


def _is_text(value: str) -> bool:
    """Tells whether a value can be nothing but text."""
    return value not in ("on", "off") and not re.fullmatch("-?[0-9]+", value, re.ASCII)


_TYPED = TEXTS.filter(_is_text) | st.booleans() | st.integers(-(10**17), 10**17)
_NAMES = st.text(alphabet="abcdefgh", min_size=1, max_size=4).filter(lambda name: name[:2] != "no")
_KEYS = st.builds("x-{}".format, _NAMES) | st.sampled_from(["netdev", "size", "model_config"])
_FULL = TEXTS.filter(bool)
_TYPES = _FULL.filter(_is_text).filter(lambda text: "," not in text)


def _table(fields: dict[str, st.SearchStrategy[Any]], more: bool = True) -> st.SearchStrategy[Data]:
    others = st.dictionaries(_KEYS, _TYPED, max_size=3) if more else st.just({})
    return st.builds(
        lambda some, other: {**some, **other}, st.fixed_dictionaries({}, optional=fields), others
    )


def _item(group: Group) -> st.SearchStrategy[Data]:
    """An item of a group: its type first, as a command begins with it."""
    required = {"type": _TYPES} if group.type_key else {"file": _FULL.filter(_is_text)}
    content: st.SearchStrategy[Any] = _TYPED
    if group.lists != "no":  # one value alone repeats no key
        content |= st.lists(_TYPED, min_size=1 + (group.lists == "repeat"), max_size=3)
    if group.lists == "index":  # elsewhere a table may come back as dotted keys
        content |= st.dictionaries(_KEYS, _TYPED, min_size=1, max_size=2)
    return st.builds(
        lambda first, named, properties: {**first, **named, **properties},
        st.fixed_dictionaries(required),
        st.fixed_dictionaries({}, optional={"id": _FULL.filter(_is_text)}),
        st.dictionaries(_KEYS, content, max_size=3),
    )


_QMP = st.one_of(
    _table(
        {"path": _FULL.filter(_is_text), "server": st.booleans(), "wait": st.booleans()}, more=False
    ).map(lambda table: {"type": "unix", "path": "/s", **table}),
    st.builds(
        lambda host, port: {"type": "tcp", "host": host, "port": port, "server": True},
        st.sampled_from(["localhost", "10.0.0.1"]),
        st.integers(1, 65535),
    ),
)
_EXTRA = st.lists(
    st.sampled_from(
        [("-nodefaults",), ("-S",), ("-rtc", "base=utc"), ("-serial", "mon:stdio"),
         ("-vga", "none"), ("-global", "a.b=c"), ("-smbios", "type=1"), ("-cdrom", "a"),
         ("disk.img",), ("-unknown",)]
    ),
    max_size=4,
).map(lambda options: [word for option in options for word in option])  # fmt: skip


def canonical() -> st.SearchStrategy[Data]:
    """Such profiles, as `tomllib` would give them."""
    names = _FULL | st.just({"guest": "a", "debug-threads": True})
    count = st.integers(1, 64)
    smp = dict.fromkeys(("cpus", "maxcpus", "sockets", "cores", "threads"), count)
    tables: dict[str, st.SearchStrategy[Any]] = {
        "name": names,
        "machine": _table({"type": _TYPES, "accel": st.just(["kvm", "tcg"]) | st.just(["tcg"])}),
        "cpu": _table(
            {"model": st.sampled_from(["max", "host"])},
            more=False,
        ).flatmap(
            lambda cpu: (
                st.lists(
                    st.sampled_from(["+avx", "-x2apic", "pmu=off", "check"]), min_size=1, max_size=3
                ).map(lambda features: {**cpu, "features": features})
                if cpu
                else st.just(cpu)
            )
        ),
        "memory": _table({"size": _FULL.filter(_is_text) | count, "slots": count}),
        "smp": _table(smp),
        "boot": _table(
            dict.fromkeys(("bios", "kernel", "initrd", "dtb", "append"), TEXTS)
            | {"order": st.just("cd"), "menu": st.booleans()}
        ),
        "qmp": _QMP,
        "extra": _EXTRA,
    }
    tables |= {group.name: st.lists(_item(group), max_size=3) for group in GROUPS}
    filled = {name: table.filter(bool) for name, table in tables.items()}
    return st.fixed_dictionaries(
        {"binary": st.sampled_from(["qemu-system-x86_64", "./q e"])}, optional=filled
    )
