"""Any argv becomes a profile and comes out the same, however odd it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qemutui.core.argv import build, words
from qemutui.core.parse import parse, understand
from tests.core.argvs import argvs
from tests.core.judge import differences


@settings(max_examples=300, deadline=None)
@given(argvs())
def test_any_command_comes_out_the_same(argv: list[str]) -> None:
    profile = parse(argv)
    once = words(build(profile))
    assert differences(argv, once) == []
    again = parse(once)
    assert again == profile
    assert words(build(again)) == once


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=8), max_size=8), st.integers(0, 3) | st.none())
def test_nothing_makes_it_raise(argv: list[str], program: int | None) -> None:
    if program is not None and program >= len(argv):
        program = None
    understand(argv, program)
    parse(argv)
    words(build(parse(argv)))
