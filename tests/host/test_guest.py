"""The demo guest: its image is what its source says, and a real QEMU boots it from its profile."""

import json
import os
import platform
import select
import shutil
import socket
import subprocess
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import pytest

from qemutui.core.argv import build, words
from qemutui.core.profile import read

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "qemutui/examples/demo"
IMAGE = DEMO / "demo.img"
GREETING = b"qemutui demo guest: hello.\r\nType and it echoes; q powers off.\r\n"
FAREWELL = b"\r\nPowering off.\r\n"
PATIENCE = 30.0  # seconds until a machine that does not answer fails the test

Guest = subprocess.Popen[bytes]


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def heard(guest: Guest, end: bytes) -> bytes:
    """What the serial line says, up to and with ``end``."""
    output = pipe(guest.stdout)
    text = b""
    deadline = time.monotonic() + PATIENCE
    while not text.endswith(end):
        ready, _, _ = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"no {end!r} after {text!r}"
        read = os.read(output.fileno(), 4096)
        assert read, f"QEMU ended after {text!r}"
        text += read
    return text


def typed(guest: Guest, keys: bytes) -> None:
    stream = pipe(guest.stdin)
    stream.write(keys)
    stream.flush()


@pytest.fixture
def boot(qemu: str) -> Iterator[Callable[..., Guest]]:
    """A function that runs the demo profile with further arguments."""
    guests: list[Guest] = []

    def start(*arguments: str, stdin: int = subprocess.PIPE) -> Guest:
        profile = read(tomllib.loads((DEMO / "profile.toml").read_text()))
        command = [qemu, *words(build(profile))[1:], *arguments]
        guest = subprocess.Popen(command, cwd=DEMO, stdin=stdin, stdout=subprocess.PIPE)
        guests.append(guest)
        return guest

    yield start
    for guest in guests:
        guest.kill()
        guest.communicate()


class Monitor:
    """As much of QMP as shows the screen and presses keys."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")
        self._lines.readline()  # the greeting
        self.execute("qmp_capabilities")

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def execute(self, command: str, **arguments: Any) -> None:
        request = {"execute": command, "arguments": arguments}
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        while "event" in (reply := json.loads(self._lines.readline())):
            pass
        assert "return" in reply, reply

    def screen(self, scratch: Path) -> list[str]:
        """The rows of the text screen: 80x25 pairs of character and attribute at 0xb8000."""
        self.execute("pmemsave", val=0xB8000, size=4000, filename=str(scratch))
        text = scratch.read_bytes()[::2].decode("cp437")
        return [text[start : start + 80].rstrip() for start in range(0, 2000, 80)]


@pytest.fixture
def watched(boot: Callable[..., Guest], home: Path) -> Iterator[tuple[Guest, Monitor]]:
    """A guest that has greeted, and its monitor."""
    path = home / "qmp"
    guest = boot("-qmp", f"unix:path={path},server=on,wait=off")
    heard(guest, GREETING)
    with closing(Monitor(path)) as monitor:
        yield guest, monitor


@pytest.mark.skipif(
    platform.machine() != "x86_64" or not shutil.which("as") or not shutil.which("ld"),
    reason="building the guest needs binutils for x86",
)
def test_image_is_built_from_its_source(tmp_path: Path) -> None:
    built = tmp_path / "demo.img"
    subprocess.run([ROOT / ".ci/build-guest", built], check=True)
    assert built.read_bytes() == IMAGE.read_bytes(), "run .ci/build-guest"


def test_image_is_a_boot_sector() -> None:
    image = IMAGE.read_bytes()
    assert len(image) == 512
    assert image.endswith(b"\x55\xaa")


def test_serial_line_greets_echoes_and_powers_off(boot: Callable[..., Guest]) -> None:
    guest = boot()
    assert heard(guest, GREETING) == GREETING
    typed(guest, b"Hi, 1+1?\r~")
    assert heard(guest, b"~") == b"Hi, 1+1?\r\n~"
    typed(guest, b"q")
    assert heard(guest, FAREWELL) == FAREWELL
    assert guest.wait(PATIENCE) == 0


def test_input_that_is_there_before_the_guest_is_not_lost(boot: Callable[..., Guest]) -> None:
    guest = boot()
    typed(guest, b"early\rq")
    assert guest.communicate(timeout=PATIENCE)[0] == GREETING + b"early\r\n" + FAREWELL
    assert guest.returncode == 0


def test_boots_with_standard_input_closed(boot: Callable[..., Guest]) -> None:
    assert heard(boot(stdin=subprocess.DEVNULL), GREETING) == GREETING


def test_screen_shows_what_the_serial_line_says(
    watched: tuple[Guest, Monitor], tmp_path: Path
) -> None:
    guest, monitor = watched
    typed(guest, b"ab\rc")
    heard(guest, b"c")
    # The serial line has the last byte just before the screen.
    deadline = time.monotonic() + PATIENCE
    expected = [*GREETING.decode().split("\r\n")[:2], "ab", "c"]
    while (rows := monitor.screen(tmp_path / "screen"))[:5] != [*expected, ""]:
        assert time.monotonic() < deadline, rows


def test_keyboard_is_heard(watched: tuple[Guest, Monitor]) -> None:
    guest, monitor = watched
    for key in ("f1", "x", "ret", "y"):  # f1 has no character
        monitor.execute("send-key", keys=[{"type": "qcode", "data": key}])
    assert heard(guest, b"y") == b"x\r\ny"
    monitor.execute("send-key", keys=[{"type": "qcode", "data": "q"}])
    assert heard(guest, FAREWELL) == FAREWELL
    assert guest.wait(PATIENCE) == 0
