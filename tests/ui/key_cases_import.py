"""The cases of the import of a command."""

from qemutui.ui.screens.help import Help
from qemutui.ui.screens.importing import ImportScreen
from qemutui.ui.screens.main import MainScreen
from tests.ui.key_cases import case, on_main, palette
from tests.ui.opened import Opened

COMMAND = "qemu-system-x86_64 -name fresh -m 3G -nodefaults"


def importing(one: Opened) -> ImportScreen:
    """The import; fails where another screen is shown."""
    assert isinstance(one.app.screen, ImportScreen), one.app.screen
    return one.app.screen


async def on_import(one: Opened) -> ImportScreen:
    """Waits until the import is shown, and its text is read."""
    await one.until(lambda: isinstance(one.app.screen, ImportScreen), "the import")
    await one.rest()
    screen = importing(one)
    await one.until(lambda: screen.is_read, "the text to be read")
    await one.rest()
    return screen


@case("library", "library.import")
async def _from_library(one: Opened, key: str) -> None:
    await one.press(key)
    await on_import(one)
    await one.until_shown("import a command", "Paste or type a command")
    assert one.focus == "import-text"


@case("main", "import")
async def _from_main(one: Opened, _key: str) -> None:
    await palette(one, "Import a command")
    await on_import(one)


async def _begin(one: Opened) -> ImportScreen:
    one.app.import_command(COMMAND)
    screen = await on_import(one)
    assert one.focus == "import-result"
    return screen


@case("import", "import.accept")
async def _accept(one: Opened, key: str) -> None:
    before = one.main.session
    await _begin(one)
    await one.press(key)
    await on_main(one)
    made = one.main.session
    assert made is not before
    assert (one.profile.name, one.profile.memory.size, made.document) == ("fresh", "3G", None)
    assert made.has_changes
    one.app.sessions.remove(made)
    one.app.show_session(before)
    await on_main(one)
    await one.until(lambda: one.main.is_placed, "a place")


@case("import", "import.other")
async def _other(one: Opened, key: str) -> None:
    await _begin(one)
    await one.press(key)
    assert one.focus == "import-text"
    await one.press(key)
    assert one.focus == "import-result"


@case("import", "import.leave")
async def _leave(one: Opened, key: str) -> None:
    before = one.main.session, one.profile
    await _begin(one)
    await one.press(key)
    await one.until(lambda: isinstance(one.app.screen, MainScreen), "the main screen")
    assert (one.main.session, one.profile) == before
    one.app.import_command()
    await on_import(one)
    await one.until_shown("-name fresh")
    one.app.import_text = ""


@case("import", "import.help")
async def _help(one: Opened, key: str) -> None:
    await _begin(one)
    await one.press(key)
    assert isinstance(one.app.screen, Help)
    await one.until_shown("Open it as a new profile")
    await one.press("escape")
    await on_import(one)
