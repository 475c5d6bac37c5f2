"""What others do to the file while it is open, drafts of an earlier time, and differences."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from textual.events import AppFocus

from qemutui.core.profile import Profile
from qemutui.host import paths
from qemutui.host.store import load
from qemutui.ui.screens.difference import Difference
from qemutui.ui.screens.question import Question
from tests.ui.opened import LARGE, Opened, opened

Write = Callable[..., Path]

SAMPLE = '# mine\nname = "vm" # the name\n[memory]\nsize = "1G"\n'

_OTHER_APP = """
import sys
from pathlib import Path
from qemutui.host import drafts, store
from qemutui.core import edit
path, size = Path(sys.argv[1]), sys.argv[2]
document = store.load(path)
profile = edit.set_value(document.profile, ("memory", "size"), size)
drafts.Keeper().keep(drafts.Origin(path, path.parent), document, path.stem, profile)
if len(sys.argv) > 3:
    print("kept", flush=True)
    sys.stdin.read()
"""


def killed(path: Path, size: str) -> None:
    """Leaves a draft of an app that is no more."""
    subprocess.run([sys.executable, "-c", _OTHER_APP, path, size], check=True)


def drafts() -> list[Path]:
    return sorted((paths.state() / "drafts").glob("*.toml"))


async def edit(one: Opened, text: str = "1") -> None:
    await one.go_to("memory", "size")
    await one.press("enter")
    await one.type(text)
    await one.press("enter")


async def asked(one: Opened) -> None:
    await one.until(lambda: isinstance(one.app.screen, Question) and one.app.focused)
    await one.rest()


async def test_an_edit_has_a_draft_until_it_is_saved_or_undone(write: Write) -> None:
    path = write(SAMPLE)
    async with opened(path) as one:
        await one.go_to("memory", "size")
        await one.press("enter", "2")  # half typed
        await one.until(lambda: drafts() and "1G2" in drafts()[0].read_text(), "a draft")
        assert drafts()[0].read_text().startswith('# mine\nname = "vm" # the name\n')
        await one.press("escape")
        await one.until(lambda: not drafts(), "no draft")
        await edit(one)
        await one.until(drafts, "a draft")
        await one.press("ctrl+s")
        await one.until_shown("Saved vm.toml.")
        await one.until(lambda: not drafts(), "no draft")


async def test_a_draft_is_offered_shown_restored_and_goes_on(write: Write) -> None:
    path = write(SAMPLE)
    killed(path, "2G")
    async with opened(path, LARGE) as one:
        await one.until_shown(
            "Unsaved changes from ", "r     restore", "d     difference", "x     drop"
        )
        await asked(one)
        await one.press("d")
        await one.until_shown("-m › size", "1G", "2G")
        await one.press("escape")
        await asked(one)
        await one.press("r")
        await one.until_shown("Restored. u takes it back.")
        assert one.profile.memory.size == "2G"
        assert len(drafts()) == 1
        await one.press("u")
        assert one.profile.memory.size == "1G"
        await one.until(lambda: not drafts(), "no draft")


async def test_a_draft_can_be_dropped_and_says_if_the_file_is_newer(write: Write) -> None:
    path = write(SAMPLE)
    killed(path, "2G")
    path.write_text(SAMPLE + "# since\n")
    async with opened(path, LARGE) as one:
        await one.until_shown("; the file has changed since, at ")
        await asked(one)
        await one.press("x")
        await one.until(lambda: not drafts(), "no draft")
        assert one.profile.memory.size == "1G"


async def test_the_draft_of_an_app_that_lives_is_left_alone(write: Write) -> None:
    path = write(SAMPLE)
    other = subprocess.Popen(
        [sys.executable, "-c", _OTHER_APP, path, "3G", "stay"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert other.stdout is not None
        other.stdout.readline()
        async with opened(path) as one:
            await edit(one)
            await one.until(lambda: len(drafts()) == 2, "a second draft")
            assert {load(draft).profile.memory.size for draft in drafts()} == {"1G1", "3G"}
            await one.press("u")
            await one.until(lambda: len(drafts()) == 1, "one draft")
        assert load(drafts()[0]).profile.memory.size == "3G"
    finally:
        other.communicate()


async def test_a_change_by_another_is_noticed_while_the_file_is_open(write: Write) -> None:
    path = write(SAMPLE)
    async with opened(path, LARGE) as one:
        await edit(one)
        path.write_text(SAMPLE.replace("1G", "8G"))
        one.main.post_message(AppFocus())
        await one.until_shown("vm.toml changed on disk at ", "take theirs", "keep mine")
        await asked(one)
        await one.press("d")
        await one.until_shown("-m › size", "8G", "1G1")
        await one.press("escape")
        await asked(one)
        await one.press("t")
        await one.until_shown("Taken from the disk. u brings yours back.")
        assert one.profile.memory.size == "8G"
        await one.press("u")
        assert one.profile.memory.size == "1G1"
        path.unlink()
        await one.until_shown("vm.toml was deleted. Ctrl+S writes it again.")
        await one.press("ctrl+s")
        await one.until_shown("Saved vm.toml.")
        assert load(path).profile.memory.size == "1G1"


async def test_what_is_kept_after_a_change_by_another_is_saved_unasked(write: Write) -> None:
    path = write(SAMPLE)
    async with opened(path, LARGE) as one:
        await edit(one)
        path.write_text("name = 'theirs'\n")
        await one.until_shown("changed on disk at ")
        await asked(one)
        await one.press("k")
        await one.until(lambda: one.app.screen is one.main)
        await one.press("ctrl+s")
        await one.until_shown("Saved vm.toml.")
        assert load(path).profile.memory.size == "1G1"


async def test_a_file_that_was_only_touched_is_no_change(write: Write) -> None:
    path = write(SAMPLE)
    async with opened(path) as one:
        before = one.main.session.document
        path.write_text(SAMPLE)
        await one.until(lambda: one.main.session.document is not before, "a look")
        assert "changed on disk" not in one.text


async def test_the_difference_to_the_saved_file_leads_to_its_field(write: Write) -> None:
    path = write(SAMPLE)
    async with opened(path) as one:
        await edit(one)
        await one.go_to("name")
        await one.press("D")
        await one.until_shown("To the saved file", "-m › size", "1G1", "1 differs")
        await one.rest()
        await one.press("enter")
        await one.until(lambda: not isinstance(one.app.screen, Difference))
        await one.until(lambda: one.main.properties.path == ("memory", "size"))
        await one.press("u", "D")
        await one.until_shown("Nothing differs. Esc closes.")


async def test_a_full_disk_offers_another_place(write: Write) -> None:
    import resource

    path = write(SAMPLE)
    async with opened(path, LARGE) as one:
        await edit(one)
        await one.until(drafts, "a draft")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
        try:
            await one.press("ctrl+s")
            await one.until_shown("No space left for vm.toml. Your changes are in a draft.")
            await one.until_shown("saves elsewhere")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert path.read_text() == SAMPLE
        await asked(one)
        await one.press("a")
        await one.until_shown("Save as")


def test_a_profile_without_a_file_keeps_its_draft(tmp_path: Path) -> None:
    from qemutui.host import drafts as host

    keeper = host.Keeper()
    keeper.keep(host.Origin(None, tmp_path), None, "untitled", Profile(name="new"))
    assert host.without_file() == []  # this app lives
    (about,) = (paths.state() / "drafts").glob("*.json")
    about.write_text(about.read_text().replace('"owner": [', '"owner": [9'))
    (draft,) = host.without_file()
    assert draft.origin.directory == tmp_path
    assert load(draft.file).profile.name == "new"
