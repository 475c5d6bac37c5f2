"""Whether an unknown option takes a value is asked of the QEMU that the command names."""

import shutil
import subprocess
from pathlib import Path

import pytest

from qemutui.core import option_help
from qemutui.core.command_text import of_words
from qemutui.core.options import FLAGS, KINDS
from qemutui.host import importing


def test_help_of_qemu_says_what_takes_a_value(qemu: str) -> None:
    text = subprocess.run([qemu, "-help"], capture_output=True, text=True, check=True).stdout
    told = option_help.takes_value(text)
    assert len(told) > 100
    assert set(told) <= set(KINDS) | {"help"}
    wrong = {name for name, takes in told.items() if takes == (name in FLAGS)}
    assert wrong <= {"dtb", "async-teardown"}  # set off otherwise than all others in 7.2


def test_fork_is_asked_only_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fork = tmp_path / "qemu-system-fork"
    fork.write_text("#!/bin/sh\necho asked >>\"$0.log\"\necho '-fast            is fast'\n")
    fork.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{Path(shutil.which('sh') or '').parent}")
    log = tmp_path / "qemu-system-fork.log"

    words = ["-fast", "disk.img", "-drive", "file=b"]
    elsewhere = importing.of_command(of_words([f"./{fork.name}", *words]))
    assert not log.exists()
    assert elsewhere.remarks

    command = of_words([fork.name, *words])
    for _ in range(2):
        imported = importing.of_command(command)
        assert log.read_text() == "asked\n"
        assert not [one for one in imported.remarks if "-fast" in one.message]
        assert imported.kept == ("-fast", "disk.img", "-drive")
