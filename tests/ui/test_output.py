"""What a run prints, on the screen: floods, searching, earlier runs, saving."""

import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from qemutui.ui import printed
from tests.ui.opened import LARGE, SMALL, Opened, opened

Write = Callable[..., Path]


PROFILE = """
name = "x"
[launch]
monitor = false # no guest of these tests has one
"""


class Guest:
    """A program in the place of QEMU, which prints what it is told to."""

    def __init__(self, folder: Path) -> None:
        self.go = folder / "go"
        os.mkfifo(self.go)
        self._program = folder / "qemu-system-x86_64"

    def prints(self, shell: str) -> None:
        self._program.write_text(f"#!/bin/sh\n{shell}\n")
        self._program.chmod(0o755)


@pytest.fixture
def guest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guest:
    """The program that a launch runs."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return Guest(tmp_path)


def ended(one: Opened) -> bool:
    return bool(one.app.runs) and not one.app.runs[-1].is_alive


@asynccontextmanager
async def launched(path: Path, size: tuple[int, int] = SMALL) -> AsyncIterator[Opened]:
    async with opened(path, size) as one:
        await one.press("f5", "4")
        yield one


FLOODS = {
    "short lines": b"y\n" * 2_000_000,
    "lines of a megabyte": (b"x" * (1 << 20) + b"\n") * 6,
    "escapes": b"\x1b[2J\x1b]0;title\x07\x9b31m\r\n" * 300_000,
    "binary": bytes(range(256)) * 20_000,
    "no line end": b"\xe2\x82" * 3_000_000,
    "empty lines": b"\n" * 3_000_000,
    "errors": b"qemu-system-x86_64: -device x: a reason that is longer than the row is\n" * 60_000,
}


@pytest.mark.parametrize("kind", FLOODS)
async def test_of_a_flood_the_end_is_seen(
    write: Write, guest: Guest, tmp_path: Path, kind: str
) -> None:
    flood = tmp_path / "flood"
    flood.write_bytes(FLOODS[kind] + b"\nthe end\n")
    guest.prints(f"cat '{flood}' >&2; exec sleep 60")
    async with launched(write(PROFILE)) as one:
        await one.until_shown("the end")
        assert not one.raw()
        output = one.main.output
        await one.until(lambda: output.printed.is_counted)
        lines = FLOODS[kind].count(b"\n") + 2 - (kind == "no line end" and 0)
        assert output.printed.hidden + sum(source.shown for source in output.live.sources) == lines
        await one.press("home", "w")
        await one.until(lambda: not one.raw())
        if output.printed.hidden:
            number = f"{output.printed.hidden:,}".replace(",", " ")
            await one.until_shown(f"{number} earlier lines are in the log. s saves all.")


async def test_while_it_is_held_what_comes_is_counted(write: Write, guest: Guest) -> None:
    guest.prints(f"seq 100; cat '{guest.go}' >/dev/null; seq 101 315; exec sleep 60")
    async with launched(write(PROFILE)) as one:
        await one.until_shown(" 100 ")
        await one.press("space")
        await one.until_shown("Paused · End follows")
        guest.go.write_text("")
        await one.until_shown("Paused · 215 new · End follows")
        assert " 100 " in one.text
        await one.press("end")
        await one.until_shown(" 315 ")
        assert "Paused" not in one.text


async def test_a_flood_leaves_alone_what_is_held(
    write: Write, guest: Guest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "KEPT", 1000)
    flood = tmp_path / "flood"
    flood.write_bytes(b"more and more of it\n" * 200_000)
    guest.prints(f"seq 100; cat '{guest.go}' '{flood}' - </dev/null; echo the end; exec sleep 60")
    async with launched(write(PROFILE)) as one:
        await one.until_shown(" 100 ")
        await one.press("up", "up")
        held = one.row
        assert " 98 " in held
        guest.go.write_text("")
        await one.until_shown("Paused · over ", " new · End follows")
        assert one.row == held
        assert one.main.output.live.lines < 9000
        await one.press("up")
        assert " 97 " in one.row
        await one.press("y")
        await one.until_shown("Copied 2 characters.")
        assert one.app.clipboard == "97"
        await one.press("end")
        await one.until_shown("the end")


async def test_the_wheel_holds_and_follows(write: Write, guest: Guest) -> None:
    guest.prints(f"seq 100; cat '{guest.go}'; exec sleep 60")
    async with launched(write(PROFILE)) as one:
        await one.until_shown(" 100 ")
        output = one.main.output
        top = output.scroll_offset.y
        await one.pilot._post_mouse_events([events.MouseScrollUp], output, offset=(5, 2))
        await one.until_shown("Paused · End follows")
        assert output.scroll_offset.y < top
        guest.go.write_text("late\n")
        await one.until_shown("1 new")
        for _ in range(3):
            await one.pilot._post_mouse_events([events.MouseScrollDown], output, offset=(5, 2))
        await one.until_shown("late")
        assert output.following


async def test_lines_are_found_and_marked(write: Write, guest: Guest) -> None:
    guest.prints("seq -f 'item-%g' 1 40; echo Item-Seventeen; exec sleep 60")
    async with launched(write(PROFILE)) as one:
        await one.until_shown("Item-Seventeen")
        await one.press("slash")
        await one.type("item-17")
        await one.until_shown("/item-17 1 of 1")
        await one.press("enter")
        assert one.focus == "output"
        assert "item-17" in one.row
        await one.press("slash", "end", "backspace", "enter")
        await one.until_shown("/item-1 9 of 11")
        await one.press("n", "n", "N")
        await one.until_shown("/item-1 10 of 11")
        await one.press("escape", "slash")
        await one.type("Item")
        await one.press("enter")
        await one.until_shown("/Item 1 of 1")
        assert "Item-Seventeen" in one.row
        await one.press("slash")
        await one.type("xyz")
        await one.press("enter")
        await one.until_shown("Nothing matches “Itemxyz”. Esc clears.")
        await one.press("escape")
        assert "/Item" not in one.text


async def test_long_lines_are_cut_or_wrapped(write: Write, guest: Guest) -> None:
    words = " ".join(f"word{number}" for number in range(30))
    guest.prints(
        f"echo '{words}'; head -c 70000 /dev/zero | tr '\\0' a; echo; echo last; exec sleep 60"
    )
    async with launched(write(PROFILE), LARGE) as one:
        await one.until_shown("last", "… 60 KB more")
        assert "word29" not in one.text
        await one.press("t")
        assert re.search(r"\d\d:\d\d:\d\d {2}word0", one.text) is None
        await one.press("t")
        assert re.search(r"\d\d:\d\d:\d\d {2}word0", one.text)
        await one.press("home", "w")
        await one.until_shown("word29")
        await one.press("w")
        assert "word29" not in one.text


async def test_a_refusal_of_an_earlier_time_leads_to_its_field(qemu: str, write: Write) -> None:
    path = write(
        'name = "x"\nextra = ["-nodefaults", "-display", "none"]\n'
        '[machine]\ntype = "pc"\naccel = "tcg"\n[cpu]\nmodel = "max"\nfeatures = ["+nope"]\n'
    )
    async with launched(path) as one:
        await one.until(lambda: ended(one))
    async with opened(path) as one:
        await one.press("4", "left_square_bracket")
        await one.until_shown("QEMU refused CPU & memory › features. Enter goes there.")
        await one.press("enter")
        assert one.main.properties.path == ("cpu", "features", 0)


async def test_runs_of_an_earlier_time_are_seen_with_their_command(
    write: Write, guest: Guest
) -> None:
    path = write(PROFILE)
    for text, status in (("first", 3), ("second", 0)):
        guest.prints(f"echo {text}; echo 'qemu-system-x86_64: bad' >&2; exit {status}")
        async with launched(path) as one:
            await one.until(lambda: ended(one))
    guest.prints("exec sleep 60")
    async with launched(path) as one:
        await one.until_shown("── run 3 · ")
        await one.press("left_square_bracket")
        await one.until_shown(
            "── run 2 · ", "second", "$ qemu-system-x86_64 -name x", "run 2 · ] later"
        )
        await one.press("left_square_bracket")
        await one.until_shown("── run 1 · ", "first", "✗ qemu-system-x86_64: bad", "exit 3")
        await one.press("left_square_bracket")
        await one.until_shown("No earlier run of this profile.")
        await one.press("right_square_bracket", "right_square_bracket")
        await one.until_shown("── run 3 · ")


async def test_the_whole_log_is_saved(write: Write, guest: Guest, tmp_path: Path) -> None:
    guest.prints("seq 12345; exec sleep 60")
    async with launched(write(PROFILE, "alpine.toml")) as one:
        await one.until_shown(" 12345 ")
        await one.press("s")
        await one.until_shown("Saved 12 345 lines to alpine-1.log.")
        await one.press("c")
        await one.until_shown("── cleared ", "12 345 earlier lines are in the log. s saves all.")
        await one.press("s")
        await one.until_shown("Saved 12 345 lines to alpine-1-2.log.")
    assert (tmp_path / "alpine-1.log").read_text().split() == [str(n) for n in range(1, 12346)]


async def test_nothing_was_printed_yet(write: Write) -> None:
    async with opened(write(PROFILE)) as one:
        await one.press("4")
        assert "Nothing printed yet." in one.text
        for key in ("e", "n", "escape", "4", "w", "t", "space", "c", "B", "end", "home", "slash"):
            await one.press(key)
            assert not one.raw()


async def test_a_bundle_has_no_secrets(write: Write, guest: Guest, tmp_path: Path) -> None:
    guest.prints("echo using hunter22; echo token=abcdef >&2; exec sleep 60")
    profile = """
    name = "x"
    extra = ["-spice", "port=0,password=swordfish"]
    [launch]
    monitor = false
    environment = { TOKEN_OF_MINE = "hunter22" }
    [[object]]
    type = "secret"
    id = "s0"
    data = "letmein1"
    [[blockdev]]
    type = "http"
    id = "d"
    url = "https://me:mellon99@host/x"
    password-secret = "s0"
    """
    async with launched(write(profile)) as one:
        if "launches all the same" in one.text:
            await one.press("l", "4")
        await one.until_shown("using hunter22")
        await one.press("B")
        await one.until_shown("Wrote vm-1-bug.txt.")
    bundle = (tmp_path / "vm-1-bug.txt").read_text()
    for secret in ("hunter22", "swordfish", "letmein1", "mellon99", "abcdef"):
        assert secret not in bundle
    for needed in ("qemutui ", "TOKEN_OF_MINE=***", "password-secret=s0", "using ***", "-spice"):
        assert needed in bundle


async def test_text_is_selected_with_the_mouse_and_stays(write: Write, guest: Guest) -> None:
    guest.prints("seq -f 'line %g of it' 30; exec sleep 60")
    async with launched(write(PROFILE)) as one:
        await one.until_shown("line 30 of it")
        y = next(i for i, line in enumerate(one.lines) if "line 28 of it" in line)
        x = one.lines[y].index("line 28")
        await one.pilot.mouse_down(offset=(x, y))
        await one.pilot.hover(offset=(x + 4, y + 1))
        await one.pilot.mouse_up(offset=(x + 4, y + 1))
        await one.rest()
        assert one.main.get_selected_text() == "line 28 of it\nline"
        assert not one.main.output.following
        await one.press("ctrl+c")
        assert one.app.clipboard == "line 28 of it\nline"
