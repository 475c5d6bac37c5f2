"""`qemutui check`: one line for each finding, and a status that a script can use."""

import json
from pathlib import Path

from tests.cli.command import qemutui

NOT_ASKED = (
    "qemutui: QEMU was not asked whether it knows the machine, the devices and their properties.\n"
)


def test_an_error_is_a_line_and_the_status(tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text('[[device]]\ntype = "virtio-net-pci"\nnetdev = "nope"\n')
    done = qemutui("check", path)
    assert (done.returncode, done.stderr) == (1, NOT_ASKED)
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


def test_warnings_do_not_change_the_status(tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text('colour = "red"\n')
    done = qemutui("check", path)
    assert (done.returncode, done.stderr) == (0, NOT_ASKED)
    assert done.stdout.startswith(f"{path}: warning: colour: ")
    assert len(done.stdout.splitlines()) == 1


def test_nothing_found_is_nothing_printed(qemu: str) -> None:
    done = qemutui("check", "demo")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", NOT_ASKED)
    assert json.loads(qemutui("check", "demo", "--json").stdout) == []


def test_a_bus_that_the_machine_lacks_is_found(qemu: str, tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(f'binary = "{qemu}"\n[[device]]\ntype = "usb-kbd"\n')
    done = qemutui("check", path)
    assert "device[0].bus: Needs a USB bus; none is there." in done.stdout
    path.write_text(f"{path.read_text()}[machine]\nusb = true\n")
    assert "[no-bus]" not in qemutui("check", path).stdout
