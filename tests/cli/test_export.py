"""What `qemutui argv` gives out runs: each form, in dash and in bash, starts the same command."""

import json
import os
import shlex
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import PATIENCE, qemutui
from tests.core.test_shell import program

SHELLS = [name for name in ("dash", "bash") if shutil.which(name)]
ENVIRONMENT = {"QEMU_AUDIO_DRV": "none", "Q": "it's\n\x1b", "a.Q": "~"}
PROFILE = r"""
name = "a, b"
extra = ["-append", "it's \"$HOME\" `x` !!\n", "", "{a,b}", "\u001b[0m%d\\", "-S", "世 \u009b"]

[[fd]]
path = "disk image"

[[fd]]
path = "log"
mode = "a"

[launch]
wrapper = ["nice", "-n", "1"]
environment = { QEMU_AUDIO_DRV = "none", Q = "it's\n\u001b", "a.Q" = "~" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a profile, a file that it passes, and what stands in for QEMU."""
    folder = tmp_path / "it's a -folder"
    folder.mkdir()
    (folder / "vm.toml").write_text(PROFILE)
    (folder / "disk image").write_text("")
    program(tmp_path, "qemu-system-x86_64")
    return folder


def said(done: "subprocess.CompletedProcess[bytes]") -> Any:
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


def check(report: Any, folder: Path) -> None:
    """Compares what the stand-in was started with and what --json says."""
    arguments, directory, variables, files, flags = report
    words = json.loads(qemutui("argv", folder / "vm.toml", "--json").stdout)
    assert arguments == words[4:]
    assert words[:4] == ["nice", "-n", "1", "qemu-system-x86_64"]
    assert directory == str(folder)
    assert variables.items() >= ENVIRONMENT.items()
    assert (files["3"], files["4"]) == (str(folder / "disk image"), str(folder / "log"))
    assert (flags["3"], flags["4"]) == (os.O_RDONLY, os.O_WRONLY)


@pytest.mark.parametrize("form", [(), ("--shell",)], ids=["plain", "shell"])
def test_what_is_printed_runs(folder: Path, form: tuple[str, ...]) -> None:
    text = qemutui("argv", folder / "vm.toml", *form).stdout
    for name in SHELLS:
        done = subprocess.run(
            [name],
            input=os.fsencode(f"PATH={shlex.quote(str(folder.parent))}:$PATH\n{text}"),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        check(said(done), folder)


@pytest.mark.parametrize("form", [(), ("--shell",)], ids=["plain", "shell"])
def test_a_script_runs_from_any_folder(folder: Path, tmp_path: Path, form: tuple[str, ...]) -> None:
    script = tmp_path / "start.sh"
    done = qemutui("argv", "vm.toml", "-o", script, *form, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"qemutui: Wrote {script}.\n")
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for command in ([str(script)], *([name, str(script)] for name in SHELLS)):
        ran = subprocess.run(
            command, capture_output=True, cwd="/", env=environment, timeout=PATIENCE, check=False
        )
        check(said(ran), folder)


def test_a_script_replaces_nothing_unasked(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("old")
    script = tmp_path / "link"
    script.symlink_to(old)
    done = qemutui("argv", folder / "vm.toml", "-o", script)
    assert done.returncode == 1
    assert done.stderr == "qemutui: link exists already. --force replaces it.\n"
    assert old.read_text() == "old"
    assert qemutui("argv", folder / "vm.toml", "-o", script, "--force").returncode == 0
    assert script.is_symlink()
    assert old.read_text().startswith("#!/bin/sh\ncd ")
    assert old.stat().st_mode & stat.S_IXUSR


@pytest.mark.parametrize(
    ("output", "more", "message"),
    [
        ("no/such", (), "no/such cannot be written: no such file."),
        (".", ("--force",), ". is no regular file."),
        ("/dev/null", ("--force",), "/dev/null is no regular file."),
        ("x", ("--json",), "-o writes a script, which --json is not. See qemutui argv --help."),
    ],
)
def test_what_cannot_be_written_is_one_line(
    folder: Path, output: str, more: tuple[str, ...], message: str
) -> None:
    done = qemutui("argv", "vm.toml", "-o", output, *more, cwd=folder)
    assert (done.returncode, done.stdout) == (2 if "--json" in more else 1, "")
    assert done.stderr == f"qemutui: {message}\n"
    assert sorted(path.name for path in folder.iterdir()) == ["disk image", "vm.toml"]


def test_what_is_exported_is_imported_again(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "start.sh"
    assert qemutui("argv", folder / "vm.toml", "-o", script).returncode == 0
    done = qemutui("import", "-o", folder / "again.toml", stdin=script.read_bytes())
    assert done.returncode == 0, done.stderr
    for form in ("--shell", "--json"):
        first, again = (qemutui("argv", folder / f"{name}.toml", form) for name in ("vm", "again"))
        assert again.stdout == first.stdout
