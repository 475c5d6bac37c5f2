"""Reads what QEMU tells only in its help texts, for people."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_HEADING = re.compile(r"([A-Z][\w/ ]*) devices:")
_DEVICE = re.compile(
    r'name "(?P<name>[^"]+)"(?:, bus (?P<bus>[^,]+))?(?:, alias "(?P<alias>[^"]+)")?'
    r'(?:, desc "(?P<description>.*)")?(?:, no-user)?'
)
_TWO_COLUMNS = re.compile(r"(\S+)(?:\s+(\S.*))?")
_CPU = re.compile(r"\s*(?:\S+ )?(?P<name>[^\s\[]+)(?:\s{2,}(?P<description>\S.*))?")
_VERSION = re.compile(r"QEMU emulator version (\d+)\.(\d+)\.(\d+)(?: \((.*)\))?")
_PROPERTY = re.compile(
    r"  (?P<name>\S+?)=<(?P<type>.*?)>(?:\s+- (?P<description>.*?))?"
    r"(?:\s*\(default: (?P<default>.*)\))?"
)


def version(text: str) -> tuple[list[int], str]:
    """Reads major, minor and micro number, and the package, out of `-help`; zeros if not there."""
    match = _VERSION.match(text)
    if match is None:
        return [0, 0, 0], ""
    return [int(match[number]) for number in (1, 2, 3)], match[4] or ""


def properties(text: str) -> list[dict[str, Any]]:
    """Reads `-device NAME,help` or `-machine NAME,help`, as rows of `device-list-properties`."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        if match := _PROPERTY.fullmatch(line):
            row: dict[str, Any] = {"name": match["name"], "type": match["type"]}
            row["type"] = re.sub(r"^(u?int\d*)_t$", r"\1", row["type"])
            if match["description"]:
                row["description"] = match["description"]
            if match["default"] is not None:
                row["default-value"] = _default(match["default"])
            found.append(row)
    return found


def _default(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"-?[0-9]{1,20}", text) else text.strip('"')


def data_folders(text: str) -> list[str]:
    """Reads `-L help`: the folders of firmware and ROMs, from the root."""
    return [line for line in text.splitlines() if line.startswith("/")]


class ListedDevice(NamedTuple):
    """What `-device help` says of a device."""

    category: str
    bus: str
    alias: str
    description: str


def devices(text: str) -> dict[str, ListedDevice]:
    """Reads `-device help`. A device in several categories has the first."""
    found: dict[str, ListedDevice] = {}
    category = ""
    for line in text.splitlines():
        if heading := _HEADING.fullmatch(line):
            category = heading[1].partition("/")[0]
        elif match := _DEVICE.fullmatch(line):
            found.setdefault(
                match["name"],
                ListedDevice(
                    category, match["bus"] or "", match["alias"] or "", match["description"] or ""
                ),
            )
    return found


def machines(text: str) -> dict[str, str]:
    """Reads the descriptions of `-machine help`, by name and alias."""
    return {name: _without_remarks(words) for name, words in _columns(text)}


def _without_remarks(text: str) -> str:
    return re.sub(r" \((?:alias of .*|default|deprecated)\)", "", text)


def _columns(text: str) -> Iterator[tuple[str, str]]:
    """Yields the lines of a list under a heading that ends with a colon."""
    for line in text.splitlines():
        match = _TWO_COLUMNS.fullmatch(line.strip())
        if match and not line.rstrip().endswith(":"):
            yield match[1], match[2] or ""


def cpus(text: str) -> dict[str, str]:
    """Reads the models of `-cpu help`, each with its description, which may be empty."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip() and found:
            break  # lists of features follow
        match = _CPU.fullmatch(line.rstrip())
        if match and not line.rstrip().endswith(":"):
            description = (match["description"] or "").strip()
            found[match["name"]] = "" if description.startswith("(alias") else description
    return found
