"""What a profile cannot pass on as it stands: unknown keys, NUL, JSON where there is none."""

from collections.abc import Iterable, Iterator

from qemutui.core import keyval
from qemutui.core.argv import needs_json, words_of
from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.profile import Item
from qemutui.core.rules.subject import Entry, Subject
from qemutui.core.rules.texts import TABLES, matching, profile_texts
from qemutui.core.rules.words import quoted, short

_PASSED_ON = ("machine", "memory", "smp", "boot", "qmp")
_NAME_KEYS = frozenset({"guest", "process", "debug-threads"})


def unknown(subject: Subject) -> Iterator[Problem]:
    """Keys and tables that mean nothing here, and are kept."""
    profile = subject.profile
    for key, value in profile.others.items():
        name = f"[{short(key)}]" if isinstance(value, dict) else short(key)
        yield _kept((key,), name)
    for table in TABLES:
        for key in getattr(profile, table).others:
            if table not in _PASSED_ON or key.startswith("_"):
                yield _kept((table, key), short(key))
    for index, passed in enumerate(profile.fd):
        for key in passed.others:
            if key != "_off":
                yield _kept(("fd", index, key), short(key))


def _kept(path: Path, name: str) -> Problem:
    return Problem("warning", path, f"{name} is unknown; it is kept.")


def item_unknown(entry: Entry) -> Iterator[Problem]:
    """Keys of qemutui's own kind that it does not know."""
    for key in entry.item.root:
        if key[:1] == "_" and key not in ("_off", "_json"):
            yield _kept((*entry.path, key), short(key))


def name_key(subject: Subject) -> Iterator[Problem]:
    """Keys of a table `name` that `-name` refuses."""
    name = subject.profile.name
    for key in name if isinstance(name, dict) else ():
        if key not in _NAME_KEYS and not key.startswith("_"):
            message = "-name takes guest, process and debug-threads only."
            yield Problem("error", ("name", key), message)


def _has_nul(text: str) -> bool:
    return "\0" in text


def _with_nul(found: Iterable[tuple[Path, str]]) -> Iterator[Problem]:
    for path, text in found:
        if "\0" in text:
            fix = Fix("takes it out", (Set(path, text.replace("\0", "")),))
            yield Problem("error", path, "Holds a NUL, which no argument can.", fix)


def nul(subject: Subject) -> Iterator[Problem]:
    """Texts with a NUL, which ends an argument of a process."""
    yield from _with_nul(profile_texts(subject.profile))


def item_nul(entry: Entry) -> Iterator[Problem]:
    """As `nul`, of items; JSON can escape it."""
    if not entry.json:
        yield from _with_nul(matching(entry.path, entry.item.root, _has_nul))


def json_refused(entry: Entry) -> Iterator[Problem]:
    """Items that only JSON could express, and JSON that the option does not take."""
    group = entry.group
    if group.json:
        return
    if needs_json(group, entry.item):
        key = next(
            key for key, value in entry.item.properties if needs_json(group, Item.of({key: value}))
        )
        message = f"Only JSON could say this, and {group.option} takes none."
        yield Problem("error", (*entry.path, key), message)
    if entry.item.as_json:
        path = (*entry.path, "_json")
        fix = Fix("unsets it", (Set(path, None),))
        yield Problem("warning", path, f"{group.option} takes no JSON; it gets key=value.", fix)


def table_keys(subject: Subject) -> Iterator[Problem]:
    """Keys of a table that key=value cannot write; none of these options is written as JSON."""
    for table in _PASSED_ON:
        for path, key in _keys((table,), getattr(subject.profile, table).others):
            if needs_json(BY_NAME["blockdev"], Item.of({key: True})):
                fix = Fix("unsets it", (Set(path, None),)) if len(path) == 2 else None
                yield Problem("error", path, "key=value cannot write this key.", fix)


def _keys(path: Path, value: object) -> Iterator[tuple[Path, str]]:
    """Yields every key of a table that is passed on, at any depth, with its path."""
    if isinstance(value, tuple):
        for index, element in enumerate(value):
            yield from _keys((*path, index), element)
    elif isinstance(value, dict):
        for key, element in value.items():
            if len(path) > 1 or not key.startswith("_"):
                yield (*path, key), key
                yield from _keys((*path, key), element)


def mixed_json(subject: Subject) -> Iterator[Problem]:
    """Devices as JSON among others: QEMU creates them last (`system/vl.c`)."""
    devices = subject.entries_of("device")
    in_json = [entry for entry in devices if entry.json]
    if in_json and len(in_json) < len(devices):
        entry = in_json[0]
        path, fix = entry.path, None
        if entry.item.as_json:
            path = (*path, "_json")
            edits = tuple(Set((*other.path, "_json"), None) for other in in_json)
            if not any(needs_json(other.group, other.item) for other in in_json):
                fix = Fix("makes all key=value", edits)
        yield Problem("warning", path, "QEMU creates JSON devices after all others.", fix)


def cpu_comma(subject: Subject) -> Iterator[Problem]:
    """CPU features with a comma, which `-cpu` cannot escape; one text may list several."""
    features = subject.profile.cpu.features
    words = words_of(features) if isinstance(features, tuple) else ()
    for index, word in enumerate(words):
        if "," in word:
            path = ("cpu", "features", index)
            split = tuple(part for each in words for part in each.split(","))
            fix = Fix("splits it", (Set(("cpu", "features"), split),))
            count = word.count(",") + 1
            yield Problem("warning", path, f"QEMU reads this as {count} features.", fix)


def cpu_model(subject: Subject) -> Iterator[Problem]:
    """CPU features without a model."""
    cpu = subject.profile.cpu
    if subject.has_option("cpu"):
        return
    if words_of(cpu.features) and (cpu.model is None or not keyval.text(cpu.model)):
        fix = Fix("makes it max", (Set(("cpu", "model"), "max"),))
        yield Problem("error", ("cpu", "model"), "Features need a model.", fix)


def silenced(subject: Subject, known: Iterable[str]) -> Iterator[Problem]:
    """Names in `[check] ignore` that no rule has."""
    ignore = subject.profile.check.ignore
    for index, name in enumerate(words_of(ignore)):
        if name not in known:
            path = ("check", "ignore", index) if isinstance(ignore, tuple) else ("check", "ignore")
            yield Problem("hint", path, f"No rule is called {quoted(name)}.")
