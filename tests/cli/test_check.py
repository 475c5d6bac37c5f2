"""`qemutui check`: one line for each finding, and a status that a script can use."""

import json
from pathlib import Path

from tests.cli.command import qemutui


def test_an_error_is_a_line_and_the_status(qemu: str, tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text('[[device]]\ntype = "virtio-net-pci"\nnetdev = "nope"\n')
    done = qemutui("check", path)
    assert (done.returncode, done.stderr) == (1, "")
    (line,) = done.stdout.splitlines()
    assert line.startswith(f"{path}: error: device[0].netdev: ")
    assert " (fix in the app: " in line
    listed = json.loads(qemutui("check", "--json", path).stdout)
    assert [set(one) for one in listed] == [{"severity", "rule", "path", "field", "message", "fix"}]
    assert listed[0]["path"] == ["device", 0, "netdev"]
    assert listed[0]["field"] == "device[0].netdev"
    assert line.endswith(f" [{listed[0]['rule']}]")
    path.write_text(f'[check]\nignore = ["{listed[0]["rule"]}"]\n{path.read_text()}')
    assert qemutui("check", path).returncode == 0


def test_warnings_do_not_change_the_status(qemu: str, tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text('colour = "red"\n')
    done = qemutui("check", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{path}: warning: colour: ")
    assert len(done.stdout.splitlines()) == 1


def test_nothing_found_is_nothing_printed(qemu: str) -> None:
    done = qemutui("check", "demo")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads(qemutui("check", "demo", "--json").stdout) == []


def test_a_bus_that_the_machine_lacks_is_found(qemu: str, tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(f'binary = "{qemu}"\n[[device]]\ntype = "usb-kbd"\n')
    done = qemutui("check", path)
    assert "device[0].bus: Needs a USB bus; none is there." in done.stdout
    path.write_text(f"{path.read_text()}[machine]\nusb = true\n")
    assert "[no-bus]" not in qemutui("check", path).stdout


def test_another_qemu_is_asked_for_one_call(qemu: str, tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text('binary = "./qemu-of-mine"\n[machine]\naccel = "tcg"\n')
    mine = tmp_path / "qemu-of-mine"
    mine.write_text(f'#!/bin/sh\ntouch {tmp_path}/ran\nexec {qemu} "$@"\n')
    mine.chmod(0o755)
    done = qemutui("check", "--dry-run", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "qemutui: QEMU was not asked: ./qemu-of-mine is not on PATH and was not run. "
        "--binary allows one for this call.\n"
        "qemutui: ./qemu-of-mine is not on PATH and was not run.\n"
    )
    assert not (tmp_path / "ran").exists()
    done = qemutui("check", "--dry-run", "--binary", "./qemu-of-mine", path, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("qemutui: QEMU accepts this command (0.")
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "ran").exists()
    done = qemutui("check", "--binary", "/bin/ls", path)
    assert done.stderr.startswith("qemutui: /bin/ls did not answer: it ended with status 2: ")
    assert done.stderr.endswith(" for more information. Names are not checked.\n")
    done = qemutui("check", "--binary", "qemu-system-nope", path)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{path}: error: binary: ")


def test_what_qemu_refuses_is_an_error(qemu: str, tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text('extra = ["-rtc", "base=\\u001b[2Jx"]\n[machine]\naccel = "tcg"\n')
    before = sorted(tmp_path.iterdir())
    done = qemutui("check", path, "--dry-run")
    assert (done.returncode, done.stderr) == (1, "")
    line = "extra[1]: invalid datetime format [qemu]"
    assert done.stdout.splitlines()[0].startswith(f"{path}: error: {line}"), done.stdout
    found, *_ = json.loads(qemutui("check", path, "--dry-run", "--json").stdout)
    assert (found["rule"], found["severity"], found["path"]) == ("qemu", "error", ["extra", 1])
    assert sorted(tmp_path.iterdir()) == before
