"""The list under an editor in a real terminal, with what the real QEMU offers."""

from pathlib import Path

from tests.terminal.conftest import Open
from tests.terminal.terminal import CTRL_Q, CTRL_U, app

DOWN = "\x1b[B"


def test_a_line_of_the_list_is_chosen(terminal: Open, qemu: str, tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text('[machine]\ntype = "pc"\n[[device]]\ntype = "virtio-net-pci"\nid = "net0"\n')
    screen = terminal(app(str(path)))
    screen.until("tcg")  # in the header, once QEMU has answered
    screen.type("gm")
    screen.until("2 Machine")
    screen.type("\r")
    screen.until("Standard PC")
    screen.type(f"{CTRL_U}q3")
    screen.until("-machine q3 ")
    screen.type(DOWN)
    screen.until("-machine q35 ")
    screen.type("\r")
    screen.until("edit")
    # An id that nothing has is created from the list, in one step.
    screen.type("gd\r/netdev\r\r")
    screen.until("create -netdev user,id=n0")
    screen.type(f"{DOWN}\r")
    screen.until("-device virtio-net-pci,id=net0,netdev=n0")
    screen.until("-netdev user,id=n0")
    screen.type("u")
    screen.until("Undone: netdev of net0.")
    screen.until(lambda: "-netdev user,id=n0" not in screen.text)
    screen.type(CTRL_Q)
    screen.until("unsaved")
    screen.type("x")
    assert screen.ended() == 0
    screen.assert_left_as_found()
