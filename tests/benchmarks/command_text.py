"""How long a typed character takes to show in the command as text."""

import random
import subprocess
import tempfile
from pathlib import Path

from tests.benchmarks.importing import COMMAND, argv
from tests.benchmarks.keys import CLEARED, WORD, in_turns, typed
from tests.benchmarks.measure import Measured, Row
from tests.benchmarks.prompt import OURS
from tests.benchmarks.terminal import Terminal, program

THEIRS = """
import sys
from pathlib import Path
from textual.app import App
from textual.widgets import TextArea

class Bare(App):
    def compose(self):
        yield TextArea(Path(sys.argv[1]).read_text())

    def on_mount(self):
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)

Bare().run()
"""
LAST = "isa-debugcon.iobase=last"
"""What the command ends with, and what is typed goes behind."""
BACK = "\x7f" * len(WORD)


def _opened(terminal: Terminal) -> None:
    """Opens the command as text; the cursor is at its end."""
    terminal.until("Launch F5", "library")
    terminal.drain(CLEARED)
    terminal.type("3")
    terminal.until("edit as text")
    terminal.drain(CLEARED)
    terminal.type("e")
    terminal.until(LAST, "Enter leaves")
    terminal.drain(CLEARED)


def keys() -> Measured:
    """Times keys in the text of 200 options against keys in a bare app with the same text."""
    gaps = random.Random(200)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path, text = home / "many.toml", home / "many.txt"
        command = [*argv(199), "-global", LAST]
        subprocess.run(
            [*COMMAND, "import", "-o", str(path), *command],
            capture_output=True, check=True, cwd=folder,
        )  # fmt: skip
        shown = subprocess.run(
            [*COMMAND, "argv", str(path)], capture_output=True, check=True, cwd=folder
        )
        text.write_bytes(shown.stdout.rstrip(b"\n"))
        with program(OURS, [str(path)], home) as app, program(THEIRS, [str(text)], home) as bare:
            _opened(app)
            bare.until(LAST)
            return in_turns(
                lambda: typed(app, "=last", gaps, BACK), lambda: typed(bare, "=last", gaps, BACK)
            )


ROWS = [Row("key in the command of 200 options as text", "a bare TextArea of that text", 2, keys)]
