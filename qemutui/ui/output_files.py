"""Writes what was printed into files, away from the screen, and says what came of it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from qemutui.core.finding import Finding
from qemutui.host import bundle as bug_bundle
from qemutui.host import log_copy
from qemutui.host.record import Record
from qemutui.ui.printed import count
from qemutui.ui.session import Session


async def save(record: Record) -> tuple[str, str]:
    """Saves the whole logs of a run; returns a sentence and its severity."""
    try:
        saved = await asyncio.to_thread(log_copy.save, record, Path.cwd())
    except log_copy.NotSavedError as error:
        return str(error), "error"
    lines = "1 line" if saved.lines == 1 else f"{count(saved.lines)} lines"
    return f"Saved {lines} to {saved.path.name}.", "information"


async def bundle(
    session: Session, record: Record | None, findings: Sequence[Finding]
) -> tuple[str, str]:
    """Writes a bug bundle; returns a sentence and its severity."""
    try:
        path = await asyncio.to_thread(
            bug_bundle.write, session.profile, session.command, record, findings, Path.cwd()
        )
    except log_copy.NotSavedError as error:
        return str(error), "error"
    return f"Wrote {path.name}. Secrets are masked; read it before you send it.", "information"
