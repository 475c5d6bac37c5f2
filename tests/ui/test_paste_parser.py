"""What is pasted arrives as it would by Textual's own parser, and in the time of its length."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from qemutui.ui.paste_parser import PasteParser

INPUTS = ("a", "\r\n", "é", "\x1b[A", "\x1b[20", "0~", "\0", "-device x")


def parsed(parser: XTermParser, parts: list[str]) -> list[str]:
    """What the parts of an input mean, keys and texts that are pasted."""

    def said(message: Message) -> str:
        if isinstance(message, events.Paste):
            return f"paste {message.text!r}"
        return f"key {message.key}" if isinstance(message, events.Key) else repr(message)

    return [said(message) for part in parts for message in parser.feed(part)]


@given(st.text(alphabet="ab\x01é-\n\x1b[", max_size=9), st.lists(st.integers(1, 30), max_size=5))
def test_it_means_the_same_however_it_is_cut(text: str, cuts: list[int]) -> None:
    whole = f"x\x1b[A\x1b[200~{text.replace(chr(27), '')}\x1b[201~y\x1b[200~z\x1b[201~"
    places = sorted({min(cut, len(whole)) for cut in cuts} | {0, len(whole)})
    parts = [whole[a:b] for a, b in pairwise(places)]
    assert parsed(PasteParser(), parts) == parsed(XTermParser(), [whole])


def test_what_is_no_paste_is_what_it_was() -> None:
    for text in INPUTS:
        assert parsed(PasteParser(), [text, "q"]) == parsed(XTermParser(), [text, "q"])


def test_controls_that_are_pasted_are_text() -> None:
    found = parsed(PasteParser(), ["\x1b[200~a\x1b[Ab\x03\x1b[20", "1~\r"])
    assert found == ["paste 'a\\x1b[Ab\\x03'", "key enter"]
