"""Changes a frozen profile at a path, and remembers what it was for undo."""

from typing import Any, NamedTuple

from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path, Scalar
from qemutui.core.profile import Item, PassedFd, Profile, Table


class Set(NamedTuple):
    """Gives the field at `path` a value; None unsets it."""

    path: Path
    value: Any


class Insert(NamedTuple):
    """Puts an item (or a passed file) before the index that ends `path`."""

    path: Path
    item: Item | PassedFd


class Remove(NamedTuple):
    """Takes the item (or passed file, or argument of `extra`) at `path` away."""

    path: Path


Edit = Set | Insert | Remove


def get(profile: Profile, path: Path) -> Any:
    """Returns what stands at a path, or None where nothing does."""
    here: Any = profile
    for key in path:
        if isinstance(here, Table):
            known = key in type(here).model_fields
            here = getattr(here, str(key)) if known else here.others.get(str(key))
        elif isinstance(here, Item):
            here = here.root.get(str(key))
        elif isinstance(here, dict):
            here = here.get(key)
        elif isinstance(here, tuple | list) and isinstance(key, int) and 0 <= key < len(here):
            here = here[key]
        else:
            return None
    return here


def _with_key(mapping: dict[str, Any], key: str, new: Any) -> dict[str, Any]:
    if new is None:
        return {name: old for name, old in mapping.items() if name != key}
    return {**mapping, key: new}


def _with_element(elements: tuple[Any, ...], index: int, new: Any) -> tuple[Any, ...] | None:
    """Replaces an element, appends where there is none; a list that loses its last is unset."""
    return (*elements[:index], *(() if new is None else (new,)), *elements[index + 1 :]) or None


def _replaced(here: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    old = get(here, path[:1])
    key = path[0]
    new = _replaced(old, path[1:], value)
    if new is old:
        return here
    if isinstance(here, Table):
        return here.with_key(str(key), new)
    if isinstance(here, Item):
        return Item.of(_with_key(here.root, str(key), new))
    if isinstance(key, int):
        return _with_element(_elements(here), key, new)
    return _with_key(here if isinstance(here, dict) else {}, key, new)


def _elements(value: Any) -> tuple[Any, ...]:
    """Returns the elements of a list; one text stands for a list of itself."""
    if isinstance(value, tuple | list):
        return tuple(value)
    return () if value is None else (value,)


def set_value(profile: Profile, path: Path, value: Any) -> Profile:
    """Returns the profile with another value at `path`; None unsets it.

    `value` is a scalar, a tuple or dict of values, or an item. An index past the end of a list
    appends. What is missing on the way is made, an item or passed file too.
    """
    if value is not None and len(path) > 2 and path[0] in (*BY_NAME, "fd"):
        count = len(get(profile, path[:1]))
        if path[1] not in range(count):
            path = (path[0], count, *path[2:])
            new = PassedFd() if path[0] == "fd" else new_item()
            profile = set_value(profile, path[:2], new)
    changed: Profile = _replaced(profile, path, value)
    return changed


def insert(profile: Profile, path: Path, item: Any) -> Profile:
    """Returns the profile with `item` put before the index that ends `path`."""
    *parent, index = path
    elements = _elements(get(profile, tuple(parent)))
    place = int(index)
    return set_value(profile, tuple(parent), (*elements[:place], item, *elements[place:]))


def remove(profile: Profile, path: Path) -> Profile:
    """Returns the profile without the item, passed file or list element at `path`."""
    return set_value(profile, path, None)


def move(profile: Profile, path: Path, to: int) -> Profile:
    """Returns the profile with the element at `path` moved to the index `to` of its list."""
    *parent, index = path
    elements = list(_elements(get(profile, tuple(parent))))
    elements.insert(to, elements.pop(int(index)))
    return set_value(profile, tuple(parent), tuple(elements))


def duplicate(profile: Profile, path: Path) -> Profile:
    """Returns the profile with a copy of the element at `path` after it, under a free id."""
    *parent, index = path
    element = get(profile, path)
    if isinstance(element, Item) and element.id:
        copy = dict(element.root)
        copy["id"] = free_id(profile, str(path[0]), element.id)
        element = Item.of(copy)
    return insert(profile, (*parent, int(index) + 1), element)


def switch(profile: Profile, path: Path) -> Profile:
    """Returns the profile with the item or passed file at `path` switched off, or on again."""
    off = get(profile, (*path, "_off")) is True
    return set_value(profile, (*path, "_off"), None if off else True)


def free_id(profile: Profile, group: str, like: str) -> str:
    """Returns an id that no item of the group has: `like`, else it with the lowest free number.

    The ids of drives and the node names of blockdevs are one namespace (`block.c`).
    """
    groups = ("blockdev", "drive") if group in ("blockdev", "drive") else (group,)
    taken = {item.id for name in groups for item in profile.items(name)}
    if like not in taken:
        return like
    stem = like.rstrip("0123456789") or like
    number = 0
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def new_item(**properties: Any) -> Item:
    """Returns an item of these keys, in this order; an underscore at a key's end is dropped."""
    return Item.of({key.removesuffix("_"): v for key, v in properties.items()})


def apply(profile: Profile, edits: tuple[Edit, ...]) -> Profile:
    """Returns the profile after each of the edits, in order."""
    for edit in edits:
        if isinstance(edit, Set):
            profile = set_value(profile, edit.path, edit.value)
        elif isinstance(edit, Insert):
            profile = insert(profile, edit.path, edit.item)
        else:
            profile = remove(profile, edit.path)
    return profile


def typed(text: str, before: Any) -> Scalar:
    """Returns typed text as the value that a file would hold.

    A whole number becomes a number unless text stood there before; `on` and `off` stay booleans
    where a boolean stood there. The command is the same either way.
    """
    if isinstance(before, bool):
        boolean = {"on": True, "off": False}.get(text)
        return text if boolean is None else boolean
    digits = text.removeprefix("-")
    plain = digits.isascii() and digits.isdigit() and len(digits) < 19
    if not isinstance(before, str) and plain and str(int(text)) == text:
        return int(text)
    return text


class Step(NamedTuple):
    """One state in the history: the profile, and what was done to reach it."""

    profile: Profile
    label: str


class History(NamedTuple):
    """A profile with the states before and after it."""

    past: tuple[Step, ...]
    now: Step
    future: tuple[Step, ...] = ()

    def done(self, profile: Profile, label: str) -> "History":
        """Returns the history after a change; what was undone is given up."""
        return History((*self.past, self.now), Step(profile, label))

    def undone(self) -> "History":
        """Returns the history one step back; itself where there is none."""
        if not self.past:
            return self
        return History(self.past[:-1], self.past[-1], (self.now, *self.future))

    def redone(self) -> "History":
        """Returns the history one step forward again; itself where there is none."""
        if not self.future:
            return self
        return History((*self.past, self.now), self.future[0], self.future[1:])


def title_of(profile: Profile, path: Path) -> str:
    """Returns what people call the item or field at a path: its id, else its type, else its key."""
    if len(path) >= 2 and path[0] in BY_NAME and isinstance(path[1], int):
        items = profile.items(str(path[0]))
        if path[1] < len(items):
            item = items[path[1]]
            return item.id or item.type or f"{path[0]} {path[1] + 1}"
    return ".".join(str(key) for key in path)
