"""What a QEMU offers, asked for the first time and found again."""

import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from qemutui.host import catalogs
from tests.benchmarks.measure import Measured, Row, call, pairs, process

QEMU = shutil.which("qemu-system-x86_64") or "qemu-system-x86_64"
_SOON = 0.015
OURS = """
import sys
from pathlib import Path
from qemutui.host import catalogs
catalogs.of(sys.argv[1], Path("/"), afresh=True)
"""
THEIRS = """
import json, subprocess, sys
from qemutui.core.catalog_text import HELP_OPTIONS, QUERIES, arguments, questions

def ask(todo):
    lines = [{"execute": "qmp_capabilities"}]
    lines += [{"execute": command, "arguments": values} for _, command, values in todo]
    qemu = subprocess.Popen([sys.argv[1], *arguments("none")], stdin=-1, stdout=-1, stderr=-3)
    qemu.stdin.write("".join(json.dumps(line) + chr(10) for line in lines).encode())
    qemu.stdin.flush()
    answers = []
    for line in qemu.stdout:
        if line.startswith((b'{"return"', b'{"error"')):
            answers.append(line)
        if len(answers) > len(todo):
            break
    qemu.kill()
    qemu.wait()
    return answers[1:]

answers = ask(QUERIES)
todo = questions({name: text for (name, _, _), text in zip(QUERIES, answers)}, {})
while todo:  # again behind what QEMU crashed on
    todo = todo[len(ask(todo)) + 1 :]
for words in HELP_OPTIONS:
    subprocess.run([sys.argv[1], *words], stdin=-3, stdout=-1, stderr=-3)
"""


def cold() -> Measured:
    """Times asking a QEMU for everything against a script that sends it the same questions."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {"XDG_CACHE_HOME": folder, "PATH": str(Path(QEMU).parent), "HOME": folder,
                     "PYTHONPATH": str(Path(__file__).parents[2])}  # fmt: skip
        ours = process([sys.executable, "-c", OURS, QEMU], variables)
        theirs = process([sys.executable, "-c", THEIRS, QEMU], variables)
        return pairs(ours, theirs, 9)


def warm() -> Measured:
    """Times finding a catalog again, and one device in it, against 15 ms."""
    catalogs.of(QEMU, Path("/"))

    def found() -> None:
        catalog = catalogs.cached(QEMU, Path("/"))
        assert catalog is not None
        assert catalog.properties("device", "virtio-net-pci")

    timed = call(found)
    ours = median(timed() for _ in range(41))
    return Measured(ours, _SOON, ours / _SOON)


ROWS = [
    Row("What a QEMU offers, asked for the first time", "a script that asks the same", 1.3, cold),
    Row("What a QEMU offers, found again", "15 ms", 1, warm),
]
