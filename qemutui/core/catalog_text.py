"""Makes the text of a catalog of what QEMU answered; `core.catalog` reads it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from qemutui.core import catalog_help, catalog_types, option_help
from qemutui.core.catalog import FORMAT

Replies = Mapping[str, bytes]
Question = tuple[str, str, Mapping[str, Any]]
"""A name for the answer, a command of QMP, its arguments."""
HelpTexts = Mapping[tuple[str, ...], str]
"""What QEMU printed for arguments such as `-device help`."""

HELP_OPTIONS = (
    ("-help",), ("-device", "help"), ("-machine", "help"), ("-cpu", "help"), ("-netdev", "help"),
    ("-chardev", "help"), ("-audiodev", "help"), ("-display", "help"), ("-object", "help"),
    ("-L", "help"),
)  # fmt: skip
"""The help texts that say what QMP does not."""

QUERIES: tuple[Question, ...] = (
    ("version", "query-version", {}),
    ("target", "query-target", {}),
    ("machines", "query-machines", {}),
    ("cpus", "query-cpu-definitions", {}),
    ("kvm", "query-kvm", {}),
    ("accelerators", "qom-list-types", {"implements": "accel", "abstract": False}),
    ("devices", "qom-list-types", {"implements": "device", "abstract": True}),
    ("objects", "qom-list-types", {"implements": "user-creatable", "abstract": True}),
    ("buses", "qom-list-types", {"implements": "bus", "abstract": True}),
    ("tpm", "query-tpm-types", {}),
    ("options", "query-command-line-options", {}),
    ("schema", "query-qmp-schema", {}),
)
"""What is asked first."""


class Answers(NamedTuple):
    """What one QEMU answered."""

    replies: Replies
    """The answers to `QUERIES` by their names, as QEMU gave them; one that failed is not there."""
    help: HelpTexts
    """By `HELP_OPTIONS`, and `help_instead`."""
    properties: Mapping[str, bytes]
    """The answers about properties by their places, such as `device/virtio-net-pci`."""
    crashed: tuple[str, ...] = ()
    """The names of the questions on which QEMU ended."""
    kvm_problem: str = ""
    """Why /dev/kvm cannot be used; empty if it can."""
    program: str = ""
    """The name of the binary."""
    problem: str = ""
    """Why QEMU did not answer by QMP at all; empty if it did."""


def arguments(machine: str) -> tuple[str, ...]:
    """Returns the arguments of a QEMU that answers by QMP and runs nothing."""
    return ("-machine", machine, "-nodefaults", "-display", "none", "-S", "-qmp", "stdio")


def request(question: Question) -> bytes:
    """Returns a question as a line of QMP."""
    _, command, values = question
    return json.dumps({"execute": command, "arguments": values}).encode() + b"\n"


def leads_on(replies: Replies) -> bool:
    """Tells whether the answers to `QUERIES` alone say what is to be asked next."""
    return {"devices", "machines", "accelerators"} <= replies.keys()


def questions(replies: Replies, help_texts: HelpTexts) -> list[Question]:
    """Returns what is to be asked next; the names are places of properties.

    What QEMU lists in its help takes the place of an answer that failed.
    """
    devices = [str(row.get("name")) for row in _rows(replies, "devices") if not row.get("abstract")]
    machines = [str(row.get("name")) for row in _rows(replies, "machines")]
    if "devices" not in replies:
        devices = list(catalog_help.devices(_help(help_texts, "-device")))
    if "machines" not in replies:
        machines = list(catalog_help.machines(_help(help_texts, "-machine")))
    accelerators = [str(row.get("name")) for row in _rows(replies, "accelerators")]
    found = [_question("device", "device-list-properties", name) for name in devices]
    found += [_question("machine", "qom-list-properties", f"{name}-machine") for name in machines]
    found += [_question("accel", "qom-list-properties", name) for name in accelerators]
    return found


def _question(kind: str, command: str, name: str) -> Question:
    return f"{kind}/{name}", command, {"typename": name}


def help_instead(crashed: Sequence[str]) -> list[tuple[str, ...]]:
    """Returns the help texts that tell what QEMU crashed on when it was asked by QMP."""
    found: list[tuple[str, ...]] = []
    for place in crashed:
        kind, _, name = place.partition("/")
        if kind == "machine":
            found.append(("-machine", f"{name.removesuffix('-machine')},help"))
        elif kind == "device":
            found.append(("-device", f"{name},help"))
    return found


def write(answers: Answers) -> bytes:
    """Returns the text of a catalog.

    Raises:
        ValueError: What QEMU answered is not what it should be, or tells of no device and machine.
    """
    try:
        return _write(answers)
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError(f"an answer of an unknown form: {error!r}") from error


def _write(answers: Answers) -> bytes:
    replies = answers.replies
    help_texts = answers.help
    version, package = _version(replies, _help(help_texts, "-help"))
    devices = _devices(replies, catalog_help.devices(_help(help_texts, "-device")))
    machines = _machines(replies, catalog_help.machines(_help(help_texts, "-machine")))
    if not devices and not machines:
        raise ValueError("neither devices nor machines")
    types, members = catalog_types.types(
        {name: _rows(replies, name) for name in ("schema", "options", "objects")},
        _value(replies, "tpm", None),
        {words[0]: text for words, text in help_texts.items() if words[1:] in ((), ("help",))},
    )
    objects = {str(row["name"]): row for row in _rows(replies, "objects")}
    instead = _told_instead(answers)
    body = bytearray()
    places: dict[str, tuple[int, int]] = {}
    seen: dict[bytes, tuple[int, int]] = {}
    for place, text in (*answers.properties.items(), *_replies(members), *instead.items()):
        if text not in seen:
            seen[text] = (len(body), len(text))
            body += text + b"\n"
        places[place] = seen[text]
    head = {
        "format": FORMAT,
        "length": len(body),
        "version": version,
        "package": package,
        "target": _target(answers),
        "machines": machines,
        "cpus": _cpus(replies, catalog_help.cpus(_help(help_texts, "-cpu"))),
        "accelerators": _accelerators(replies, answers.kvm_problem),
        "devices": devices,
        "objects": {name: _parents(name, objects) for name in sorted(objects)},
        "types": types,
        "options": option_help.takes_value(_help(help_texts, "-help")),
        "buses": {str(row["name"]): str(row.get("parent", "")) for row in _rows(replies, "buses")},
        "data_folders": catalog_help.data_folders(_help(help_texts, "-L")),
        "problem": answers.problem,
        "crashed": [place for place in answers.crashed if place not in instead],
        "places": places,
    }
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + bytes(body)


def _version(replies: Replies, text: str) -> tuple[list[int], str]:
    """Returns the number and the package of QEMU, which `-help` tells if QMP does not."""
    told = _value(replies, "version", None)
    if told is not None:
        return [int(told["qemu"][part]) for part in ("major", "minor", "micro")], str(
            told.get("package", "")
        )
    return catalog_help.version(text)


def _target(answers: Answers) -> str:
    told = _value(answers.replies, "target", {}).get("arch")
    return str(told or answers.program.rpartition("qemu-system-")[2])


def _told_instead(answers: Answers) -> dict[str, bytes]:
    """Returns, as replies, what help texts tell of what QEMU crashed on."""
    found: dict[str, bytes] = {}
    for place in answers.crashed:
        for words in help_instead([place]):
            rows = catalog_help.properties(answers.help.get(words, ""))
            if rows:
                found[place] = _reply(rows)
    return found


def _replies(members: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[tuple[str, bytes]]:
    return ((place, _reply(rows)) for place, rows in members.items())


def _reply(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps({"return": rows}, separators=(",", ":")).encode()


def _help(texts: Mapping[tuple[str, ...], str], option: str) -> str:
    return texts.get((option, "help")) or texts.get((option,)) or ""


def _value(replies: Replies, name: str, default: Any) -> Any:
    return json.loads(replies[name])["return"] if name in replies else default


def _rows(replies: Replies, name: str) -> Sequence[Mapping[str, Any]]:
    """Returns the tables of an answer that is a list of them; what else it holds is left out."""
    try:
        found = _value(replies, name, [])
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _model(type_name: str, models: Mapping[str, str]) -> str:
    return models.get(type_name, type_name)


def _machines(replies: Replies, descriptions: Mapping[str, str]) -> list[list[Any]]:
    models = {row["typename"]: row["name"] for row in _rows(replies, "cpus") if "typename" in row}
    return [
        [
            str(row["name"]),
            f"{row['name']}-machine",
            descriptions.get(str(row["name"]), ""),
            str(row.get("alias", "")),
            bool(row.get("is-default")),
            int(row.get("cpu-max", 0)),
            bool(row.get("deprecated")),
            _model(str(row.get("default-cpu-type", "")), models),
            str(row.get("default-ram-id", "")),
        ]
        for row in sorted(_rows(replies, "machines"), key=lambda row: str(row["name"]))
    ]


def _cpus(replies: Replies, descriptions: Mapping[str, str]) -> list[list[Any]]:
    told = {str(row["name"]): row for row in _rows(replies, "cpus")}
    rows = {str(row["name"]): row for row in _rows(replies, "devices")}
    types = [name for name in rows if "cpu" in _parents(name, rows)]
    found: list[list[Any]] = []
    for name in sorted(told or descriptions):
        row = told.get(name, {})
        found.append([
            name,
            str(row.get("typename") or _cpu_type(name, types)),
            descriptions.get(name, ""),
            str(row.get("alias-of", "")),
            bool(row.get("deprecated")),
            [str(feature) for feature in row.get("unavailable-features", [])],
        ])  # fmt: skip
    return found


def _cpu_type(model: str, types: Sequence[str]) -> str:
    """Returns the type of a model where QMP does not tell: `rv64-riscv-cpu`."""
    pattern = re.compile(re.escape(model) + r"-[a-z0-9_]+-cpu")
    return next((name for name in types if pattern.fullmatch(name)), "")


def _accelerators(replies: Replies, kvm_problem: str) -> list[list[Any]]:
    present = bool(_value(replies, "kvm", {}).get("present", True))
    found: list[list[Any]] = []
    for row in _rows(replies, "accelerators"):
        name = str(row["name"]).removesuffix("-accel")
        if name == "accel":
            continue
        problem = ""
        if name == "kvm":
            problem = kvm_problem if present else "This QEMU was built without it."
        found.append([name, not problem, problem])
    return found


def _devices(replies: Replies, listed: Mapping[str, catalog_help.ListedDevice]) -> list[list[Any]]:
    rows = {str(row["name"]): row for row in _rows(replies, "devices")}
    found: list[list[Any]] = []
    for name in sorted({*rows, *listed}):
        row = rows.get(name, {})
        if not row.get("abstract"):
            told = listed.get(name)
            found.append(
                [name, *(told or ("", "", "", "")), told is not None, _parents(name, rows)]
            )
    return found


def _parents(name: str, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    while name in rows and len(found) < 20:
        name = str(rows[name].get("parent", ""))
        found.append(name)
    return found
