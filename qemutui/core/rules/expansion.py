"""`~` and `$HOME`, which a shell expands and QEMU does not."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem, Severity
from qemutui.core.keyval import Path
from qemutui.core.rules.subject import Subject, Suspect
from qemutui.core.rules.texts import matching, profile_texts
from qemutui.core.rules.words import short

_WORDS = r"~(?=/|$)|~\w+(?=/)|\$HOME(?=/|$)|\$\{\w+\}|\$[A-Z_]+(?=/)"
SHELL = re.compile(_WORDS)
"""Matches a text that a shell would expand at its beginning."""

_SUSPECT = re.compile("[~$]").match
_INSIDE = re.compile(rf"(?:(?<=[=:,])|^)(?:{_WORDS})")
_NO_PATHS = frozenset({("boot", "append"), ("launch", "environment")})
_OPTIONS_WITHOUT_PATHS = frozenset({"append", "name", "fw_cfg"})


def suspects(path: Path, root: dict[str, Any]) -> Iterator[Suspect]:
    """Yields the texts of an item that a shell would expand."""
    for place, text in matching(path, root, _SUSPECT):
        match = SHELL.match(text)
        if match:
            yield Suspect(place, text, 0, match[0])


def _of_profile(subject: Subject) -> Iterator[Suspect]:
    for path, text in profile_texts(subject.profile):
        match = SHELL.match(text)
        if match and path[0] not in ("name", "extra") and path[:2] not in _NO_PATHS:
            yield Suspect(path, text, 0, match[0])
    whole = isinstance(subject.profile.extra, tuple)
    for option in subject.options:
        match = _INSIDE.search(option.value)
        if match and option.name not in _OPTIONS_WITHOUT_PATHS:
            index = option.place + 1 if option.name else option.place
            place: Path = ("extra", index) if whole else ("extra",)
            yield Suspect(place, option.value, match.start(), match[0])


def not_expanded(subject: Subject) -> Iterator[Problem]:
    """`~` and `$HOME`, which only a shell expands."""
    facts = subject.facts
    kinds_of: dict[str, set[str]] = {}
    for (_, name), fact in facts.files.items():
        kinds_of.setdefault(name, set()).add(fact.kind)
    of_items = chain.from_iterable(scan.suspects for scan in subject.scans)
    for path, text, start, word in chain(_of_profile(subject), of_items):
        kinds = kinds_of.get(text, set())
        if kinds - {"missing", "unknown"}:
            continue
        mended = None
        if facts.home and word in ("~", "$HOME", "${HOME}"):
            mended = text[:start] + facts.home + text[start + len(word) :]
        fix = Fix(f"makes it {short(mended)}", (Set(path, mended),)) if mended else None
        severity: Severity = "error" if kinds else "warning"
        yield Problem(severity, path, f"Only a shell expands {short(word)}.", fix)
