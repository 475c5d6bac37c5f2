"""Profiles and their files: saved, saved elsewhere, in conflict, listed, opened, and quit from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.host import library, paths
from qemutui.host.store import load
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.prompt import Prompt
from qemutui.ui.screens.question import Question
from tests.ui.opened import HOSTILE, LARGE, Opened, opened

Write = Callable[..., Path]

SAMPLE = '# mine\nname = "vm" # the name\n[memory]\nsize = "1G"\n'


async def edit(one: Opened, text: str = "1") -> None:
    """Types behind the size of the memory."""
    await one.go_to("memory", "size")
    await one.press("enter")
    await one.type(text)
    await one.press("enter")


async def asked(one: Opened, kind: type[Question] | type[Prompt] = Question) -> str:
    """Waits until something is asked, and returns what."""
    await one.until(lambda: isinstance(one.app.screen, kind) and one.focus != "properties")
    await one.rest()
    return one.text


async def answered(one: Opened) -> None:
    await one.until(lambda: isinstance(one.app.screen, MainScreen))
    await one.rest()


async def test_saving_changes_what_was_changed_and_nothing_else(write: Write) -> None:
    path = write(SAMPLE)
    async with opened(path) as one:
        await edit(one)
        assert "●" in one.lines[0]
        await one.press("ctrl+s")
        await one.until_shown("Saved vm.toml.")
        saved = path.read_text()
        assert saved.replace("format = 1\n", "") == SAMPLE.replace('"1G"', '"1G1"')
        assert "●" not in one.lines[0]
        await one.press("u", "ctrl+s")
        await one.until(lambda: load(path).profile.memory.size == "1G")


async def test_saving_while_typing_saves_what_is_typed(write: Write) -> None:
    path = write(SAMPLE)
    async with opened(path) as one:
        await one.go_to("memory", "size")
        await one.press("enter", "1", "ctrl+s")
        await one.until(lambda: load(path).profile.memory.size == "1G1")


async def test_a_new_profile_is_named_and_listed(home: Path) -> None:
    async with opened(None) as one:
        await one.until(lambda: isinstance(one.app.screen, LibraryScreen))
        await one.press("ctrl+n")
        await edit(one)
        for name, words in [(".x", "begins with a dot"), ("x" * 300, "too long")]:
            await one.press("ctrl+s")
            await asked(one, Prompt)
            await one.press("ctrl+u")
            await one.type(name)
            await one.press("enter")
            await one.until_shown(words)
            await one.press("escape")
            await answered(one)
        await one.press("ctrl+s")
        await asked(one, Prompt)
        await one.press("ctrl+u")
        await one.type("mine")
        await one.press("enter")
        await one.until_shown("Saved mine.toml.")
        assert load(paths.profiles() / "mine.toml").profile.memory.size == 1
        await one.press("ctrl+o")
        await one.until(lambda: isinstance(one.app.screen, LibraryScreen))
        await one.until_shown("mine", "1 profile", "library")
        await one.press("enter")
        await answered(one)
        assert one.main.session.stem == "mine"


async def test_what_is_relative_stays_where_qemutui_was_started(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qemutui.host.facts import launch_directory

    (tmp_path / "bzImage").touch()
    monkeypatch.chdir(tmp_path)
    async with opened(None) as one:
        await one.press("ctrl+n")
        await one.go_to("boot", "kernel")
        await one.press("enter")
        await one.type("bzImage")
        await one.press("enter", "ctrl+s")
        await asked(one, Prompt)
        await one.press("ctrl+u")
        await one.type("mine")
        await one.press("enter")
        await one.until_shown("Saved mine.toml.")
        path = paths.profiles() / "mine.toml"
        assert (launch_directory(load(path).profile, path.parent) / "bzImage").exists()


async def test_save_as_never_replaces_unasked(write: Write, home: Path) -> None:
    path, other = write(SAMPLE), write("name = 'other'\n", "other.toml")
    async with opened(path) as one:
        await edit(one)
        for answer in ("escape", "enter"):
            one.main.action_save_as()
            await asked(one, Prompt)
            await one.press("ctrl+u")
            await one.type(str(other))
            await one.press("enter")
            # The sentence takes two rows of the dialog.
            await one.until_shown(
                "Exists already. Enter again replaces it; the old one goes", "trash."
            )
            assert load(other).profile.name == "other"
            await one.press(answer)
            await answered(one)
        await one.until_shown("Saved other.toml.")
        (trashed,) = (home / "data/Trash/files").iterdir()
        assert load(trashed).profile.name == "other"
        assert "# the name" in other.read_text()
        assert path.read_text() == SAMPLE
        assert one.main.session.stem == "other"


async def test_a_file_changed_by_another_is_kept_or_taken(write: Write) -> None:
    path = write(SAMPLE)
    async with opened(path) as one:
        await edit(one)
        for answer, size in [("escape", "2G"), ("t", "3G"), ("k", "1G1")]:
            theirs = "2G" if answer == "escape" else "3G" if answer == "t" else "4G"
            path.write_text(f'[memory]\nsize = "{theirs}"\n')
            await one.press("ctrl+s")
            assert "changed on disk" in await asked(one)
            await one.press(answer)
            await answered(one)
            if answer == "t":
                await one.until_shown("Taken from the disk. u brings yours back.")
                assert one.profile.memory.size == "3G"
                assert not one.main.session.has_changes
                await one.press("u")
                assert one.profile.memory.size == "1G1"
                continue
            if answer == "k":
                await one.until_shown("Saved vm.toml.")
            assert one.profile.memory.size == "1G1"
            assert load(path).profile.memory.size == size
        path.unlink()
        await one.press("ctrl+s")
        await one.until_shown("vm.toml was deleted. Ctrl+S writes it again.")
        await one.press("ctrl+s")
        await one.until(path.exists)
        await answered(one)


async def test_a_file_that_cannot_be_written_stays_and_so_do_the_changes(
    write: Write, tmp_path: Path
) -> None:
    path = write(SAMPLE)
    async with opened(path) as one:
        await edit(one)
        target = tmp_path / "file" / "x.toml"
        target.parent.touch()
        one.main.action_save_as()
        await asked(one, Prompt)
        await one.press("ctrl+u")
        await one.type(str(target))
        await one.press("enter")
        await one.until_shown("There is no folder")
        assert one.app.focused is not None
        await one.press("escape")
        await answered(one)
        assert one.main.session.has_changes


async def test_the_library_lists_examples_and_a_broken_file(home: Path) -> None:
    folder = paths.profiles()
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text("name = \n")
    (folder / "newer.toml").write_text("format = 99\n")
    (folder / "folder.toml").mkdir()
    (folder / "\x1b]0;x\x07[file=x].toml").write_text("name = '[/x]'\n")
    async with opened(None, LARGE) as one:
        names = [example.name for example in library.examples()]
        await one.until_shown(*names, "broken", "line 1", "newer", "␛]0;x␇[file=x]")
        assert not one.raw()
        for _ in range(4 + len(names)):
            await one.press("enter")
            if isinstance(one.app.screen, MainScreen):
                await one.press("ctrl+o")
            assert not one.raw()
            await one.press("down")
        (folder / "broken.toml").unlink()
        await one.press("r")
        await one.until(lambda: "broken" not in one.text, "another list")
        await one.press("home", "end")
        await one.press("o")
        await asked(one, Prompt)
        await one.type(str(folder / "newer.toml"))
        await one.press("enter")
        await one.until_shown("this qemutui reads 1")


async def test_an_example_is_opened_as_a_copy_with_its_comments_and_files(home: Path) -> None:
    async with opened(None) as one:
        await one.press("home", "enter")
        await answered(one)
        assert (one.main.session.document, one.main.session.stem) == (None, "demo")
        await edit(one, "2")
        await one.press("ctrl+s")
        assert "demo" in await asked(one, Prompt)
        await one.press("enter")
        await one.until_shown("Saved demo.toml.")
        saved = paths.profiles() / "demo.toml"
        assert load(saved).profile == one.profile
        assert (saved.parent / "demo.img").is_file()
        assert "# -machine pc,accel=tcg" in saved.read_text()


async def test_each_unsaved_profile_is_found_again(home: Path) -> None:
    async with opened(None) as one:
        for size in ("1", "2"):
            await one.press("ctrl+n")
            await edit(one, size)
        sizes = set()
        for _ in range(2):
            await one.press("ctrl+o")
            await one.until(lambda: isinstance(one.app.screen, LibraryScreen))
            await one.press("home", "enter")  # the one that was not shown last comes first
            await answered(one)
            sizes.add(one.profile.memory.size)
        assert sizes == {1, 2}


async def test_a_profile_that_is_left_unsaved_is_as_it_was(write: Write) -> None:
    path = write(SAMPLE)
    async with opened(path) as one:
        await edit(one)
        await one.press("ctrl+o")
        await one.until(lambda: isinstance(one.app.screen, LibraryScreen))
        await one.press("escape")
        await answered(one)
        assert one.profile.memory.size == "1G1"
        await one.press("u")
        assert one.profile.memory.size == "1G"


@pytest.mark.parametrize(("answer", "size"), [("s", "1G1"), ("x", "1G"), ("escape", "1G")])
async def test_quitting_asks_what_becomes_of_changes(write: Write, answer: str, size: str) -> None:
    path = write(SAMPLE)
    async with opened(path) as one:
        await one.go_to("memory", "size")
        await one.press("enter", "1", "ctrl+q")
        assert "vm has 1 unsaved change." in await asked(one)
        await one.press(answer)
        await one.until(lambda: answer == "escape" or not one.app.is_running)
        assert load(path).profile.memory.size == size
        if answer == "escape":
            await answered(one)
            assert one.profile.memory.size == "1G1"
        else:
            assert one.app.return_code == 0


async def test_quitting_asks_once(write: Write) -> None:
    async with opened(write(SAMPLE)) as one:
        await edit(one)
        await one.press("ctrl+q", "ctrl+q", "ctrl+q")
        await asked(one)
        await one.press("escape")
        assert isinstance(one.app.screen, MainScreen)


async def test_quitting_saves_every_profile_that_is_open(write: Write) -> None:
    paths_ = [write(SAMPLE, "a.toml"), write(SAMPLE, "b.toml")]
    async with opened(paths_[0]) as one:
        await edit(one)
        one.app.open_path(paths_[1])
        await one.rest()
        await answered(one)
        await edit(one)
        await one.press("ctrl+o")
        await one.until(lambda: isinstance(one.app.screen, LibraryScreen))
        await one.press("ctrl+q")
        for _ in paths_:
            await asked(one)
            await one.press("s")
        await one.until(lambda: not one.app.is_running)
        assert [load(path).profile.memory.size for path in paths_] == ["1G1", "1G1"]


async def test_quitting_without_changes_asks_nothing(write: Write) -> None:
    async with opened(write(SAMPLE)) as one:
        await one.press("ctrl+q")
        await one.until(lambda: not one.app.is_running)
        assert one.app.return_code == 0


async def test_hostile_names_of_files(home: Path) -> None:
    async with opened(None) as one:
        await one.press("ctrl+n")
        await edit(one)
        for name in HOSTILE:
            one.main.action_save_as()
            await asked(one, Prompt)
            await one.press("ctrl+u")
            await one.paste(name)
            assert not one.raw(), name
            await one.press("enter")
            await one.rest()
            assert not one.raw(), name
            if isinstance(one.app.screen, Prompt):
                await one.press("escape")
            await answered(one)
