"""What the library lists: profiles that are open and have no file, files, drafts, examples."""

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from qemutui.host.drafts import Draft
    from qemutui.ui.session import Session


class Row(NamedTuple):
    """One row of the library."""

    name: str
    kind: Literal["open", "draft", "library", "elsewhere", "example", "run"]
    path: Path | None = None
    """The profile's file, the draft's, or the example's; None for one that is open without one."""
    session: "Session | None" = None
    draft: "Draft | None" = None
    run: str = ""
    """The key of a run whose profile has no row."""

    @property
    def subject(self) -> "Path | Session | str":
        """What tells it from all other rows, whatever it is called."""
        return self.path or self.session or self.run


class Listing(NamedTuple):
    """What the library lists, and what could not be listed."""

    rows: tuple[Row, ...]
    profiles: int
    """How many profiles there are, without examples."""
    failure: str = ""


def listing() -> Listing:
    """Lists files, drafts and examples; reads no profile. May wait for a disk."""
    from qemutui.host import drafts, library, recents
    from qemutui.host.content import StoreError

    failure = ""
    rows: list[Row] = []
    try:
        rows = [Row(_draft_name(one), "draft", one.file, None, one)
                for one in drafts.without_file()]  # fmt: skip
    except OSError as error:
        failure = f"The drafts cannot be looked at: {error.strerror}."
    files = []
    try:
        files = [Row(one.stem, "library", one.path) for one in library.profiles()]
    except StoreError as error:
        failure = str(error)
    others = [Row(path.stem, "elsewhere", path) for path in recents.profiles()]
    files = sorted([*files, *others], key=lambda row: row.name) if others else files
    examples = [Row(one.name, "example", one.path) for one in library.examples()]
    return Listing((*rows, *files, *examples), len(rows) + len(files), failure)


def _draft_name(draft: "Draft") -> str:
    return re.sub(r"-\d{8}-\d{6}-\d{6}$", "", draft.file.stem)


def day(then: datetime, now: datetime) -> str:
    """Returns when something was: `14:02`, `yesterday`, `18 Nov`, `18 Nov 2025`."""
    days = (now.date() - then.date()).days
    if days == 0:
        return f"{then:%H:%M}"
    if days == 1:
        return "yesterday"
    return f"{then.day} {then:%b}" + ("" if then.year == now.year else f" {then.year}")
