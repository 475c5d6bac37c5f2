"""How long the app takes from its start to a frame on which one can work."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.measure import Measured, Row, Timed, pairs
from tests.benchmarks.prompt import OURS, PROFILE
from tests.benchmarks.terminal import program

THEIRS = """
from textual.app import App
from textual.widgets import Label

class Bare(App):
    def compose(self):
        yield Label("One label")

Bare().run()
"""
# Header, sections, the first and a later line of the command, footer: all that a key acts on.
FRAME = ("Launch F5", "General", "binary", "user,id=n0,hostfwd=tcp:", "library")


def shown(code: str, arguments: Sequence[str], texts: Sequence[str], home: Path) -> Timed:
    """From the start of a process until all texts are on its terminal."""

    def run() -> float:
        with program(code, arguments, home) as terminal:
            return terminal.until(*texts) - terminal.began

    return run


def start() -> Measured:
    """Times the app on a profile of 10 items against a bare app."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        profile = home / "ten.toml"
        profile.write_text(PROFILE)
        ours = shown(OURS, [str(profile)], FRAME, home)
        return pairs(ours, shown(THEIRS, [], ["One label"], home), rounds=21)


LISTED = ("library", "p00000", "p00001")


def library_of(home: Path, count: int) -> None:
    """Fills the library of a home with profiles."""
    folder = home / ".local/share/qemutui/profiles"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"p{number:05}.toml").write_text(PROFILE)


def library() -> Measured:
    """Times the first rows of a library of 10,000 profiles against one of 10."""
    with tempfile.TemporaryDirectory() as large, tempfile.TemporaryDirectory() as small:
        library_of(Path(large), 10_000)
        library_of(Path(small), 10)
        return pairs(
            shown(OURS, [], LISTED, Path(large)), shown(OURS, [], LISTED, Path(small)), rounds=11
        )


ROWS = [
    Row("app start to the first rows of a library of 10,000 profiles", "of 10", 1.5, library),
    Row(
        "app start to first usable frame, profile of 10 items, 80×24",
        "a bare Textual app with one label",
        1.6,
        start,
    ),
]
