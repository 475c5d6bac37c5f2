"""The field that an error line names, asked of a real QEMU that refuses the profile."""

import subprocess
from typing import Any

import pytest

from qemutui.core.argv import build, words
from qemutui.core.errors import field_of, severity_of
from qemutui.core.keyval import Path
from qemutui.core.profile import read

Data = dict[str, Any]

QUIET = ["-nodefaults", "-display", "none"]
NONE: Data = {"machine": {"type": "none", "accel": "tcg"}, "extra": QUIET}
PC: Data = {"machine": {"type": "pc", "accel": "tcg"}, "extra": QUIET}


def one(type_: str, **properties: object) -> list[Data]:
    return [{"type": type_, **properties}]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (PC | {"device": one("virtio-net-pci", netdev="nope")}, ("device", 0, "netdev")),
        (PC | {"device": one("virtio-net-pci", netdev="a,b")}, ("device", 0, "netdev")),
        (PC | {"device": [*one("VGA"), *one("nope", id="x")]}, ("device", 1, "type")),
        (PC | {"device": one("VGA", vgamem_mb="lots")}, ("device", 0, "vgamem_mb")),
        (PC | {"device": one("VGA", nope=1)}, ("device", 0, "nope")),
        (PC | {"device": one("VGA", id="a") + one("virtio-rng-pci", id="a")}, ("device", 1, "id")),
        (PC | {"cpu": {"model": "nope"}}, ("cpu", "model")),
        (PC | {"boot": {"kernel": "/nonexistent/k"}}, ("boot", "kernel")),
        (PC | {"boot": {"order": "q"}}, ("boot", "order")),
        (PC | {"boot": {"append": "quiet"}}, ("boot", "append")),
        (NONE | {"machine": {"type": "q36", "accel": "tcg"}}, ("machine", "type")),
        (NONE | {"machine": {"type": "none", "accel": "nope"}}, ("machine", "accel")),
        (PC | {"machine": {"type": "pc", "accel": "tcg", "nope": 1}}, ("machine", "nope")),
        (NONE | {"memory": {"size": "1GiB"}}, ("memory", "size")),
        (NONE | {"smp": {"cpus": "x"}}, ("smp", "cpus")),
        (NONE | {"object": one("rng-random", id="9x")}, ("object", 0, "id")),
        (NONE | {"netdev": one("user", id="n", hostfwd=["x"])}, ("netdev", 0, "hostfwd", 0)),
        (NONE | {"chardev": one("file", id="c", path="/nonexistent/x")}, ("chardev", 0, "path")),
        (NONE | {"blockdev": one("file", id="d", filename="/no")}, ("blockdev", 0, "filename")),
        (NONE | {"drive": [{"file": "/nonexistent"}]}, ("drive", 0, "file")),
        (NONE | {"fsdev": one("local", id="f", path="/")}, ("fsdev", 0)),
        (NONE | {"extra": [*QUIET, "-nope"]}, ("extra", 3)),
    ],
)
def test_the_field_that_qemu_refuses_is_found(qemu: str, data: Data, path: Path) -> None:
    command = build(read(data | {"binary": qemu}))
    done = subprocess.run(
        words(command), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30
    )
    assert done.returncode
    errors = [line for line in done.stderr.splitlines() if severity_of(line) == "error"]
    found = [field_of(line, command) for line in errors]
    assert path in found, done.stderr


@pytest.mark.parametrize(
    "line",
    ["", "hello", "qemu-system-x86_64: \x1b[2J", "'''", "qemu: -device : ", "“x” " * 2000],
)
def test_any_line_may_name_no_field(line: str) -> None:
    profile = read({"device": [{"type": "VGA", "id": "x" * 5000, "": ""}], "name": "'"})
    field_of(line, build(profile))
    severity_of(line)
