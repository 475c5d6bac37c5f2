"""What people paste, read as a command: each form, what is left out, and what cannot be read."""

import contextlib
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qemutui.core import argv, command_text, shell
from qemutui.core.command_text import Command, NoCommandError
from qemutui.core.profile import Profile
from qemutui.core.profile import read as read_profile
from tests.core.floods import FLOODS, flooded


class Form(NamedTuple):
    """A text, and the command in it."""

    text: str
    words: list[str]
    program: int | None = 0
    environment: Mapping[str, str] = MappingProxyType({})
    directory: str = ""
    remarks: tuple[str, ...] = ()
    """A part of each remark."""


LIBVIRT_LOG = """\
2024-05-06 07:08:09.123+0000: starting up libvirt version: 10.0.0, hostname: it's (a box
LC_ALL=C \\
PATH=/usr/bin \\
/usr/bin/qemu-system-x86_64 \\
-name guest=a,debug-threads=on \\
-device '{"driver":"virtio-rng-pci","id":"r"}' \\
-msg timestamp=on
char device redirected to /dev/pts/3 (label charserial0)
2024-05-06T07:08:10.1Z qemu-system-x86_64: warning: it's "odd
"""
LIBVIRT_WORDS = [
    "/usr/bin/qemu-system-x86_64", "-name", "guest=a,debug-threads=on",
    "-device", '{"driver":"virtio-rng-pci","id":"r"}', "-msg", "timestamp=on",
]  # fmt: skip
SMALL = ["qemu-kvm", "-m", "1G"]
PS = '/usr/bin/qemu-kvm -name my vm -append a b -hda x y -device {"driver": "e"} -S z'
PS_WORDS = [
    "/usr/bin/qemu-kvm", "-name", "my vm", "-append", "a b", "-hda", "x", "y",
    "-device", '{"driver": "e"}', "-S", "z",
]  # fmt: skip
PS_REMARKS = (
    "“my vm” is taken for one value",
    "“a b” is taken for one value",
    "“y” is taken for a disk image",
    "is taken for one value",
    "“z” is taken for a disk image",
)
QEMU = "qemu-kvm -m 1G"
OTHERS = "Other commands are left out: "

FORMS = {
    "plain": Form(QEMU, SMALL),
    "short name": Form("kvm -m 1G", ["kvm", "-m", "1G"]),
    "path": Form("/usr/libexec/qemu-kvm -S", ["/usr/libexec/qemu-kvm", "-S"]),
    "own build": Form("./qemu-system-arm-unsigned -S", ["./qemu-system-arm-unsigned", "-S"]),
    "continued": Form("qemu-kvm \\\n  -m \\\n\t1G", SMALL),
    "comment": Form(f"# an example\n{QEMU} # it's small", SMALL),
    "quotes": Form("qemu-kvm -m \"1\"'G' -name $'a\\tb'", [*SMALL, "-name", "a\tb"]),
    "sudo": Form("sudo -u kvm kvm -m 1G", ["sudo", "-u", "kvm", "kvm", "-m", "1G"], 3),
    "sudo, long": Form(
        "sudo --user=a -E A=b qemu -S", ["sudo", "--user=a", "-E", "A=b", "qemu", "-S"], 4
    ),
    "wrappers": Form(
        f"nohup taskset -c 2 nice -n 5 {QEMU}",
        ["nohup", "taskset", "-c", "2", "nice", "-n", "5", *SMALL],
        7,
    ),
    "numactl": Form(
        f"numactl -N 0 --membind 1 {QEMU}", ["numactl", "-N", "0", "--membind", "1", *SMALL], 5
    ),
    "gdb": Form(f"gdb -ex run --args {QEMU}", ["gdb", "-ex", "run", "--args", *SMALL], 4),
    "strace": Form(f"strace -fo log {QEMU}", ["strace", "-fo", "log", *SMALL], 3),
    "systemd-run": Form(
        f"systemd-run --user -p A=B --unit u {QEMU}",
        ["systemd-run", "--user", "-p", "A=B", "--unit", "u", *SMALL],
        6,
    ),
    "unknown wrapper": Form(
        f"./wrap x {QEMU}", ["./wrap", "x", *SMALL], 2, remarks=("“./wrap x” is taken for",)
    ),
    "no wrapper": Form(f"Command: {QEMU}", SMALL, remarks=("“Command:” is left out.",)),
    "a trace of the shell": Form(f"+ {QEMU}", SMALL),
    "sh -c": Form(
        f"sudo sh -c 'cd /x && {QEMU} -name \"a b\"'",
        [*SMALL, "-name", "a b"],
        directory="/x",
        remarks=("What stands in quotes behind “sudo sh -c” is taken.",),
    ),
    "in a variable": Form(
        'CMD="qemu-kvm \\\n -m 1G"\neval $CMD', SMALL, remarks=("behind “CMD=” is taken",)
    ),
    "exec": Form(f"exec {QEMU}", SMALL),
    "command": Form(f"command {QEMU}", SMALL),
    "the shell's time": Form(f"time {QEMU}", SMALL, remarks=("“time” is left out.",)),
    "time as a program": Form(f"/usr/bin/time -v {QEMU}", ["/usr/bin/time", "-v", *SMALL], 2),
    "variables": Form(f"A=b C='d e' {QEMU}", SMALL, environment={"A": "b", "C": "d e"}),
    "env": Form(f"A=1 env A=b 'x.y=z' {QEMU}", SMALL, environment={"A": "b", "x.y": "z"}),
    "env with options": Form(f"env -i A=b {QEMU}", ["env", "-i", "A=b", *SMALL], 3),
    "export": Form(f"export A=b\n{QEMU}", SMALL, environment={"A": "b"}),
    "cd": Form(f"cd '/a b' && {QEMU}", SMALL, directory="/a b"),
    "cd twice": Form(f"cd /a || cd /y; (cd /z)\ncd b/\n{QEMU}", SMALL, directory="/a/b/"),
    "cd to a variable": Form(f"cd $D && {QEMU}", SMALL, directory="$D", remarks=("“$D” is kept",)),
    "redirections": Form(
        f"{QEMU} </dev/null >log 2>&1 &",
        SMALL,
        remarks=("“</dev/null”", "“>log”", "“2>&1” is left out.", "“&” is left out."),
    ),
    "pipes": Form(
        f"yes | {QEMU} 2>&1 | tee log", SMALL, remarks=("“yes”", "“2>&1”", "“| tee log”")
    ),
    "a variable for QEMU": Form(
        "${QEMU_BIN} -m 1", ["${QEMU_BIN}", "-m", "1"], remarks=("“${QEMU_BIN}” is kept",)
    ),
    "of make": Form("\t@$(QEMU) -m 1", ["$(QEMU)", "-m", "1"], remarks=("“$(QEMU)” is kept",)),
    "any variable": Form('"$X" -m 1', ["$X", "-m", "1"], remarks=("“$X” is kept",)),
    "variables inside": Form(
        'qemu-kvm -hda $HOME/a "${args[@]}" *.img `x`',
        ["qemu-kvm", "-hda", "$HOME/a", "${args[@]}", "*.img", "`x`"],
        remarks=(
            "“$HOME” is kept as it stands: nothing is expanded.",
            "“${args[@]}”",
            "“*”",
            "“`x`”",
        ),
    ),
    "one of several": Form(
        f"qemu-img create d 1G\nmkdir x; touch y\n{QEMU}\nqemu-system-arm -S",
        SMALL,
        remarks=(
            f"{OTHERS}qemu-img, mkdir, touch.",
            "Another QEMU command is left out: “qemu-system-arm”.",
        ),
    ),
    "a name that runs nothing": Form(
        f"apt install qemu-kvm\n{QEMU}", SMALL, remarks=(f"{OTHERS}apt.",)
    ),
    "in a function": Form(f"run() {{\n  if true; then\n {QEMU}; fi\n}}", SMALL, remarks=(OTHERS,)),
    "here-document": Form(f"cat <<E\nit's\nE\n{QEMU}", SMALL, remarks=(OTHERS,)),
    "options alone": Form("-m 1G -smp 2", ["-m", "1G", "-smp", "2"], None),
    "options on lines": Form("-device a\n\n-device b\n", ["-device", "a", "-device", "b"], None),
    "a backslash is missing": Form(
        f"{QEMU}\n-smp 2",
        SMALL,
        remarks=("“-smp” is left out: the line before it does not go on.",),
    ),
    "blanks behind the backslash": Form(
        "qemu-kvm \\  \n -m 1G", SMALL, remarks=("Blanks stand behind",)
    ),
    "the last backslash": Form(f"{QEMU} \\\n", SMALL),
    "JSON array": Form(json.dumps(["qemu-kvm", "-m", "1G"]), SMALL),
    "Python list": Form(
        "['qemu-kvm', '-name', 'it\\'s \"a\"\\x41',]\n", ["qemu-kvm", "-name", 'it\'s "a"A']
    ),
    "cmdline": Form("qemu-kvm\0-append\0\0-m\0001\0", ["qemu-kvm", "-append", "", "-m", "1"]),
    "ps -ef": Form(f"libvirt+ 12 1 99 10:00 ? 1-00:00:01 {PS}", PS_WORDS, remarks=PS_REMARKS),
    "ps aux": Form(f"a 12 0.0 1.5 10 20 ? Ssl May01 0:01 {PS}", PS_WORDS, remarks=PS_REMARKS),
    "ps ax": Form(f"  12 pts/1 Sl+ 0:01 {PS}", PS_WORDS, remarks=PS_REMARKS),
    "pgrep -a": Form("12 qemu-kvm -append it's", ["qemu-kvm", "-append", "it's"]),
    "an unknown option in ps": Form(
        "12 .qemu-system-arm-wrapped -new -append a b",
        [".qemu-system-arm-wrapped", "-new", "-append", "a b"],
        remarks=("“a b” is taken for one value",),
    ),
    "systemctl status": Form(f"   └─12 {QEMU}", SMALL),
    "libvirt log": Form(
        LIBVIRT_LOG,
        LIBVIRT_WORDS,
        environment={"LC_ALL": "C", "PATH": "/usr/bin"},
        remarks=(OTHERS,),
    ),
    "domxml-to-native": Form(
        "LC_ALL=C PATH=/usr/bin " + " ".join(map(shell.quote, LIBVIRT_WORDS)) + "\n\n",
        LIBVIRT_WORDS,
        environment={"LC_ALL": "C", "PATH": "/usr/bin"},
    ),
    "prompt": Form("$ qemu-kvm \\\n> -m \\\n> 1G > log", SMALL, remarks=("“> log”",)),
    "prompt of root": Form(f"# {QEMU}", SMALL),
    "prompt with a host": Form(f"[root@host ~]# {QEMU}", SMALL),
    "prompt with a folder": Form(f"me@host:~/vm$ {QEMU}", SMALL),
    "fence": Form(f"Try this:\n```sh\n{QEMU}\n```\nDoesn't work.", SMALL, remarks=(OTHERS,)),
    "backquotes": Form(f"Does `{QEMU}` work? It's odd.", SMALL),
    "unit file": Form(f"ExecStart=-/usr/bin/{QEMU}", ["/usr/bin/qemu-kvm", "-m", "1G"]),
    "Windows": Form("\ufeffqemu-kvm \\\r\n  -append 'a\r\nb'\r\n", ["qemu-kvm", "-append", "a\nb"]),
    "bare JSON": Form(
        'qemu-kvm -device {"driver": "e", "id": "x"}',
        ["qemu-kvm", "-device", '{"driver": "e", "id": "x"}'],
        remarks=("a shell would drop its quotes",),
    ),
    "typographic dash": Form(
        "qemu-kvm –m 1G", ["qemu-kvm", "–m", "1G"], remarks=("typographic dash",)
    ),
    "no-break space": Form(
        "qemu-kvm -m\xa01G", ["qemu-kvm", "-m\xa01G"], remarks=("no-break space",)
    ),
    "typographic quote": Form(
        "qemu-kvm -name “a b”", ["qemu-kvm", "-name", "“a", "b”"], remarks=("quotation mark",)
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_read(name: str) -> None:
    form = FORMS[name]
    command = command_text.read(form.text)
    assert [word.text for word in command.words] == form.words
    assert command.program == form.program
    assert (command.environment, command.directory) == (form.environment, form.directory)
    messages = [remark.message for remark in command.remarks]
    assert len(messages) == len(form.remarks), messages
    for part, message in zip(form.remarks, messages, strict=True):
        assert part in message
    for word in command.words:
        written = form.text[word.start : word.end]
        assert word.text == written or any(sign in written for sign in "'\"\\"), written
    for remark in command.remarks:
        assert 0 <= remark.start < remark.end <= len(form.text)


def test_files_are_passed_in_the_order_of_their_descriptors() -> None:
    command = command_text.read("qemu-kvm -S 5>>'a b' 3<>/dev/net/tun 6>f 4<g 2>/dev/null 3>&-")
    passed = [(file.path, file.mode) for file in command.files]
    assert passed == [("/dev/net/tun", "r+"), ("g", None), ("a b", "a"), ("f", "w")]
    assert [remark.message for remark in command.remarks] == [
        "“2>/dev/null” is left out.",
        "“3>&-” is left out.",
    ]
    gap = command_text.read("qemu-kvm -S 4<f")
    assert [(file.path, file.mode) for file in gap.files] == [("/dev/null", "r+"), ("f", None)]


@pytest.mark.parametrize("path", ["words", "array", "separated", "one"])
def test_words_that_are_read_already(path: str) -> None:
    words = ["sudo", "A=b", "qemu-kvm", "-append", "it's $HOME \\ `x`", "-name", "é\n"]
    read: dict[str, Callable[[], Command]] = {
        "words": lambda: command_text.of_words(words),
        "array": lambda: command_text.read(json.dumps(words)),
        "separated": lambda: command_text.read("".join(f"{word}\0" for word in words)),
        "one": lambda: command_text.of_words([" ".join(map(shell.quote, words))]),
    }
    command = read[path]()
    assert [word.text for word in command.words] == words
    assert (command.program, command.remarks) == (2, ())


signs = st.sampled_from("ab1 '\"\\$`%!~-=#*?{}[](),<>|&;\t\r\n\x01\x1b\x7f\x9bé世\udce9")
words = st.text(signs, max_size=8)
names = st.text(st.sampled_from("A_b1"), min_size=1).filter(lambda text: not text[0].isdigit())
profiles = st.fixed_dictionaries(
    {
        "binary": st.sampled_from(
            ["qemu-system-x86_64", "/opt/a b/qemu-kvm", "/a=b/qemu-kvm", "kvm"]
        ),
        "extra": st.lists(words.map(lambda text: f"-{text}") | words, max_size=6),
        "fd": st.lists(
            st.fixed_dictionaries(
                {"path": words.filter(bool), "mode": st.sampled_from(["r", "w", "a", "r+"])}
            ),
            max_size=9,
        ),
        "launch": st.fixed_dictionaries(
            {
                "environment": st.dictionaries(
                    names | st.just("x.y") | st.just("-x"), words, max_size=3
                ),
                "wrapper": st.sampled_from(
                    [[], ["taskset", "-c", "2"], ["time"], ["gdb", "--args"]]
                ),
            }
        ),
    }
)
directories = st.just("") | words.map(lambda text: f"/{text}") | st.just("-x")


@settings(max_examples=100, deadline=None)
@given(profiles, directories)
@example({"binary": "/a=b/qemu-kvm", "launch": {"environment": {"A": "qemu-kvm -m 1\n"}}}, "/a\nb'")
def test_what_we_write_is_read_back(data: dict[str, object], directory: str) -> None:
    profile: Profile = read_profile(data)
    built = argv.build(profile)
    for write in (shell.one_line, shell.multi_line):
        command = command_text.read(write(profile, built, directory))
        assert [word.text for word in command.words] == argv.words(built)
        assert command.environment == dict(profile.launch.environment)
        assert command.directory == directory
        passed = [(file.path, file.mode or "r") for file in command.files]
        assert passed == [(file.path, file.mode or "r") for file in profile.fd]
        assert command.remarks == ()


QUOTE = "A quote is never closed."


@pytest.mark.parametrize(
    ("text", "message", "start"),
    [
        ("", "There is nothing here.", 0),
        (" \n", "There is nothing here.", 0),
        ("# only this", "There is no QEMU command here.", 0),
        ("ls -l", "“ls” is no QEMU.", 0),
        ("mkdir x; ls y", "“mkdir” is no QEMU, and no other command here is.", 0),
        ("sudo qemu-img info x", "“qemu-img” is a tool of QEMU and no emulator.", 5),
        ("qemu-aarch64-static a", "“qemu-aarch64-static” runs a program and no machine.", 0),
        ("qemu-kvm\xa0-m 1", "A no-break space in “qemu-kvm\xa0-m” separates no words.", 0),
        ("qemu-kvm -name 'a", QUOTE, 15),
        ('cd x\nqemu-kvm -name "a\n-m 1', QUOTE, 20),
        ("-append 'a", QUOTE, 8),
        ("qemu-kvm -append \"a='b qemu-kvm -m 1'", QUOTE, 17),
        ("ls\r\n\r\nqemu-kvm -m 1 'a", QUOTE, 20),
        ("qemu-kvm -name 'a\nqemu-kvm -m 1", QUOTE, 15),
        ("wrap -g kvm -m 1", "“wrap” is no QEMU.", 0),
        ("qemu-kvm -name $(a", "A “$(” is never closed.", 15),
        ("qemu-kvm " + "$(" * 101, "Too many brackets are open at once.", 209),
        ("qemu-kvm -name \ud800", "Half a surrogate pair cannot be passed to a program.", 15),
        ('["qemu-kvm", "\\u0000"]', "NUL cannot be passed to a program.", 13),
        ("\x7fELF\x02\x01\0\0/bin/qemu-kvm\0\x03", "This is binary data and no command.", 0),
    ],
)
def test_what_cannot_be_read_is_one_sentence(text: str, message: str, start: int) -> None:
    with pytest.raises(NoCommandError) as caught:
        command_text.read(text)
    assert (caught.value.message, caught.value.start) == (message, start)


def test_a_text_that_is_too_long_is_refused_at_once() -> None:
    for text in ("x" * (command_text.LONGEST + 1), "-m 1;" * 200_000):
        with pytest.raises(NoCommandError, match=r"^This is too long|^There are too many words"):
            command_text.read(text)


def test_no_words_are_no_command() -> None:
    for nothing in ([], [""], ["ls", "qemu-kvm"]):
        with pytest.raises(NoCommandError):
            command_text.of_words(nothing)


SIGNS = "'\"\\$(){}[]`<>|&;#\n\r\t \0=-~*"
PIECES = [
    *(
        "$(",
        "${",
        "$'",
        "<<A\n",
        "A\n",
        "qemu-kvm ",
        "-m ",
        "1 ",
        "\\\n",
        '{"a":',
        "$QEMU ",
        "sudo ",
    ),
    *("env ", "cd ", "bash -c 'exec \"$@\" 3<x' bash ", "\ud800", "u 1 1 1 1 ? 0:1 ", "[", '"a",'),
    *("`qemu-kvm -m 1`", "```\n", "$(printf '\\101')", "é\xa0", "# "),
]
pieces = st.sampled_from([*SIGNS, *PIECES])


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=30))
def test_no_text_raises_anything_else(parts: list[str]) -> None:
    text = "".join(parts)
    reads: list[Callable[[], Command]] = [
        lambda: command_text.read(text),
        lambda: command_text.of_words(parts),
    ]
    for read in reads:
        try:
            command = read()
        except NoCommandError as error:
            assert error.message.endswith(".")
            assert 0 <= error.start <= error.end
        else:
            assert command.words
            assert command.program is None or command.program < len(command.words)


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_is_read_or_refused(flood: str) -> None:
    with contextlib.suppress(NoCommandError):
        assert command_text.read(flooded(flood, 120_000)).words
