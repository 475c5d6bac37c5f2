"""What the open editor offers: lists, ranges, sizes, ids, paths, by keys and by the mouse."""

import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from qemutui.core import edit
from qemutui.core.choice import Choice
from qemutui.ui.catalogs import Answer
from qemutui.ui.screens import looking
from qemutui.ui.widgets.choice_list import ChoiceList, fit
from tests.catalogs import captured
from tests.ui.opened import HOSTILE, LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

SAMPLE = """
name = "vm"
[machine]
type = "q35"
accel = ["tcg"]
[memory]
size = "1G"
[[device]]
type = "virtio-net-pci"
id = "net0"
netdev = "n0"
mq = true
[[netdev]]
type = "user"
id = "n0"
[[chardev]]
type = "null"
id = "c0"
"""


def offering(path: Path, size: tuple[int, int]) -> AbstractAsyncContextManager[Opened]:
    """Opens the app on a profile whose QEMU is one of 7.2."""
    return opened(path, size, catalog=captured("7.2"))


def choices(one: Opened) -> ChoiceList:
    return one.main.query_one(ChoiceList)


def shown(one: Opened) -> list[str]:
    """The values of the list, as far as it is open."""
    rows = choices(one)
    return [choice.value for choice in rows._shown] if rows.display else []


def value(one: Opened, *path: str | int) -> object:
    return edit.get(one.profile, path)


async def at(one: Opened, *path: str | int) -> None:
    """Opens the editor on a field, once it is known what QEMU offers."""
    await one.until(lambda: one.main.catalog is not None, "a catalog")
    await one.go_to(*path)
    await one.press("enter")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_line_is_chosen_kept_and_restored(write: Write, size: tuple[int, int]) -> None:
    async with offering(write(SAMPLE), size) as one:
        await at(one, "machine", "type")
        assert choices(one).choice == next(c for c in choices(one)._shown if c.value == "q35")
        assert "pc-q35-" in one.text and "! deprecated" in one.text
        await one.press("down")
        assert "-machine isapc" in one.command
        await one.until_shown("type  ISA-only PC · default pc")
        await one.press("escape")
        assert (one.focus, value(one, "machine", "type")) == ("properties", "q35")
        assert not choices(one).display
        await one.press("enter", "ctrl+u", "I", "s", "down", "enter")
        assert value(one, "machine", "type") == "isapc"
        await one.press("u")
        assert value(one, "machine", "type") == "q35"
        # What no list has is kept all the same, and is said.
        await one.press("enter", "ctrl+u", *"fork-1.0")
        assert not shown(one)
        await one.until_shown("has no machine “fork-1.0”")
        await one.press("enter")
        assert value(one, "machine", "type") == "fork-1.0"


async def test_a_switch_is_a_boolean_whether_chosen_or_typed(write: Write) -> None:
    async with offering(write(SAMPLE), SMALL) as one:
        await at(one, "device", 0, "mq")
        assert shown(one) == ["on", "off"]
        await one.press("down", "tab")
        assert value(one, "device", 0, "mq") is False
        await at(one, "device", 0)
        await one.press(*"packed=")
        assert shown(one) == ["on", "off"]
        await one.press("n", "down", "enter")
        assert value(one, "device", 0, "packed") is True


async def test_the_mouse_chooses_a_line(write: Write) -> None:
    async with offering(write(SAMPLE), LARGE) as one:
        await at(one, "device", 0, "mq")
        await one.click("off", "choices")
        assert (one.focus, value(one, "device", 0, "mq")) == ("properties", False)
        await at(one, "cpu", "model")
        await one.press(*"ma")
        await one.until_shown("makes it max")
        await one.click("max", "choices")
        assert value(one, "cpu", "model") == "max"


async def test_what_is_missing_is_created_where_it_is_missed(write: Write) -> None:
    async with offering(write(SAMPLE), LARGE) as one:
        await at(one, "device", 0, "netdev")
        assert "a chardev, not a netdev" in one.text
        assert shown(one)[-1] == "n1"
        await one.press("ctrl+u", *"fresh")
        await one.until(lambda: shown(one)[:1] == ["fresh"], "the fix in the list")
        assert "f creates" not in one.text
        await one.press("down")
        assert "-netdev user,id=fresh" in one.command
        await one.press("enter")
        assert one.main.properties.path == ("device", 0, "netdev")
        assert (value(one, "device", 0, "netdev"), one.profile.netdev[-1].id) == ("fresh", "fresh")
        await one.press("u")
        assert (value(one, "device", 0, "netdev"), len(one.profile.netdev)) == ("n0", 1)


async def test_creating_before_the_item_itself_stays_with_it(write: Write) -> None:
    text = '[[blockdev]]\ntype = "raw"\nid = "top"\nfile = "x"\n'
    async with offering(write(text), SMALL) as one:
        await at(one, "blockdev", 0, "file")
        await one.press("ctrl+u")
        assert shown(one) == ["disk0"]
        await one.press("down")
        await one.press("enter")
        assert [item.id for item in one.profile.blockdev] == ["disk0", "top"]
        assert one.main.properties.path == ("blockdev", 1, "file")
        assert value(one, "blockdev", 1, "file") == "disk0"


async def test_numbers_and_sizes_say_what_they_are(write: Write) -> None:
    async with offering(write(SAMPLE), LARGE) as one:
        await at(one, "smp", "cpus")
        assert "1–288" in one.text
        await one.press("up", "up", "down", "enter")
        assert value(one, "smp", "cpus") == 2
        await at(one, "memory", "size")
        await one.press("ctrl+u", *"1.5G")
        assert "= 1 610 612 736 bytes · 1.5 GiB" in one.text
        await one.press("i", "B")
        await one.until(lambda: shown(one) == ["1.5G"], "the fix in the list")
        assert "QEMU reads no “1.5GiB”." in one.text
        await one.press("down", "enter")
        assert value(one, "memory", "size") == "1.5G"


async def test_paths_are_completed_and_looked_at(write: Write, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a.qcow2").write_bytes(b"QFI\xfb\0\0\0\3" + b"\0" * 1500)
    (folder / "b.img").write_bytes(b"\0" * 2_000_000)
    async with offering(write('[[drive]]\nfile = "im"\n'), LARGE) as one:
        await at(one, "drive", 0, "file")
        await one.until(lambda: shown(one) == ["images/"], "the folder")
        # A folder is gone into, a file is kept.
        await one.press("down", "enter")
        await one.until(lambda: shown(one) == ["images/a.qcow2", "images/b.img"], "the files")
        await one.press("down")
        await one.until_shown("1.5 kB, qcow2")
        await one.press("down", "enter")
        assert (one.focus, value(one, "drive", 0, "file")) == ("properties", "images/b.img")
        await one.press("enter", "x")
        await one.until_shown("not there")  # beside it, then as a finding


async def test_a_disk_that_hangs_stops_no_key(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, asked = threading.Event(), []

    def look(self: object, question: looking._Asked) -> object:
        asked.append(question.text)
        hangs.wait(10)
        from qemutui.host.file_words import Looked

        return Looked(f"{question.text}!", ())

    monkeypatch.setattr(looking.LookingView, "_answer_to", look)
    async with offering(write(SAMPLE), LARGE) as one:
        await one.go_to("boot", "kernel")
        one.send("enter", *"abc")
        await one.until(lambda: value(one, "boot", "kernel") == "abc", "the keys")
        assert asked == [""]
        hangs.set()
        await one.until(lambda: one.main.looked and one.main.looked.words == "abc!", "an answer")
        assert asked == ["", "abc"]


async def test_the_binary_is_one_of_those_on_path(write: Write) -> None:
    names = ("qemu-system-arm", "qemu-system-x86_64", "qemu-system-x86_64-microvm")
    async with opened(write(""), SMALL, ask=lambda *_: Answer(None, programs=names)) as one:
        await one.go_to("binary")
        await one.press("enter")
        assert shown(one) == [*names]
        assert "qemu-system-x86_64          default" in one.text
        await one.press("down")
        assert one.command.startswith("qemu-system-arm")
        await one.press("ctrl+u", "/")
        await one.until(lambda: "/usr/" in shown(one), "folders")


async def test_a_list_has_room_at_every_size(write: Write) -> None:
    async with offering(write(SAMPLE), SMALL) as one:
        for path in (("machine", "type"), ("launch", "monitor"), ("device", 0, "netdev")):
            await at(one, *path)
            for size in [LARGE, (200, 60), (60, 20), (50, 16), (39, 10), (40, 12), SMALL]:
                await one.resize(*size)
                await one.rest()
                region = choices(one).region
                if size > (39, 10):
                    assert one.app.screen.region.contains_region(region), (path, size)
                    assert region.height >= 3
                    assert not region.overlaps(one.app.focused.region), (path, size)  # type: ignore[union-attr]
            await one.press("escape")


async def test_hostile_ids_are_offered_clean(write: Write) -> None:
    import tomli_w

    items = [{"type": text, "id": text} for text in HOSTILE]
    async with opened(
        write(tomli_w.dumps({"netdev": items, "device": [{"netdev": "x"}]})), LARGE
    ) as one:
        await one.go_to("device", 0, "netdev")
        await one.press("enter", "ctrl+u")
        for _ in HOSTILE:
            await one.press("down")
            assert not one.raw()


def test_the_best_comes_first() -> None:
    known = captured("7.2")
    from qemutui.core import field_choices
    from qemutui.core.profile import Profile

    features = field_choices.choices(Profile(), ("cpu", "features", 0), known)
    assert len(features) > 800
    assert next(iter(fit(features, "avx2"))).value == "+avx2"
    assert [one.value for one in fit(features, "avx")][:2] == ["+avx", "-avx"]
    assert next(iter(fit(features, "-avx2"))).value == "-avx2"
    useless = [Choice("a1", reason="no"), Choice("a2"), Choice("xa")]
    assert [one.value for one in fit(useless, "a")] == ["a2", "a1", "xa"]


async def test_lists_come_when_qemu_has_answered(write: Write) -> None:
    answers = threading.Event()

    def ask(*_: object) -> Answer:
        answers.wait(10)
        return Answer(captured("7.2"))

    async with opened(write(SAMPLE), SMALL, ask=ask) as one:
        await one.go_to("cpu", "model")
        one.send("enter", "m", "a")
        await one.until(lambda: value(one, "cpu", "model") == "ma", "the keys")
        assert not shown(one)
        answers.set()
        await one.until(lambda: shown(one)[:1] == ["max"], "the list")
        await one.press("x", "enter")
        assert value(one, "cpu", "model") == "max"


async def test_a_key_that_is_added_is_chosen_and_then_its_value(write: Write) -> None:
    async with offering(write(SAMPLE), SMALL) as one:
        await one.go_to("device", 0, "type")
        await one.press("end", "enter")
        assert "event_idx=" in shown(one) and "mq=" not in shown(one)
        await one.press(*"event", "down", "enter")
        assert shown(one) == ["on", "off"]
        await one.press("down", "down", "enter")
        assert value(one, "device", 0, "event_idx") is False
        await one.press("u")
        assert value(one, "device", 0, "event_idx") is None
