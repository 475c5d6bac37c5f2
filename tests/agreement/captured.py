"""Cases and what a QEMU said of them, kept for machines that do not have that QEMU."""

import json
import lzma
from collections.abc import Iterable
from pathlib import Path

from tests.agreement.judge import Outcome
from tests.agreement.mutation import Case
from tests.agreement.oracle import Verdict


def write(file: Path, outcomes: Iterable[Outcome]) -> None:
    """Keeps the cases and QEMU's verdicts, without what the check said."""
    rows = [[o.case.kind, o.case.data, *o.verdict] for o in outcomes]
    text = json.dumps(rows, indent=0)
    file.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def load(file: Path) -> list[tuple[Case, Verdict]]:
    """Returns what `write` kept."""
    rows = json.loads(lzma.decompress(file.read_bytes()))
    return [(Case(kind, data), Verdict(word, message)) for kind, data, word, message in rows]
