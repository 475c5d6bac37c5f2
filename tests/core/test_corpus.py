"""Every command of the corpus becomes a profile, and comes out the same."""

from qemutui.core import command_text, shell
from qemutui.core.argv import build, words
from qemutui.core.parse import parse
from tests.core.command_lines import CORPUS
from tests.core.judge import differences


def test_every_command_comes_out_the_same() -> None:
    found = {name: differences(argv, words(build(parse(argv)))) for name, argv in CORPUS.items()}
    assert {name: said for name, said in found.items() if said} == {}


def test_a_second_import_changes_nothing() -> None:
    for name, argv in CORPUS.items():
        profile = parse(argv)
        once = words(build(profile))
        again = parse(once)
        assert again == profile, name
        assert words(build(again)) == once, name


def test_a_command_comes_back_through_its_own_shell_text() -> None:
    for name, argv in CORPUS.items():
        profile = parse(argv)
        text = shell.multi_line(profile, build(profile))
        read = [word.text for word in command_text.read(text).words]
        assert read == words(build(profile)), name
