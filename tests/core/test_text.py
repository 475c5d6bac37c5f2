"""What is drawn holds nothing that a terminal obeys and nothing that hides or reorders text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qemutui.core.text import clean, clean_line

CONTROLS = {"Cc", "Cf", "Cs", "Zl", "Zp"}
VISIBLE = set(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Format controls that have a sign of their own (Prepended_Concatenation_Mark)."""
TEXTS = st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "L", "Mn"])) | st.text()


@given(TEXTS)
def test_clean_text_has_nothing_to_obey(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    controls = {sign for sign in cleaned if unicodedata.category(sign) in CONTROLS}
    assert controls <= VISIBLE
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert clean(cleaned) == cleaned


@given(st.text(st.characters(categories=["N", "P", "S", "Zs", "Ll", "Lu"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b[31mred\x1b]0;t\x07", "␛[31mred␛]0;t␇"),
        ("a\tb\r\n\0\x7f\x9b", "a␉b␍␊␀␡�"),
        ("file\u202egpj.exe", "file�gpj.exe"),
        ("no\u200b\u200c\u200d\u2060\ufeff\u00adspace", "no������space"),
        ("tag\U000e0041\ufe0f\U000e0100\u034f", "tag����"),
        ("\udcff\ud800", "��"),
        ("\u2028\u2029\u0085", "���"),
        ("[bold]a[/] é日本😀 e\u0301", "[bold]a[/] é日本😀 e\u0301"),
    ],
)
def test_each_is_one_visible_sign(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_line_of_a_log() -> None:
    assert clean_line("a\tb\x1b[0m\r\n") == "a       b␛[0m"
    assert clean_line("a\rb\n\n") == "a␍b"
