"""Which values QEMU treats as the id of something else.

Only what 7.2 was seen to look up stands here; a device's `bus` is not among it, as most buses are
the machine's own.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from qemutui.core import keyval
from qemutui.core.catalog import Catalog
from qemutui.core.groups import GROUPS
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.core.rules.known_ids import NODE
from qemutui.core.rules.subject import Entry, Reference


class Link(NamedTuple):
    """A key whose value is an id."""

    key: str
    kind: str
    """A group's name, or `NODE`."""
    types: tuple[str, ...] = ()
    """Beginnings of the types of objects that will do, or the group of the nodes."""
    of: tuple[str, ...] = ("",)
    """Beginnings of the types that have the key."""
    earlier: bool = False


_MEMORY = ("memory-backend-",)

LINKS: dict[str, tuple[Link, ...]] = {
    "device": (
        Link("netdev", "netdev"),
        Link("chardev", "chardev", ("socket",), ("vhost-user-",)),
        Link("chardev", "chardev"),
        Link("drive", NODE),
        Link("fsdev", "fsdev"),
        Link("audiodev", "audiodev"),
        Link("tpmdev", "tpmdev"),
        Link("memdev", "object", _MEMORY),
        Link("iothread", "object", ("iothread",)),
        Link("rng", "object", ("rng-",)),
        Link("cryptodev", "object", ("cryptodev-",)),
        Link("canbus", "object", ("can-bus",)),
    ),
    "object": (
        Link("chardev", "chardev", of=("rng-egd", "cryptodev-vhost-user")),
        Link("netdev", "netdev", of=("filter-",)),
        Link("indev", "chardev", of=("filter-redirector",)),
        Link("outdev", "chardev", of=("filter-redirector", "filter-mirror")),
    ),
    "netdev": (
        Link("chardev", "chardev", ("socket",), ("vhost-user",)),
        Link("netdev", "netdev", of=("hubport",), earlier=True),
    ),
    "chardev": (
        Link("chardev", "chardev", of=("mux",), earlier=True),
        Link("tls-creds", "object", ("tls-creds-",), of=("socket",)),
    ),
    "tpmdev": (Link("chardev", "chardev", of=("emulator",)),),
    "blockdev": (
        Link("key-secret", "object", ("secret",), of=("luks",)),
        Link("throttle-group", "object", ("throttle-group",), of=("throttle",)),
    ),
}

_MACHINE = (
    Link("memory-backend", "object", _MEMORY),
    Link("memory-encryption", "object"),
    Link("pcspk-audiodev", "audiodev"),
    Link("pflash0", NODE),
    Link("pflash1", NODE),
)

_CHILDREN = {
    "blkverify": ("test", "raw"), "blkdebug": ("image",), "blkreplay": ("image",),
    "blklogwrites": ("file", "log"), "copy-before-write": ("file", "target"),
}  # fmt: skip
_USUAL_CHILDREN = ("file", "backing", "data-file")

# Links of QOM are looked up as paths; the machine's own memory has a name such as pc.ram.
_QOM = frozenset({"memory-backend", "memdev", "iothread", "rng", "cryptodev", "canbus"})
_NEEDED_WHEN_EMPTY = frozenset({"netdev", "audiodev", "tpmdev", "fsdev", "memory-backend"})


def _reference(path: Path, value: object, link: Link) -> Iterator[Reference]:
    is_switch = isinstance(value, bool) and path[0] != "machine"
    if not isinstance(value, str | int) or is_switch:
        return
    text = keyval.text(value)
    if not text and link.key not in _NEEDED_WHEN_EMPTY:
        return
    # The machine makes its own memory only where it is given none.
    own = text.endswith("ram") and path[0] != "machine"
    if link.key in _QOM and ("/" in text or own):
        return
    yield Reference(path, text, link.kind, link.types, link.earlier)


def _children(path: Path, node: dict[str, Any], driver: object) -> Iterator[Reference]:
    """Yields the nodes that a node is built upon, at any depth."""
    keys = _CHILDREN.get(str(driver), _USUAL_CHILDREN)
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _children((*path, key), value, value.get("driver"))
        elif key in keys and isinstance(value, str | int) and (value != "" or key != "backing"):
            yield Reference((*path, key), keyval.text(value), NODE, ("blockdev",), True)
        elif key == "children" and isinstance(value, tuple):
            for index, element in enumerate(value):
                here = (*path, key, index)
                if isinstance(element, str):
                    yield Reference(here, element, NODE, ("blockdev",), True)
                elif isinstance(element, dict):
                    yield from _children(here, element, element.get("driver"))


# What a catalog calls the base of an object's type, and how the names of its types begin.
_BASES = {
    "memory-backend": "memory-backend-", "iothread": "iothread", "rng-backend": "rng-",
    "cryptodev-backend": "cryptodev-", "can-bus": "can-bus", "iommufd": "iommufd",
}  # fmt: skip
_LINKED = {
    group.name: frozenset(link.key for link in LINKS.get(group.name, ())) for group in GROUPS
}
_KEYS = _LINKED["device"]


def _told(entry: Entry, catalog: Catalog) -> Iterator[Reference]:
    """Yields the references of a device that only a catalog knows to be some."""
    known = catalog.properties("device", entry.type) or {}
    for key, value in entry.item.root.items():
        prop = known.get(key)
        if prop is None or not prop.reference or key in _KEYS or not isinstance(value, str):
            continue
        kind, _, base = prop.reference.partition(":")
        if not value or (base and ("/" in value or value.endswith("ram"))):
            continue
        path = (*entry.path, key)
        if kind in ("netdev", "chardev", "audiodev", "tpmdev", NODE):
            yield Reference(path, value, kind)
        elif kind == "object" and base in _BASES:
            yield Reference(path, value, kind, (_BASES[base],))
        elif kind == "device":
            yield Reference(path, value, kind, (base,) if base else (), earlier=True)


def item_references(entry: Entry, catalog: Catalog | None = None) -> Iterator[Reference]:
    """Yields the references of one item; more of them where it is known what QEMU offers."""
    root = entry.item.root
    if catalog is not None and entry.group.name == "device":
        yield from _told(entry, catalog)
    if not _LINKED[entry.group.name].isdisjoint(root):
        seen: set[str] = set()
        for link in LINKS.get(entry.group.name, ()):
            if link.key in root and entry.type.startswith(link.of) and link.key not in seen:
                seen.add(link.key)
                yield from _reference((*entry.path, link.key), root[link.key], link)
    if entry.group.name == "blockdev":
        yield from _children(entry.path, root, entry.type)


def machine_references(profile: Profile) -> Iterator[Reference]:
    """Yields the references of `-machine`."""
    others = profile.machine.others
    for link in _MACHINE:
        for key in {link.key, link.key.replace("-", "_")}:
            # Nothing, as a path of QOM, is the only object of its kind.
            alone = link.kind == "object" and others.get(key) == "" and profile.object
            if key in others and not alone:
                yield from _reference(("machine", key), others[key], link)
