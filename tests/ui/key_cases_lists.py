"""The cases of the library."""

from pathlib import Path

from qemutui.host import paths
from qemutui.ui.screens.help import Help
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.palette import Palette
from tests.ui.key_cases import case, is_over, on_main
from tests.ui.opened import Opened

_NAMES = tuple(f"vm{number:02}" for number in range(40))
_PROFILE = '[launch]\nmonitor = false # what runs answers nothing\n[machine]\ntype = "pc"\n'


def _file(name: str) -> Path:
    return paths.profiles() / f"{name}.toml"


def fill_library() -> None:
    """Writes the profiles that the cases begin with."""
    paths.profiles().mkdir(parents=True)
    for name in _NAMES:
        _file(name).write_text(_PROFILE)


async def begin(one: Opened) -> None:
    """Shows the library, with the cursor on its first profile and nothing sought."""
    while not isinstance(one.app.screen, LibraryScreen | MainScreen):
        was = one.app.screen
        await one.press("escape")
        await one.until(lambda was=was: one.app.screen is not was, "another screen")  # type: ignore[misc]
    if isinstance(one.app.screen, MainScreen):
        one.app.show_library()
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
    screen = _library(one)
    await one.until(lambda: screen._is_listed, "a list")
    screen.stop_waiting()
    if screen.profiles.sought:
        await one.press("escape")
    await one.press("home")
    await one.until_shown("vm03")
    screen.footer.forget()


def _library(one: Opened) -> LibraryScreen:
    assert isinstance(one.app.screen, LibraryScreen)
    return one.app.screen


async def _main(one: Opened, stem: str) -> None:
    await on_main(one)
    assert one.main.session.stem == stem
    await one.until(lambda: one.main.is_placed, "a place")


@case("library", "library.search")
async def _search(one: Opened, key: str) -> None:
    await one.press(key)
    await one.type("vm17")
    await one.until_shown("1 of 4")
    assert "vm17" in one.row
    assert "vm16" not in one.text


@case("library", "library.new")
async def _new(one: Opened, key: str) -> None:
    await one.press(key)
    await _main(one, "untitled")


@case("library", "library.open")
async def _open(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("Open which file?")
    await one.type(str(_file("vm05")))
    await one.press("enter")
    await _main(one, "vm05")


@case("library", "library.duplicate")
async def _duplicate(one: Opened, key: str) -> None:
    await one.press("down", key)
    await one.until_shown("Copied to vm01-2.toml.")
    copy = _file("vm01-2")
    assert copy.read_text() == _PROFILE
    copy.unlink()
    _library(one).reread()
    await one.until(lambda: "vm01-2" not in "\n".join(one.lines[:-1]), "the list")


@case("library", "library.launch", "library.stop")
async def _launch(one: Opened, key: str) -> None:
    launches = key in ("f5", "ctrl+r", "R")
    await one.press(key if launches else "f5")
    await on_main(one)
    await one.until(lambda: one.app.runs and one.app.runs[-1].running, "a run")
    one.app.show_library()
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
    await one.until_shown("1 running", "vm03")
    if launches:
        one.app.stop(one.app.runs[-1])
    else:
        await one.press("home", key)
    await one.until(lambda: is_over(one), "the end of the run")
    await one.until_shown("0 running")
    if not launches:
        await one.press(key)
        await one.until_shown("Nothing runs here.")


@case("library", "library.trash")
async def _trash(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("Moved to the trash. u brings it back.")
    await one.until(lambda: not _file("vm00").exists(), "the trash")
    await one.press("u")
    await one.until(_file("vm00").exists, "the file")
    await one.until_shown("vm00.toml is back.")


@case("library", "library.untrash")
async def _untrash(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("Nothing to bring back.")
    await one.press("delete")
    await one.until_shown("Moved to the trash. u brings it back.")
    await one.press(key)
    await one.until_shown("vm00.toml is back.")
    assert _file("vm00").read_text() == _PROFILE


@case("library", "library.edit_file")
async def _edit_file(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("This terminal cannot be given to an editor.")


@case("library", "library.reread")
async def _reread(one: Opened, key: str) -> None:
    other = _file("aa")
    other.write_text(_PROFILE)
    await one.press(key)
    await one.until_shown("41 profiles")
    other.unlink()
    await one.press(key)
    await one.until_shown("40 profiles")


@case("library", "library.palette")
async def _palette(one: Opened, key: str) -> None:
    await one.press(key)
    assert isinstance(one.app.screen, Palette)
    await one.until_shown("Duplicate the profile")


@case("library", "library.help")
async def _help(one: Opened, key: str) -> None:
    await one.press(key)
    assert isinstance(one.app.screen, Help)
    await one.until_shown("Search the library")


@case("library", "library.redraw")
async def _redraw(one: Opened, key: str) -> None:
    reads = ("listing", "reading", "about")
    await one.until(lambda: not any(worker.group in reads for worker in one.app.workers))
    await one.rest()
    before = one.lines[:-1]
    await one.press(key)
    assert one.lines[:-1] == before


@case("library", "library.quit", "app.quit")
async def _quit(one: Opened, key: str) -> None:
    await one.press("enter")
    await _main(one, "vm00")
    await one.go_to("memory", "size")
    await one.press("enter", "7", "enter")
    one.app.show_library()
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
    await one.rest()
    await one.press(key)
    await one.until_shown("vm00 has 1 unsaved change.")
    await one.press("escape")
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
    await one.press("escape")
    await _main(one, "vm00")
    await one.press("u")


@case("library", "library.back")
async def _back(one: Opened, key: str) -> None:
    await one.press("enter")
    await _main(one, "vm00")
    one.app.show_library()
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
    await one.rest()
    await one.press(key)
    await _main(one, "vm00")


@case("library", "app.interrupted")
async def _interrupted(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("Ctrl+Q quits. F6 stops the VM.")


@case("library", "mouse")
async def _mouse(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("The mouse is the terminal's; select freely. F9 takes it back.")
    await one.press(key)
    await one.until_shown("The mouse is qemutui's again.")


def _moves(name: str, start: str, forward: bool, least: int) -> None:
    @case("library", f"list.{name}")
    async def _moved(one: Opened, key: str) -> None:
        await one.press(start)
        rows = _library(one).profiles
        before = rows.cursor
        await one.press(key)
        assert abs(rows.cursor - before) >= least
        assert (rows.cursor > before) == forward
        assert one.row.startswith("▌")


_moves("up", "end", forward=False, least=1)
_moves("down", "home", forward=True, least=1)
_moves("page-up", "end", forward=False, least=5)
_moves("page-down", "home", forward=True, least=5)
_moves("first", "end", forward=False, least=40)
_moves("last", "home", forward=True, least=40)


@case("library", "list.choose")
async def _choose(one: Opened, key: str) -> None:
    await one.press("down", key)
    await _main(one, "vm01")
