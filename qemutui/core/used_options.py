"""Takes a command apart as QEMU reads it: each option with the keys of its value."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qemutui.core import options, qemu_json
from qemutui.core.argument import Argument, flatten
from qemutui.core.groups import BY_NAME, Lists
from qemutui.core.keyval import Path
from qemutui.core.options import Option
from qemutui.core.pairing import Mark
from qemutui.core.parse_fields import FIELDS

_FIRST = ","
"""Stands for the key of a bare first value to which QEMU gives none; no key can be called so."""
_IMPLIED = {
    **{name: group.type_key for name, group in BY_NAME.items() if group.type_key},
    **{name: field.implied for name, field in FIELDS.items() if field.implied},
}
_IDS = {"fw_cfg": "name", **{name: group.id_key for name, group in BY_NAME.items()}}
"""The key by which each of several is known, where that is not `id`."""
_MERGED = frozenset({"machine", "m", "smp", "boot", "name"})
"""Options that are read as one where they are repeated, the last of a key counts (`merge_lists` of
their `QemuOptsList`; tried on 7.2)."""


class Part(NamedTuple):
    """A key of an option's value."""

    key: str
    value: str
    path: Path


class Use(NamedTuple):
    """One option of a command, as QEMU reads it."""

    name: str
    shown: str
    value: str
    parts: tuple[Part, ...]
    """Its keys; none where the value is one text."""
    path: Path
    mark: Mark
    size: int
    """How many words it has, 1 or 2."""


class Command:
    """A command taken apart: what is executed, and its options."""

    def __init__(self, command: Iterable[Argument]) -> None:
        self.program = self.wrapper = ""
        written: list[str] = []
        self._sources: list[tuple[Argument, int]] = []
        for argument in command:
            if argument.path == ("binary",):
                self.program = argument.words[0]
            elif argument.path == ("launch", "wrapper"):
                self.wrapper = " ".join(argument.words)
            else:
                written += argument.words
                self._sources += ((argument, word) for word in range(len(argument.words)))
        self.uses: list[Use] = []
        merged: dict[str, int] = {}
        for option in options.read(written):
            use = self._use(option)
            if option.name not in _MERGED or not use.parts:
                self.uses.append(use)
            elif option.name in merged:
                at = merged[option.name]
                self.uses[at] = _last_wins(self.uses[at], use.parts)
            else:
                merged[option.name] = len(self.uses)
                self.uses.append(_last_wins(use, ()))

    def _use(self, option: Option) -> Use:
        argument, word = self._sources[option.place + option.size - 1]
        fields = [token.path for token in argument.tokens if token.word == word]
        # A word of `extra` is one field, whatever stands in it.
        path = fields[0] if argument.path[:1] == ("extra",) and fields else argument.path
        read = _read(option)
        known = len(fields) == len({top for top, _, _ in read})
        parts = tuple(
            Part(key, text, fields[top] if known and top < len(fields) else path)
            for top, key, text in read
        )
        shown = option.written if option.name else "disk image"
        mark = _mark(option, parts)
        return Use(option.name, shown, option.value, parts, path, mark, option.size)


def _read(option: Option) -> list[tuple[int, str, str]]:
    """Returns the keys and texts of an option's value, and which of its outer keys each is of.

    Of a value that is one text there are none.
    """
    kind = options.KINDS.get(option.name, "text")
    if option.size == 1 or kind == "text" or option.name in options.BOOT_OPTIONS:
        return []
    if option.name == "cpu":
        return _cpu(option.value)
    if option.value.startswith("{"):
        return [*_json(option)]
    pairs = options.pairs(option.value, _IMPLIED.get(option.name, _FIRST))
    return [(at, "" if key == _FIRST else key, text) for at, (key, text) in enumerate(pairs)]


def _json(option: Option) -> Iterator[tuple[int, str, str]]:
    """Yields what `_read` does of a JSON object, with the keys that key=value has for it."""
    group = BY_NAME.get(option.name)
    lists: Lists = "repeat" if group is not None and group.lists == "repeat" else "index"
    for at, (name, value) in enumerate((qemu_json.read(option.value) or {}).items()):
        if group is not None and group.boxed and isinstance(value, tuple):
            value = tuple(one.get("str", one) if isinstance(one, dict) else one for one in value)
        for key, text, _ in flatten(name, value, lists, ()):
            yield at, key, text


def _cpu(value: str) -> list[tuple[int, str, str]]:
    """Returns model and features; a feature's key is its name, its text all of it."""
    model, *features = value.split(",")
    named = [("model", model)] if model else []
    named += [(feature.lstrip("+-").partition("=")[0], feature) for feature in features]
    return [(at, key, text) for at, (key, text) in enumerate(named)]


def _mark(option: Option, parts: Sequence[Part]) -> Mark:
    values = {part.key: part.value for part in reversed(parts)}  # the first one counts
    content = tuple((part.key, part.value) for part in parts) or option.value
    if option.name == "global" and parts:
        return Mark(parts[0].key, "", content)
    kind = values.get(_IMPLIED.get(option.name, ""), "")
    return Mark(values.get(_IDS.get(option.name, "id"), ""), kind, (form(option, parts), content))


def form(use: Option | Use, parts: Sequence[Part]) -> str:
    """Returns how a value is written where that means something to QEMU.

    Devices that are written as JSON are made after all the others (`system/vl.c`).
    """
    if use.name != "device" or not parts:
        return ""
    return "JSON" if use.value.startswith("{") else "key=value"


def _last_wins(use: Use, more: Sequence[Part]) -> Use:
    """Returns an option with more keys, each of them once."""
    found = {part.key: part for part in (*use.parts, *more)}
    content = tuple((part.key, part.value) for part in found.values())
    return use._replace(parts=tuple(found.values()), mark=Mark("", "", content))
