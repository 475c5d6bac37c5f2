"""The cases of the main screen."""

from qemutui.ui.screens.difference import Difference
from qemutui.ui.screens.help import Help
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.palette import Palette
from tests.ui.key_cases import (
    case,
    is_asked,
    is_over,
    on_main,
    palette,
    put_away,
)
from tests.ui.opened import Opened

# Runs


async def launch(one: Opened, *keys: str) -> None:
    """Launches what will probably fail."""
    before = len(one.app.runs)
    await one.press(*(keys or ("f5",)))
    await is_asked(one, "will probably stop QEMU.")
    await one.press("l")
    await on_main(one)
    await one.until(lambda: len(one.app.runs) > before and one.app.runs[-1].running, "a run")


@case("main", "launch")
async def _launch(one: Opened, key: str) -> None:
    await launch(one, key)
    await one.until_shown("◌ starting")
    one.main.action_stop()
    await one.until(lambda: is_over(one), "the end of the run")


@case("main", "stop")
async def _stop(one: Opened, key: str) -> None:
    await one.press(key)
    assert "Nothing runs here." in one.text
    await launch(one)
    await one.press(key)
    await one.until(lambda: is_over(one), "the end of the run")
    await one.until_shown("Ended by SIGTERM.", "■ stopped 00:0")


@case("main", "dry_run")
async def _dry_run(one: Opened, key: str) -> None:
    await one.press(key)
    await is_asked(one, "This starts QEMU paused, with your disks and ports")
    await one.press("escape")
    await on_main(one)


@case("main", "launch_with")
async def _launch_with(one: Opened, _key: str) -> None:
    await palette(one, "Launch with")
    await one.until_shown(
        "Launch with arguments", "For this run alone, as in a shell: -s -S, -snapshot."
    )


def _idle(name: str, label: str) -> None:
    @case("main", name)
    async def _says_so(one: Opened, _key: str) -> None:
        await palette(one, label)
        await one.until_shown("Nothing runs here.")


_idle("pause", "Pause the guest")
_idle("resume", "Let the guest go on")
_idle("reset", "Reset the guest")
_idle("screenshot", "Screenshot of the guest")

# Files


async def edit(one: Opened) -> None:
    """Changes the size of the memory."""
    await one.go_to("memory", "size")
    await one.press("enter", "ctrl+u", "7", "enter")
    assert one.profile.memory.size == 7


@case("main", "save")
async def _save(one: Opened, key: str) -> None:
    document = one.main.session.document
    assert document is not None
    before = document.profile
    await edit(one)
    await one.press(key)
    await one.until_shown("Saved vm.toml.")
    assert "size = 7" in document.path.read_text()
    await put_away(one, before)
    await one.press("ctrl+s")
    await one.until(lambda: not one.main.session.has_changes, "the sample")


@case("main", "save_as")
async def _save_as(one: Opened, _key: str) -> None:
    await palette(one, "Save as")
    await one.until_shown("Save as", "A name goes to the library")


@case("main", "edit_file")
async def _edit_file(one: Opened, _key: str) -> None:
    await palette(one, "Edit the file in")
    await one.until_shown("This terminal cannot be given to an editor.")


@case("main", "difference")
async def _difference(one: Opened, key: str) -> None:
    await edit(one)
    await one.press(key)
    await one.until(lambda: isinstance(one.app.screen, Difference), "the difference")
    await one.until_shown("To the saved file", "1 differs")


@case("main", "difference_to_run")
async def _difference_to_run(one: Opened, _key: str) -> None:
    await palette(one, "Difference to what runs")
    if one.app.runs:  # of a case before
        await one.until_shown("To the last run, vm-")
    else:
        await one.until_shown("Nothing runs here.")


@case("main", "difference_to_profile")
async def _difference_to_profile(one: Opened, _key: str) -> None:
    await palette(one, "Difference to another profile")
    await one.until_shown("Difference to which profile?", "two-disks")


@case("main", "library")
async def _library(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
    await one.press("escape")
    await on_main(one)


@case("main", "open")
async def _open(one: Opened, _key: str) -> None:
    await palette(one, "Open a file")
    await one.until_shown("Open which file?")


@case("main", "choose_binary")
async def _choose_binary(one: Opened, _key: str) -> None:
    await palette(one, "Choose the QEMU")
    await one.until(lambda: one.focus == "line-editor", "an editor")
    assert one.main.properties.path == ("binary",)


@case("main", "new")
async def _new(one: Opened, key: str) -> None:
    document = one.main.session.document
    assert document is not None
    await one.press(key)
    await one.until(lambda: one.main.session.document is None, "a new profile")
    await on_main(one)
    assert "untitled" in one.lines[0]
    one.app.open_path(document.path)
    await one.until(lambda: one.main.session.document is not None, "the sample")
    await one.until(lambda: one.main.is_placed, "a place")


@case("main", "undo")
async def _undo(one: Opened, key: str) -> None:
    await edit(one)
    await one.press(key)
    await one.until_shown("Undone: size.")
    assert one.profile.memory.size is None


@case("main", "redo")
async def _redo(one: Opened, key: str) -> None:
    await edit(one)
    await one.press("ctrl+z", key)
    await one.until_shown("Done again: size.")
    assert one.profile.memory.size == 7


# Anywhere


@case("main", "next_problem", "previous_problem")
async def _problem(one: Opened, key: str) -> None:
    await one.checked()
    await one.press(key)
    assert one.focus in ("properties", "items")
    assert one.main.properties.path in [found.path for found in one.main.marks.ordered()]


@case("main", "go")
async def _go(one: Opened, key: str) -> None:
    await one.press(key)
    assert one.lines[-1].startswith(" Go to …  press a letter or a digit · Esc stays here")
    await one.press("n")
    assert one.main.sections.section.name == "Networks"


@case("main", "enlarge")
async def _enlarge(one: Opened, key: str) -> None:
    await one.press("3")
    before = one.main.command.region
    await one.press(key)
    assert one.main.command.region.area > before.area
    assert one.main.command.region.width == one.app.size.width
    await one.press(key)
    assert one.main.command.region == before


@case("main", "palette")
async def _palette(one: Opened, key: str) -> None:
    await one.press(key)
    assert isinstance(one.app.screen, Palette)
    await one.until_shown("Launch with arguments …")


@case("main", "help")
async def _help(one: Opened, key: str) -> None:
    await one.press(key)
    assert isinstance(one.app.screen, Help)
    await one.until_shown("Keys", "Esc closes")


@case("main", "mouse")
async def _mouse(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("The mouse is the terminal's; select freely. F9 takes it back.")
    await one.press(key)
    await one.until_shown("The mouse is qemutui's again.")


@case("main", "suspend")
async def _suspend(one: Opened, _key: str) -> None:
    # Without a terminal there is nothing to give back; tests/terminal has one.
    await palette(one, "Suspend")
    assert isinstance(one.app.screen, MainScreen)


@case("main", "redraw")
async def _redraw(one: Opened, key: str) -> None:
    before = one.lines[:-1]
    await one.press(key)
    assert one.lines[:-1] == before


@case("main", "quit", "app.quit")
async def _quit(one: Opened, key: str) -> None:
    await edit(one)
    await one.press(key)
    await is_asked(one, "unsaved change")
    await one.press("escape")
    await on_main(one)
    assert one.app.is_running


@case("main", "app.interrupted")
async def _interrupted(one: Opened, key: str) -> None:
    await one.press(key)
    await one.until_shown("Ctrl+Q quits. F6 stops the VM.")
