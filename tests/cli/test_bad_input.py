"""Whatever a profile or its file is: one to three lines, status 1, no traceback, no waiting.

Nothing that a profile names is run by looking at it.
"""

import contextlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui import cli
from tests.cli.command import qemutui

Make = Callable[[Path], object]


def text(content: str) -> Make:
    return lambda path: path.write_text(content)


def data(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50 << 20)


def listening(path: Path) -> None:
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(os.fspath(path))


REFUSED: dict[str, tuple[Make, str]] = {
    "missing": (lambda path: None, "no such file"),
    "link to nothing": (lambda path: path.symlink_to("nothing"), "no such file"),
    "loop of links": (lambda path: path.symlink_to(path.name), "loop"),
    "folder": (Path.mkdir, "folder"),
    "fifo": (lambda path: os.mkfifo(path), "FIFO"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "device"),
    "terminal": (lambda path: path.symlink_to("/dev/tty"), "device"),
    "socket": (listening, "socket"),
    "50 MiB": (sparse, "50 MiB"),
    "latin-1": (data(b'name = "caf\xe9"\n'), "line 1"),
    "utf-16": (data('name = "a"'.encode("utf-16")), "UTF-8"),
    "nul": (data(b'name = "a"\n\0\n'), "line 2"),
    "no equals sign": (text("format = 1\nname\n"), "line 2"),
    "open string": (text('format = 1\nname = "a\n'), "line 2"),
    "open list": (text("extra = [\n"), "line"),
    "not toml": (text("#!/bin/sh\nrm -rf x\n"), "line 2"),
    "two keys": (text('name = "a"\nname = "b"\n'), "name"),
    "two tables": (text("[machine]\n[cpu]\n[machine]\n"), "line 3"),
    "list for text": (text("format = 1\nname = [1]\n"), "line 2: name: found a list"),
    "table for text": (text("[boot.kernel]\nx = 1\n"), "boot.kernel: found a table"),
    "text for a table": (text('machine = "q35"\n'), "machine: found text"),
    "text for items": (text('device = "x"\n'), "device: found text"),
    "switch": (text('[[device]]\n_off = "yes"\n'), "device[0]._off: found text"),
    "nan": (text("[memory]\nsize = nan\n"), "memory.size: found nan"),
    "inf": (text("[[device]]\nx = inf\n"), "device[0].x: found inf"),
    "date": (text("name = 2020-01-01\n"), "name: found a date"),
    "huge number": (text(f"[memory]\nsize = {'9' * 100_000}\n"), "line 2"),
    "deep list": (text(f"extra = {'[' * 50_000}\n"), ""),
    "deep table": (text(f"x = {'{a=' * 50_000}\n"), ""),
    "long key": (text(f"{'.'.join('a' * 20_000)} = 1\n"), "key"),
    "deep keys": (text("".join(f"[{'.'.join('a' * n)}]\n" for n in range(60, 300))), ""),
    "newer format": (text("format = 99\n"), "format 99"),
    "format is text": (text('format = "1"\n'), "format: found text"),
    "escape in a key": (text('"\\u001b[31m" = 1\nname = [1]\n'), "name"),
    "escape at the fault": (text('[device]\n"\\u001b]0;x\\u0007" = 1\n'), "device"),
    "markup": (text('[[device]]\n"[/b]" = 2020-01-01\n'), "[/b]"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_a_few_lines(
    tmp_path: Path, name: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    make, said = REFUSED[name]
    path = tmp_path / "vm.toml"
    make(path)
    for command in ("argv", "check", "run"):
        status = cli.main([command, str(path)])
        output = capfdbinary.readouterr()
        words = output.err.decode()
        assert (status, output.out) == (1, b""), words
        assert words.startswith("qemutui: ")
        assert "vm.toml" in words
        assert said in words
        assert 1 <= words.count("\n") <= 3
        assert "\x1b" not in words


@pytest.mark.parametrize("name", ["fifo", "device", "nul", "deep list", "long key", "newer format"])
def test_refused_by_the_process_too(tmp_path: Path, name: str) -> None:
    path = tmp_path / "vm.toml"
    REFUSED[name][0](path)
    done = qemutui("argv", path)
    assert done.returncode == 1
    assert 1 <= len(done.stderr.splitlines()) <= 3
    assert "Traceback" not in done.stderr


def test_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text("")
    path.chmod(0)
    # Root reads everything, but for these capabilities.
    without = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
    done = qemutui("argv", path, prefix=without if os.geteuid() == 0 else ())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"qemutui: {path}: permission denied.\n"


@pytest.mark.parametrize("content", ["", "\ufeff", "\ufeffname = 'a'\r\n", "# nothing\n"])
def test_what_is_fine(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(content, encoding="utf-8", newline="")
    done = qemutui("argv", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "qemu-system-x86_64" in done.stdout


HOSTILE = "\\u001b[2J\\u009b[31m[/bold]\\u202e%s{0}"


def test_hostile_text_reaches_no_terminal(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "\x1b[31m[red]\u202e.toml"
    path.write_text(
        f'name = "{HOSTILE}"\nbinary = "{HOSTILE}"\n"{HOSTILE}" = 1\n'
        f'[machine]\ntype = "{HOSTILE}"\n[[device]]\ntype = "{HOSTILE}"\nid = "{HOSTILE}"\n'
        f'"{HOSTILE}" = "{HOSTILE}"\n'
        f'netdev = "{HOSTILE}"\n[launch]\ndirectory = "{HOSTILE}"\n'
    )
    for command in (["argv"], ["argv", "--shell"], ["argv", "--json"], ["check"], ["run"]):
        status = cli.main([*command, str(path)])
        output = b"".join(capfdbinary.readouterr()).decode()
        assert (status == 0) == ("argv" in command)
        assert not set(output) & set("\x1b\x9b\u202e")
        assert output.strip()
    path.write_text("name = [")
    assert cli.main(["argv", str(path)]) == 1
    assert not set(capfdbinary.readouterr().err.decode()) & set("\x1b\x9b\u202e")


@pytest.mark.parametrize("word", ["\x1b[31m", "no such", "\udce9", "x" * 300, "a\nb\nc\nd\ne", ""])
def test_hostile_words(word: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for arguments in ([word], [word, word], ["argv", word], [f"-{word}"], ["argv", f"--{word}="]):
        status = cli.main(arguments)
        output = capfdbinary.readouterr()
        assert (status in (1, 2), output.out) == (True, b"")
        assert output.err.count(b"\n") == 1
        assert b"\x1b" not in output.err


@pytest.mark.parametrize("binary", ["./qemu-system-x86_64", "qemu-system-x86_64"])
def test_a_program_beside_the_profile_is_not_run(tmp_path: Path, binary: str) -> None:
    program = tmp_path / "qemu-system-x86_64"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/it-ran\n")
    program.chmod(0o755)
    profile = tmp_path / "vm.toml"
    profile.write_text(
        f'binary = "{binary}"\n[launch]\nwrapper = ["./qemu-system-x86_64"]\n'
        f'[[device]]\ntype = "virtio-rng-pci"\n'
    )
    path = {"PATH": f".:{os.environ['PATH']}"}
    for command in ("argv", "check"):
        done = qemutui(command, profile, cwd=tmp_path, variables=path)
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "it-ran").exists()
