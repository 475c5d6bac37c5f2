"""The picker of what is added: what it offers, in which order, and that it adds it."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from textual import events

from qemutui.core import argv
from qemutui.core.addable import add, addables
from qemutui.core.catalog import Catalog
from qemutui.core.check import check
from qemutui.core.groups import GROUPS
from qemutui.core.profile import Profile, read
from qemutui.host import allowed, catalogs
from qemutui.ui import forms, headings, sections
from qemutui.ui.catalogs import Answer
from qemutui.ui.screens.adding import AddPicker
from qemutui.ui.screens.main import MainScreen
from tests.catalogs import captured
from tests.samples import N0, net0
from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

SAMPLE = f'name = "vm"\n[machine]\ntype = "q35"\n{net0("n0")}{N0}'


def picker(one: Opened) -> AddPicker:
    """The picker; fails where another screen is shown."""
    screen = one.app.screen
    assert isinstance(screen, AddPicker), screen
    return screen


def rows(one: Opened) -> list[list[str]]:
    """The words of the rows that are seen."""
    region = picker(one).list.region
    lines = one.lines[region.y : region.bottom]
    return [line[region.x : region.right].strip(" ▏▌▁▂▃▄▅▆▇█").split() for line in lines]


async def add_to(one: Opened, section: str) -> None:
    """Opens the picker of a section."""
    one.main.go_to_section(sections.section_index(section))
    await one.press("a")
    picker(one)
    # What the machine cannot plug goes to the end, once the machine has told.
    await one.until(lambda: not any(worker.group == "plugging" for worker in one.app.workers))


def test_everything_of_this_qemu_can_be_added(qemu: str) -> None:
    catalog = catalogs.of(qemu, Path("/"))
    profile = Profile()
    for group in GROUPS:
        offered = addables(catalog, [group.name])
        assert offered, group.name
        for one in offered:
            added = add(profile, group.name, one.name, 0, catalog)
            assert argv.build(added.profile)
            check(added.profile, catalog=catalog)
            section = sections.SECTIONS[sections.section_index(sections.section_of(added.item))]
            assert section is not None
            shown = forms.rows(added.profile, section, added.item, catalog)
            needed = added.field[:3]
            assert any(row.path[:3] == needed for row in shown), (one, added.field)


async def test_what_is_chosen_is_added_below_the_cursor(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL, catalog=captured("7.2")) as one:
        before = one.profile
        await add_to(one, "Devices")
        assert "Add a device" in one.text
        await one.type("net")
        assert rows(one)[0][:3] == ["virtio-net-pci", "network", "PCI"]
        assert "virtio-net-pci  " in one.text
        await one.until_shown(" properties · needs a netdev · alias virtio-net")
        await one.until_shown(" of 256 · bus:pci cat:network narrow the list", "x86_64 7.2.22")
        await one.press("enter")
        added = one.profile.device[1]
        assert (added.type, added.id) == ("virtio-net-pci", "dev0")
        assert one.main.properties.path == ("device", 1, "netdev")
        assert one.focus == "properties"
        await one.press("u")
        assert one.profile == before
        await one.until_shown("Undone: dev0 added.")
        await add_to(one, "Devices")
        assert rows(one)[0][0] == "virtio-net-pci"  # it was the last
        await one.type("virtio-rng")
        await one.press("down", "up", "enter")
        await add_to(one, "Devices")
        assert [row[0] for row in rows(one)[:2]] == ["virtio-rng-pci", "virtio-net-pci"]


@pytest.mark.parametrize("leave", ["escape", "x"])
async def test_nothing_is_added_where_nothing_is_chosen(write: Write, leave: str) -> None:
    async with opened(write(SAMPLE), SMALL, catalog=captured("7.2")) as one:
        before = one.profile
        await add_to(one, "Devices")
        await one.press(leave, "escape")
        assert one.profile is before
        assert not one.main.session.has_changes


async def test_what_is_found_is_underlined(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL, catalog=captured("7.2")) as one:
        await add_to(one, "Devices")
        match = picker(one).list.palette.match
        for typed, marked in (("gpu-pci", "gpu-pci"), ("vrtgpupci", "vrtgpupci")):
            await one.type(typed)
            spans = picker(one).list.shown_row(0, 70)
            assert "".join(text for text, style in spans if style == match) == marked
            await one.press("ctrl+u")


async def test_what_qemu_does_not_list_is_added_all_the_same(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL, catalog=captured("7.2")) as one:
        await add_to(one, "Devices")
        await one.type("fork-nyc bus:pci")
        words = "QEMU 7.2.22 lists nothing like “fork-nyc”. Enter adds it all the same."
        await one.until_shown(words)
        await one.press("enter")
        assert one.profile.device[1].type == "fork-nyc"
        # Where something fits, what is typed is the last row.
        await add_to(one, "Devices")
        await one.type("usb-tabl")
        assert [row[0] for row in rows(one) if row] == [
            "usb-tablet", "usb-wacom-tablet", "usb-tabl",
        ]  # fmt: skip
        await one.press("end")
        await one.until_shown("usb-tabl  QEMU 7.2.22 does not list it")
        await one.press("enter")
        assert "usb-tabl" in [item.type for item in one.profile.device]
        # A part of a machine is found by its very name.
        await add_to(one, "Devices")
        await one.type("ICH9-LPC")
        assert rows(one)[0][0] == "ICH9-LPC"


async def test_free_text_until_it_is_known_what_qemu_offers(write: Write) -> None:
    answered = Event()

    def ask(*_: object) -> Answer:
        answered.wait(20)
        return Answer(captured("7.2"))

    async with opened(write(SAMPLE), SMALL, ask=ask) as one:
        try:
            await add_to(one, "Objects")
            await one.until_shown("Asking qemu-system-x86_64 what it offers …")
            await one.until_shown("Type a name; Enter adds it.")
            await one.press("enter")
            await one.type("iothread")
            assert rows(one)[0] == ["iothread", "as", "typed"]
        finally:
            answered.set()
        await one.until_shown("1 of 37")
        assert rows(one)[0] == ["iothread"]
        await one.press("enter")
        assert one.profile.object[0].type == "iothread"


async def test_why_nobody_knows_is_said(write: Write) -> None:
    reason = "qemu-system-x86_64 did not answer in 10 s. Names are free text. r asks again."
    async with opened(write(SAMPLE), SMALL, ask=lambda *_: Answer(None, reason)) as one:
        await add_to(one, "Networks")
        await one.until_shown(reason[:70])
        await one.type("user")
        await one.press("enter")
        assert [(item.type, item.id) for item in one.profile.netdev][-1] == ("user", "n1")


def test_a_bus_is_called_the_same_in_titles() -> None:
    profile = read({"device": [{"type": "usb-tablet", "id": "t"}]})
    title = headings.item_title(profile, ("device", 0), captured("7.2"))
    assert title == ("t", "usb-tablet · USB · input")


async def test_what_the_machine_cannot_plug_is_muted(write: Write, qemu: str) -> None:
    path = write(f'binary = "./qemu"\n{SAMPLE}[launch]\ndirectory = "where-it-runs"\n')
    there = path.parent / "where-it-runs"
    there.mkdir()
    (there / "qemu").symlink_to(qemu)
    allowed.allow(qemu)
    async with opened(path, SMALL, catalog=captured("7.2")) as one:
        await add_to(one, "Devices")
        await one.type("usb-tablet")
        await one.until_shown("needs a USB bus")
        spans = picker(one).list.render_row(0, 70)
        assert spans[0][1] == picker(one).list.palette.muted
        await one.press("enter")
        assert one.profile.device[1].type == "usb-tablet"
        await one.press("u")
        await add_to(one, "Devices")
        await one.type("qemu-xhci")
        await one.press("enter")
        await add_to(one, "Devices")
        await one.type("usb-tablet")
        await one.pause(0.5)
        assert "needs a USB bus" not in one.text


async def test_the_mouse(write: Write) -> None:
    async with opened(write(SAMPLE), SMALL, catalog=captured("7.2")) as one:
        await add_to(one, "Devices")
        names = picker(one).list
        await one.click("cirrus-vga")
        assert names.addable is not None
        assert names.addable.name == "cirrus-vga"
        assert one.focus == "line-editor"
        x, y = names.region.offset
        wheel = events.MouseScrollDown(names, x + 5, y + 5, 0, 1, 0, False, False, False)
        names.post_message(wheel)
        await one.rest()
        assert names.scroll_offset.y > 0
        assert names.addable.name == "cirrus-vga"
        await one.click("cirrus-vga")
        assert isinstance(one.app.screen, MainScreen)
        assert one.profile.device[-1].type == "cirrus-vga"


async def test_every_group_has_the_picker(write: Write) -> None:
    async with opened(write(""), SMALL, catalog=captured("7.2")) as one:
        for section, title, typed, (group, type_, name, field) in (
            ("Objects", "Add an object", "iothread", ("object", "iothread", "obj0", "id")),
            ("Char devices", "Add a chardev", "socket", ("chardev", "socket", "char0", "id")),
            ("Shares", "Add an fsdev", "local", ("fsdev", "local", "fs0", "path")),
            ("Audio", "Add an audiodev", "none", ("audiodev", "none", "audio0", "id")),
            ("TPM", "Add a tpmdev", "emulator", ("tpmdev", "emulator", "tpm0", "chardev")),
            ("Storage", "Add storage", "qcow2", ("blockdev", "qcow2", "disk0", "file")),
            ("Storage", "Add storage", "drive", ("drive", "", "drive0", "file")),
        ):
            await add_to(one, section)
            assert title in one.text
            await one.type(typed)
            await one.press("enter")
            item = one.profile.items(group)[0]
            assert (item.type, item.id) == (type_, name)
            assert one.main.properties.path == (group, 0, field)


@pytest.mark.parametrize(
    ("size", "popup"),
    [((40, 12), (38, 10)), (SMALL, (78, 22)), (LARGE, (100, 30)), ((200, 60), (100, 30))],
)
async def test_the_size_of_the_popup(
    write: Write, size: tuple[int, int], popup: tuple[int, int]
) -> None:
    async with opened(write(SAMPLE), size, catalog=captured("7.2")) as one:
        await add_to(one, "Devices")
        assert picker(one).query_one("Vertical").outer_size == popup
        await one.resize(*SMALL)
        assert picker(one).query_one("Vertical").outer_size == (78, 22)


async def test_hostile_names_and_descriptions_are_harmless(write: Write) -> None:
    known = captured("7.2")
    texts = [text for text in HOSTILE if text.strip()]
    devices = [[text, text, text, text, text, True, []] for text in texts]
    types = {group.name: [[text, text] for text in texts] for group in GROUPS}
    head = {**known.head, "devices": devices, "types": types, "target": texts[4]}
    async with opened(write(SAMPLE), LARGE, catalog=Catalog(head, b"")) as one:
        for section in ("Devices", "Objects", "Storage"):
            await add_to(one, section)
            for _ in texts:
                assert not one.raw()
                await one.press("down")
            await one.type("x")
            await one.press("enter")
            assert not one.raw()
