"""The cases of the command as text."""

from qemutui.ui.screens.command_text import CommandTextScreen
from qemutui.ui.screens.help import Help
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.palette import Palette
from tests.ui.key_cases import case, is_asked, is_over, on_main, put_away
from tests.ui.key_cases_main import launch
from tests.ui.opened import SMALL, Opened

EXTRA = ("-nodefaults", "-S")


async def open_text(one: Opened, key: str = "e") -> CommandTextScreen:
    """Opens the command of the main screen as text."""
    await one.press("3", key)
    screen = one.app.screen
    assert isinstance(screen, CommandTextScreen)
    await one.until(lambda: one.focus == "command-text", "the text")
    return screen


async def _typed(one: Opened) -> CommandTextScreen:
    screen = await open_text(one)
    await one.type(" -s")
    return screen


async def _is_applied(one: Opened) -> None:
    await one.until(lambda: isinstance(one.app.screen_stack[0], MainScreen), "the main screen")
    main = one.app.screen_stack[0]
    assert isinstance(main, MainScreen)
    await one.until(lambda: main.session.settled.extra == (*EXTRA, "-s"), "the text")


@case("command", "edit_command")
async def _edit_command(one: Opened, key: str) -> None:
    screen = await open_text(one, key)
    assert screen.editor.text.endswith("-nodefaults \\\n    -S")
    await one.until_shown("Nothing changes. Enter leaves.")
    assert screen.editor.region.width == one.app.size.width


@case("command text", "command-text.enter", "command-text.apply")
async def _apply(one: Opened, key: str) -> None:
    await _typed(one)
    await one.until_shown("1 argument goes to Extra. Enter applies.")
    await one.press(key)
    await on_main(one)
    await _is_applied(one)
    await one.until_shown("The command is applied. u undoes.")
    assert one.focus == "command"
    await one.press("u")
    await one.until_shown("Undone: edit of the command.")
    assert one.profile.extra == EXTRA


@case("command text", "command-text.drop")
async def _drop(one: Opened, key: str) -> None:
    await _typed(one)
    await one.press(key)
    await on_main(one)
    await one.until_shown("Dropped. U brings it back.")
    assert one.profile.extra == EXTRA
    await one.press("U")
    await one.until_shown("    -S -s", "1 argument goes to Extra.")


@case("command text", "next_problem")
async def _next_problem(one: Opened, key: str) -> None:
    screen = await open_text(one)
    await one.until_shown("Devices › net0 › netdev")
    screen.editor.move_cursor((0, 0))
    await one.press(key)
    place = screen.editor.place
    assert screen.editor.text[place:].startswith(("bzImage", "netdev=nope"))


@case("command text", "save")
async def _save(one: Opened, key: str) -> None:
    document = one.main.session.document
    assert document is not None
    await _typed(one)
    await one.press(key)
    await _is_applied(one)
    await one.until_shown("Saved vm.toml.")
    assert '"-s"' in document.path.read_text()
    await put_away(one, document.profile)
    await one.press("ctrl+s")
    await one.until(lambda: not one.main.session.has_changes, "the sample")


@case("command text", "launch")
async def _launch(one: Opened, key: str) -> None:
    await _typed(one)
    await one.press(key)
    await is_asked(one, "will probably stop QEMU.")
    await _is_applied(one)


@case("command text", "stop")
async def _stop(one: Opened, key: str) -> None:
    # Once is enough for a run.
    runs = key == "f6" and one.app.size == SMALL
    if runs:
        await launch(one)
    await open_text(one)
    await one.press(key)
    if runs:
        await one.until(lambda: is_over(one), "the end of the run")
    else:
        await one.until_shown("Nothing runs here.")
    assert one.focus == "command-text"


@case("command text", "library")
async def _library(one: Opened, key: str) -> None:
    await _typed(one)
    await one.press(key)
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
    await one.press("escape")
    await on_main(one)
    await _is_applied(one)


@case("command text", "new")
async def _new(one: Opened, key: str) -> None:
    main = one.main
    document = main.session.document
    assert document is not None
    await _typed(one)
    await one.press(key)
    await one.until_shown("untitled")
    await on_main(one)
    one.app.open_path(document.path)
    await one.until(lambda: one.main.session is main.session, "the sample")
    await one.until(lambda: one.main.is_placed, "a place")
    await _is_applied(one)


@case("command text", "palette")
async def _palette(one: Opened, key: str) -> None:
    await _typed(one)
    await one.press(key)
    await one.until(lambda: isinstance(one.app.screen, Palette), "the palette")
    await _is_applied(one)


@case("command text", "go")
async def _go(one: Opened, key: str) -> None:
    await _typed(one)
    await one.press(key)
    await one.until_shown("Go to …  press a letter or a digit · Esc stays here")
    await _is_applied(one)
    await one.press("escape")


@case("command text", "help")
async def _help(one: Opened, key: str) -> None:
    await open_text(one)
    await one.press(key)
    assert isinstance(one.app.screen, Help)
    await one.until_shown("apply; after a backslash a new line", "leave; nothing changes")


@case("command text", "redraw")
async def _redraw(one: Opened, key: str) -> None:
    await _typed(one)
    await one.press(key)
    await one.until_shown("    -S -s")
