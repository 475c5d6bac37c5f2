"""The cases of the main screen."""

from pathlib import Path

from qemutui.ui.screens.difference import Difference
from qemutui.ui.screens.help import Help
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.palette import Palette
from tests.ui.key_cases import (
    at_item,
    case,
    devices,
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


# Panes


@case("main", "pane(1)")
async def _pane_1(one: Opened, key: str) -> None:
    await one.press("3", key)
    assert one.focus == "sections"


@case("main", "pane(2)")
async def _pane_2(one: Opened, key: str) -> None:
    await one.press(key)
    assert one.focus == "properties"
    await at_item(one, "device", 1)
    await one.press("1", key)
    assert one.focus == "items"


@case("main", "pane(3)")
async def _pane_3(one: Opened, key: str) -> None:
    await one.press(key)
    assert one.focus == "command"
    assert one.main.command.region.height


@case("main", "pane(4)", "pane(7)")
async def _tab(one: Opened, key: str) -> None:
    await one.press(key)
    assert one.focus == ("output" if key == "4" else "problems")
    assert one.app.focused is not None
    assert one.app.focused.region.height
    await one.press(key)
    assert (one.focus, one.main.tab) == ("sections", None)


@case("main", "pane(8)")
async def _pane_8(one: Opened, key: str) -> None:
    if one.app.size.height > 24:
        await one.until(lambda: one.main.runs, "the runs")
        await one.press(key)
        assert one.focus == "runs"
    else:
        await one.press(key)
        await one.until(lambda: isinstance(one.app.screen, LibraryScreen), "the library")
        await one.press("escape")
        await on_main(one)


@case("main", "next_pane(1)")
async def _next_pane(one: Opened, key: str) -> None:
    await one.press(key)
    assert one.focus == "properties"


@case("main", "next_pane(-1)")
async def _previous_pane(one: Opened, key: str) -> None:
    await one.press("2", key)
    assert one.focus == "sections"


@case("main", "leave")
async def _leave(one: Opened, key: str) -> None:
    await one.go_to("device", 0, "netdev")
    seen = []
    for _ in range(3):
        await one.press(key)
        seen.append(one.focus)
    assert seen == ["items", "sections", "sections"]


# Lists


@case("main", "filter")
async def _filter(one: Opened, key: str) -> None:
    await at_item(one, "device", 0)
    await one.press(key)
    await one.type("vga")
    assert "/ vga▏  1 of 3" in one.lines[-1]
    assert one.main.item == ("device", 1)


@case("main", "match(1)", "match(-1)")
async def _match(one: Opened, key: str) -> None:
    await at_item(one, "device", 0)
    await one.press("/")
    await one.type("virtio")
    await one.press("enter", key)
    assert one.main.item == ("device", 2)
    await one.until_shown("2 of 2")


@case("main", "add")
async def _add(one: Opened, key: str) -> None:
    await at_item(one, "device", 0)
    await one.press(key)
    assert one.focus == "line-editor"
    await one.press("e", "enter")
    assert devices(one) == ["net0", "dev0", "gpu", "rng"]
    assert "-device e,id=dev0" in one.command


@case("main", "duplicate")
async def _duplicate(one: Opened, key: str) -> None:
    await at_item(one, "device", 1)
    await one.press(key)
    assert devices(one) == ["net0", "gpu", "gpu0", "rng"]
    assert "gpu0" in one.row


@case("main", "switch")
async def _switch(one: Opened, key: str) -> None:
    await at_item(one, "device", 1)
    await one.press(key)
    assert "VGA" not in one.command
    assert "○" in one.row
    await one.press(key)
    assert "VGA" in one.command
    await one.go_to("device", 1, "edid")
    await one.press(key)
    assert "VGA" not in one.command


@case("main", "remove")
async def _remove(one: Opened, key: str) -> None:
    await one.go_to("device", 1, "edid")
    await one.press(key)
    assert "edid" not in one.command
    await at_item(one, "device", 1)
    await one.press(key)
    assert devices(one) == ["net0", "rng"]
    await one.until_shown("Removed gpu. u undoes.")


@case("main", "turn")
async def _turn(one: Opened, key: str) -> None:
    await one.go_to("boot", "menu")
    seen = []
    for _ in range(3):
        await one.press(key)
        seen.append(one.profile.boot.menu)
    assert seen == [False, None, True]


@case("main", "move(1)")
async def _move_down(one: Opened, key: str) -> None:
    await at_item(one, "device", 0)
    await one.press(key)
    assert devices(one) == ["gpu", "net0", "rng"]
    assert "net0" in one.row


@case("main", "move(-1)")
async def _move_up(one: Opened, key: str) -> None:
    await at_item(one, "device", 1)
    await one.press(key)
    assert devices(one) == ["gpu", "net0", "rng"]


@case("main", "item(1)", "item(-1)")
async def _item(one: Opened, key: str) -> None:
    await one.go_to("device", 1, "edid")
    await one.press(key)
    assert one.focus == "properties"
    assert one.main.item == ("device", 0 if key == "left_square_bracket" else 2)


@case("main", "fix")
async def _fix(one: Opened, key: str) -> None:
    await one.checked()
    await one.go_to("device", 0, "netdev")
    await one.press(key)
    await one.until_shown("Fixed: No netdev has this id")
    assert [item.id for item in one.profile.netdev] == ["n0", "nope"]


@case("main", "follow")
async def _follow(one: Opened, key: str) -> None:
    await one.go_to("device", 0, "netdev")
    await one.press("enter", "ctrl+u", "n", "0", "enter", key)
    assert one.main.properties.path == ("netdev", 0, "id")
    await one.press(key)
    assert one.main.properties.path == ("device", 0, "netdev")
    await one.until_shown("n0 is used by net0.")


@case("main", "copy")
async def _copy(one: Opened, key: str) -> None:
    await one.go_to("device", 0, "netdev")
    await one.press(key)
    assert one.app.clipboard == "netdev=nope"
    await one.until_shown("Copied 11 characters.")


@case("main", "copy_as")
async def _copy_as(one: Opened, key: str) -> None:
    await one.press(key)
    forms = "s shell  m multi-line  j JSON  t token  w to a file"
    assert one.lines[-1].startswith(f" Copy as …  {forms}")
    await one.press("j")
    assert one.app.clipboard.startswith('["qemu-system-x86_64"')


@case("main", "reread")
async def _reread(one: Opened, key: str) -> None:
    def complaints() -> int:
        return [found.path for found in one.main.marks.findings].count(("boot", "kernel"))

    document = one.main.session.document
    assert document is not None
    kernel: Path = document.path.parent / "bzImage"
    await one.checked()
    assert complaints() == 1
    kernel.touch()
    await one.press(key)
    await one.until(lambda: not complaints(), "another look")
    kernel.unlink()
    await one.press(key)
    await one.until(complaints, "another look")
