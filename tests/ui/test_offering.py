"""What QEMU offers, on the screen: rows to be set, the header, what is said while it is asked."""

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.host import allowed
from qemutui.ui.catalogs import Answer, Asked, ask_qemu
from qemutui.ui.screens.question import Question
from tests.catalogs import captured
from tests.ui.opened import LARGE, SMALL, opened
from tests.ui.test_offered_rows import hostile

Write = Callable[..., Path]
Stopped = Callable[[], bool]

SHARE = """
[machine]
type = "q35"
accel = ["kvm", "tcg"]
[[device]]
type = "virtio-9p-pci"
id = "share"
mount_tag = "host"
"""


class Asking:
    """Answers only when a test says so, and remembers what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, bool]] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, asked: Asked, again: bool, stopped: Stopped) -> Answer:
        self.asked.append((asked.binary, again))
        while not (self.gate.wait(0.01) or stopped()):
            pass
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def test_what_is_not_set_can_be_found_and_set(write: Write) -> None:
    async with opened(write(SHARE), SMALL, catalog=captured("7.2")) as one:
        await one.go_to("device", 0, "mount_tag")
        await one.until_shown("Not set · 38", "default", "acpi-index", "q35", "x86_64 7.2.22 kvm")
        await one.press("/", *"disable-leg", "enter")
        assert one.main.properties.path == ("device", 0, "disable-legacy")
        assert "auto" in one.row
        for text in ("on", "off", "auto"):
            await one.press("space")
            assert f"disable-legacy={text}" in one.command
        await one.press("space")
        assert "disable-legacy" not in one.command
        assert one.main.properties.path == ("device", 0, "disable-legacy")
        await one.press("space", "escape", "delete")
        assert "disable-legacy" not in one.command
        await one.press("/", *"vectors", "enter", "enter", *"4", "enter")
        assert "vectors=4" in one.command
        assert one.profile.device[0].root["vectors"] == 4
        await one.press("escape")
        await one.go_to("device", 0, "rombar")
        await one.press("enter", "0", "tab", "enter", *"vga.rom", "tab")
        assert "rombar=0,romfile=vga.rom" in one.command
        assert one.main.properties.path == ("device", 0, "romsize")
        await one.press("/", "ctrl+u", *"nothing like it", "enter")
        await one.until_shown("Nothing matches")


async def test_a_property_is_explained(write: Write) -> None:
    async with opened(write(SHARE), (200, 60), catalog=captured("7.2")) as one:
        await one.go_to("device", 0, "vectors")
        await one.until_shown("3 set · 38 not", "Range", "0 to 4294967295")
        await one.go_to("machine", "type")
        await one.until_shown(
            "Default     pc", "Values      pc, q35,", "Standard PC (Q35 + ICH9, 2009)"
        )
        await one.go_to("device", 0, "fsdev")
        await one.until_shown("the id of an fsdev")


@pytest.mark.parametrize("size", [SMALL, LARGE, (200, 60)])
async def test_hostile_properties_reach_the_screen_harmless(
    write: Write, size: tuple[int, int]
) -> None:
    text = SHARE.replace("virtio-9p-pci", "virtio-net-pci")
    async with opened(write(text), size, catalog=hostile()) as one:
        for section, last in (
            ("device", ("device", 0, "mount_tag")),
            ("machine", ("machine", "type")),
        ):
            await one.go_to(*last)
            await one.press("end")
            for _ in range(6):
                await one.press("up")
                assert not one.raw(), section
            await one.press("/", "x", "enter", "escape")
            assert not one.raw(), section


async def test_one_qemu_is_asked_once_for_the_whole_app(write: Write) -> None:
    asking = Asking(Answer(captured("7.2")))
    async with opened(write(SHARE), SMALL, ask=asking) as one:
        await one.press("ctrl+o")
        await one.until(lambda: one.app.screen is not None, "the library")
        one.app.back()
        await one.until_shown("x86_64 7.2.22 kvm")
        await one.pause()
        assert asking.asked == [("qemu-system-x86_64", False)]
        await one.press("r")
        await one.until_shown("QEMU crashed on ")
        assert asking.asked[1:] == [("qemu-system-x86_64", True)]


async def test_another_binary_is_asked_when_it_is_settled(write: Write) -> None:
    asking = Asking(Answer(captured("7.2")), Answer(captured("10.0")))
    async with opened(write(SHARE), SMALL, ask=asking) as one:
        await one.go_to("binary")
        await one.press("enter", *"qemu-system-aarch64")
        # The version is that of the other one, and what stood beside the value is behind it.
        await one.until_shown("aarch64  ✗2", "qemu-system-aarch64  path")
        assert len(asking.asked) == 1
        await one.press("enter")
        await one.until_shown("QEMU is now 10.0.13, was 7.2.22:", "aarch64 10.0.13")
        await one.press("u")
        await one.until_shown("QEMU is now 7.2.22, was 10.0.13:", "x86_64 7.2.22 kvm")
        assert [binary for binary, _ in asking.asked] == [
            "qemu-system-x86_64",
            "qemu-system-aarch64",
        ]


async def test_another_version_says_how_many_problems_it_has(write: Write) -> None:
    text = SHARE.replace('"q35"', '"pc-i440fx-1.4"')
    asking = Asking(Answer(captured("7.2")), Answer(captured("10.0")))
    async with opened(write(text), SMALL, ask=asking) as one:
        await one.checked()
        before = len(one.main.marks.findings)
        await one.press("r")
        await one.until_shown("QEMU is now 10.0.13, was 7.2.22: 1 new problem.")
        assert len(one.main.marks.findings) >= before


async def test_nothing_waits_while_qemu_is_asked(write: Write) -> None:
    asking = Asking(Answer(captured("7.2")))
    asking.gate.clear()
    async with opened(write(SHARE), SMALL, ask=asking) as one:
        await one.until_shown("Asking qemu-system-x86_64 what it offers …")
        await one.go_to("device", 0, "mount_tag")
        await one.press("enter", *"er", "enter")
        assert "mount_tag=hoster" in one.command
        asking.gate.set()
        await one.until_shown("Not set · 38")
        await one.until(lambda: "Asking" not in one.text, "the end of the notice")


async def test_a_profile_opens_at_what_only_a_quick_qemu_finds(write: Write) -> None:
    def ask(_asked: Asked, _again: bool, _stopped: Stopped) -> Answer:
        time.sleep(0.05)  # longer than the disk takes
        return Answer(captured("7.2"))

    text = SHARE.replace('"q35"', '"q36"')
    async with opened(write(text), SMALL, placed=True, ask=ask) as one:
        assert one.main.properties.path == ("machine", "type")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 1", "qemu-system-x86_64 did not answer: it ended with status 1."),
        ("echo hello; sleep 0.1", "qemu-system-x86_64"),
    ],
)
async def test_a_qemu_that_does_not_answer_leaves_free_text(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    program = tmp_path / "bin" / "qemu-system-x86_64"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    async with opened(write(SHARE), LARGE, ask=ask_qemu) as one:
        await one.until_shown(words, "Names are free text. r asks again.")
        await one.go_to("machine", "type")
        await one.press("enter", "ctrl+u", *"mine", "enter")
        assert "-machine mine" in one.command


async def test_without_any_qemu_it_is_said_where_to_get_one(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with opened(write(SHARE), (200, 60), ask=ask_qemu) as one:
        await one.until_shown("No QEMU on PATH. Debian: apt install qemu-system · Fedora:")
        assert "General › binary names another." in one.text
    async with opened(None, LARGE) as one:
        await one.until_shown("No QEMU on PATH. Debian: apt install qemu-system · Fedora:")


async def test_a_strange_binary_is_run_when_it_was_allowed(
    write: Write, tmp_path: Path, qemu: str
) -> None:
    strange = tmp_path / "qemu-system-x86_64"
    strange.write_text(f'#!/bin/sh\ntouch "{tmp_path}/ran"\nexec "{qemu}" "$@"\n')
    strange.chmod(0o755)
    text = f'binary = "./qemu-system-x86_64"\n{SHARE}'
    async with opened(write(text), LARGE, ask=ask_qemu) as one:
        await one.until_shown("./qemu-system-x86_64 is not on PATH and was not run.")
        await one.press("enter")
        await one.pause(0.3)
        assert not (tmp_path / "ran").exists()
        assert not isinstance(one.app.screen, Question)
        one.app.knows_dry_run = True
        await one.press("f7")
        await one.until_shown("is not on PATH and was not run. r asks about it.")
        await one.press("r")
        await one.until(lambda: isinstance(one.app.screen, Question), "the question")
        await one.press("a")
        await one.until_shown("qemu-system-x86_64 7.2.22")
        assert (tmp_path / "ran").exists()
        assert allowed.is_allowed(str(strange))


async def test_the_installed_qemu_fills_the_header(write: Write, qemu: str) -> None:
    assert shutil.which("qemu-system-x86_64") == qemu
    async with opened(write(SHARE), LARGE, ask=ask_qemu) as one:
        await one.until(lambda: one.main.catalog, "an answer")
        catalog = one.main.catalog
        assert catalog is not None
        await one.until_shown(f"qemu-system-x86_64 {catalog.release} ")
        assert "qemu-system-x86_64" in one.main.programs
