"""What each key of each place does, as one sees it: a case by place and name of the action.

A place is one of `qemutui.ui.keymap.places_of_keys`. A case puts the screen where the key acts,
presses it, and looks; what it leaves behind, `Opened` puts away before the next one.
"""

from collections.abc import Awaitable, Callable

from qemutui.core.profile import Profile
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.screens.question import Question
from tests.ui.opened import Opened

Case = Callable[[Opened, str], Awaitable[None]]
"""Is given the key; an empty one is for an action that only the palette has."""

CASES: dict[tuple[str, str], Case] = {}

SAMPLE = """
name = "vm"
extra = ["-nodefaults", "-S"]
[boot]
menu = true
kernel = "bzImage"
append = "quiet"
[[device]]
type = "virtio-net-pci"
id = "net0"
netdev = "nope"
[[device]]
type = "VGA"
id = "gpu"
edid = true
[[device]]
type = "virtio-rng-pci"
id = "rng"
[[netdev]]
type = "user"
id = "n0"
[launch]
monitor = false # the program that runs answers nothing
"""
"""The profile that the cases of the main screen begin with."""


def case(place: str, *names: str) -> Callable[[Case], Case]:
    """Makes a function the case of actions."""

    def noted(function: Case) -> Case:
        for name in names:
            assert (place, name) not in CASES, name
            CASES[place, name] = function
        return function

    return noted


async def palette(one: Opened, label: str) -> None:
    """Chooses an entry of the palette by its label."""
    await one.press("ctrl+p")
    shown = one.app.screen
    await one.type(label)
    await one.press("enter")
    await one.until(lambda: one.app.screen is not shown, "the palette's end")
    await one.rest()


async def on_main(one: Opened) -> None:
    """Waits until the main screen is shown."""
    await one.until(lambda: isinstance(one.app.screen, MainScreen), "the main screen")
    await one.rest()


async def put_away(one: Opened, profile: Profile) -> None:
    """Closes what a case has left open, and shows the first section of the profile again."""
    while not isinstance(one.app.screen, MainScreen):
        was = one.app.screen
        await one.press("escape")
        await one.until(lambda was=was: one.app.screen is not was, "another screen")  # type: ignore[misc]
    main = one.main
    main.stop_waiting()
    main.settle()
    main.change(profile, "the next case")
    for rows in (main.items, main.properties, main.problems):
        rows.seek("")
    main.open_tab(None)
    if main.is_enlarged:
        main.action_enlarge()
    main.go_to_section(0)
    main.enter_sections()
    await one.rest()
    main.footer.forget()


async def at_item(one: Opened, *path: str | int) -> None:
    """Goes to an item in its list."""
    one.main.go_to(path)
    await one.rest()
    if one.focus == "properties":
        await one.press("escape")
    assert one.focus == "items"


def devices(one: Opened) -> list[str]:
    """The ids of the devices."""
    return [item.id for item in one.profile.device]


async def is_asked(one: Opened, text: str) -> None:
    """Waits for a question."""
    await one.until(lambda: isinstance(one.app.screen, Question), "a question")
    await one.until_shown(text)


def is_over(one: Opened) -> bool:
    """Whether the last run has ended."""
    return bool(one.app.runs) and not one.app.runs[-1].is_alive
