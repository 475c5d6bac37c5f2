"""A list of which only the rows are shown that hold what is sought."""

from collections.abc import Sequence

from rich.style import Style

from qemutui.core.text import clean
from qemutui.ui.glyphs import Span
from qemutui.ui.widgets.row_list import RowList


class FilteredList(RowList):
    """A subclass leaves out what is not `wanted`, in `lay_out`."""

    sought = ""
    """The words that a row holds, all of them, in any order; empty: every row is shown."""

    def lay_out(self) -> None:
        """Finds the rows to be shown."""
        raise NotImplementedError

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        raise NotImplementedError

    @property
    def chosen(self) -> object:
        """What the row of the cursor stands for."""
        raise NotImplementedError

    def place_of(self, chosen: object) -> int:
        """Returns the row of something, 0 where there is none."""
        raise NotImplementedError

    @property
    def position(self) -> tuple[int, int]:
        """The number of the cursor among the rows that it can stand on, and how many there are."""
        rows = [row for row in range(self.row_count) if self.is_selectable(row)]
        return (rows.index(self.cursor) + 1 if self.cursor in rows else 0), len(rows)

    @property
    def nothing(self) -> str:
        """What stands in the list where nothing is left of it."""
        return f"Nothing matches “{clean(self.sought)}”. Esc clears."

    def seek(self, text: str) -> None:
        """Shows the rows that hold a text; the cursor goes to the first of them.

        Where all are shown again, it stays on what it is on.
        """
        if text == self.sought:
            return
        chosen = self.chosen
        self.sought = text
        self.lay_out()
        self.rows_changed()
        self.cursor = 0 if text else self.place_of(chosen)

    def wanted(self, *texts: str) -> bool:
        """Returns whether a row of these texts is to be shown."""
        if not self.sought:
            return True
        whole = " ".join(texts).lower()
        return all(word in whole for word in self.sought.lower().split())

    def shown_row(self, index: int, width: int) -> Sequence[Span]:
        """Returns a row as it is drawn, with what was sought marked in it."""
        spans = self.render_row(index, width)
        words = self.sought.lower().split()
        return marked(spans, words, self.palette.match) if words else spans


def marked(spans: Sequence[Span], words: Sequence[str], match: Style) -> list[Span]:
    """Returns pieces of a line with each occurrence of the words, in lower case, in a style."""
    line: list[Span] = []
    for text, style in spans:
        lower = text.lower()
        at = 0
        while len(lower) == len(text):  # else a place in one is none in the other
            found = [(lower.find(word, at), -len(word)) for word in words]
            first, length = min((one for one in found if one[0] >= 0), default=(-1, 0))
            if first < 0:
                break
            line += [(text[at:first], style), (text[first : first - length], match)]
            at = first - length
        line.append((text[at:], style))
    return [span for span in line if span[0]]
