"""Any argv becomes a profile and comes out the same, and any profile is told by its command."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qemutui.core import command_text, shell
from qemutui.core.argv import build, words
from qemutui.core.parse import parse, understand
from qemutui.core.profile import Launch, Profile, read
from tests.core.argvs import argvs
from tests.core.canonical import canonical
from tests.core.judge import differences
from tests.core.strategies import Data, profiles


def comes_out_the_same(argv: list[str]) -> None:
    profile = parse(argv)
    once = words(build(profile))
    assert differences(argv, once) == []
    again = parse(once)
    assert again == profile
    assert words(build(again)) == once


@settings(max_examples=300, deadline=None)
@given(argvs())
def test_any_command_comes_out_the_same(argv: list[str]) -> None:
    comes_out_the_same(argv)


@settings(max_examples=60, deadline=None)
@given(argvs())
def test_any_command_comes_back_through_its_own_shell_text(argv: list[str]) -> None:
    command = build(parse(["qemu-system-x86_64", *argv[1:]]))
    try:
        text = shell.multi_line(Profile(), command)
    except shell.CannotPassError:  # half a surrogate pair
        return
    assert [word.text for word in command_text.read(text).words] == words(command)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=5), min_size=1, max_size=3), argvs())
def test_what_goes_before_the_program_stays_there(wrapper: list[str], argv: list[str]) -> None:
    profile = understand([*wrapper, *argv], len(wrapper)).profile
    assert words(build(profile)) == [*wrapper, *words(build(parse(argv)))]


@settings(max_examples=150, deadline=None)
@given(profiles())
def test_the_command_of_any_profile_comes_out_the_same(data: Data) -> None:
    """Whatever half-typed things it holds; a wrapper is no part of what QEMU reads."""
    comes_out_the_same(words(build(read(data).model_copy(update={"launch": Launch()}))))


@settings(max_examples=150, deadline=None)
@given(canonical())
def test_a_command_tells_a_profile_whole(data: Data) -> None:
    profile = read(data)
    assert parse(words(build(profile))) == profile


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=8), max_size=8), st.integers(0, 3) | st.none())
def test_nothing_makes_it_raise(argv: list[str], program: int | None) -> None:
    if program is not None and program >= len(argv):
        program = None
    profile = understand(argv, program).profile
    words(build(profile))
