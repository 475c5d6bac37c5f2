"""The ids that a reference can mean, those that it cannot, and what can be created for it."""

from collections.abc import Iterator

from qemutui.core import edit, keyval
from qemutui.core.argv import build_item
from qemutui.core.catalog import Catalog
from qemutui.core.choice import Choice
from qemutui.core.edit import Edit, Insert
from qemutui.core.facts import NO_FACTS
from qemutui.core.groups import BY_NAME, GROUPS
from qemutui.core.keyval import Path
from qemutui.core.profile import Item, Profile
from qemutui.core.property_type import Property
from qemutui.core.rules.known_ids import NODE, Named
from qemutui.core.rules.links import item_references, machine_references
from qemutui.core.rules.references import create, noun
from qemutui.core.rules.subject import (
    Reference,
    Scan,
    Subject,
    entry_of,
    fits,
    names_of,
    off_name,
)
from qemutui.core.rules.words import a

_LONGEST = 60
"""Characters of what an item says of itself."""


def choices(
    profile: Profile, path: Path, known: Property | None, catalog: Catalog | None
) -> tuple[Choice, ...] | None:
    """Returns what a reference can be set to; None where the field is none.

    What fits comes first, then what does not, with the reason; last what can be created.
    """
    reference = reference_at(profile, path, known, catalog)
    if reference is None:
        return None
    scans = {
        group.name: [
            Scan(entry, tuple(names_of(entry)))
            for index, item in enumerate(profile.items(group.name))
            if not item.off
            for entry in (entry_of(group, item, index),)
        ]
        for group in GROUPS
        if group.name != "device" or reference.kind == "device"
    }
    off = (
        off_name(group, item, index)
        for group in GROUPS
        for index, item in enumerate(profile.items(group.name))
    )
    subject = Subject(profile, NO_FACTS, scans, tuple(filter(None, off)))
    found = list(_there(subject, reference, path))
    found.sort(key=lambda one: bool(one.reason))
    made = _created(subject, reference)
    return (*found, made) if made else tuple(found)


def reference_at(
    profile: Profile, path: Path, known: Property | None, catalog: Catalog | None
) -> Reference | None:
    """Returns which things the value at a path is the id of; None where it is no id."""
    in_item = path[0] in BY_NAME and len(path) > 2 and path[-1] not in ("id", "type")
    if in_item or (path[0] == "machine" and len(path) == 2):
        # What looks up ids says so for values that are there.
        there = edit.set_value(profile, path, "id")
        item = edit.get(there, path[:2])
        if isinstance(item, Item):
            entry = entry_of(BY_NAME[str(path[0])], item, int(path[1]))
            references: Iterator[Reference] = item_references(entry)
        else:
            references = machine_references(there)
        for reference in references:
            if reference.path == path:
                return reference
    if known is None or known.kind != "reference":
        return None
    kind, _, base = known.reference.partition(":")
    if kind == "object":
        return Reference(path, "id", "object", _objects(base, catalog))
    if kind == "device" and catalog is not None:
        return Reference(path, "id", "device", _devices(base, catalog))
    return Reference(path, "id", kind) if kind in (*BY_NAME, NODE) else None


def _devices(base: str, catalog: Catalog) -> tuple[str, ...]:
    return tuple(name for name in catalog.devices if catalog.is_device_a(name, base))


def _objects(base: str, catalog: Catalog | None) -> tuple[str, ...]:
    """Returns the types that are derived from one; where that is not known, what their names
    begin with."""
    known = catalog.types("object") if catalog is not None else {}
    derived = tuple(name for name in known if catalog and catalog.is_object_a(name, base))
    stem = base.removesuffix("_common")
    return derived or (stem, f"{stem.removesuffix('-backend')}-")


def _there(subject: Subject, reference: Reference, path: Path) -> Iterator[Choice]:
    """Yields what has an id: of the kind that is needed, or of another one."""
    own = subject.ids.named[reference.kind]
    for things in own.values():
        thing = things[0]
        if (thing.group, thing.place) == path[:2]:
            continue
        yield Choice(thing.id, _about(subject.profile, thing), _unfit(reference, thing, path))
    for (kind, name), written in subject.ids.defined_by_extra.items():
        if kind == reference.kind and name not in own:
            yield Choice(name, f"in Extra, {written}")
    for kind, names in subject.ids.named.items():
        if kind in (reference.kind, "device"):
            continue
        for name, things in names.items():
            if name not in own and (things[0].group, things[0].place) != path[:2]:
                yield Choice(name, "", _of_another_kind(reference, things[0]))


def _unfit(reference: Reference, thing: Named, path: Path) -> str:
    if thing.off:
        return "switched off"
    if not fits(reference, thing):
        return _of_another_kind(reference, thing)
    late = reference.earlier and thing.group == path[0] and thing.place > int(path[1])
    return "comes later; QEMU needs it before" if late else ""


def _of_another_kind(reference: Reference, thing: Named) -> str:
    found = thing.type if thing.group == reference.kind == "object" else thing.group
    return f"{a(found)}, not {a(noun(reference))}"


def _about(profile: Profile, thing: Named) -> str:
    item = profile.items(thing.group)[thing.place]
    words = [item.type] if item.type else []
    for key, value in item.properties:
        if not isinstance(value, tuple | dict):
            words.append(f"{key}={keyval.text(value)}")
    return " ".join(words)[:_LONGEST]


def _created(subject: Subject, reference: Reference) -> Choice | None:
    fix = create(subject, reference._replace(id=""))
    return made(subject.profile, fix.edits) if fix is not None else None


def made(profile: Profile, edits: tuple[Edit, ...]) -> Choice | None:
    """Returns the choice of what some edits create: `n1`, `create -netdev user,id=n1`.

    None where they create nothing.
    """
    for one in edits:
        if isinstance(one, Insert) and isinstance(one.item, Item):
            group = BY_NAME[str(one.path[0])]
            words = build_item(group, one.item, 0).words
            text = f"create {' '.join(words)}"
            return Choice(one.item.id, text, edits=(one,), creates=True)
    return None
