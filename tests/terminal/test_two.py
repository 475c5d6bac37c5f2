"""Two apps on two terminals, with one profile and one run."""

from pathlib import Path

from qemutui.host import runs
from tests.terminal.conftest import Open
from tests.terminal.terminal import CTRL_Q, CTRL_S, F5, F6, Terminal, app

PROFILE = """\
# kept
name = "shared"
extra = ["-nodefaults", "-display", "none", "-S"]
[machine]
type = "pc"
accel = "tcg"
[memory]
size = "16M"
[launch]
powerdown = 0
"""


def both(terminal: Open, home: Path) -> tuple[Terminal, Terminal, Path]:
    """The app, twice on one file."""
    path = home / "shared.toml"
    path.write_text(PROFILE)
    screens = (terminal(app(str(path)), 120, 40), terminal(app(str(path)), 80, 24))
    for screen in screens:
        screen.until("▶ Launch F5")
    return (*screens, path)


def choose(screen: Terminal, label: str) -> None:
    """Runs an action by its words in the palette."""
    screen.type(f":{label}")
    screen.until(lambda: label in screen.text.replace("│", " "))
    screen.type("\r")


def test_two_apps_have_one_run(terminal: Open, qemu: str, home: Path) -> None:
    one, two, _ = both(terminal, home)
    one.type(F5)
    one.until("‖ paused")
    two.until("‖ paused")
    two.until("Attached to pid ")
    (record,) = runs.open_runs().records

    choose(two, "Let the guest go on")
    two.until("● running")
    one.until("● running")
    one.until("The guest goes on.")
    choose(one, "Pause the guest")
    for screen in (one, two):
        screen.until("‖ paused")
        screen.until("Paused by stop.")

    # Who launched it leaves it running; the other one never owned it, and stops it.
    one.type(CTRL_Q)
    one.until("shared is still running (pid ")
    one.type("l")
    assert one.ended() == 0
    one.assert_left_as_found()
    assert runs.find(record) is not None
    two.until("‖ paused")
    two.type(F6)
    two.until("▶ Launch F5")
    two.until("■ stopped")
    assert runs.find(record) is None
    two.type(CTRL_Q)
    assert two.ended() == 0
    two.assert_left_as_found()
    assert not runs.open_runs().records


def test_two_apps_edit_one_profile(terminal: Open, home: Path) -> None:
    one, two, path = both(terminal, home)
    one.type("12\r-one\r")
    one.until("-name shared-one")
    two.type("12\r-two\r")
    two.until("-name shared-two")
    one.type(CTRL_S)
    one.until("Saved shared.toml.")

    two.until("shared.toml changed on disk at ")
    two.type("d")
    two.until("shared-one")
    two.type("\x1b")
    two.until("shared.toml changed on disk at ")
    two.type("t")
    two.until("Taken from the disk. u brings yours back.")
    two.until("-name shared-one")
    two.type("u")
    two.until("-name shared-two")
    two.type(CTRL_S)
    two.until("Saved shared.toml.")
    assert 'name = "shared-two"' in path.read_text()

    # The first one has nothing unsaved, and still what it saved.
    one.until("shared.toml changed on disk at ")
    one.type("k")
    one.until("▶ Launch F5")
    one.until("-name shared-one")
    one.type(CTRL_S)
    expected = PROFILE.replace('"shared"', '"shared-one"')
    one.until(lambda: path.read_text().replace("format = 1\n", "") == expected)
    two.until("shared.toml changed on disk at ")
    two.type("t")
    two.until("-name shared-one")
    for screen in (one, two):
        screen.type(CTRL_Q)
        assert screen.ended() == 0
        screen.assert_left_as_found()
