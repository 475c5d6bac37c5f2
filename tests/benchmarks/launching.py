"""How long it takes from F5 until the screen says that the VM runs."""

import json
import socket
import subprocess
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import Measured, Row
from tests.benchmarks.quiet import F5, F6, at_rest
from tests.benchmarks.terminal import Terminal

ROUNDS = 15
ALLOWED = 0.08  # seconds beyond QEMU's own
COMMAND = ("qemu-system-x86_64", "-name", "quiet", "-machine", "none,accel=tcg",
           "-nodefaults", "-display", "none")  # fmt: skip


def theirs(folder: Path) -> float:
    """From starting QEMU until it has answered `query-status`."""
    path = folder / "own.qmp"
    began = time.perf_counter()
    qemu = subprocess.Popen([*COMMAND, "-qmp", f"unix:path={path},server=on,wait=off"])
    try:
        client = socket.socket(socket.AF_UNIX)
        while True:
            try:
                client.connect(str(path))
                break
            except OSError:
                time.sleep(0.001)
        stream = client.makefile("rwb")
        stream.readline()
        for command in ("qmp_capabilities", "query-status"):
            stream.write(json.dumps({"execute": command}).encode())
            stream.flush()
            stream.readline()
        return time.perf_counter() - began
    finally:
        qemu.kill()
        qemu.wait()
        path.unlink(missing_ok=True)


def ours(terminal: Terminal) -> float:
    """From F5 until the header says that it runs; the VM is stopped again."""
    began = time.perf_counter()
    terminal.type(F5)
    taken = terminal.until("running") - began
    terminal.drain(0.3)
    terminal.type(F6)
    terminal.until("1/4")
    terminal.type(F6)
    terminal.until("QEMU quit.")
    terminal.drain(0.3)
    return taken


def launch() -> Measured:
    """Times both in turns; the ratio is that of what the app adds to what it may add."""
    with at_rest() as (terminal, home):
        ours(terminal)
        pairs = [(ours(terminal), theirs(home)) for _ in range(ROUNDS)]
    added = median(our - their for our, their in pairs)
    return Measured(
        median(our for our, _ in pairs), median(their for _, their in pairs), added / ALLOWED
    )


ROWS = [
    Row(
        "F5 to “running” shown (the ratio: what is added, of 80 ms)",
        "QEMU's own time until it answers query-status",
        1,
        launch,
    )
]
