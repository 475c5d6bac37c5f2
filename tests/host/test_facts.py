"""What is found where a profile's files should be."""

import os
import socket
from pathlib import Path

import pytest

from qemutui.core import edit
from qemutui.core.check import Finding, check
from qemutui.core.profile import Profile, read
from qemutui.host.facts import gather, launch_directory


def findings(profile: Profile, directory: Path) -> list[Finding]:
    """What is found, but for a QEMU that this machine may not have."""
    found = check(profile, gather(profile, directory))
    return [finding for finding in found if finding.path != ("binary",)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kernel").write_bytes(b"\x7fELF")
    (tmp_path / "share").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path


def test_kinds(folder: Path) -> None:
    names = ["kernel", "share", "pipe", "loop", "nothing", "kernel/x", "/dev/null"]
    facts = gather(read({"drive": [{"file": name} for name in names]}), folder)
    kinds = [facts.files["image", name].kind for name in names]
    assert kinds == ["file", "folder", "fifo", "unknown", "missing", "missing", "device"]
    assert facts.files["image", "loop"].error == "Too many levels of symbolic links"
    assert facts.files["image", "nothing"].in_folder
    assert not facts.files["image", "kernel/x"].in_folder


def test_a_socket(folder: Path, home: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(home / "s"))
        qmp = {"type": "unix", "path": str(home / "s"), "server": True}
        facts = gather(read({"qmp": qmp}), folder)
    assert facts.files["listen", str(home / "s")].kind == "socket"


def test_access(folder: Path) -> None:
    (folder / "kernel").chmod(0o200)
    fact = gather(read({"boot": {"kernel": "kernel"}}), folder).files["kernel", "kernel"]
    # The superuser reads everything.
    assert (fact.readable, fact.executable) == (os.geteuid() == 0, False)


def test_programs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "qemu-system-x86_64"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", f"/nothing:{folder}")
    facts = gather(read({"binary": "./qemu-system-x86_64"}), folder)
    assert facts.files["program", "./qemu-system-x86_64"].executable
    assert facts.files["program", "qemu-system-x86_64"].kind == "file"
    program.chmod(0o644)
    assert gather(read({}), folder).files["program", "qemu-system-x86_64"].kind == "missing"


def test_directory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    profile = read({"launch": {"directory": "share"}, "boot": {"kernel": "../kernel"}})
    directory = launch_directory(profile, Path())
    assert directory == folder / "share"
    assert launch_directory(read({}), folder) == folder
    assert findings(profile, directory) == []
    gone = read({"launch": {"directory": "gone"}})
    found = findings(gone, launch_directory(gone, Path()))
    assert [(f.path, f.message) for f in found] == [(("launch", "directory"), "gone is not there.")]


def test_home_is_offered(folder: Path, home: Path) -> None:
    profile = read({"boot": {"kernel": "~/kernel"}})
    finding = findings(profile, folder)[0]
    assert finding.message == "Only a shell expands ~."
    assert finding.severity == "error"
    assert finding.fix is not None
    assert edit.apply(profile, finding.fix.edits).boot.kernel == f"{home}/kernel"


def test_hostile_names_do_no_harm(folder: Path) -> None:
    names = ["", "\0", "x" * 5000, "\udcff", "nul\0in", "/" * 300, "~", "\x1b[31m"]
    profile = read({"drive": [{"file": name} for name in names], "boot": {"kernel": "\udc80"}})
    check(profile, gather(profile, folder))


def test_config_files_are_read(folder: Path) -> None:
    (folder / "a.cfg").write_text("[memory]\n")
    (folder / "long").write_text("#" * (1 << 16))
    (folder / "bytes").write_bytes(b"\xff")
    names = ["a.cfg", "long", "bytes", "share", "pipe", "nothing"]
    extra = [word for name in names for word in ("-readconfig", name)]
    assert gather(read({"extra": extra}), folder).configs == {"a.cfg": "[memory]\n"}
