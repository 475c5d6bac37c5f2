"""Findings by where they stand, so that a row finds its own at once."""

from typing import TYPE_CHECKING

from qemutui.core.keyval import Path

if TYPE_CHECKING:
    from qemutui.core.check import Finding

_RANK = {"error": 2, "warning": 1, "hint": 0}


class Marks:
    """The findings of one check, by path and by what they lie in."""

    def __init__(self, findings: "tuple[Finding, ...]" = ()) -> None:
        self.findings = findings
        self._at: dict[Path, list[Finding]] = {}
        self._inside: dict[Path, Finding] = {}
        for finding in findings:
            self._at.setdefault(finding.path, []).append(finding)
            for length in range(len(finding.path) + 1):
                place = finding.path[:length]
                worst = self._inside.get(place)
                if worst is None or _RANK[finding.severity] > _RANK[worst.severity]:
                    self._inside[place] = finding

    def at(self, path: Path) -> "list[Finding]":
        """Returns the findings at exactly this path, worst first."""
        return sorted(self._at.get(path, ()), key=lambda finding: -_RANK[finding.severity])

    def worst(self, path: Path) -> "Finding | None":
        """Returns the worst finding at this path or anywhere inside it."""
        return self._inside.get(path)

    def count(self, severity: str) -> int:
        """Returns how many findings of this severity there are."""
        return sum(finding.severity == severity for finding in self.findings)

    def ordered(self) -> "list[Finding]":
        """Returns all findings, errors first, else in the order of the profile."""
        return sorted(self.findings, key=lambda finding: -_RANK[finding.severity])
