"""Commands, of the corpus and of any kind, come back from their files."""

import tomllib
from pathlib import Path

from hypothesis import given, settings

from qemutui.core.argv import build, words
from qemutui.core.parse import parse
from qemutui.core.profile import read
from qemutui.host import store
from tests.core.argvs import argvs
from tests.core.command_lines import CORPUS

BLANK = store.blank(Path("corpus.toml"))


def comes_back(argv: list[str]) -> None:
    profile = parse(argv)
    again = read(tomllib.loads(store.encoded(BLANK, profile).decode()))
    assert words(build(again)) == words(build(profile))
    assert again == profile.model_copy(update={"format": 1})


def test_a_command_comes_back_from_its_file() -> None:
    for argv in CORPUS.values():
        comes_back(argv)


@settings(max_examples=100)
@given(argvs())
def test_any_command_comes_back_from_its_file(argv: list[str]) -> None:
    try:
        comes_back(argv)
    except store.StoreError:
        assert any("\ud800" <= sign <= "\udfff" for word in argv for sign in word)
