"""The types of backends and objects that one QEMU has, and the members of each.

QMP's schema knows the members of most (`core.catalog_schema`). Which types were built in, and the
keys of those options that are older than the schema, only the help texts tell.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from qemutui.core import help_backends
from qemutui.core.catalog_schema import Schema, reference_of
from qemutui.core.help_backends import Rows

_OPTION_TYPES = {"string": "str", "boolean": "bool", "number": "uint64", "size": "size"}
_ALSO = {"cache": ("off",), "discard": ("on", "off")}
"""Words of `-drive` that `-help` does not mention (`bdrv_parse_cache_mode`,
`bdrv_parse_discard_flags`)."""

Types = dict[str, Rows | None]
"""The types of a group, each with its members; None where nobody tells them."""


def types(
    replies: Mapping[str, Sequence[Mapping[str, Any]]],
    tpm: Sequence[str] | None,
    texts: Mapping[str, str],
) -> tuple[dict[str, list[tuple[str, str]]], dict[str, Rows]]:
    """Returns the types by group, each with a description; and the members by place.

    Args:
        replies: The rows of `schema`, `options` and `objects`.
        tpm: The types of `query-tpm-types`; None where that was not told.
        texts: Help texts by their option.
    """
    schema = Schema(replies["schema"])
    helped = help_backends.backends(texts.get("-help", ""))
    options = {str(row["option"]): _option(row["parameters"]) for row in replies["options"]}
    told: dict[str, Types] = {group: {**schema.types(group)} for group in ("netdev", "blockdev")}
    told["object"] = _objects(schema, replies["objects"])
    told["chardev"] = _chardevs(schema, helped.get("chardev", {}), options.get("chardev", []))
    told["fsdev"] = _fsdevs(helped.get("fsdev", {}), options.get("fsdev", []))
    told["tpmdev"] = {**helped.get("tpmdev", {})}
    told["audiodev"] = {
        **(schema.types("audiodev") or help_backends.audiodevs(texts.get("-help", "")))
    }
    told["display"] = {**schema.types("display")}
    names = help_backends.words(texts.get("-chardev", ""))
    for name in names:  # `-help` has also those of modules, and deprecated names
        told["chardev"].setdefault(name, None)
    for group in ("netdev", "audiodev", "display"):
        names = help_backends.words(texts.get(f"-{group}", ""))
        if names:
            told[group] = {name: told[group].get(name) for name in names}
    if "\n-display vnc=" in texts.get("-help", ""):
        told["display"]["vnc"] = None
    if tpm is not None:
        told["tpmdev"] = {str(name): told["tpmdev"].get(name) for name in tpm}
    told["option"] = {name: rows for name, rows in options.items() if name and rows}
    told["drive"] = {"": _drive(told["option"].pop("drive", None), helped)}
    members = {
        f"{group}/{name}": rows
        for group, kinds in told.items()
        for name, rows in kinds.items()
        if rows is not None
    }
    found = {
        group: [(name, "") for name in sorted(kinds)]
        for group, kinds in told.items()
        if group not in ("option", "drive")
    }
    return found, members


def _option(parameters: Sequence[Mapping[str, Any]]) -> Rows:
    """Returns the parameters of an option, of `query-command-line-options`, as rows."""
    return [
        {
            "name": str(one["name"]),
            "type": _OPTION_TYPES.get(one["type"], "str"),
            "description": str(one.get("help", "")),
            "default-value": one.get("default"),
        }
        for one in parameters
    ]


def _objects(schema: Schema, rows: Sequence[Mapping[str, Any]]) -> Types:
    """Returns the objects that can be made; before QEMU 6.0 the schema has no members of them."""
    names = [str(row["name"]) for row in rows if not row.get("abstract")]
    told = schema.types("object")
    return {name: told.get(name) for name in names if name in told or not told}


def _chardevs(schema: Schema, helped: Mapping[str, Rows], keys: Rows) -> Types:
    """Returns the types of `-chardev`: all have one list of keys, `-help` tells which of them are
    of use for which type, and the schema those of types that it does not name."""
    known = {str(row["name"]): row for row in keys}
    found: Types = {name: _typed(rows, known) for name, rows in helped.items()}
    for name, rows in schema.types("chardev").items():
        if name == "console":  # of Windows
            continue
        members = {str(row["name"]).removeprefix("data.").partition(".")[0] for row in rows}
        if name == "socket":
            members.add("fd")
        have = found.get(name) or []
        own = {str(row["name"]) for row in have}
        more = [row for key, row in known.items() if {key, key.partition(".")[0]} & members]
        found[name] = [*have, *_referring([row for row in more if row["name"] not in own])]
    return found


def _fsdevs(helped: Mapping[str, Rows], keys: Rows) -> Types:
    """Returns the types of `-fsdev`; each has a list of its own (`qemu-fsdev.c`), which `-help`
    does not repeat in full: a limit has a length, and all can be read-only."""
    known = {str(row["name"]): row for row in keys}
    found: Types = {name: _typed(rows, known) for name, rows in helped.items()}
    for name, rows in found.items():
        have = {str(row["name"]) for row in rows or ()}
        more = {"readonly"}
        if name == "local":
            more |= {"multidevs"} | {key for key in known if key.startswith("throttling.")}
        found[name] = [*(rows or ()), *(known[key] for key in known if key in more - have)]
    return found


def _typed(rows: Rows, known: Mapping[str, Mapping[str, Any]]) -> Rows:
    """Returns rows of a help text with the types that are known of their keys."""
    return _referring(
        [row if row.get("values") else {**row, "type": known.get(str(row["name"]), row)["type"]}
         for row in rows]
    )  # fmt: skip


def _referring(rows: Rows) -> Rows:
    return [
        {**row, "reference": reference}
        if row["type"] == "str" and (reference := reference_of(str(row["name"])))
        else row
        for row in rows
    ]


def _drive(keys: Rows | None, helped: Mapping[str, Mapping[str, Rows]]) -> Rows | None:
    """Returns the keys of `-drive`: older ones, such as `cache`, stand in `-help` alone."""
    told = {str(row["name"]): row for row in helped.get("drive", {}).get("", ())}
    found: Rows = []
    for key in dict.fromkeys([*(str(row["name"]) for row in keys or ()), *told]):
        row = next((row for row in keys or () if row["name"] == key), {"name": key, "type": "str"})
        values = told.get(key, {}).get("values")
        if values:
            row = {**row, "type": "enum", "values": [*values, *_ALSO.get(key, ())]}
        elif key in told and row["type"] == "str":
            row = {**row, "type": told[key]["type"]}
        found.append({**row, "required": False})
    return found or None
