"""Terminals that can show little."""

from tests.terminal.conftest import Open
from tests.terminal.terminal import CTRL_Q, ESCAPE, app


def test_a_dumb_one_is_refused_in_a_line(terminal: Open) -> None:
    screen = terminal(app("demo"), TERM="dumb")
    assert screen.ended() == 1
    assert screen.written == (
        b"qemutui: The app needs a terminal. qemutui argv PROFILE prints the command.\r\n"
    )


def test_one_that_is_too_small_says_what_is_needed(terminal: Open) -> None:
    for profile in ("demo",), ():
        screen = terminal(app(*profile), 30, 8)
        screen.until("Too small: 30×8.")
        screen.type(CTRL_Q)
        assert screen.ended() == 0
        screen.assert_left_as_found()


def test_without_utf8_all_is_ascii(terminal: Open) -> None:
    screen = terminal(app("demo"), LANG="C")
    screen.until("> Launch F5")
    screen.until("-drive file=demo.img")
    screen.type("?")
    screen.until("Esc closes")
    screen.type(ESCAPE)
    screen.until("3 Command")
    screen.type(CTRL_Q)
    assert screen.ended() == 0
    assert screen.written.isascii()
    screen.assert_left_as_found()


def test_without_colours(terminal: Open) -> None:
    screen = terminal(app("demo"), NO_COLOR="1")
    screen.until("▶ Launch F5")
    screen.until("-drive file=demo.img")
    screen.type(CTRL_Q)
    assert screen.ended() == 0
    colours = {
        getattr(cell, side)
        for row in screen.screen.buffer.values()
        for cell in row.values()
        for side in ("fg", "bg")
    }
    assert colours == {"default"}
