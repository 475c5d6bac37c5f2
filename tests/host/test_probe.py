"""What a QEMU offers, and what is said of a program that does not answer as QEMU does."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.core.catalog import Catalog
from qemutui.host import catalogs, probe
from qemutui.host.completion import programs
from qemutui.host.probe_errors import BrokenError, SilentError, StoppedError
from tests.host.fake_qemu import program, sick

REAL = [name for name in programs("qemu-system-") if re.fullmatch(r"[a-z0-9_-]+", name)]


def asked(path: str) -> Catalog:
    """The catalog of a program that may be run."""
    return Catalog.read(probe.catalog_of(path, "qemu"))


def children() -> list[str]:
    """The processes that this one has started and not waited for."""
    tasks = Path("/proc/self/task").iterdir()
    return [pid for task in tasks for pid in (task / "children").read_text().split()]


@pytest.mark.parametrize("name", REAL)
def test_real(name: str) -> None:
    catalog = catalogs.of(name, Path("/"))
    assert catalog.version >= (5, 0, 0)
    assert catalog.target == name.split("-")[2]
    assert catalog.machine("none") is not None
    assert any(machine.max_cpus > 1 for machine in catalog.machines.values())
    assert catalog.accelerators.keys() & {"tcg", "kvm"}
    assert len(catalog.cpus) > 1
    for group in ("object", "netdev", "chardev", "blockdev", "fsdev", "audiodev", "display"):
        assert len(catalog.types(group)) > 1
    for kind, names in (
        ("device", catalog.devices),
        ("machine", catalog.machines),
        ("cpu", catalog.cpus),
        ("accel", catalog.accelerators),
        ("object", catalog.types("object")),
        ("netdev", catalog.types("netdev")),
        ("chardev", catalog.types("chardev")),
    ):
        untold = [one for one in names if catalog.properties(kind, one) is None]
        assert set(untold) <= set(catalog.crashed)


def test_a_machine_that_crashes_qemu_is_told_by_its_help(qemu: str) -> None:
    microvm = catalogs.of(qemu, Path("/")).properties("machine", "microvm") or {}
    assert (microvm["pic"].kind, microvm["pic"].description) == ("auto", "Enable i8259 PIC")


SILENT = {
    "hangs": "exec sleep 60",
    "speaks no QMP": "echo hello; exec sleep 60",
    "greets and hangs": """echo '{"QMP": {}}'; exec sleep 60""",
    "starts another and waits": "sleep 60 & wait",
    "closes its output and goes on": "exec sleep 60 >&- 2>&-",
}
BROKEN = {
    "ends": ("exit 0", "it ended with status 0"),
    "fails": (
        "echo starting >&2; echo no such thing >&2; exit 1",
        "it ended with status 1: no suc",
    ),
    "aborts": ("kill -ABRT $$", "it ended by signal 6"),
    "prints too much": ("""echo '{"QMP": {}}'; head -c 200000000 /dev/zero""", "more than 32 MB"),
    "never ends a line": ("exec head -c 200000000 /dev/zero", "more than 32 MB"),
    "dies half-way": ("""echo '{"QMP": {}}'; read x; echo '{"return": {}}'; exit 3""", "QEMU"),
}


@pytest.mark.parametrize("what", SILENT)
def test_silent(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "PATIENCE", 0.4)
    path = program(tmp_path, f"#!/bin/sh\n{SILENT[what]}\n")
    with pytest.raises((SilentError, BrokenError)) as caught:
        probe.catalog_of(path, "./qemu")
    if what != "closes its output and goes on":
        assert str(caught.value) == "./qemu did not answer in 0.4 s."
    assert not children()


@pytest.mark.parametrize("what", BROKEN)
def test_broken(what: str, tmp_path: Path) -> None:
    text, says = BROKEN[what]
    path = program(tmp_path, f"#!/bin/sh\n{text}\n")
    with pytest.raises(BrokenError) as caught:
        probe.catalog_of(path, "./qemu")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not children()
    assert [one.name for one in tmp_path.iterdir()] == ["qemu-system-x86_64"]


def test_not_executable(tmp_path: Path) -> None:
    Path(program(tmp_path, "#!/bin/sh\n")).chmod(0o644)
    with pytest.raises(BrokenError, match="it cannot be run: Permission denied"):
        probe.catalog_of(str(tmp_path / "qemu-system-x86_64"), "qemu")
    no_program = program(tmp_path, "no program", "qemu-system-arm")
    with pytest.raises(BrokenError, match="it cannot be run: Exec format error"):
        probe.catalog_of(no_program, "qemu")


@pytest.mark.parametrize("kept", [0, 3])
def test_the_culprit_of_a_crash_is_named_and_the_rest_is_there(tmp_path: Path, kept: int) -> None:
    catalog = asked(sick(tmp_path, "sick", kept))
    assert catalog.crashed == ("sick",)
    assert catalog.note == "QEMU crashed on sick; its 2 other devices are listed."
    assert catalog.properties("device", "sick") is None
    assert (catalog.properties("device", "good") or {})["size"].default == 7
    assert (catalog.properties("device", "other") or {})["size"].default == 7
    assert catalog.machines["board"].max_cpus == 4


def test_what_crashes_on_its_list_of_types_tells_what_its_help_lists(tmp_path: Path) -> None:
    catalog = asked(sick(tmp_path, "device"))
    assert catalog.crashed == ("qom-list-types",)
    assert [*catalog.devices] == ["good", "other", "sick"]
    assert (catalog.properties("device", "good") or {})["size"].default == 7


def test_what_answers_no_qmp_tells_what_its_help_lists(tmp_path: Path) -> None:
    help_text = 'if [ "$1" = -device ]; then echo "Misc devices:"; echo \'name "a", bus PCI\'; fi\n'
    path = program(tmp_path, f"#!/bin/sh\n{help_text}echo no module >&2; exit 1\n")
    catalog = asked(path)
    assert [*catalog.devices] == ["a"]
    assert catalog.note == (
        "QEMU tells names alone, no properties: it ended with status 1: no module."
    )


def test_a_help_text_that_is_cut_short_by_a_kill_is_asked_for_again(tmp_path: Path) -> None:
    once = f"[ -e {tmp_path}/killed ] || {{ touch {tmp_path}/killed; kill -KILL $$; }}\n"
    listed = f"echo Misc devices:; echo 'name \"a\", bus PCI'; {once}echo 'name \"b\", bus PCI'\n"
    path = program(tmp_path, f'#!/bin/sh\nif [ "$1" = -device ]; then {listed}fi\nexit 1\n')
    assert [*asked(path).devices] == ["a", "b"]


def test_nobody_waits_any_more(tmp_path: Path) -> None:
    path = program(tmp_path, "#!/bin/sh\nexec sleep 60\n")
    start = time.monotonic()
    with pytest.raises(StoppedError):
        probe.catalog_of(path, "qemu", lambda: time.monotonic() > start + 0.1)
    assert time.monotonic() < start + 5
    assert not children()


def test_a_killed_asker_leaves_no_child(tmp_path: Path) -> None:
    path = program(tmp_path, f"#!/bin/sh\necho $$ >> {tmp_path}/pids\nsleep 60\n")
    code = "import sys; from qemutui.host import probe; probe.catalog_of(sys.argv[1], 'qemu')"
    with subprocess.Popen([sys.executable, "-c", code, path]) as asker:
        until(lambda: len(listed(tmp_path / "pids")) == 2)
        started = listed(tmp_path / "pids")
        time.sleep(0.05)
        os.kill(asker.pid, signal.SIGKILL)
    until(lambda: not any(Path("/proc", pid).exists() for pid in started))


def listed(path: Path) -> list[str]:
    """The words of a file that may not be there."""
    return path.read_text().split() if path.exists() else []


def until(condition: Callable[[], object]) -> None:
    """Waits until something is true; fails the test after a while."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
