"""Every row of the Go package's `qemu.go`, every group and every field has a golden command.

The rows are the exported names that say what a command is. Where that package dropped or misread
something, the golden file holds what is right. `tests/golden/regenerate.py` writes the files anew.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

import pytest

from qemutui.core import edit, keyval, profile
from qemutui.core.groups import GROUPS, Group
from qemutui.core.profile import PassedFd, Profile, Table
from tests.golden.regenerate import FOLDER, command, profiles, to_lines, to_words

ROWS = {
    "Config.Path": "binary",
    "Config.Name": "name",
    "Config.MachineType": "machine.type; emitted without an accelerator, which Go did not",
    "Config.MachineTypeAcceleration": "machine.accel; emitted without a type, which Go did not",
    "Config.CPUModel": "cpu.model",
    "Config.QMPSocket": "qmp; server=on,wait=off instead of the deprecated server,nowait",
    "QMPSocket.Type": "qmp.type; passed without a name, which Go dropped",
    "QMPSocket.Name": "qmp.path; passed without a type, which Go dropped",
    "QMPSocket.Server": "qmp.server",
    "QMPSocket.NoWait": "qmp.wait; passed without a server, which Go dropped",
    "Config.Devices": "device, after the backends that Go put last",
    "Device.Type": "device.type",
    "Device.ID": "device.id; passed without a type, where Go dropped the device",
    "Device.MemDev": "device.memdev",
    "Device.FSDev": "device.fsdev; its commas doubled",
    "Device.MountTag": "device.mount_tag; passed without a share, which Go dropped",
    "Device.CharDev": "device.chardev",
    "Config.Objects": "object",
    "Object.Type": "object.type",
    "Object.ID": "object.id; passed without a type, where Go dropped the object",
    "Object.MemPath": "object.mem-path; its commas doubled",
    "Object.Size": "object.size; 0 is passed when it is written",
    "Config.ExtraParams": "extra; verbatim and last",
    "Config.FDs": "fd; from 3 on; no word of the command, so host proves that they arrive",
}
UNUSED = {"Config.Ctx": "says itself that it is not used"}
ELSEWHERE = {
    "LaunchQemu": "host.process",
    "LaunchCustomQemu": "host.process",
    "QMPLog": "the files of a run; host.runs",
}
"""What launches a command instead of saying what it is: tested with the module that does it."""


def fields() -> Iterator[tuple[str, ...]]:
    """The path of every field of every table that is no item of a group."""
    groups = {group.name for group in GROUPS}
    for name, field in Profile.model_fields.items():
        kind = field.annotation
        if name in groups:
            continue
        if get_origin(kind) is tuple and get_args(kind)[0] is PassedFd:
            yield from ((name, key) for key in PassedFd.model_fields)
        elif isinstance(kind, type) and issubclass(kind, Table):
            yield from ((name, key) for key in kind.model_fields)
        else:
            yield (name,)


@pytest.mark.parametrize("path", profiles(), ids=lambda path: path.stem)
def test_command_is_the_golden_one(path: Path) -> None:
    golden = path.with_suffix(".argv")
    assert golden.exists(), "run: python -m tests.golden.regenerate"
    assert command(path) == to_words(golden.read_text("utf-8"))


def test_every_row_and_group_has_a_golden_command() -> None:
    names = {path.stem for path in profiles()}
    assert {*ROWS, *(group.name for group in GROUPS)} <= names
    rows = {name for name in names if name[0].isupper()}
    assert rows == ROWS.keys(), "a golden file is named after a row that is not in the table"
    assert not ROWS.keys() & (UNUSED.keys() | ELSEWHERE.keys())


@pytest.mark.parametrize("field", list(fields()), ids=".".join)
def test_every_field_has_a_golden_command(field: tuple[str, ...]) -> None:
    data = tomllib.loads((FOLDER / f"{'.'.join(field)}.toml").read_text("utf-8"))
    path: keyval.Path = (field[0], 0, *field[1:]) if field[0] == "fd" else field
    assert edit.get(profile.read(data), path) is not None
    table = data["fd"][0] if field[0] == "fd" else data
    assert field[-1] in (table[field[0]] if len(field) > 1 and field[0] != "fd" else table)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_golden_command_of_a_group_has_its_option(group: Group) -> None:
    assert group.option in command(FOLDER / f"{group.name}.toml")


def test_no_golden_command_is_without_its_profile() -> None:
    assert {path.stem for path in FOLDER.glob("*.argv")} == {path.stem for path in profiles()}


def test_a_line_is_exactly_one_word() -> None:
    words = ["", "a b", '"quoted"', "a\nb", "\x1b[31m", " a ", "a\\nb", "é日", "{'a': 1}", "\udcff"]
    lines = to_lines(words)
    assert lines.count("\n") == len(words)
    assert lines.replace("\n", "").isprintable()
    assert to_words(lines) == words
