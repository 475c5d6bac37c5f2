"""Logs that are too large: their middle goes back to the disk, and nothing else changes."""

import os
import sys
from pathlib import Path

import pytest

from qemutui.host import log_copy, runs
from qemutui.host.log import Follower
from qemutui.host.log_trim import Limits, is_large, trim
from tests.host.programs import Programs

LIMITS = Limits(most=8 << 20, first=1 << 20, last=2 << 20)
SAID = "-- {} MiB of this log were given back to the disk here --"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A log of 12 MiB, in lines of 16 bytes that count themselves."""
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"%15d\n" % number for number in range(12 << 16)))
    if not trim(path, Limits(0, 1 << 20, 10 << 20)):
        pytest.skip("this file system has no holes")
    path.unlink()
    path.write_bytes(b"".join(b"%15d\n" % number for number in range(12 << 16)))
    return path


def test_the_middle_is_given_back_and_said(large: Path) -> None:
    before = large.read_bytes()
    assert is_large(large, LIMITS)
    with large.open("ab") as qemu:  # which goes on writing
        assert trim(large, LIMITS) == 9 << 20
        qemu.write(b"more\n")
    assert not is_large(large, LIMITS)
    assert trim(large, LIMITS) == 0
    after = large.read_bytes()
    assert len(after) == len(before) + 5
    said = SAID.format(9).encode()
    assert after.rstrip(b"\0")[: 1 << 20].rstrip().endswith(said)
    assert after[: (1 << 20) - 80] == before[: (1 << 20) - 80]
    assert after[10 << 20 :] == before[10 << 20 :] + b"more\n"
    with large.open("ab") as qemu:
        qemu.write(before)
    assert trim(large, LIMITS)
    assert SAID.format(21).encode() in large.read_bytes()[: 1 << 20]


def test_who_follows_passes_over_the_hole(large: Path) -> None:
    trim(large, LIMITS)
    lines: list[str] = []
    follower, more = Follower(large), True
    while more:
        batch = follower.read()
        lines += [line.text for line in batch.lines if line.complete]
        more = batch.more
    assert not any("\0" in line for line in lines)
    at = lines.index(next(line for line in lines if line.startswith("--")))
    assert lines[at].rstrip() == SAID.format(9)
    assert lines[at + 1].split() == [str(10 << 16)]
    assert lines[-1].split() == [str((12 << 16) - 1)]
    leapt = Follower(large)
    assert len(leapt.leap(3).lines) == 3
    while leapt.gap:
        if not leapt.earlier(5000):
            leapt.count(sys.maxsize)
    assert leapt.total == len(lines) == follower.total
    follower.close()
    leapt.close()


def test_what_is_saved_has_no_hole(large: Path, tmp_path: Path, home: Path) -> None:
    record = runs.create(Programs(tmp_path).launch("true"), None, "x")
    trim(large, LIMITS)
    large.rename(record.folder / record.stderr)
    saved = log_copy.save(record, tmp_path)
    data = saved.path.read_bytes()
    assert b"\0" not in data
    assert saved.lines == data.count(b"\n")
    assert SAID.format(9).encode() in data
    assert len(data) == 3 << 20


def test_a_log_that_is_gone_or_small_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert trim(path, LIMITS) == 0
    path.write_bytes(b"x\n")
    assert trim(path, LIMITS) == 0
    assert path.read_bytes() == b"x\n"
    os.mkfifo(tmp_path / "fifo")
    assert trim(tmp_path / "fifo", LIMITS) == 0
