"""Following a log file: every line once, whatever its length, and no more work than shows."""

import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qemutui.host import log
from qemutui.host.log import Batch, Follower, Line


class Screen:
    """What a screen has, by the rule for incomplete lines."""

    def __init__(self) -> None:
        self.skipped, self.lines = 0, list[Line]()

    def follow(self, follower: Follower) -> None:
        batch = Batch(more=True)
        while batch.more:
            batch = follower.read()
            if (batch.skipped or batch.lines) and self.lines and not self.lines[-1].complete:
                self.lines.pop()
            if batch.skipped:
                self.skipped += batch.skipped + len(self.lines)
                self.lines.clear()
            self.lines += batch.lines


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
    assert follower.read() == Batch(restarted=True)
    with path.open("ab") as file:
        file.write(b"again\n")
    assert follower.read() == Batch(0, (Line("again", 0, True),))
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


def test_a_flood_is_counted_and_its_end_shown(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"%d\n" % number for number in range(3_000_000)) + b"last")
    follower = Follower(path)
    batch = follower.read()
    assert batch.more
    assert (batch.skipped > 0, batch.lines) == (True, ())
    follower.close()
    screen = Screen()
    screen.follow(Follower(path))
    skipped, lines = screen.skipped, screen.lines
    assert skipped + len(lines) == 3_000_001
    assert len(lines) >= log.SHOWN
    assert [line.text for line in lines[-3:]] == ["2999998", "2999999", "last"]
    assert lines[0].text == str(skipped)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    parts=st.lists(
        st.lists(st.sampled_from([b"\n", b"a", b"\r", b"\xe2", b"\x82", b"\xac", b"b" * 7])).map(
            b"".join
        ),
        max_size=8,
    ),
    shown=st.integers(1, 5),
    chunk=st.integers(1, 20),
)
def test_however_it_is_written_the_lines_are_those_of_the_file(
    tmp_path: Path, parts: list[bytes], shown: int, chunk: int
) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"")
    before = log.CHUNK, log.SHOWN, log.WIDEST
    log.CHUNK, log.SHOWN, log.WIDEST = chunk, shown, 5
    try:
        follower = Follower(path)
        screen = Screen()
        for part in parts:
            with path.open("ab") as file:
                file.write(part)
            screen.follow(follower)
        follower.close()
    finally:
        log.CHUNK, log.SHOWN, log.WIDEST = before
    *complete, rest = b"".join(parts).split(b"\n")
    expected = [(line, True) for line in complete] + ([(rest, False)] if rest else [])
    for line, (data, whole) in zip(screen.lines, expected[screen.skipped :], strict=True):
        assert line.complete == whole
        if len(data) <= 5 and whole:
            assert line == Line(data.removesuffix(b"\r").decode("utf-8", "replace"), 0, True)
        elif len(data) > 5:
            assert line.dropped > 0
            assert len(line.text.encode()) >= 3
