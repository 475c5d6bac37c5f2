"""The commands of the corpus come back from their files."""

import tomllib
from pathlib import Path

from qemutui.core.argv import build, words
from qemutui.core.parse import parse
from qemutui.core.profile import read
from qemutui.host import store
from tests.core.command_lines import CORPUS


def test_a_command_comes_back_from_its_file() -> None:
    blank = store.blank(Path("corpus.toml"))
    for name, argv in CORPUS.items():
        profile = parse(argv)
        again = read(tomllib.loads(store.encoded(blank, profile).decode()))
        assert words(build(again)) == words(build(profile)), name
        assert again == profile.model_copy(update={"format": 1}), name
