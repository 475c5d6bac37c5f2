"""Asking in a process of its own: the same answers, the same words, nothing left over."""

import time
from pathlib import Path

import pytest

from qemutui.host import apart, catalogs, paths
from qemutui.host.probe_errors import BrokenError, ProbeError, StoppedError


def fake(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Puts a shell script in the place of QEMU."""
    program = folder / "bin" / "qemu-system-x86_64"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def of() -> object:
    return apart.of("qemu-system-x86_64", Path("/"), lambda: False)


@pytest.mark.parametrize("keeps", [True, False])
def test_it_answers_as_without_a_process(qemu: str, keeps: bool) -> None:
    if not keeps:  # a cache that cannot be written
        folder = paths.cache() / "catalogs"
        folder.unlink()
        folder.write_text("no folder")
    told = apart.of(qemu, Path("/"), lambda: False)
    known = catalogs.of(qemu, Path("/"))
    assert told.head == known.head
    for kind, name in (("device", "virtio-net-pci"), ("machine", ""), ("option", "memory")):
        assert told.properties(kind, name) == known.properties(kind, name)


def test_what_fails_is_said_in_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, monkeypatch, "echo broken >&2; exit 3")
    with pytest.raises(BrokenError) as here:
        catalogs.of("qemu-system-x86_64", Path("/"))
    with pytest.raises(BrokenError) as there:
        of()
    assert str(there.value) == str(here.value)
    assert (there.value.reason, there.value.binary) == (here.value.reason, here.value.binary)


def test_it_ends_with_all_it_has_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, f'echo $$ >> "{tmp_path}/pids"; exec sleep 100')
    pids = tmp_path / "pids"
    with pytest.raises(StoppedError):
        apart.of("qemu-system-x86_64", Path("/"), pids.exists)
    found = {int(line) for line in pids.read_text().split()}
    assert found
    for _ in range(100):
        alive = [pid for pid in found if is_alive(pid)]
        if not alive:
            break
        time.sleep(0.02)
    assert not alive


def is_alive(pid: int) -> bool:
    try:
        return "sleep" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


def test_a_stranger_is_not_run(tmp_path: Path) -> None:
    with pytest.raises(ProbeError, match="is not on PATH and was not run"):
        strange = tmp_path / "qemu-system-x86_64"
        strange.write_text("#!/bin/sh\n")
        strange.chmod(0o755)
        apart.of(str(strange), Path("/"), lambda: False)
