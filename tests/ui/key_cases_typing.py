"""The cases of the places in which one types, and of those that only show."""

from qemutui.ui.screens.adding import AddPicker
from qemutui.ui.screens.fault import Details, show_fault
from qemutui.ui.screens.help import Help
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.palette import EntryList, Palette
from qemutui.ui.widgets.row_list import RowList
from tests.ui.key_cases import case, on_main, palette
from tests.ui.key_cases_main import edit
from tests.ui.opened import Opened

# The editor


async def _typing(one: Opened, *path: str | int) -> None:
    await one.go_to(*path)
    await one.press("enter", "x")


def _edited(name: str, kept: object, at: tuple[str, str]) -> None:
    @case("editor", name)
    async def _leaves(one: Opened, key: str) -> None:
        await _typing(one, "smp", "maxcpus")
        await one.press(key)
        assert one.focus == "properties"
        assert one.profile.smp.maxcpus == kept
        assert one.main.properties.path == at
        if not kept:
            await one.until_shown("Dropped. U brings it back.")
            await one.press("U")
            assert one.profile.smp.maxcpus == "x"


_edited("editor.keep", "x", ("smp", "maxcpus"))
_edited("editor.keep-next", "x", ("smp", "sockets"))
_edited("editor.keep-previous", "x", ("smp", "cpus"))
_edited("editor.drop", None, ("smp", "maxcpus"))


@case("editor", "editor.down", "editor.up")
async def _choose(one: Opened, key: str) -> None:
    await one.go_to("qmp", "type")
    await one.press("enter", "down", "down", "up", key)
    assert one.profile.qmp.type == ("tcp" if key == "down" else None)
    await one.press("escape")
    await one.go_to("smp", "maxcpus")
    await one.press("enter", "4", key, "enter")
    assert one.profile.smp.maxcpus == (3 if key == "down" else 5)


@case("main", "choices.down", "choices.up")
async def _page_choices(one: Opened, key: str) -> None:
    await one.go_to("qmp", "type")
    await one.press("enter", "pagedown")
    assert one.profile.qmp.type == "tcp"
    await one.press(key)
    assert one.profile.qmp.type == ("tcp" if key == "pagedown" else None)


@case("text", "editor.keep-text")
async def _keep_text(one: Opened, key: str) -> None:
    await _typing(one, "boot", "append")
    assert one.focus == "text-editor"
    await one.press(key)
    assert (one.focus, one.profile.boot.append) == ("properties", "quietx")


@case("text", "editor.drop-text")
async def _drop_text(one: Opened, key: str) -> None:
    await _typing(one, "boot", "append")
    await one.press(key)
    assert (one.focus, one.profile.boot.append) == ("properties", "quiet")
    await one.until_shown("Dropped. U brings it back.")


# The search line of Output


@case("search", "search.keep")
async def _keep_search(one: Opened, key: str) -> None:
    await one.press("4", "/")
    assert one.focus == "search-line"
    await one.press("z", "z", key)  # no run of a case before has printed it
    assert (one.focus, one.main.output.needle) == ("output", "zz")
    await one.until_shown("Nothing matches “zz”. Esc clears.")
    await one.press("escape")


@case("search", "search.clear")
async def _clear_search(one: Opened, key: str) -> None:
    await one.press("4", "/", "x", key)
    assert (one.focus, one.main.output.needle) == ("output", "")


# Popups


@case("palette", "palette.close")
async def _close_palette(one: Opened, key: str) -> None:
    await one.press(":")
    assert isinstance(one.app.screen, Palette)
    await one.press(key)
    assert isinstance(one.app.screen, MainScreen)


@case("palette", "palette.page-down", "palette.page-up")
async def _page_palette(one: Opened, key: str) -> None:
    await one.press(":", "down")
    entries = one.app.screen.query_one(EntryList)
    await one.press("pagedown")
    further = entries.cursor
    assert further > 4
    await one.press(key)
    assert entries.cursor > further if key == "pagedown" else entries.cursor == 1


@case("picker", "picker.page-down", "picker.page-up", "picker.first", "picker.last")
async def _move_in_picker(one: Opened, key: str) -> None:
    one.app.recent_types["chardev"] = [f"type-{number:02}" for number in range(60)]
    one.main.go_to(("chardev", 0))
    await one.press("a")
    picker = one.app.screen
    assert isinstance(picker, AddPicker)
    middle = 30
    picker.list.cursor = middle
    await one.press(key)
    at = picker.list.cursor
    if key in ("home", "end"):
        assert at == (0 if key == "home" else 59)
    else:
        assert at < middle - 3 if key == "pageup" else at > middle + 3
    assert one.focus == "line-editor"


@case("prompt", "prompt.stay")
async def _stay(one: Opened, key: str) -> None:
    await palette(one, "Save as")
    await one.until_shown("A name goes to the library")
    await one.press(key)
    await on_main(one)


@case("help", "help.close")
async def _close_help(one: Opened, key: str) -> None:
    await one.press("?")
    assert isinstance(one.app.screen, Help)
    await one.press(key)
    assert isinstance(one.app.screen, MainScreen)


async def _show_difference(one: Opened) -> None:
    await edit(one)
    await one.press("D")
    await one.until_shown("To the saved file")


@case("difference", "difference.close")
async def _close_difference(one: Opened, key: str) -> None:
    await _show_difference(one)
    await one.press(key)
    await on_main(one)


@case("difference", "difference.saved", "difference.run")
async def _compare_again(one: Opened, key: str) -> None:
    await _show_difference(one)
    await one.press("o")
    await one.until_shown("Difference to which profile?", "two-disks")
    await one.type("two-disks")
    await one.press("enter")
    await one.until_shown("To two-disks")
    await one.press(key)
    ran = "To the last run, vm-" if one.app.runs else "Nothing runs here."
    await one.until_shown("To the saved file" if key == "s" else ran)


@case("difference", "difference.profile")
async def _compare_with_another(one: Opened, key: str) -> None:
    await _show_difference(one)
    await one.press(key)
    await one.until_shown("Difference to which profile?")


async def _show_details(one: Opened) -> None:
    show_fault(one.app, ValueError("\n".join(f"line {number}" for number in range(90))))
    await one.until_shown("qemutui failed here; the VM and your draft are safe.")
    await one.press("d")
    await one.until(lambda: isinstance(one.app.screen, Details), "the details")
    await one.rest()


@case("details", "details.close")
async def _close_details(one: Opened, key: str) -> None:
    await _show_details(one)
    await one.press(key)
    await on_main(one)


@case("details", "details.copy")
async def _copy_details(one: Opened, key: str) -> None:
    await _show_details(one)
    await one.press(key)
    assert one.app.clipboard.startswith("qemutui ")


# Every list


async def _in_sections(one: Opened) -> None:
    one.main.enter_sections()


async def _in_command(one: Opened) -> None:
    await one.press("3")


async def _in_help(one: Opened) -> None:
    await one.press("?")


_LISTS = {
    "main": _in_sections,
    "command": _in_command,
    "help": _in_help,
    "difference": _show_difference,
    "details": _show_details,
}


def _moves(place: str, name: str, begin: str, forward: bool, far: bool) -> None:
    @case(place, f"list.{name}")
    async def _moved(one: Opened, key: str) -> None:
        await _LISTS[place](one)
        await one.press(begin)
        rows = one.app.focused
        assert isinstance(rows, RowList)
        before = rows.cursor
        await one.press(key)
        if rows.row_count == 1:
            assert rows.cursor == before
            return
        assert (rows.cursor > before) == forward
        assert rows.cursor != before
        if far and rows.row_count > 6:
            assert abs(rows.cursor - before) > 2
        assert one.row.startswith("▌")


def _chooses(place: str, seen: str) -> None:
    @case(place, "list.choose")
    async def _chosen(one: Opened, key: str) -> None:
        await _LISTS[place](one)
        await one.press(key)
        assert seen in (one.focus, type(one.app.screen).__name__)


for _place in _LISTS:
    _moves(_place, "up", "end", forward=False, far=False)
    _moves(_place, "down", "home", forward=True, far=False)
    _moves(_place, "page-up", "end", forward=False, far=True)
    _moves(_place, "page-down", "home", forward=True, far=True)
    _moves(_place, "first", "end", forward=False, far=True)
    _moves(_place, "last", "home", forward=True, far=True)

_chooses("main", "properties")
_chooses("command", "properties")
_chooses("help", "Help")
_chooses("difference", "properties")
_chooses("details", "Details")


@case("command", "command.next-token", "command.previous-token")
async def _token(one: Opened, key: str) -> None:
    await one.go_to("device", 0, "id")
    await one.press("3", key, "enter")
    place = one.main.properties.path
    assert place == ("device", 0, "netdev" if key == "right" else "type")
