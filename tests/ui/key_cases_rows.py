"""The cases of the panes of the main screen, and of the rows in them."""

from pathlib import Path

from qemutui.ui.screens.library import LibraryScreen
from tests.ui.key_cases import at_item, case, devices, on_main
from tests.ui.opened import Opened

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
    await one.until_shown("Add a device")
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


@case("main", "fix_all")
async def _fix_all(one: Opened, key: str) -> None:
    await one.checked()
    await one.go_to("device", 0, "netdev")
    await one.press(key)
    await one.until_shown("No fix is safe to apply unseen; ", "f applies one.")
    assert [item.id for item in one.profile.netdev] == ["n0"]


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
    kernel.write_bytes(b"\0" * 0x202 + b"HdrS")  # what a kernel is known by
    await one.press(key)
    await one.until(lambda: not complaints(), "another look")
    kernel.unlink()
    await one.press(key)
    await one.until(complaints, "another look")
