"""What `core.check` finds, and how it can be mended."""

from typing import Literal, NamedTuple

from qemutui.core.edit import Edit
from qemutui.core.keyval import Path

Severity = Literal["error", "warning", "hint"]
"""`error`: QEMU, or qemutui on its way to QEMU, refuses it. `warning`: probably not what was meant.
`hint`: good to know."""


RULE_OF_QEMU = "qemu"
"""What a finding of QEMU's own has for the name of its rule; no rule of the check has it."""


class Fix(NamedTuple):
    """A change that makes a finding go."""

    label: str
    """What it does, to stand after its key: `f creates it`."""
    edits: tuple[Edit, ...]
    """To be applied in order, by `core.edit.apply`."""


class Finding(NamedTuple):
    """One problem or hint of a profile."""

    severity: Severity
    rule: str
    """A name of `core.check.RULES`, which `[check] ignore` silences, or `RULE_OF_QEMU`."""
    path: Path
    """The field, item or table that it is about."""
    message: str
    """A sentence. It may quote the profile raw: clean it, and draw it plain."""
    fix: Fix | None = None

    @property
    def is_of_qemu(self) -> bool:
        """Whether QEMU itself says so."""
        return self.rule == RULE_OF_QEMU


class Problem(NamedTuple):
    """A finding as its rule gives it, which does not know its own name."""

    severity: Severity
    path: Path
    message: str
    fix: Fix | None = None
