"""A command that is pasted into the app, by a real terminal in bracketed mode."""

import subprocess
from pathlib import Path

from tests.cli.command import COMMAND, environment
from tests.terminal.conftest import Open
from tests.terminal.terminal import CTRL_Q, CTRL_S, app

SCRIPT = """\
#!/bin/sh
# boots alpine
sudo env QEMU_AUDIO_DRV=none qemu-system-x86_64 -name alpine \\
  -machine q35 -m 2G \\
  -drive "file=my disk.qcow2,if=virtio" -nodefaults
"""


def bracketed(text: str) -> str:
    """What a terminal sends for a paste: xterm makes carriage returns of line feeds."""
    return f"\x1b[200~{text}\x1b[201~".replace("\n", "\r")


def test_a_script_is_pasted_and_saved(terminal: Open, home: Path) -> None:
    screen = terminal(app(), 80, 24)
    screen.until("No profiles yet")
    screen.type(bracketed(SCRIPT))
    screen.until("The command comes out")
    screen.until("Storage › drive 1")
    screen.type("\r")
    screen.until("▶ Launch F5")
    screen.until("alpine ●")
    screen.type(CTRL_S)
    screen.until("Save as")
    screen.type("\r")  # the VM's name is the file's
    screen.until("Saved alpine.toml.")
    screen.type(CTRL_Q)
    assert screen.ended() == 0
    saved = (home / "data/qemutui/profiles/alpine.toml").read_text()
    by_prompt = subprocess.run(
        [*COMMAND, "import"], input=SCRIPT, capture_output=True, text=True, env=environment(),
        check=True,
    )  # fmt: skip
    # Here the file lies elsewhere than where the app was started.
    assert saved.replace(f'directory = "{Path.cwd()}"\n', "") == by_prompt.stdout
    assert f'directory = "{Path.cwd()}"' in saved


def test_keys_after_a_refused_paste_go_into_the_text(terminal: Open) -> None:
    screen = terminal(app(), 80, 24)
    screen.until("No profiles yet")
    screen.type(bracketed("qemu-system-x86_64 -append 'quiet\n\n"))
    screen.until("A quote is never closed.")
    screen.type("\r\r")
    screen.wait(0.3)
    assert "import a command" in screen.text
    assert "Launch" not in screen.text
