"""Reads the types of backends and their keys out of QEMU's help texts, which are for people."""

import re
from collections.abc import Iterator
from typing import Any

Rows = list[dict[str, Any]]
"""Members, as `core.property_type.property_of` reads them."""

_WORD = re.compile(r"[A-Za-z][\w.-]*")
_BACKEND = re.compile(r"-(chardev|fsdev|tpmdev|audiodev) (?:\[\w+=\])?([\w-]+)(,.*)?")
_DRIVE = re.compile(r"-(drive) ()(\[file=.*)")
_KEY = re.compile(r"[,\[]\s*([A-Za-z][\w.-]*)=([^\s,\[\]]*)")
_WORDS = re.compile(r"[\w-]+(?:\|[\w-]+)+")
_MEMBER = re.compile(r" +(in\|out\.)?([a-z][\w.-]*)= (.*)")
_VALID = re.compile(r" +valid values: (.*)")
_AUDIO_BOOLEANS = ("mixing-engine", "fixed-settings", "try-poll", "try-mmap", "exclusive")
_AUDIO_NUMBERS = (
    "timer-period", "frequency", "channels", "voices", "buffer-length", "buffer-count",
    "period-length", "threshold", "latency", "dsp-policy",
)  # fmt: skip
_AUDIO_TYPES = dict.fromkeys(_AUDIO_BOOLEANS, "bool") | dict.fromkeys(_AUDIO_NUMBERS, "int")
"""Of `qapi/audio.json`, which versions before 8.0 do not tell by QMP."""


def words(text: str) -> tuple[str, ...]:
    """Reads a list of names, as `-netdev help` prints it: one on a line, up to an empty line."""
    found: dict[str, None] = {}
    for line in text.splitlines():
        if not line.strip() and found:
            break
        if _WORD.fullmatch(line.strip()):
            found[line.strip()] = None
    return tuple(found)


def backends(text: str) -> dict[str, dict[str, Rows]]:
    """Reads `-help`: by option, then by type, the keys; a type that has several lines needs only
    what each of them needs. `drive` has one type without name."""
    found: dict[str, dict[str, Rows]] = {}
    for option, kind, usage in _usages(text):
        rows = list(_keys(usage))
        kinds = found.setdefault(option, {})
        if kind not in kinds:
            kinds[kind] = rows
            continue
        needed = {row["name"] for row in rows if row["required"]}
        known = {row["name"]: row for row in kinds[kind]}
        for row in known.values():
            row["required"] = row["required"] and row["name"] in needed
        kinds[kind] += [{**row, "required": False} for row in rows if row["name"] not in known]
    return found


def _usages(text: str) -> Iterator[tuple[str, str, str]]:
    """Yields each line that says how a backend is written, with those that continue it."""
    current: list[str] | None = None
    lines = [*text.splitlines(), ""]
    for line in lines:
        if current is not None and line.startswith(" ") and line.strip().startswith("["):
            current[2] += line.strip()
            continue
        if current is not None:
            yield current[0], current[1], current[2]
        match = _BACKEND.fullmatch(line) or _DRIVE.fullmatch(line)
        current = [match[1], match[2], match[3] or ""] if match else None
        if match and match[2] in ("help", "driver"):
            current = None


def _keys(usage: str) -> Iterator[dict[str, Any]]:
    seen = set()
    for match in _KEY.finditer(usage):
        key, value = match[1], match[2]
        if key in seen or key == "id":
            continue
        seen.add(key)
        before = usage[: match.start(1)]
        row: dict[str, Any] = {
            "name": key,
            "type": "str",
            "required": before.count("[") == before.count("]"),
        }
        if _WORDS.fullmatch(value):
            values = value.split("|")
            row |= {"type": "bool"} if {*values} == {"on", "off"} else {
                "type": "enum", "values": values}  # fmt: skip
        yield row


def audiodevs(text: str) -> dict[str, Rows]:
    """Reads the drivers of `-audiodev` and their members out of `-help`."""
    found: dict[str, Rows] = {}
    common: Rows = []
    current: Rows | None = None
    for line in text.splitlines():
        if line.startswith("-audiodev "):
            match = _BACKEND.match(line)
            current = common
            if match and match[2] != "driver":
                current = found.setdefault(match[2], [])
        elif not line.startswith(" "):
            current = None
        elif current is not None:
            _read_member(line, current)
    return {name: [*common, *rows] for name, rows in found.items()}


def _read_member(line: str, rows: Rows) -> None:
    if (match := _MEMBER.fullmatch(line)) and match[2] != "id":
        row = {"type": _AUDIO_TYPES.get(match[2], "str"), "description": match[3]}
        prefixes = ("in.", "out.") if match[1] else ("",)
        rows += [{"name": prefix + match[2], **row} for prefix in prefixes]
    elif match := _VALID.fullmatch(line):
        last = rows[-1]["name"].rpartition(".")[2] if rows else ""
        for one in rows:
            if one["name"].rpartition(".")[2] == last:
                one |= {"type": "enum", "values": match[1].split(", ")}
