"""What stands over the screen and is moved, on a real terminal."""

import sys
from pathlib import Path

from tests.terminal import moving_overlay
from tests.terminal.conftest import Open


def test_an_overlay_that_is_moved_is_gone_where_it_was(terminal: Open) -> None:
    root = Path(moving_overlay.__file__).parents[2]
    screen = terminal([sys.executable, "-m", "tests.terminal.moving_overlay"], PYTHONPATH=str(root))
    for turns in range(6):
        seen = ["ground"] * turns + ["overlaid", "ground"]

        def is_seen(seen: list[str] = seen) -> bool:
            return screen.text.split()[: len(seen)] == seen

        screen.until(is_seen)
        screen.type(str(turns))
