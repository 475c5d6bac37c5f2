"""Cases and what a QEMU said of them, kept for machines that do not have that QEMU."""

import json
import lzma
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from qemutui.core import board, board_words
from qemutui.core.board import Board
from qemutui.core.catalog import Catalog
from qemutui.core.profile import Profile, read
from qemutui.host import boards
from tests.agreement.judge import Outcome
from tests.agreement.mutation import Case
from tests.agreement.oracle import Verdict

Words = tuple[str, ...]


class Captured(NamedTuple):
    """What is in a file of `write`."""

    known: list[tuple[Case, Verdict]]
    boards: Mapping[Words, str]
    """What QEMU printed of the boards of these cases, by the words it was asked with."""

    def board(self, profile: Profile, catalog: Catalog) -> Board | None:
        """Returns the board of a profile; None where it is not among them."""
        words = board_words.words(profile, catalog)
        text = self.boards.get(words) if words is not None else None
        try:
            return board.read(words, text) if words is not None and text is not None else None
        except ValueError:
            return None


def write(file: Path, outcomes: Iterable[Outcome], qemu: str, catalog: Catalog) -> None:
    """Keeps the cases, QEMU's verdicts and its boards, without what the check said.

    A QEMU at the path `qemu` is asked for the boards.
    """
    texts: dict[Words, str | None] = {}
    rows = []
    for outcome in outcomes:
        rows.append([outcome.case.kind, outcome.case.data, *outcome.verdict])
        words = board_words.words(read(outcome.case.data), catalog)
        if words is not None and words not in texts:
            texts[words] = boards.text_of(qemu, words)
    printed = [[words, text] for words, text in texts.items() if text is not None]
    text = json.dumps([rows, printed], indent=0)
    file.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def load(file: Path) -> Captured:
    """Returns what `write` kept."""
    rows, printed = json.loads(lzma.decompress(file.read_bytes()))
    return Captured(
        [(Case(kind, data), Verdict(word, message)) for kind, data, word, message in rows],
        {tuple(words): text for words, text in printed},
    )
