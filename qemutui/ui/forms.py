"""The rows of the forms, made from a profile; of what is listed, the items."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qemutui.core import edit, keyval
from qemutui.core.argv import words_of
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path, Value
from qemutui.core.profile import DEFAULT_BINARY, Item, Options, PassedFd, Profile
from qemutui.ui.sections import FIRST, SWITCH, Field, Row, Section

if TYPE_CHECKING:
    from qemutui.core.catalog import Catalog


def count(profile: Profile, section: Section) -> int | None:
    """Returns how many items a section lists, or None for one of fields."""
    if section.name == "Extra":
        return len(words_of(profile.extra))
    if not section.groups:
        return None
    return len(item_paths(profile, section))


def item_paths(profile: Profile, section: Section) -> list[Path]:
    """Returns the paths of the items of a section, in its order."""
    return [
        (group, index)
        for group in section.groups
        for index in range(len(edit.get(profile, (group,))))
    ]


def item_summary(profile: Profile, path: Path) -> tuple[str, str, str]:
    """Returns what an item's row says: id, type, and what is set."""
    item = edit.get(profile, path)
    if isinstance(item, PassedFd):
        return f"fd {int(path[1]) + 3}", _shown(item.mode) or "r", _shown(item.path)
    properties = " ".join(f"{key}={_shown(value)}" for key, value in item.properties)
    return item.id, item.type or f"({path[0]})" * (not BY_NAME[str(path[0])].type_key), properties


def _shown(value: object) -> str:
    if isinstance(value, tuple | dict):
        return keyval.to_json(value)
    return keyval.scalar_text(value)


def rows(
    profile: Profile,
    section: Section,
    item: Path | None,
    catalog: "Catalog | None" = None,
    programs: Sequence[str] = (),
) -> list[Row]:
    """Returns the rows of a section's fields, or of one of its items.

    With a catalog they know their properties, and what can be set has rows, too. `programs` are
    what the binary can be, as far as known.
    """
    shown = _rows(profile, section, item)
    if catalog is None and not programs:
        return shown
    if section is FIRST:
        return _with_programs(shown, programs)
    from qemutui.ui import offered_rows  # not before something else than the first section is shown

    return offered_rows.with_catalog(shown, profile, section, item, catalog) if catalog else shown


def _with_programs(shown: list[Row], programs: Sequence[str]) -> list[Row]:
    """Returns the rows of the first section, with the QEMUs that the binary can be."""
    from qemutui.core.property_type import Property

    known = Property("binary", "program", "enum", default=DEFAULT_BINARY, values=tuple(programs))
    return [
        row._replace(property=known, default=DEFAULT_BINARY) if row.path == ("binary",) else row
        for row in shown
    ]


def _rows(profile: Profile, section: Section, item: Path | None) -> list[Row]:
    if section.name == "Extra":
        return list(_list_rows(profile, Field(("extra",), "argument", "list", "word for word")))
    if item is not None:
        return list(_item_rows(profile, item))
    shown: list[Row] = []
    for field in section.fields:
        if field.kind == "list":
            shown.extend(_list_rows(profile, field))
            continue
        value = edit.get(profile, field.path)
        if field.kind == "table":
            shown.extend(_value_rows(field.path, field.label, value))
            add = f"{field.label} +"
            shown.append(Row(field.path, add, "", "", field.help, is_set=False, adds=True))
            continue
        if isinstance(value, dict):
            shown.extend(_value_rows(field.path, field.label, value))
            continue
        default = value is None or (field.path[0] == "launch" and not _is_written(profile, field))
        text = field.placeholder if default else keyval.scalar_text(value)
        shown.append(
            Row(field.path, field.label, text, field.kind, field.help, not default, field.choices)
        )
    shown.extend(_other_rows(profile, section))
    return shown


def _is_written(profile: Profile, field: Field) -> bool:
    return field.path[1] in profile.launch.model_fields_set


def _list_rows(profile: Profile, field: Field) -> Iterator[Row]:
    value = edit.get(profile, field.path)
    texts = words_of(value)
    for index, text in enumerate(texts):
        path = (*field.path, index) if isinstance(value, tuple) else field.path
        yield Row(path, field.label, text, "text", field.help)
    yield Row(
        (*field.path, len(texts)), f"{field.label} +", "", "", field.help, is_set=False, adds=True
    )


def _other_rows(profile: Profile, section: Section) -> Iterator[Row]:
    """Yields the keys without a field that a section's tables pass on, and where to add one."""
    tables = list(dict.fromkeys(field.path[0] for field in section.fields))
    for name in tables:
        table = edit.get(profile, (name,))
        if name in ("name", "binary", "notes"):
            return
        for key, value in table.others.items():
            yield from _value_rows((name, key), key, value)
    for name in tables:
        if isinstance(edit.get(profile, (name,)), Options):
            yield Row((name,), f"{name} +", "", "", "any other key, as key=value", False, adds=True)


def _item_rows(profile: Profile, path: Path) -> Iterator[Row]:
    item = edit.get(profile, path)
    if isinstance(item, PassedFd):
        text = _shown(item.path)
        yield Row((*path, "path"), "path", text, "path", "opened for QEMU", bool(text))
        mode = _shown(item.mode)
        choices = ("r", "w", "r+", "a")
        yield Row(
            (*path, "mode"),
            "mode",
            mode or "r",
            "choice",
            "as open(2) takes it",
            bool(mode),
            choices,
        )
        return
    if not isinstance(item, Item):
        return
    group = BY_NAME[str(path[0])]
    known = f"what other options call this {group.noun}"
    yield Row((*path, "id"), "id", item.id, "id", known, bool(item.id))
    if group.type_key:
        text = f"QEMU's {group.type_key}"
        yield Row((*path, "type"), "type", item.type, "type", text, bool(item.type))
    for key, value in item.properties:
        yield from _value_rows((*path, key), key, value)
    for key in item.root:
        if key == "_json":
            yield Row((*path, key), key, _shown(item.root[key]), "switch", "pass it as JSON")
    yield Row(path, "+", "", "", "a property, as key=value", is_set=False, adds=True)


def _value_rows(path: Path, label: str, value: Value) -> Iterator[Row]:
    if isinstance(value, tuple):
        for index, element in enumerate(value):
            yield from _value_rows((*path, index), label, element)
        yield Row((*path, len(value)), f"{label} +", "", is_set=False, adds=True)
    elif isinstance(value, dict):
        for key, element in value.items():
            yield from _value_rows((*path, key), f"{label}.{key}", element)
    else:
        choices = SWITCH if isinstance(value, bool) else ()
        kind = "long" if isinstance(value, str) and "\n" in value else ""
        yield Row(path, label, keyval.text(value) or '""', kind, choices=choices)


def turned(row: Row, value: object) -> Value | None:
    """Returns what Space makes of a row's value: unset, then each choice, then unset again."""
    choices = row.choices
    if isinstance(value, str) and (word := keyval.boolean(value)) is not None:
        value = word
    if value is None:
        return choices[0] if choices else None
    if value not in choices:
        return choices[0] if choices else None
    at = choices.index(value) + 1
    return choices[at] if at < len(choices) else None
