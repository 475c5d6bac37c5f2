"""The cases of Output: of a profile that has run twice."""

from pathlib import Path

from tests.ui.key_cases import case, is_over
from tests.ui.opened import Opened

PROFILE = 'name = "vm"\n[launch]\nmonitor = false # what runs answers nothing\n'
PROGRAM = """#!/bin/sh
seq -f 'line %g' 40
echo 'qemu-system-x86_64: -device a: no' >&2
seq -f 'item %g' 30
echo 'qemu-system-x86_64: -device b: no' >&2
exec sleep 60
"""
"""What runs in the place of QEMU."""


async def run_twice(one: Opened) -> None:
    """Runs the profile once, and again; the second run goes on."""
    for number in (1, 2):
        await one.press("f5")
        await one.until(lambda: one.app.runs and not is_over(one), "a run")
        await until_printed(one, number)
        if number == 1:
            await end(one)
    await one.until_shown("● running")


async def until_printed(one: Opened, runs: int) -> None:
    """Waits until so many runs have printed all that they do."""

    def last_lines() -> int:
        lines = _lines(one)
        return min(sum(line == "item 30" for line in lines), sum("b: no" in line for line in lines))

    await one.until(lambda: last_lines() == runs, "the output")


async def end(one: Opened) -> None:
    """Ends the run."""
    one.app.stop(one.app.runs[-1])
    await one.until(lambda: is_over(one), "the end of the run")


async def begin(one: Opened) -> None:
    """Shows the output as it was: following, with nothing sought, whole."""
    main = one.main
    if one.focus == "search-line":
        await one.press("escape")
    main.open_tab(4)
    main.set_focus(main.output)
    if main.output.needle or main.output.printed is not main.output.live:
        await one.press("escape")
    main.output.follow()
    await one.rest()


def _lines(one: Opened) -> list[str]:
    return [entry.text for entry in one.main.output.entries]


@case("output", "output_follow")
async def _follow(one: Opened, key: str) -> None:
    await one.press("home")
    await one.until_shown("End follows")
    await one.press(key)
    assert one.main.output.following
    assert "End follows" not in one.text


@case("output", "output_pause")
async def _pause(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("Paused · End follows")
    await one.press(key)
    assert one.main.output.following


@case("output", "output_search")
async def _search(one: Opened, key: str) -> None:
    await one.press(key)
    assert one.focus == "search-line"
    await one.type("item 17")
    await one.press("enter")
    await one.until_shown("2 of 2")
    assert "item 17" in one.row


@case("output", "output_match(1)", "output_match(-1)")
async def _match(one: Opened, key: str) -> None:
    await one.press("/")
    await one.type("item 2")
    await one.press("enter")
    await one.until_shown("22 of 22")
    await one.press(key)
    await one.until_shown("1 of 22" if key == "n" else "21 of 22")
    assert ("item 2 " if key == "n" else "item 28") in one.row


@case("output", "output_error(1)", "output_error(-1)")
async def _error(one: Opened, key: str) -> None:
    await one.press("home" if key == "e" else "end", key)
    await one.until_shown("Error 1 of 4." if key == "e" else "Error 4 of 4.")
    assert "✗" in one.row


@case("output", "output_run(-1)")
async def _earlier(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("] later")
    await one.press(key)
    await one.until_shown("No earlier run of this profile.")


@case("output", "output_run(1)")
async def _later(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("No later run of this profile.")
    await one.press("[", key)
    await one.until(lambda: "] later" not in one.text, "the present run")


@case("output", "output_copy")
async def _copy(one: Opened, key: str) -> None:
    await one.press("E", "up", key)
    await one.until_shown("Copied ", " characters.")
    assert one.app.clipboard in _lines(one)


@case("output", "output_wrap")
async def _wrap(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("Long lines are wrapped.")
    await one.press(key)
    await one.until_shown("Long lines are cut.")


@case("output", "output_times")
async def _times(one: Opened, key: str) -> None:
    before = one.row
    await one.press(key)
    assert one.row != before
    await one.press(key)
    assert one.row == before


@case("output", "output_clear")
async def _clear(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("── cleared ")
    assert "item 30" not in _lines(one)
    running = one.app.runs[-1].running
    assert running is not None
    assert "item 30" in (running.record.folder / running.record.stdout).read_text()
    # What is left of the keys needs what was printed.
    await end(one)
    one.main.output.clear()
    await run_twice(one)


@case("output", "output_save")
async def _save(one: Opened, key: str) -> None:
    before = set(Path.cwd().glob("*.log"))
    await one.press(key)
    await one.until_shown("Saved 72 lines to vm-")
    assert len(set(Path.cwd().glob("*.log")) - before) == 1


@case("output", "output_bundle")
async def _bundle(one: Opened, key: str) -> None:
    before = set(Path.cwd().iterdir())
    await one.press(key)
    await one.until(lambda: set(Path.cwd().iterdir()) - before, "a bundle")
    await one.until_shown("Wrote ")


def _moves(name: str, start: str, forward: bool, least: int) -> None:
    @case("output", f"list.{name}")
    async def _moved(one: Opened, key: str) -> None:
        output = one.main.output
        await one.press(start)
        before = output.cursor
        await one.press(key)
        assert abs(output.cursor - before) >= least
        assert (output.cursor > before) == forward
        assert output.following == (output.cursor == output.row_count - 1)


_moves("up", "end", forward=False, least=1)
_moves("down", "home", forward=True, least=1)
_moves("page-up", "end", forward=False, least=5)
_moves("page-down", "home", forward=True, least=5)
_moves("first", "end", forward=False, least=70)
_moves("last", "home", forward=True, least=70)


@case("output", "list.choose")
async def _choose(one: Opened, key: str) -> None:
    await one.press("E", "up", key)
    await one.until_shown("This line names no field.")
