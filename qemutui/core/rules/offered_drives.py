"""What this QEMU refuses of `-drive` (`blockdev.c`, drive_new and blockdev_init)."""

from collections.abc import Iterator, Mapping

from qemutui.core import keyval
from qemutui.core.catalog import Catalog
from qemutui.core.edit import Insert, Remove, Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.keyval import Value
from qemutui.core.known_words import WORDS
from qemutui.core.near import nearest
from qemutui.core.profile import Item
from qemutui.core.property_fault import fault
from qemutui.core.property_type import Property
from qemutui.core.rules.offered_properties import problem_of
from qemutui.core.rules.subject import Entry
from qemutui.core.rules.values import judged_switches

_RATES = ("bps", "bps_rd", "bps_wr", "iops", "iops_rd", "iops_wr")
_MOST = 10**15
"""The highest rate (`include/qemu/throttle.h`)."""

# Drivers of which every option is a member of `blockdev-add`.
_TOLD = frozenset({"raw", "qcow2", "vdi", "vhdx", "vmdk", "vpc", "null-co", "null-aio"})
# Options of other drivers that only `-drive` knows.
_UNTOLD = frozenset(
    {"host", "port", "path", "export", "filename", "url", "host_key_check", "config"}
)


_TABLES = frozenset({"throttling", "cache"})
"""Tables of which QEMU knows every key; one more is for the driver, which has no such."""


def _keys(entry: Entry) -> Iterator[tuple[str, Value]]:
    for key, value in entry.item.properties:
        if key not in ("type", "id"):
            yield key, value


def _driver(entry: Entry) -> tuple[str, str]:
    """Returns the key that names the driver, and its value; empty where there is none."""
    for key in ("driver", "format"):
        value = entry.item.root.get(key)
        if isinstance(value, bool | int | str) and value != "":
            return key, keyval.text(value)
    return "", ""


def _known(catalog: Catalog) -> Mapping[str, Property]:
    return catalog.properties("drive", "") or {}


def bad_value(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    """Words, numbers, switches and rates that -drive refuses, and formats that QEMU lacks."""
    known, ours = _known(catalog), judged_switches(entry)
    if not known:
        return
    for key, value in _keys(entry):
        if isinstance(value, tuple | dict) or key in ours:
            continue
        prop = known.get(key)
        rate = key in _RATES or key.startswith(("throttling.bps", "throttling.iops"))
        words = WORDS.get(("drive", key))
        if words is not None:
            prop = Property(key, "enum", "enum", values=words)
        elif rate or key.replace("_max", "") in _RATES:
            prop = Property(key, "uint64", "int", least=0, most=_MOST)
        if prop is None or prop.kind not in ("bool", "int", "enum"):
            continue
        found = fault(prop, value)
        if found is not None:
            yield problem_of((*entry.path, key), found)
    key, driver = _driver(entry)
    drivers = tuple(catalog.types("blockdev"))
    if key and drivers and driver not in drivers:
        near = nearest(driver, drivers)
        fix = Fix(f"makes it {near}", (Set((*entry.path, key), near),)) if near else None
        message = f"QEMU {catalog.release} has no format “{driver[:20]}”."
        yield Problem("error", (*entry.path, key), message, fix)
    file = entry.item.root.get("file")
    below = file.get("driver") if isinstance(file, dict) else entry.item.root.get("file.driver")
    if isinstance(below, bool | int | str) and drivers and keyval.text(below) not in drivers:
        message = f"QEMU {catalog.release} has no driver “{keyval.text(below)[:20]}”."
        yield Problem("error", (*entry.path, "file.driver"), message)
    yield from _bursts(entry)


def _bursts(entry: Entry) -> Iterator[Problem]:
    """Rates of bursts without the rate that they exceed."""
    for key, value in _keys(entry):
        base = ""
        if key.startswith("throttling.") and key.endswith("-max"):
            base = key.removesuffix("-max")
        elif key.endswith("_max") and key.removesuffix("_max") in _RATES:
            base = key.removesuffix("_max")
        if base and _count(value) and not _count(entry.item.root.get(base)):
            same = {"bps": "throttling.bps-total", "iops": "throttling.iops-total"}
            if not _count(entry.item.root.get(same.get(base, base))):
                yield Problem("error", (*entry.path, key), f"{key} needs {base}.")


def _count(value: Value | None) -> int:
    return keyval.number(value) or 0


def unknown(entry: Entry, catalog: Catalog) -> Iterator[Problem]:
    """Options that neither -drive nor its driver has."""
    known = _known(catalog)
    if not known or not catalog.types("blockdev"):
        return
    _, driver = _driver(entry)
    if driver in _TOLD:
        names = {*known, *(catalog.properties("blockdev", driver) or {})}
    else:
        names = set(known) | _UNTOLD
        for kind in catalog.types("blockdev"):
            names.update(catalog.properties("blockdev", kind) or ())
    tops = {name.partition(".")[0] for name in names}
    for key, _ in _keys(entry):
        top = key.partition(".")[0]
        is_whole = top in _TABLES and top != key and "file" in entry.item.root
        if (
            (key in names if is_whole else top in tops)
            or top.startswith("x-")
            or top in ("file", "backing", "encrypt")
        ):
            continue
        near = nearest(key, tuple(sorted(names)))
        fix = None
        if near is not None and near not in entry.item.root:
            root = {near if name == key else name: v for name, v in entry.item.root.items()}
            fix = Fix(f"makes it {near}", (Remove(entry.path), Insert(entry.path, Item.of(root))))
        message = f"QEMU {catalog.release} refuses this: it has no such property."
        yield Problem("error", (*entry.path, key), message, fix)
