"""The reader of shell text: what dash and bash make of quoting is what it reads."""

import os
import shutil
import subprocess

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from qemutui.core.shell_words import Reader

SHELLS = [name for name in ("dash", "bash") if shutil.which(name)]

signs = st.sampled_from("ab01=:,.-/#\\ \t\n'\"!%é世~")
plain = st.text(st.sampled_from("ab01=:,.-/%é世#!"), min_size=1, max_size=4)
fragments = st.one_of(
    plain,
    st.sampled_from(
        [" ", "\t", "  ", "\\\n", " \\\n ", "\\ ", "\\\\", "\\'", '\\"', "\\$", "\\#", "''"]
    ),
    st.text(signs, max_size=6).map(lambda text: "'" + text.replace("'", "") + "'"),
    st.text(signs, max_size=6).map(lambda text: '"' + text.replace('"', "") + 'x"'),
    st.sampled_from(
        ['"\\$HOME"', '"a\\`b"', '"a\\\nb"', '"\\n"', '"\'"', "'\"'", '"$"', "a$ ", "'$x'"]
    ),
    st.sampled_from(
        [
            '"a\\\\b"',
            "\"$(printf 'a\\012\\012')\"",
            "\"$(printf '\\033[0m%%\\\\x')\"",
            "\"$(printf 'a\\303\\251\\377')\"''",
        ]
    ),
)
ANSI = r"""
a é " \n \t \\ \' \" \e \x41 \x4g \101 \377 \u00e9 \U0001F427 \q \? \cA \303\251 \x \0018
"""
ansi = st.lists(st.sampled_from([" ", "\n", *ANSI.split()]), max_size=8).map(
    lambda parts: f"$'{''.join(parts)}'"
)


def of_shell(name: str, text: str) -> list[str]:
    """The words that a shell gives to a program; the text follows the program's name."""
    done = subprocess.run(
        [name],
        input=os.fsencode(f"set -f\nprintf '%s\\0' _ {text}\n"),
        capture_output=True,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": "~"},
        check=True,
    )
    return [os.fsdecode(word) for word in done.stdout.split(b"\0")[1:-1]]


def of_reader(text: str) -> list[str]:
    line = Reader(f"_ {text}\n").line(0)
    assert line.error is None
    assume(line.end == len(text) + 3)  # what follows a comment is a command of its own
    return [word.text for word in line.commands[0].words[1:]]


@settings(max_examples=120, deadline=None)
@given(st.lists(fragments, max_size=12).map("".join))
@example("a\\\n -b 'c\nd' # it's")
def test_dash_and_bash_read_the_same(text: str) -> None:
    words = of_reader(text)
    for name in SHELLS:
        assert of_shell(name, text) == words, name


@settings(max_examples=50, deadline=None)
@given(st.lists(ansi | st.sampled_from(["a=", '$"a b"', "\\'"]), max_size=6).map(" ".join))
def test_bash_reads_the_same_dollar_quotes(text: str) -> None:
    if "bash" not in SHELLS:
        pytest.skip("bash is not on PATH")
    assert of_shell("bash", text) == of_reader(text)


SCRIPT = """#!/bin/sh
f() { P in f; }
if true; then P 'in
if'; fi
for x in 1; do P for; done
while true; do P while; break; done
{ P group; } ; (P subshell) && P and || P not
cat <<EOF >/dev/null
it's P here
EOF
cat <<-'A B' >/dev/null; P after
	"
	A B
P redirected >/dev/null 2>&1 </dev/null; P a#b # c
f
case a in a) P case;; esac
P x="$(echo 'y)' "z")" y=${HOME:-'}'} `echo it\\'s`
"""


def test_commands_inside_a_script_are_found() -> None:
    """Each command P of a script is one that a shell would run, and no more."""
    reader, position, found = Reader(SCRIPT), 0, []
    while position < len(SCRIPT):
        line = reader.line(position)
        assert line.error is None
        position = line.end
        for command in line.commands:
            texts = [word.text for word in command.words]
            if "P" in texts:
                found.append(texts[texts.index("P") + 1 :])
    assert found == [
        ["in", "f"], ["in\nif"], ["for"], ["while"], ["group"], ["subshell"], ["and"], ["not"],
        ["after"], ["redirected"], ["a#b"], ["case"],
        ["x=$(echo 'y)' \"z\")", "y=${HOME:-'}'}", "`echo it\\'s`"],
    ]  # fmt: skip


def test_each_word_has_its_place() -> None:
    text = "a 'b c'\\\n\"d\" $'e' f>g\n"
    words = Reader(text).line(0).commands[0].words
    assert [text[word.start : word.end] for word in words] == ["a", "'b c'\\\n\"d\"", "$'e'", "f"]


@pytest.mark.parametrize(
    ("text", "message", "start"),
    [
        ("a 'b", "A quote is never closed.", 2),
        ('a "b$(c "d")', "A quote is never closed.", 2),
        ("a $'b", "A quote is never closed.", 2),
        ("a `b", "A quote is never closed.", 2),
        ("a $(b", "A “$(” is never closed.", 2),
        ("a ${b", "A “${” is never closed.", 2),
        ("$(" * 200, "Too many brackets are open at once.", 200),
    ],
)
def test_what_is_never_closed_is_said(text: str, message: str, start: int) -> None:
    error = Reader(text).line(0).error
    assert error is not None
    assert (error.message, error.start) == (message, start)
