"""What a real shell makes of a printed command is the command, word for word."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pexpect
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qemutui.core import argv, shell
from qemutui.core.profile import Profile, read
from qemutui.core.text import clean

SHELLS = [name for name in ("dash", "bash") if shutil.which(name)]

HOSTILE = [
    "",
    " ",
    "~",
    "~/x",
    "a=~/x",
    "-n",
    "-n\x1b",
    "=ls",
    "a=b",
    "{a,b}",
    "*",
    "#",
    "!!",
    "it's 100%!\x07",
    "\\",
    "\\\\\n",
    "'",
    "'\\''",
    '"`$(x)$x${x}',
    "\x1b[31m%d%%\\n",
    "\x017",
    "\n",
    "\n\n",
    "a\n",
    "a\nb\n\n",
    "\t",
    "\r\n",
    "a;b|c&d<e>f(g)",
    "\u202efdp",
    "\x9b31m",
    "grüße, 世界 🐧",
    "caf\udce9",
    "x" * 5000,
]

signs = st.sampled_from("abn01 '\"\\$`%!~-=#*?{}[]()<>|&;\t\r\n\x01\x1b\x7f\x9bé世\u202e\udce9")
Write = Callable[[Profile, Iterable[argv.Argument], str], str]

words = st.text(signs, max_size=12) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
)


def read_back(name: str, script: str) -> list[str]:
    """The arguments that the shell gave to `printf '%s\\0'` in a script."""
    output = subprocess.run([name], input=os.fsencode(script), capture_output=True, check=True)
    return [os.fsdecode(word) for word in output.stdout.split(b"\0")[:-1]]


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=40))
@example(HOSTILE)
def test_a_shell_reads_the_same_words(texts: list[str]) -> None:
    quoted = [shell.quote(text) for text in texts]
    for one in quoted:
        assert clean(one.replace("\n", "")) == one.replace("\n", "")
    assert len(SHELLS) > 0
    for name in SHELLS:
        # At 4096 bytes a dash that reads a pipe has a new buffer; each word gets a line of its own.
        script = "".join(f"printf '%s\\0' {one}\n" for one in quoted)
        assert read_back(name, script) == texts, name


def test_plain_words_stay_plain() -> None:
    for word in ("-device", "virtio-net-pci,id=net0", "tcp::2222-:22", "/a/b.qcow2", "a@b+c%d"):
        assert shell.quote(word) == word
    assert shell.quote("console=ttyS0 quiet") == "'console=ttyS0 quiet'"
    assert shell.quote("!\x01") == "\"$(printf '\\041\\001')\""
    assert shell.quote("\x1b[0m") == "\"$(printf '\\033[0m')\""


def test_a_bash_with_history_takes_a_pasted_word() -> None:
    if "bash" not in SHELLS:
        pytest.skip("bash is not on PATH")
    environment = {"PS1": "$ ", "PATH": os.environ["PATH"], "TERM": "dumb", "HISTFILE": ""}
    typed = pexpect.spawn("bash --norc --noprofile -i", env=environment, encoding="utf-8")
    typed.setecho(False)
    typed.expect_exact("$ ")
    typed.sendline("bind 'set enable-bracketed-paste off'; set -H; echo an earlier command")
    typed.expect_exact("$ ")
    for word in ("!!", "it's !echo", "a!echo\x01b", "'!-1'\x1b!"):
        typed.sendline(f"printf '<%s>' {shell.quote(word)} | od -An -v -tx1 | tr -d ' \\n'; echo .")
        typed.expect("([0-9a-f]+)\\.")
        assert bytes.fromhex(typed.match.group(1)).decode() == f"<{word}>"
        typed.expect_exact("$ ")
    typed.close(force=True)


@pytest.mark.parametrize("word", ["a\0b", "\ud800", "\x1b\udfff"])
def test_what_no_argument_can_hold_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="cannot be passed"):
        shell.quote(word)


REPORT = """
import json, os, stat, sys
def target(number):
    return os.readlink(f"/proc/self/fd/{number}")
files = {n: target(n) for n in range(3, 21) if os.path.exists(f"/proc/self/fd/{n}")}
flags = {n: os.O_ACCMODE & int(open(f"/proc/self/fdinfo/{n}").read().split()[3], 8) for n in files}
print(json.dumps([sys.argv[1:], os.getcwd(), {k: v for k, v in os.environ.items() if "Q" in k},
                  files, flags]))
"""


def program(folder: Path, name: str = "program") -> Path:
    """A program that says with what it was started."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{REPORT}")
    path.chmod(0o755)
    return path


def said(name: str, text: str) -> Any:
    """What `program` says when a shell runs the text."""
    output = subprocess.run([name], input=text.encode(), capture_output=True, check=True).stdout
    return json.loads(output)


@pytest.mark.parametrize("name", SHELLS)
@pytest.mark.parametrize("write", [shell.one_line, shell.multi_line])
@pytest.mark.parametrize("binary", ["./program", "./a=b", "A=b", "time"])
@pytest.mark.parametrize("count", [2, 12])
@pytest.mark.parametrize(
    "environment", [{}, {"Q": "a b\n", "a.Q": "~", "Q2": "", "-Q": "%"}, {"-Q": "\x1b"}]
)
def test_a_shell_runs_it_as_a_launch_would(
    tmp_path: Path, name: str, write: Write, binary: str, count: int, environment: dict[str, str]
) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    program(folder, binary)
    (folder / "it's \x1b").write_text("")
    data = {
        "binary": binary,
        "name": "a, 'b'\n",
        "fd": [
            {"path": "it's \x1b"},
            {"path": "/no/such", "_off": True},
            *({"path": f"file {n}", "mode": "w" if n % 2 else "a"} for n in range(2, count)),
        ],
        "launch": {"environment": environment},
        "extra": ["-append", "$HOME `x`"],
    }
    profile = read(data)
    command = argv.build(profile)
    text = write(profile, command, str(folder))
    arguments, directory, variables, files, flags = said(name, f"PATH=.:$PATH\n{text}\n")
    assert arguments == argv.words(command)[1:]
    assert directory == str(folder)
    assert variables.items() >= environment.items()
    expected = [folder / "it's \x1b", "/dev/null", *(folder / f"file {n}" for n in range(2, count))]
    assert list(files.values())[:count] == [str(path) for path in expected]
    assert list(flags.values())[:count] == [0, 2, *[1] * (count - 2)]
