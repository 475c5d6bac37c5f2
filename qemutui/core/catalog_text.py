"""Makes the text of a catalog of what QEMU answered; `core.catalog` reads it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from qemutui.core import catalog_help, option_help
from qemutui.core.catalog import FORMAT
from qemutui.core.catalog_schema import Schema

Replies = Mapping[str, bytes]

HELP_OPTIONS = (
    ("-help",), ("-device", "help"), ("-machine", "help"), ("-cpu", "help"), ("-netdev", "help"),
    ("-chardev", "help"), ("-audiodev", "help"), ("-display", "help"), ("-object", "help"),
)  # fmt: skip
"""The help texts that say what QMP does not."""

QUERIES: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("version", "query-version", {}),
    ("target", "query-target", {}),
    ("machines", "query-machines", {}),
    ("cpus", "query-cpu-definitions", {}),
    ("kvm", "query-kvm", {}),
    ("accelerators", "qom-list-types", {"implements": "accel", "abstract": False}),
    ("devices", "qom-list-types", {"implements": "device", "abstract": True}),
    ("objects", "qom-list-types", {"implements": "user-creatable", "abstract": False}),
    ("buses", "qom-list-types", {"implements": "bus", "abstract": True}),
    ("tpm", "query-tpm-types", {}),
    ("options", "query-command-line-options", {}),
    ("schema", "query-qmp-schema", {}),
)
"""What is asked first: a name for the answer, a command of QMP, its arguments."""


class Answers(NamedTuple):
    """What one QEMU answered."""

    replies: Replies
    """The answers to `QUERIES` by their names, as QEMU gave them; one that failed is not there."""
    help: Mapping[tuple[str, ...], str]
    """By `HELP_OPTIONS`."""
    properties: Mapping[str, bytes]
    """The answers about properties by their places, such as `device/virtio-net-pci`."""
    crashed: tuple[str, ...] = ()
    kvm_problem: str = ""
    """Why /dev/kvm cannot be used; empty if it can."""


def questions(replies: Replies) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Returns what is to be asked next, as in `QUERIES`; the names are places of properties."""
    found: list[tuple[str, str, Mapping[str, Any]]] = []
    for row in _list(replies, "devices"):
        if not row.get("abstract"):
            name = row["name"]
            found.append((f"device/{name}", "device-list-properties", {"typename": name}))
    for row in _list(replies, "machines"):
        name = f"{row['name']}-machine"
        found.append((f"machine/{name}", "qom-list-properties", {"typename": name}))
    for row in _list(replies, "accelerators"):
        name = row["name"]
        found.append((f"accel/{name}", "qom-list-properties", {"typename": name}))
    return found


def write(answers: Answers) -> bytes:
    """Returns the text of a catalog.

    Raises:
        ValueError: What QEMU answered is not what it should be.
    """
    try:
        return _write(answers)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"an answer without {error}") from error


def _write(answers: Answers) -> bytes:
    replies = answers.replies
    help_texts = answers.help
    version = _value(replies, "version", {})
    types, members = _types(answers)
    body = bytearray()
    places: dict[str, tuple[int, int]] = {}
    seen: dict[bytes, tuple[int, int]] = {}
    for place, text in (*answers.properties.items(), *members.items()):
        if text not in seen:
            seen[text] = (len(body), len(text))
            body += text + b"\n"
        places[place] = seen[text]
    head = {
        "format": FORMAT,
        "length": len(body),
        "version": [version["qemu"][part] for part in ("major", "minor", "micro")],
        "package": version.get("package", ""),
        "target": _value(replies, "target", {}).get("arch", ""),
        "machines": _machines(replies, catalog_help.machines(_help(help_texts, "-machine"))),
        "cpus": _cpus(replies, catalog_help.cpus(_help(help_texts, "-cpu"))),
        "accelerators": _accelerators(replies, answers.kvm_problem),
        "devices": _devices(replies, catalog_help.devices(_help(help_texts, "-device"))),
        "types": types,
        "options": option_help.takes_value(_help(help_texts, "-help")),
        "buses": {row["name"]: row.get("parent", "") for row in _list(replies, "buses")},
        "crashed": list(answers.crashed),
        "places": places,
    }
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + bytes(body)


def _help(texts: Mapping[tuple[str, ...], str], option: str) -> str:
    return next((text for words, text in texts.items() if words[0] == option), "")


def _value(replies: Replies, name: str, default: Any) -> Any:
    return json.loads(replies[name])["return"] if name in replies else default


def _list(replies: Replies, name: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = _value(replies, name, [])
    return found


def _model(type_name: str, models: Mapping[str, str]) -> str:
    return models.get(type_name, type_name)


def _machines(replies: Replies, descriptions: Mapping[str, str]) -> list[list[Any]]:
    models = {row["typename"]: row["name"] for row in _list(replies, "cpus") if "typename" in row}
    return [
        [
            row["name"],
            f"{row['name']}-machine",
            descriptions.get(row["name"], ""),
            row.get("alias", ""),
            bool(row.get("is-default")),
            row.get("cpu-max", 0),
            bool(row.get("deprecated")),
            _model(row.get("default-cpu-type", ""), models),
            row.get("default-ram-id", ""),
        ]
        for row in sorted(_list(replies, "machines"), key=lambda row: str(row["name"]))
    ]


def _cpus(replies: Replies, descriptions: Mapping[str, str]) -> list[list[Any]]:
    told = {row["name"]: row for row in _list(replies, "cpus")}
    return [
        [
            name,
            told.get(name, {}).get("typename", ""),
            descriptions.get(name, ""),
            told.get(name, {}).get("alias-of", ""),
            bool(told.get(name, {}).get("deprecated")),
            told.get(name, {}).get("unavailable-features", []),
        ]
        for name in sorted(told or descriptions)
    ]


def _accelerators(replies: Replies, kvm_problem: str) -> list[list[Any]]:
    present = bool(_value(replies, "kvm", {}).get("present", True))
    found: list[list[Any]] = []
    for row in _list(replies, "accelerators"):
        name = str(row["name"]).removesuffix("-accel")
        if name in ("accel", "qtest"):
            continue
        problem = ""
        if name == "kvm":
            problem = kvm_problem if present else "This QEMU was built without it."
        found.append([name, not problem, problem])
    return found


def _devices(replies: Replies, listed: Mapping[str, catalog_help.ListedDevice]) -> list[list[Any]]:
    rows = {str(row["name"]): row for row in _list(replies, "devices")}
    found = []
    for name in sorted({*rows, *listed}):
        row = rows.get(name, {})
        parents = _parents(name, rows)
        if row.get("abstract") or "cpu" in parents:
            continue
        told = listed.get(name)
        found.append([name, *(told or ("", "", "", "")), told is not None, parents])
    return [[row[0], row[1], row[2], row[3], row[4], row[5], row[6]] for row in found]


def _parents(name: str, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    while name in rows and len(found) < 20:
        name = str(rows[name].get("parent", ""))
        found.append(name)
    return found


def _types(answers: Answers) -> tuple[dict[str, list[tuple[str, str]]], dict[str, bytes]]:
    """Returns the types of each group, and the members of each, as replies."""
    replies, texts = answers.replies, answers.help
    schema = Schema(_list(replies, "schema"))
    helped = catalog_help.backends(_help(texts, "-help"))
    options = {row["option"]: row["parameters"] for row in _list(replies, "options")}
    creatable = {row["name"] for row in _list(replies, "objects")}
    told: dict[str, dict[str, list[dict[str, Any]]]] = {
        group: schema.types(group) for group in ("netdev", "blockdev", "audiodev", "display")
    }
    objects = schema.types("object")
    told["object"] = {name: rows for name, rows in objects.items() if name in creatable}
    if not objects:
        told["object"] = {str(name): [] for name in creatable}
    known = _option_types(options.get("chardev", ()))
    told["chardev"] = _backends(helped.get("chardev", {}), known)
    known = _option_types(options.get("fsdev", ()))
    told["fsdev"] = _backends(helped.get("fsdev", {}), known)
    told["tpmdev"] = _backends(helped.get("tpmdev", {}), {})
    _narrow(told, "netdev", texts)
    _narrow(told, "chardev", texts)
    _narrow(told, "audiodev", texts)
    _narrow(told, "display", texts)
    kinds = _value(replies, "tpm", None)
    if kinds is not None:
        told["tpmdev"] = {name: told["tpmdev"].get(name, []) for name in kinds}
    told["option"] = {
        name: [
            {"name": p["name"], "type": _OPTION_TYPES.get(p["type"], "str"),
             "description": p.get("help", ""), "default-value": p.get("default")}
            for p in parameters
        ]
        for name, parameters in options.items()
        if name and parameters
    }  # fmt: skip
    told["drive"] = {"": told["option"].pop("drive", [])}
    members = {
        f"{group}/{name}": json.dumps({"return": rows}, separators=(",", ":")).encode()
        for group, kinds in told.items()
        for name, rows in kinds.items()
        if rows
    }
    types = {
        group: [(name, "") for name in sorted(kinds)]
        for group, kinds in told.items()
        if group not in ("option", "drive")
    }
    return types, members


_OPTION_TYPES = {"string": "str", "boolean": "bool", "number": "uint64", "size": "size"}


def _option_types(parameters: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {p["name"]: _OPTION_TYPES.get(p["type"], "str") for p in parameters}


def _backends(
    helped: Mapping[str, list[str]], known: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    return {name: catalog_help.rows(keys, known) for name, keys in helped.items()}


def _narrow(
    told: dict[str, dict[str, list[dict[str, Any]]]],
    group: str,
    texts: Mapping[tuple[str, ...], str],
) -> None:
    """Keeps what this QEMU was built with, which only its help says; adds what that alone names."""
    names = catalog_help.words(_help(texts, f"-{group}"))
    if names:
        told[group] = {name: told[group].get(name, []) for name in names}
