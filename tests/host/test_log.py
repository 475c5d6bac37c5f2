"""Following a log file: every line once, whatever its length, and no more work than shows."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qemutui.host import log
from qemutui.host.log import Batch, Follower, Line


class Screen:
    """What a screen has, by the rule for incomplete lines."""

    def __init__(self) -> None:
        self.lines = list[Line]()

    def take(self, batch: Batch) -> None:
        if batch.lines and self.lines and not self.lines[-1].complete:
            self.lines.pop()
        self.lines += batch.lines

    def follow(self, follower: Follower, most: int = log.PIECE) -> None:
        more = True
        while more:
            batch = follower.read(most)
            self.take(batch)
            more = batch.more


def test_lines_appear_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "log"
    follower = Follower(path)
    assert follower.read() == Batch()
    with path.open("wb", buffering=0) as file:
        file.write(b"one\r\n\ntw")
        assert follower.read().lines == (
            Line("one", 0, True),
            Line("", 0, True),
            Line("tw", 0, False),
        )
        assert follower.read() == Batch()
        file.write(b"o \xe2\x82")
        assert follower.read().lines == (Line("two ", 0, False),)
        file.write(b"\xac\n\xff\x1b[2J\0\nend")
        assert follower.read().lines == (
            Line("two €", 0, True),
            Line("�\x1b[2J\0", 0, True),
            Line("end", 0, False),
        )
    follower.close()
    with path.open("ab") as file:
        file.write(b"ing\n")
    assert follower.read().lines == (Line("ending", 0, True),)
    follower.close()


def test_a_file_that_was_cut_starts_again(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"first\nhalf a l")
    follower = Follower(path)
    follower.read()
    os.truncate(path, 0)
    assert follower.read() == Batch((), restarted=True)
    with path.open("ab") as file:
        file.write(b"again\n")
    assert follower.read() == Batch((Line("again", 0, True),))
    follower.close()


def test_of_a_line_of_many_megabytes_the_head_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "log"
    euros = "€".encode() * (1 << 20)
    path.write_bytes(b"a\n" + euros)
    follower = Follower(path)
    screen = Screen()
    screen.follow(follower)
    kept = log.WIDEST // 3
    assert screen.lines == [
        Line("a", 0, True),
        Line("€" * kept, len(euros) - 3 * kept, False),
    ]
    with path.open("ab") as file:
        file.write(b"x\nb\n")
    assert follower.read().lines == (
        Line("€" * kept, len(euros) - 3 * kept + 1, True),
        Line("b", 0, True),
    )
    follower.close()


def test_a_flood_is_leapt_over_and_counted_and_had_backwards(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"%d\n" % number for number in range(1_000_000)) + b"last")
    follower = Follower(path)
    follower.read()
    assert [line.text for line in follower.leap(3).lines] == ["999998", "999999", "last"]
    assert follower.behind() == 0
    assert follower.gap > 1 << 20
    assert [line.text for line in follower.earlier(2)] == ["999996", "999997"]
    with path.open("ab") as file:
        file.write(b" one\nmore")
    assert follower.read().lines == (Line("last one", 0, True), Line("more", 0, False))
    follower.count(1 << 20)
    assert follower.total < 1_000_001
    while follower.gap:
        follower.count(1 << 20)
    assert follower.total == 1_000_001
    assert not follower.earlier(1)
    follower.close()


def test_of_lines_of_a_megabyte_the_last_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"%d" % number + b"x" * (1 << 20) + b"\n" for number in range(9)))
    follower = Follower(path)
    lines = follower.leap(300).lines
    assert [line.text[:2] for line in lines] == ["6x", "7x", "8x"]
    assert all(line.dropped > 1 << 19 for line in lines)
    follower.count(sys.maxsize)
    assert follower.total == 9
    follower.close()


def test_without_any_line_end_the_end_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"x" * (9 << 20) + b"y")
    follower = Follower(path)
    (line,) = follower.leap(300).lines
    assert (line.text[:1], line.complete) == ("x", False)
    with path.open("ab") as file:
        file.write(b"z\nend\n")
    assert [line.complete for line in follower.read().lines] == [True, True]
    follower.close()


def test_a_line_within_which_the_counting_stopped_is_had_whole(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"a long line\nlast\n")
    follower = Follower(path)
    assert [line.text for line in follower.leap(1).lines] == ["last"]
    follower.count(4)
    assert [line.text for line in follower.earlier(1)] == ["a long line"]
    assert (follower.total, follower.gap) == (2, 0)
    follower.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    parts=st.lists(
        st.tuples(
            st.lists(
                st.sampled_from([b"\n", b"a", b"\r", b"\xe2", b"\x82", b"\xac", b"b" * 7])
            ).map(b"".join),
            st.integers(0, 4),
        ),
        max_size=8,
    ),
    most=st.integers(1, 20),
)
def test_however_it_is_written_and_leapt_over_the_lines_are_those_of_the_file(
    tmp_path: Path, parts: list[tuple[bytes, int]], most: int
) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"")
    before = log.PIECE, log.REACH, log.WIDEST
    log.PIECE, log.REACH, log.WIDEST = 3, 1 << 20, 5
    try:
        follower = Follower(path)
        screen = Screen()
        for part, leap in parts:
            with path.open("ab") as file:
                file.write(part)
            if leap:
                screen.lines = list(follower.leap(leap).lines)
                screen.lines[:0] = follower.earlier(leap)
                follower.count(most)
            else:
                screen.follow(follower, most)
        follower.count(sys.maxsize)
        follower.close()
    finally:
        log.PIECE, log.REACH, log.WIDEST = before
    *complete, rest = b"".join(part for part, _ in parts).split(b"\n")
    assert follower.total == len(complete)
    assert follower.gap == 0
    expected = [(line, True) for line in complete] + ([(rest, False)] if rest else [])
    shown = expected[len(expected) - len(screen.lines) :]
    for line, (data, whole) in zip(screen.lines, shown, strict=True):
        assert line.complete == whole
        if len(data) <= 5 and whole:
            assert line == Line(data.removesuffix(b"\r").decode("utf-8", "replace"), 0, True)
        elif len(data) > 5:
            assert line.dropped > 0
            assert len(line.text.encode()) >= 3
