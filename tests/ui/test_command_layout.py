"""The layout of a command: nothing of it is lost, moved, or drawn raw."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from qemutui.core.argv import Argument, Token, build
from qemutui.core.keyval import Path as KeyPath
from qemutui.core.profile import ShapeError, read
from qemutui.core.text import clean
from qemutui.ui.command_layout import HANG, Line, Piece, lay_out, shown
from tests.core.strategies import profiles
from tests.ui.opened import HOSTILE

GAP = Piece(" ", None)
"""Between two words; where a line ends it is not drawn."""


def pieces(lines: tuple[Line, ...]) -> list[Piece]:
    """Returns the pieces of all lines without what indents them."""
    assert all(line[0] == Piece(" " * HANG, None) for line in lines[1:])
    return [*lines[0], *(piece for line in lines[1:] for piece in line[1:])]


def check(argument: Argument, width: int) -> None:
    lines = lay_out(argument, width)
    found = pieces(lines)
    assert "".join(piece.text for piece in found if piece != GAP) == "".join(
        shown(word).text for word in argument.words
    )
    expected: defaultdict[KeyPath, str] = defaultdict(str)
    drawn: defaultdict[KeyPath, str] = defaultdict(str)
    for token in argument.tokens:
        word = argument.words[token.word]
        text = clean(word[token.start : token.end])
        quoted = shown(word).quoted
        expected[token.path] += text.replace("'", "'\\''") if quoted else text
    for piece in found:
        if piece.path is not None:
            drawn[piece.path] += piece.text
    assert {path: text for path, text in expected.items() if text} == {
        path: text for path, text in drawn.items() if text
    }
    for line in lines:
        text = "".join(piece.text for piece in line)
        assert text == clean(text)
        # A comma that ends a line may stand one cell further right.
        assert cell_len(text) <= width + 1, (width, text)


@settings(max_examples=60, deadline=None)
@given(profiles(), st.integers(20, 90))
def test_no_part_of_a_command_is_lost(data: dict[str, Any], width: int) -> None:
    try:
        command = build(read(data))
    except ShapeError:
        return
    for argument in command:
        check(argument, width)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("width", [20, 72])
def test_hostile_texts_are_drawn_clean_and_whole(text: str, width: int) -> None:
    item = {"type": text, "id": text, "a": text, "b": [text, text], text or "k": text}
    profile = read({"name": text, "device": [item], "netdev": [item], "extra": [text, text]})
    for argument in build(profile):
        check(argument, width)


def test_a_space_that_is_a_field_is_kept_at_the_end_of_a_line() -> None:
    word = "x" * 15 + ", "
    tokens = (Token(1, 0, 15, ("cpu", "model")), Token(1, 16, 17, ("cpu", "features", 0)))
    for width in range(20, 26):
        check(Argument(("-cpu", word), ("cpu",), tokens), width)


def test_commas_alone_fill_lines_in_order() -> None:
    word = "a" * 15 + "," * 60
    token = Token(1, 0, len(word), ("name",))
    for width in range(20, 40):
        check(Argument(("-name", word), ("name",), (token,)), width)


def test_lines_break_after_commas() -> None:
    profile = read({"device": [{"type": "virtio-9p-pci", "id": "share", "fsdev": "fs0"}]})
    lines = lay_out(build(profile)[1], 36)
    assert ["".join(piece.text for piece in line) for line in lines] == [
        "-device virtio-9p-pci,id=share,",
        "    fsdev=fs0",
    ]


def test_a_value_without_fields_breaks_after_commas_too() -> None:
    value = "socket,id=monitor,path=/run/user/1000/qemutui/monitor.qmp,server=on,wait=off"
    lines = lay_out(Argument(("-chardev", value), ("launch", "monitor")), 60)
    assert ["".join(piece.text for piece in line) for line in lines] == [
        "-chardev socket,id=monitor,",
        "    path=/run/user/1000/qemutui/monitor.qmp,server=on,",
        "    wait=off",
    ]
