"""The field that an error line names, asked of a real QEMU that refuses the profile."""

import json
import socket
import subprocess
from pathlib import Path as FilePath

import pytest

from qemutui.core.argv import build, words
from qemutui.core.errors import field_of
from qemutui.core.keyval import Path
from qemutui.core.profile import read
from qemutui.core.severity import severity_of
from tests.core.error_cases import CASES, IMAGE, Data


@pytest.mark.parametrize(("data", "path"), CASES, ids=lambda one: repr(one)[-60:])
def test_the_field_that_qemu_refuses_is_found(
    qemu: str, tmp_path: FilePath, data: Data, path: Path
) -> None:
    with (tmp_path / "image").open("wb") as image:
        image.truncate(1 << 20)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        text = json.dumps(data | {"binary": qemu})
        for word, value in (
            ("PORT", str(taken.getsockname()[1])),
            (IMAGE, str(tmp_path / "image")),
            ("FOLDER", str(tmp_path)),
        ):
            text = text.replace(word, value)
        command = build(read(json.loads(text)))
        done = subprocess.run(
            words(command), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30
        )
    assert done.returncode
    errors = [line for line in done.stderr.splitlines() if severity_of(line) == "error"]
    found = [field for line in errors if (field := field_of(line, command)) is not None]
    assert found[:1] == [path], done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello",
        "qemu-system-x86_64: \x1b[2J",
        "'''",
        "qemu: -device : ",
        "“x” " * 2000,
        "qemu" * 2000,
        "qemu-system-x86_64: something entirely else",
        "qemu-system-x86_64: Parameter 'nobody' expects 'on' or 'off'",
    ],
)
def test_a_line_that_names_no_field_leads_nowhere(line: str) -> None:
    profile = read(
        {"device": [{"type": "VGA", "id": "x" * 5000, "": ""}, {"type": "VGA"}], "name": "'"}
    )
    assert field_of(line, build(profile)) is None
    severity_of(line)


def test_what_two_fields_may_mean_names_none() -> None:
    profile = read({"netdev": [{"type": "user", "id": "n", "a": "/srv/x", "b": "/srv/x"}]})
    assert field_of("qemu: Could not read /srv/x", build(profile)) is None


def test_what_qemu_tells_by_the_way_is_no_error() -> None:
    waits = "-qmp unix:path=/a.qmp,wait=on: info: QEMU waiting for connection on: disconnected:"
    assert severity_of(f"qemu-system-x86_64: {waits}unix:/a.qmp,server=on") == ""
    assert severity_of("qemu-system-x86_64: info: x") == ""
    assert severity_of("qemu-system-x86_64: -device a: warning: x") == "warning"
