"""`qemutui import`: a command line becomes a profile, which gives it back."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from qemutui.core import argv, importing
from qemutui.core.private_monitor import added, without
from qemutui.core.profile import Profile
from qemutui.core.relative import names_relative_files
from tests.cli.command import COMMAND, PATIENCE, environment, qemutui

WORDS = ["qemu-system-x86_64", "-m", "1G", "-append", "a 'b' -- $HOME", "-device", "virtio-rng-pci"]
TEXT = b"sudo qemu-system-x86_64 \\\n  -m 1G # memory\n"


def command(profile: Path) -> list[str]:
    """What the profile in a file is the command of."""
    words: list[str] = json.loads(qemutui("argv", profile, "--json").stdout)
    return words


def test_arguments_come_out_the_same(tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    for form in ((), ("--",)):
        done = qemutui("import", *form, *WORDS, cwd=tmp_path)
        assert done.returncode == 0
        path.write_text(done.stdout)
        assert command(path) == WORDS
        assert done.stderr == "qemutui: 3 options understood. The command comes out the same.\n"
    # What was imported is what saving would have written.
    assert done.stdout.startswith('format = 1\nbinary = "qemu-system-x86_64"\n')
    assert '\n[memory]\nsize = "1G"\n' in done.stdout


def test_what_belongs_to_qemu_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    words = [*WORDS[:3], "-o", "--force", "--", "--help"]
    path.write_text(qemutui("import", *words).stdout)
    assert sorted(command(path)) == sorted(words)
    wrong = qemutui("import", "-m", "1G")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "behind --" in wrong.stderr


def test_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    for form in ((), ("-",)):
        done = qemutui("import", *form, stdin=TEXT)
        assert done.returncode == 0, done.stderr
        path.write_text(done.stdout)
        assert command(path) == ["sudo", "qemu-system-x86_64", "-m", "1G"]
    # Quoted as one word it is a text, too.
    assert qemutui("import", TEXT.decode()).stdout == done.stdout


def test_into_a_file(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "vm.toml"
    assert "Saved vm.toml." in qemutui("import", "-o", "vm.toml", *WORDS, cwd=tmp_path).stderr
    first = path.read_text()
    assert first == qemutui("import", *WORDS).stdout
    path.chmod(0o640)
    again = qemutui("import", "-o", path, "qemu-system-arm", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "qemutui: vm.toml exists already. --force replaces it.\n"
    assert path.read_text() == first
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    assert qemutui("import", "--force", "-o", link, "qemu-system-arm", cwd=tmp_path).returncode == 0
    assert 'binary = "qemu-system-arm"' in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    plain = qemutui("import", "-o", "vm", *WORDS, cwd=tmp_path)
    assert "./vm opens it" in plain.stderr
    refused = qemutui("import", "-o", "no/such/vm.toml", *WORDS, cwd=tmp_path)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("words", "is_relative"),
    [
        (["-hda", "disk.img"], True),
        (["-hda", "/disk.img"], False),
        (["disk"], True),
        (["-kernel", "bzImage"], True),
        (["-drive", "if=none,file=images/disk"], True),
        (["-drive", "file=/d.qcow2,if=none"], False),
        (["-blockdev", '{"driver":"file","filename":"d","node-name":"n"}'], True),
        (["-serial", "file:log.txt"], True),
        (["-serial", "unix:/run/s,server=on"], False),
        (["-nic", "user,hostfwd=tcp:127.0.0.1:2222-:22"], False),
        (["-drive", "file=https://example.org:80/d"], False),
        (["-bios", "OVMF.fd"], True),
        (["-m", "1G", "-nographic", "-cpu", "max,+avx"], False),
    ],
)
def test_whether_it_depends_on_the_folder(words: list[str], is_relative: bool) -> None:
    profile = importing.from_words(["qemu-system-x86_64", *words]).profile
    assert names_relative_files(profile) is is_relative


def test_the_folder_goes_along_where_it_is_needed(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    disk = ["qemu-system-x86_64", "-hda", "disk.img"]
    for output, words, moves in (
        ("there/a.toml", disk, True),
        ("b.toml", disk, False),
        ("there/c.toml", WORDS, False),
    ):
        done = qemutui("import", "-o", output, *words, cwd=tmp_path)
        assert (str(tmp_path) in done.stderr) is moves
        assert (f'directory = "{tmp_path}"' in (tmp_path / output).read_text()) is moves
        assert command(tmp_path / output) == words


def test_name(tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    gains = qemutui("import", "--name", "alpine", "-o", path, *WORDS, cwd=tmp_path)
    assert "--name adds -name alpine" in gains.stderr
    assert path.read_text().startswith('format = 1\nname = "alpine"\n')
    assert command(path) == [WORDS[0], "-name", "alpine", *WORDS[1:]]
    for old, new in (("old", "alpine"), ("guest=old,process=p", "guest=alpine,process=p")):
        other = qemutui("import", "--name", "alpine", WORDS[0], "-name", old)
        assert "in the place of old" in other.stderr
        path.write_text(other.stdout)
        assert command(path) == [WORDS[0], "-name", new]
    assert qemutui("import", "--name", "", *WORDS).returncode == 2
    twice = qemutui("import", "--name", "a", WORDS[0], "-name", "b", "-name", "c")
    assert "--name puts a in the place of b. Another -name stays in Extra" in twice.stderr


@contextmanager
def running(*words: str, cwd: Path) -> Iterator[int]:
    """Runs a real QEMU meanwhile, which stands still; its pid."""
    process = subprocess.Popen(words, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert b"QMP" in process.stdout.readline()  # its command is read
        yield process.pid
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()


def test_a_qemu_that_runs(tmp_path: Path, qemu: str) -> None:
    path = tmp_path / "vm.toml"
    words = [qemu, "-M", "none", "-S", "-nodefaults", "-display", "none", "-qmp", "stdio",
             "-name", "é a,, b", "-pidfile", "p"]  # fmt: skip
    folder = tmp_path / "földer"
    folder.mkdir()
    with running(*words, cwd=folder) as pid:
        done = qemutui("import", "--pid", str(pid), "-o", path)
        assert done.returncode == 0, done.stderr
        both = qemutui("import", "--pid", str(pid), "qemu")
        assert (both.returncode, both.stdout) == (2, "")
    assert f'directory = "{folder}"' in path.read_text()
    assert sorted(command(path)) == sorted("-machine" if word == "-M" else word for word in words)
    assert "by the numbers" not in done.stderr


def test_a_qemu_that_was_given_open_files() -> None:
    def handed(*words: str) -> str:
        code = "import sys; sys.stdin.read()"
        shown = ["qemu-system-x86_64", *words]
        process = subprocess.Popen(
            [*shown[:1], "-c", code, *shown[1:]], executable=COMMAND[0], stdin=subprocess.PIPE
        )
        try:
            return qemutui("import", "--pid", str(process.pid)).stderr
        finally:
            process.communicate()

    assert "(fd=24 and 1 more)" in handed("-netdev", "tap,id=n,fd=24,vhostfd=26")
    assert '("fd":"24)' in handed("-netdev", '{"type":"tap","fd":"24","id":"n"}')
    assert "by the numbers" not in handed("-netdev", "user,id=fd1")


@pytest.mark.parametrize("pid", ["0", "-1", "999999999", "9" * 30])
def test_no_such_process(pid: str) -> None:
    done = qemutui("import", "--pid", pid)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"qemutui: There is no process {pid}.\n"


def test_a_process_that_has_ended_or_is_no_qemu() -> None:
    ended = subprocess.Popen(["true"])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    said = qemutui("import", "--pid", str(ended.pid))
    ended.wait()
    other = qemutui("import", "--pid", str(os.getpid()))
    for done in (said, other):
        assert (done.returncode, done.stdout) == (1, "")
        assert len(done.stderr.splitlines()) == 1
    assert "has ended" in said.stderr


def test_the_process_of_another_user() -> None:
    if os.geteuid() == 0:
        nobody = ("setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps=-all")
        done = qemutui("import", "--pid", str(os.getpid()), prefix=nobody)
    else:
        done = qemutui("import", "--pid", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is a process of root" in done.stderr


def test_the_monitor_that_we_add_does_not_come_back() -> None:
    for extra in (("-display", "none"), ()):
        profile = Profile(extra=extra or None)
        plain = tuple(argv.words(argv.build(profile)))
        run = argv.words(argv.build(profile, added(profile, "/run/q")))
        assert len(run) > len(plain)
        assert without(run) == plain
        assert without(plain) == plain


NO_COMMANDS = {
    "nothing": (b"", ""),
    "blanks": (b"\n \n", ""),
    "an open quote": (b"qemu-system-x86_64 -append 'a", "quote"),
    "another program": (b"vim notes.txt", ""),
    "binary junk": (bytes(range(256)) * 40, ""),
    "a byte that is no UTF-8": (b"qemu-system-x86_64 -append caf\xe9", "0xe9"),
    "too much": (b"x" * (17 << 20), "16 MiB"),
}


@pytest.mark.parametrize("name", NO_COMMANDS)
def test_what_is_no_command(name: str) -> None:
    text, said = NO_COMMANDS[name]
    done = qemutui("import", stdin=text)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("qemutui: ")
    assert said in done.stderr
    assert not set(done.stderr) & set("\x1b\x9b\0")


@pytest.mark.parametrize("redirection", ["<&-", ">&-", ">/dev/full"])
def test_closed_and_full_streams(redirection: str) -> None:
    words = "" if redirection == "<&-" else "qemu-system-x86_64"
    shell = f"exec {COMMAND[0]} -m qemutui import {words} {redirection}"
    done = subprocess.run(
        ["sh", "-c", shell], env=environment(), capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("qemutui: Standard ")
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk_leaves_no_file(tmp_path: Path) -> None:
    limited = ("prlimit", "--fsize=20", "--core=0")
    done = qemutui("import", "-o", "vm.toml", *WORDS, cwd=tmp_path, prefix=limited)
    assert (done.returncode, done.stdout) == (1, "")
    assert "No space left for vm.toml" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_in_the_locale_c(tmp_path: Path) -> None:
    done = qemutui("import", "qemu", "-name", "é", variables={"LC_ALL": "C"})
    assert (done.returncode, 'name = "é"' in done.stdout) == (0, True)


def test_hostile_words_reach_no_terminal() -> None:
    hostile = "\x1b]0;x\x07\x9b31m\u202e"
    done = qemutui("import", "--name", hostile, "qemu", f"-{hostile}", hostile, "-name", hostile)
    assert done.returncode == 0
    assert not set(done.stderr) & set("\x1b\x07\x9b\u202e")


def test_a_terminal_is_told_to_wait_for() -> None:
    typed = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "import"], env=environment(), timeout=PATIENCE, encoding="utf-8"
    )
    typed.expect_exact("Ctrl+D")
    typed.sendline("qemu-system-x86_64 -m 2G")
    typed.sendeof()
    typed.expect_exact('size = "2G"')
    typed.expect(pexpect.EOF)
    typed.close()
    assert typed.exitstatus == 0


def test_a_profile_on_a_terminal_is_obeyed_by_none(tmp_path: Path) -> None:
    hostile = "\x9b31m\u202e\U000e0001\x7f\x1b[2J\n"
    words = ["qemu", "-append", hostile, "-device", f"{hostile}=1"]
    typed = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "import", "--", *words], env=environment(), timeout=PATIENCE
    )
    typed.expect_exact("comes out")
    shown = typed.before.decode()
    assert not set(shown) & set(hostile) - set("\n31m[2J")
    path = tmp_path / "vm.toml"
    path.write_text(shown.rpartition("qemutui: ")[0].replace("\r\n", "\n"))
    assert command(path) == words


def test_a_line_that_a_terminal_cuts_is_refused() -> None:
    typed = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "import"], env=environment(), timeout=PATIENCE, encoding="utf-8",
        echo=False,
    )  # fmt: skip
    typed.expect_exact("Ctrl+D")
    typed.sendline("qemu-system-x86_64 -append " + "x" * 5000)
    typed.sendeof()
    typed.expect_exact("4095")
    typed.expect(pexpect.EOF)
    typed.close()
    assert typed.exitstatus == 1


def test_an_interrupt_ends_it_quietly() -> None:
    process = subprocess.Popen(
        [*COMMAND, "import"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (130, b"")
