"""What `core.check` finds, and how it can be mended."""

from typing import Literal, NamedTuple

from qemutui.core.edit import Edit
from qemutui.core.keyval import Path

Severity = Literal["error", "warning", "hint"]
"""`error`: QEMU, or qemutui on its way to QEMU, refuses it. `warning`: probably not what was meant.
`hint`: good to know."""


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
    """A name of `core.check.RULES`, which `[check] ignore` silences."""
    path: Path
    """The field, item or table that it is about."""
    message: str
    """A sentence. It may quote the profile raw: clean it, and draw it plain."""
    fix: Fix | None = None


class Problem(NamedTuple):
    """A finding as its rule gives it, which does not know its own name."""

    severity: Severity
    path: Path
    message: str
    fix: Fix | None = None
