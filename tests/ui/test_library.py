"""The library: what its rows say, what it finds, and what it does to files."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.core.profile import Profile
from qemutui.host import drafts, paths, store
from qemutui.ui.screens.library import LibraryScreen
from qemutui.ui.screens.main import MainScreen
from tests.ui.opened import LARGE, SMALL, Opened, opened

Write = Callable[..., Path]

Q35 = '[machine]\ntype = "q35"\naccel = "tcg"\n'
SERIAL = Q35 + '[[device]]\ntype = "pci-serial"\nid = "console"\n'


def add(name: str, text: str = Q35) -> Path:
    folder = paths.profiles()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text)
    return folder / f"{name}.toml"


async def listed(one: Opened, *texts: str) -> None:
    await one.until(lambda: isinstance(one.app.screen, LibraryScreen))
    await one.until_shown(*texts)
    await one.rest()


async def test_the_first_time_the_examples_are_offered() -> None:
    async with opened(None) as one:
        told = "No profiles yet. Ctrl+N new · i import a command · o open a file"
        await listed(one, f"{told}.", "demo", "example")
        await one.resize(*LARGE)
        await one.until_shown(f"{told} · or paste one here.")


@pytest.mark.parametrize("size", [SMALL, LARGE, (200, 60)])
async def test_a_row_says_what_a_profile_is(size: tuple[int, int]) -> None:
    add("alpine")
    add("broken", "[memory]\nsize =\n")
    add("newer", "format = 3\n")
    async with opened(None, size) as one:
        await listed(one, "x86_64 · q35 · tcg", "never run", "library", "3 profiles · 0 running")
        await one.until_shown(
            "! broken", "newer.toml is format 3; this qemutui reads 1. It is left"
        )
        await one.until_shown("alpine 1 option ", "qemu-system-x86_64 -machine q35,accel=tcg")
        await one.press("down")
        await one.until_shown("broken.toml, line 2: a value is missing after “size =”.")
        if size != SMALL:
            await one.until_shown("e edits it · r reads it again")


async def test_a_tiny_terminal_lists_too() -> None:
    add("alpine")
    async with opened(None, (45, 14)) as one:
        await listed(one, "alpine", "never run")


async def test_the_library_comes_back_to_the_profile_that_was_left() -> None:
    add("alpine")
    async with opened(add("zz")) as one:
        await one.press("ctrl+o")
        await listed(one, "▌  zz", "   alpine")
        await one.press("ctrl+n")
        await one.go_to("memory", "size")
        await one.press("enter", "7", "enter", "ctrl+o")
        await listed(one, "▌  untitled")


async def test_the_search_looks_into_the_files() -> None:
    for number in range(60):
        add(f"vm{number:02}")
    add("zz", SERIAL)
    async with opened(None) as one:
        await listed(one, "vm00")
        await one.press("/")
        await one.type("pci-serial cons")
        await one.until_shown("1 of 6", "zz")
        await one.until(lambda: "vm00" not in one.text, "its about")
        await one.type("xyz")
        await one.until_shown("Nothing matches “pci-serial consxyz”. Esc clears.")
        await one.press("escape")
        await one.until_shown("vm00")
        await one.press("/", "z", "z", "enter", "escape")
        await one.until_shown("▌  zz", "/ name, path")
        assert isinstance(one.app.screen, LibraryScreen)
        await one.press("/", "z", "z", "enter", "enter")
        await one.until(lambda: isinstance(one.app.screen, MainScreen))
        assert one.main.session.stem == "zz"


async def test_ten_thousand_profiles_are_listed_and_few_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = add("a").parent
    for number in range(9_999):
        (folder / f"p{number:04}.toml").touch()
    loaded: list[Path] = []
    load = store.load

    def counted(path: Path) -> store.Document:
        loaded.append(path)
        return load(path)

    monkeypatch.setattr(store, "load", counted)
    async with opened(None) as one:
        await listed(one, "10000 profiles", "p0005")
        await one.until_shown("never run")
        assert len(set(loaded)) < 100
        await one.press("end")
        await one.press("up", "up", "up", "up")
        await one.until_shown("p9998")


async def test_to_the_trash_and_back(home: Path) -> None:
    path = add("alpine")
    async with opened(None) as one:
        await listed(one, "never run")
        await one.press("delete")
        await one.until_shown("Moved to the trash. u brings it back.", "0 profiles")
        assert not path.exists()
        assert (home / "data/Trash/files/alpine.toml").read_text() == Q35
        await one.press("u")
        await one.until_shown("alpine.toml is back.")
        assert path.read_text() == Q35
        await one.press("u")
        await one.until_shown("Nothing to bring back.")
        await one.press("end", "delete")
        await one.until_shown("An example stays; it comes with qemutui.")


async def test_what_has_no_file_goes_to_the_trash_and_back() -> None:
    async with opened(None) as one:
        await listed(one, "demo")
        await one.press("ctrl+n")
        await one.go_to("memory", "size")
        await one.press("enter", "7", "enter", "ctrl+o")
        await listed(one, "not saved")
        await one.press("home", "delete")
        await one.until_shown("Moved to the trash.", "0 profiles")
        await one.press("u")
        await listed(one, "untitled is back.", "not saved")
        await one.press("home", "enter")
        await one.until(lambda: isinstance(one.app.screen, MainScreen))
        assert one.profile.memory.size == 7


async def test_a_profile_with_changes_is_not_thrown_away() -> None:
    path = add("alpine")
    async with opened(path) as one:
        await one.go_to("memory", "size")
        await one.press("enter", "7", "enter", "ctrl+o")
        await listed(one, "not saved")
        await one.press("delete")
        await one.until_shown("alpine has unsaved changes.")
        assert path.exists()


async def test_a_copy_lies_beside_under_a_free_name() -> None:
    path = add("alpine")
    add("alpine-2", "")
    async with opened(None) as one:
        await listed(one, "alpine-2")
        await one.press("d")
        await one.until_shown("Copied to alpine-3.toml.")
        await one.until(lambda: "alpine-3" in one.row, "the cursor on the copy")
        assert (path.parent / "alpine-3.toml").read_text() == Q35


async def test_a_profile_elsewhere_is_listed_once_it_was_opened(write: Write) -> None:
    path = write(Q35, "elsewhere.toml")
    async with opened(path, LARGE) as one:
        await one.until((paths.state() / "recent").exists, "a note")
    async with opened(None, LARGE) as one:
        await listed(one, "elsewhere", "elsewhere.toml")
        path.unlink()
        await one.press("r")
        await one.until_shown("No profiles yet.")


async def test_open_completes_paths_and_says_what_is_not_there(write: Write) -> None:
    path = write(Q35, "alpine-by-hand.toml")
    async with opened(None, LARGE) as one:
        await listed(one, "demo")
        await one.press("o")
        await one.until_shown("Open which file?")
        await one.type(f"{path.parent}/alpine")
        await one.press("tab")
        await one.until_shown("alpine-by-hand.toml")
        await one.type("x")
        await one.press("enter")
        await one.until_shown("There is no file ")
        await one.press("backspace", "enter")
        await one.until(lambda: isinstance(one.app.screen, MainScreen))
        assert one.main.session.stem == "alpine-by-hand"


async def test_the_last_run_is_told(qemu: str) -> None:
    path = add("bad", 'extra = ["-nosuchoption"]\n')
    async with opened(path, LARGE) as one:
        await one.press("f5")
        await one.until(lambda: one.app.runs and not one.app.runs[0].is_alive, "an end")
        await one.press("ctrl+o")
        await listed(one, "✗ bad", "exited 1 · ", "✗ Last run ended with status 1 after ")
        await one.until_shown("-nosuchoption: invalid option")


async def test_a_vm_is_stopped_from_its_row(qemu: str) -> None:
    path = add("idle", 'extra = ["-nodefaults", "-display", "none"]\n' + Q35.replace("q35", "none"))
    async with opened(path, LARGE) as one:
        await one.press("f5")
        await one.until(lambda: one.app.runs and one.app.runs[0].phase == "running", "a run")
        await one.press("ctrl+o")
        await listed(one, "● idle", "running 00:00:0", "1 running")
        await one.press("delete")
        await one.until_shown("idle is running. F6 stops it first.")
        await one.press("f6", "f6", "f6")
        await one.until_shown("stopped · ")
        assert path.exists()


_DEAD = """
import sys
from pathlib import Path
from qemutui.core.profile import Profile
from qemutui.host import drafts
path = Path(sys.argv[1]) if len(sys.argv) > 1 else None
drafts.Keeper().keep(drafts.Origin(path, Path.cwd()), None, "untitled", Profile(name="lost"))
"""


@pytest.mark.parametrize("gone", [(), ("/no/such/untitled.toml",)])
async def test_what_has_no_file_is_offered_again(gone: tuple[str, ...]) -> None:
    subprocess.run([sys.executable, "-c", _DEAD, *gone], check=True)
    async with opened(None) as one:
        await listed(one, "untitled", "not saved", "1 profile ")
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, MainScreen))
        assert one.profile.name == "lost"
        assert one.main.session.has_changes
        await one.press("u")
        assert one.profile == Profile()
        await one.until(lambda: not list((paths.state() / "drafts").glob("*.toml")), "no draft")
        assert drafts.without_file() == []


async def test_no_editor_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    add("alpine")
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    async with opened(None) as one:
        await listed(one, "alpine")
        await one.press("e")
        await one.until_shown("No editor: neither $VISUAL nor $EDITOR names one.")
        monkeypatch.setenv("EDITOR", "no-such-editor -x")
        await one.press("e")
        await one.until_shown("$EDITOR names no program that can be run: no-such-editor -x.")


async def test_a_library_that_cannot_be_listed_is_said() -> None:
    paths.profiles().parent.mkdir(parents=True)
    paths.profiles().touch()
    async with opened(None) as one:
        await one.until_shown("profiles: not a directory.")
