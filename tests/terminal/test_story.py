"""The main job from the first screen to the prompt, in a real terminal with a real QEMU."""

import shlex
import tomllib
from pathlib import Path

from tests.cli.command import COMMAND
from tests.terminal.conftest import Open
from tests.terminal.terminal import CTRL_C, CTRL_Q, CTRL_S, CTRL_U, F5, F6, Terminal, app

GREETING = "qemutui demo guest"
REFUSED = "Devices › dev0 › netdev"


def type_and_watch(screen: Terminal, typed: str, before: str) -> None:
    """Types; after each key the command has it, and the token that is being edited is marked."""
    for length in range(1, len(typed) + 1):
        screen.type(typed[length - 1])
        shown = before + typed[:length] + " \\"
        screen.until(shown)
        assert screen.looks(before.rpartition(",")[2] + typed[:length], "bold", "underscore")


def focused_row(screen: Terminal) -> str:
    """The first row of the list that has the focus: the one with the bar, but for titles.

    It is empty while the screen is drawn.
    """
    rows = [line.split("▌", 1)[1] for line in screen.screen.display if "▌" in line]
    return next((row for row in rows if not row[:1].isdigit()), "")


def test_from_the_library_to_the_prompt(terminal: Open, qemu: str, home: Path) -> None:
    screen = terminal(app())
    screen.until("No profiles yet.")
    screen.until("demo")
    screen.type("\r")
    screen.until("▶ Launch F5")

    screen.type(F5)
    screen.until(GREETING)
    screen.until("● running")
    screen.type(F6)
    screen.until("1/4 Asked the guest to power down.")
    screen.type(F6)
    screen.until("QEMU quit.")

    screen.type("441jjjjj")  # the digit of the open tab closes it; sections; Devices
    screen.until("2 Devices")
    screen.type("\ra")
    screen.until("bus:pci cat:network narrow the list")
    screen.type("virtio-net")
    screen.until("needs a netdev · alias virtio-net")
    screen.type("\r")  # adds it; then the netdev
    screen.until("-device virtio-net-pci,id=dev0 \\")
    screen.until(lambda: focused_row(screen).split()[:1] == ["netdev"])
    screen.type("\r")
    type_and_watch(screen, "nope", "-device virtio-net-pci,id=dev0,netdev=")
    screen.type("\r")
    screen.until("No netdev has this id. f creates it")
    screen.type("f")
    screen.until("-netdev user,id=nope \\")
    screen.until("Fixed: ")

    screen.type(f"\r{CTRL_U}gone\r")
    screen.until("No netdev has this id. f creates it")
    screen.type(F5)
    screen.until("1 problem will probably stop QEMU.")
    screen.type("l")
    screen.until("can't find value")
    screen.until(f"QEMU refused {REFUSED}")
    screen.type("1")
    screen.until(lambda: focused_row(screen).split()[:1] == ["Devices"])
    screen.type("4\r")
    screen.until(lambda: focused_row(screen).split()[:3] == ["✗", "netdev", "gone"])

    screen.type("u")
    screen.until("Undone: netdev of dev0.")
    screen.type(CTRL_S)
    screen.until("Save as")
    screen.type(f"{CTRL_U}story\r")
    screen.until("Saved story.toml.")
    screen.type(CTRL_Q)
    assert screen.ended() == 0
    screen.assert_left_as_found()

    text = (home / "data/qemutui/profiles/story.toml").read_text()
    added = '[[device]]\ntype = "virtio-net-pci"\nid = "dev0"\nnetdev = "nope"\n'
    assert added in text
    assert '[[netdev]]\ntype = "user"\nid = "nope"\n' in text
    assert tomllib.loads(text)["extra"][-2:] == ["-serial", "stdio"]

    # In the pipe QEMU's serial line has no keyboard.
    shell = terminal(["sh", "-c", f"{shlex.join(COMMAND)} argv story --shell | sh"])
    shell.until(GREETING)
    shell.type(CTRL_C)
    shell.ended()

    prompt = terminal(app("run", "story"))
    prompt.until(GREETING)
    prompt.type("q")
    assert prompt.ended() == 0


def test_a_file_is_edited_by_the_editor_of_choice(terminal: Open, home: Path) -> None:
    profiles = home / "data/qemutui/profiles"
    profiles.mkdir(parents=True)
    (profiles / "mine.toml").write_text('name = \n[machine]\ntype = "q35"\n')
    # An editor that waits for a line, as vi waits for its commands, and knows no mouse.
    editor = home / "my editor"
    editor.write_text(
        '#!/bin/sh\nprintf "editing %s" "$2"\nread line\n'
        'sed -i "s/name = $/name = \\"$line\\"/" "$2"\n'
    )
    editor.chmod(0o755)
    screen = terminal(app(), VISUAL=f"'{editor}' --wait")
    screen.until("e edits it")
    screen.type("e")
    screen.until("editing ")
    screen.type("better\n")
    screen.until(lambda: '"better"' in (profiles / "mine.toml").read_text())
    screen.until("-name better")
    screen.type("\r")
    screen.until("▶ Launch F5")
    screen.type(":the file in")
    screen.until("Edit the file in $EDITOR")
    screen.type("\r")
    screen.until("editing ")
    screen.type("\x03")
    screen.until("ended with status")
    screen.type(CTRL_Q)
    assert screen.ended() == 0
    screen.assert_left_as_found()
