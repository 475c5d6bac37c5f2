"""What a user sets: the theme, the mouse, the keys; and what is said where it is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.host import paths, settings
from qemutui.ui import themes
from qemutui.ui.app import QemutuiApp
from tests.ui.opened import LARGE, SMALL, opened

Write = Callable[..., Path]

COMMENTED = """\
# mine
theme = "chalk"   # light

[keys]
# vi's
save = "ctrl+w"
"""

PLAIN = """
name = "vm"
[launch]
monitor = false
[[device]]
type = "VGA"
"""


def set_to(text: str) -> Path:
    paths.config().mkdir(parents=True)
    settings.path().write_text(text)
    return settings.path()


def own_theme(name: str, text: str) -> None:
    folder = paths.config() / "themes"
    folder.mkdir(parents=True)
    (folder / f"{name}.toml").write_text(text)
    themes.load.cache_clear()


@pytest.fixture
def basalt() -> str:
    return (themes.folders()[-1] / "basalt.toml").read_text()


async def test_without_a_file_all_is_as_shipped(write: Write) -> None:
    assert settings.read() is None
    async with opened(write(""), SMALL) as one:
        assert one.app.theme == "basalt"
        assert one.app.takes_mouse


async def test_theme_mouse_and_keys_are_taken(write: Write) -> None:
    set_to('theme = "chalk"\nmouse = false\n[keys]\nsave = "f2,ctrl+w"\nlist.down = "down,h"\n')
    path = write("name = 'vm'")
    async with opened(path, LARGE) as one:
        assert one.app.theme == "chalk"
        assert not one.app.takes_mouse
        await one.until_shown("F2 save")
        await one.press("h", "h")
        assert "Machine" not in one.row
        assert "CPU" in one.row
        await one.press("j")
        assert "CPU" in one.row
        await one.press("ctrl+s")
        assert "Saved" not in one.text
        await one.press("ctrl+w")
        await one.until_shown("Saved vm.toml.")
        await one.press("?")
        await one.until_shown("F2 ^w")


async def test_a_key_is_that_of_its_action_in_the_library_too(home: Path) -> None:
    set_to('[keys]\nquit = "f2"\n')
    async with opened(None, SMALL) as one:
        await one.until_shown("F2 quit")
        await one.press("ctrl+q")
        await one.press("f2")
        await one.until(lambda: one.app._exit)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = ", "settings.toml, line 1: a value is missing after “theme =”."),
        ("a = 1\nmouse = 1", "settings.toml, line 1: a: found an unknown key, expected one of "),
        ("\nmouse = 1", "settings.toml, line 2: mouse: found a number, expected true or false."),
        ("keys = 1", "settings.toml, line 1: keys: found a number, expected a table of actions."),
        ("[keys]\nsave = 1", "settings.toml, line 2: keys.save: found a number, expected keys "),
        ("[keys]\nsvae = 'f2'", "keys.svae: found an unknown action, expected save."),
        ("[keys]\nsave = 'ctlr+s'", "keys.save: found “ctlr+s”, expected the name of a key."),
        ("[keys]\nsave = 'ctrl+i'", "expected another one: terminals send Tab for it."),
        ("[keys]\nsave = 'f5'", "keys.save: F5 is the key of launch too."),
        ("[keys]\neditor.keep = 'a'", "found a letter, expected a key that types nothing."),
        ("theme = 'dusk'", "settings.toml: No theme is called “dusk”; there are basalt, "),
    ],
)
async def test_what_is_wrong_is_said_and_the_app_starts(write: Write, text: str, said: str) -> None:
    path = set_to(text)
    async with opened(write(""), (200, 50)) as one:
        await one.until_shown(said)
        assert one.app.theme == "basalt"
        await one.press("down")
        assert said not in one.text
    assert path.read_text() == text


async def test_a_chosen_theme_is_remembered_and_comments_stay(write: Write) -> None:
    path = set_to(COMMENTED)
    async with opened(write(""), SMALL) as one:
        one.app.choose_theme("basalt")
        await one.rest()
        assert one.app.theme == "basalt"
    assert path.read_text() == COMMENTED.replace('"chalk"', '"basalt"')
    path.unlink()
    settings.remember_theme("plain")
    assert path.read_text() == 'theme = "plain"\n'


async def test_a_broken_file_is_not_written(write: Write) -> None:
    path = set_to("theme = ")
    async with opened(write(""), SMALL) as one:
        one.app.choose_theme("chalk")
        await one.until_shown("a value is missing after")
        assert one.app.theme == "chalk"
    assert path.read_text() == "theme = "


async def test_a_theme_of_the_user_goes_before_a_shipped_one(write: Write, basalt: str) -> None:
    own_theme("basalt", basalt.replace("#10141b", "#000001"))
    assert themes.names() == ("basalt", "chalk", "plain")
    async with opened(write(""), SMALL) as one:
        assert themes.palette_of(one.app).colours["background"].truecolour == "#000001"
    themes.load.cache_clear()


async def test_a_bad_theme_is_said_and_another_is_shown(write: Write, basalt: str) -> None:
    own_theme("dusk", basalt.replace("dark = true", "dark = 1"))
    settings.path().write_text('theme = "dusk"')
    async with opened(write(""), (200, 50)) as one:
        await one.until_shown("themes/dusk.toml: dark: found 1, expected true or false")
        assert one.app.theme == "basalt"
        one.app.choose_theme("dusk")
        await one.until_shown("dusk.toml: dark: found 1, expected true or false")


@pytest.mark.parametrize("name", ["basalt", "chalk", "plain"])
@pytest.mark.parametrize(
    "keys", [["enter"], ["enter", "enter", "x"], ["?"], ["enter", "enter", "x", "enter", "ctrl+q"]]
)
async def test_another_theme_is_everywhere_at_once(
    write: Write, name: str, keys: list[str]
) -> None:
    """What was drawn before looks as if the app had begun with the theme."""

    async def looks(app_theme: str, then: str) -> list[str]:
        set_to_theme(app_theme)
        async with opened(write(PLAIN), LARGE) as one:
            await one.checked()
            await one.press(*keys)
            if then:
                one.app.choose_theme(then)
                await one.rest()
            return [str(list(strip)) for strip in one.app.screen._compositor.render_strips()]

    def set_to_theme(theme: str) -> None:
        settings.path().parent.mkdir(parents=True, exist_ok=True)
        settings.path().write_text(f'theme = "{theme}"')

    other = "chalk" if name == "basalt" else "basalt"
    switched, begun = await looks(other, name), await looks(name, "")
    for line, (now, fresh) in enumerate(zip(switched, begun, strict=True)):
        assert now == fresh, line


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to('theme = "basalt"')
    monkeypatch.setenv("QEMUTUI_THEME", "chalk")
    assert QemutuiApp(None).theme == "chalk"
