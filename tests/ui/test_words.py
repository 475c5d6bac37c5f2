"""Sentences of the specification that no other test reaches, word for word as they are seen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.ui.screens.question import Question
from tests.ui.opened import LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

SHARE = """
name = "alpine"
[[fsdev]]
type = "local"
id = "fs0"
path = "/"
[[device]]
type = "virtio-9p-pci"
id = "share"
fsdev = "fs0"
mount_tag = "host"
"""


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_what_one_opened_editor_did_is_one_step(write: Write, size: tuple[int, int]) -> None:
    async with opened(write(SHARE), size) as one:
        await one.go_to("device", 0, "fsdev")
        await one.press("enter", "ctrl+u", *"fs9", "escape")
        await one.until_shown("Dropped. U brings it back.")
        await one.press("U")
        await one.until_shown("fs9")
        await one.press("u")
        await one.press("enter", "ctrl+u", *"fs8", "enter", "u")
        await one.until_shown("Undone: fsdev of share.")
        assert one.profile.device[0].root["fsdev"] == "fs0"
        while one.profile != one.main.session.saved:
            await one.press("u")
        await one.press("u")
        await one.until_shown("Nothing to undo.")


async def test_what_was_removed_is_named(write: Write) -> None:
    async with opened(write(SHARE), SMALL) as one:
        one.main.go_to(("device", 0))
        await one.press("escape", "delete")
        await one.until_shown("Removed share. u undoes.")
        await one.press("u")
        one.main.go_to(("fsdev", 0))
        await one.press("escape", "delete")
        await one.until_shown("Removed fs0; share still refers to it. u undoes.")


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("[boot]\nkernel = '/nope'", ("boot", "kernel"), "/nope"),
        ('[boot]\nappend = "quiet"', ("boot", "append"), "✗ append needs a kernel."),
        (
            "[smp]\nsockets = 2\ncores = 4\nthreads = 1\nmaxcpus = 6",
            ("smp", "maxcpus"),
            "✗ 2 × 4 × 1 is 8, maxcpus is 6.",
        ),
    ],
)
async def test_findings_stand_at_their_field(
    write: Write, text: str, path: tuple[str, ...], words: str
) -> None:
    async with opened(write(text), (200, 60)) as one:
        await one.checked()
        await one.go_to(*path)
        await one.until_shown(words)


async def test_a_finding_and_its_fix_are_listed(write: Write) -> None:
    async with opened(write('binary = "qemu-system-x86_46"'), LARGE) as one:
        await one.checked()
        await one.press("7")
        await one.until_shown("General › binary", "Not on PATH.", "f takes qemu-system-x86_64")
        await one.press("f")
        assert "qemu-system-x86_64" in one.command


async def squeezed(one: Opened, *words: str) -> None:
    """Waits for a question; its lines are broken and its keys stand in a column."""
    await one.until(lambda: isinstance(one.app.screen, Question), "a question")

    def is_shown() -> bool:
        text = " ".join(one.text.replace("│", " ").split())
        return all(word in text for word in words)

    await one.until(is_shown, repr(words))


async def test_leaving_says_how_much_would_be_lost(write: Write) -> None:
    async with opened(write(SHARE, "alpine.toml"), SMALL) as one:
        for size in "1234":
            await one.go_to("memory", "size")
            await one.press("enter", "ctrl+u", size, "enter")
        await one.press("ctrl+q")
        await squeezed(one, "alpine has 4 unsaved changes.", "s save", "x drop them", "Esc stay")
        await one.press("escape")
        assert one.app.is_running


async def test_a_failure_of_our_own_offers_its_report(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QEMUTUI_DEBUG")
    async with opened(write(SHARE), SMALL) as one:

        def breaks() -> None:
            raise ValueError("broken")

        one.app.set_timer(0.001, breaks)
        await squeezed(
            one,
            "qemutui failed here; the VM and your draft are safe.",
            "d details",
            "c copy report",
        )


async def test_without_problems_it_says_so(write: Write) -> None:
    async with opened(write('name = "vm"\n'), LARGE) as one:
        await one.checked()
        await one.press("7")
        await one.until_shown("No problems found. F7 asks QEMU itself.")


async def test_a_screen_that_is_too_small_says_so(write: Write) -> None:
    async with opened(write(SHARE), (38, 10)) as one:
        await one.until_shown("Too small: 38×10. qemutui needs 40×12.")
        await one.resize(40, 12)
        await one.until(lambda: "Too small" not in one.text, "the screen")


async def test_a_path_that_cannot_be_is_only_said(write: Write) -> None:
    async with opened(write(SHARE), LARGE) as one:
        for action in ("open", "save_as"):
            for path in ("/" + "x" * 300, "~nobody-of-this-name/x.toml"):
                await one.main.run_action(action)
                await one.until_shown("completes")
                await one.press("ctrl+u")
                await one.type(path)
                await one.press("enter")
                await one.until(
                    lambda: "There is no " in one.text or "✗" in one.lines[-1], "a sentence"
                )
                if one.app.screen is not one.app.screen_stack[0]:
                    await one.press("escape")
        assert one.app._exception is None
