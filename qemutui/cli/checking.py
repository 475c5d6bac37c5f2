"""Judges a profile at the prompt, and has QEMU itself judge it where that is wanted."""

import os
from typing import TYPE_CHECKING

from qemutui.cli import profiles
from qemutui.cli.output import print_json, print_line, say
from qemutui.core.argv import binary
from qemutui.core.edit import set_value
from qemutui.core.profile import dotted

if TYPE_CHECKING:
    from pathlib import Path

    from qemutui.core.catalog import Catalog
    from qemutui.core.finding import Finding
    from qemutui.core.profile import Profile
    from qemutui.host.store import Document


def print_findings(document: "Document", qemu: str, dry_run: bool, as_json: bool) -> int:
    """Prints the findings of a profile and returns the exit status.

    Args:
        document: The profile.
        qemu: The binary that is asked in place of the profile's own; empty for that.
        dry_run: Whether QEMU is started with the command.
        as_json: Whether they are printed as a list of objects.
    """
    profile, directory = document.profile, profiles.directory(document)
    if qemu:
        # A relative path is one from here, not from where QEMU runs.
        named = os.path.abspath(qemu) if "/" in qemu else qemu  # noqa: PTH100
        profile = set_value(profile, ("binary",), named)
    catalog = _catalog(binary(profile), directory, allowed=bool(qemu))
    found = profiles.judged(profile, directory, catalog, allowed=bool(qemu))
    is_told = True
    if dry_run:
        own, is_told = _verdict(profile, directory, allowed=bool(qemu))
        found = (*own, *found)
    if as_json:
        print_json([_plain(finding) for finding in found])
    else:
        for finding in found:
            print_line(_line(document, finding))
    return int(not is_told or any(finding.severity == "error" for finding in found))


def _catalog(qemu: str, directory: "Path", *, allowed: bool) -> "Catalog | None":
    """Returns what a QEMU offers; None, and says why, where that is not known."""
    from qemutui.host import catalogs

    try:
        return catalogs.of(qemu, directory, allowed=allowed)
    except catalogs.UntrustedError as error:
        say(f"QEMU was not asked: {error} --binary allows one for this call.")
    except catalogs.MissingError as error:
        say(f"QEMU was not asked: {error}")
    except catalogs.ProbeError as error:
        say(f"{error} Names are not checked.")
    return None


def _verdict(
    profile: "Profile", directory: "Path", *, allowed: bool
) -> "tuple[tuple[Finding, ...], bool]":
    """Returns what QEMU itself finds, and whether it has come to a verdict."""
    from qemutui.core import verdict
    from qemutui.host import dry_run

    told = dry_run.run(profile, directory, allowed=allowed)
    if isinstance(told, verdict.Refused):
        return (verdict.finding(told),), True
    say(verdict.sentence(told))
    return (), isinstance(told, verdict.Accepted)


def _plain(finding: "Finding") -> dict[str, object]:
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "path": finding.path,
        "field": dotted(finding.path),
        "message": finding.message,
        "fix": finding.fix.label if finding.fix else None,
    }


def _line(document: "Document", finding: "Finding") -> str:
    field = f"{dotted(finding.path)}: " if finding.path else ""
    fix = f" (fix in the app: {finding.fix.label})" if finding.fix else ""
    text = f"{document.path}: {finding.severity}: {field}{finding.message}{fix}"
    return f"{text} [{finding.rule}]"
