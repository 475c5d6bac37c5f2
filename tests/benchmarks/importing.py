"""Commands that become profiles, as the user waits for them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from qemutui.core import command_text
from qemutui.core.command_text import NoCommandError
from tests.benchmarks.measure import Measured, Row, Timed, call, pairs, process
from tests.benchmarks.prompt import OURS
from tests.core.floods import FLOODS, flooded

COMMAND = [sys.executable, "-c", OURS]


def options(count: int) -> list[list[str]]:
    """Options of every kind, as people write them: this many, in no tidy order."""
    found = [["-machine", "q35,accel=kvm:tcg,smm=off"], ["-cpu", "max,-x2apic"], ["-m", "4G"],
             ["-smp", "4,cores=2,threads=2"], ["-nodefaults"], ["-rtc", "base=utc"]]  # fmt: skip
    number = 0
    while len(found) < count:
        found += [
            ["-netdev", f"user,id=n{number},hostfwd=tcp:127.0.0.1:{2000 + number}-:22"],
            ["-device", f"virtio-net-pci,netdev=n{number},id=net{number},romfile="],
            ["-chardev", f"socket,id=c{number},path=/tmp/c{number}.sock,server,nowait"],
            ["-device", f'{{"driver":"virtconsole","chardev":"c{number}","id":"v{number}"}}'],
            ["-blockdev", f"driver=file,node-name=f{number},filename=disk {number}.img"],
            ["-global", f"isa-debugcon.iobase={number}"],
        ]
        number += 1
    return found[:count]


def argv(count: int) -> list[str]:
    """A command of this many options."""
    return ["qemu-system-x86_64", *(word for option in options(count) for word in option)]


def script(count: int) -> str:
    """The same command as a script has it, an option a line."""
    lines = (" ".join([name, *(f"'{v}'" for v in value)]) for name, *value in options(count))
    return " \\\n    ".join(["exec qemu-system-x86_64", *lines]) + "\n"


def imported(variables: Mapping[str, str], arguments: Sequence[str], text: str = "") -> Timed:
    """`qemutui import` with these arguments, and with a text on its standard input."""

    def run() -> float:
        start = time.perf_counter()
        subprocess.run(
            [*COMMAND, "import", *arguments],
            input=text.encode(),
            capture_output=True,
            check=True,
            cwd="/",
            env=variables,
        )
        return time.perf_counter() - start

    return run


@contextmanager
def _byte_code() -> Iterator[dict[str, str]]:
    """An environment in which byte code is kept, as that of an installed program is."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        yield variables


def against_argv(arguments: Sequence[str], text: str = "") -> Measured:
    """Times an import of 200 options against `qemutui argv` of what comes out of it."""
    with tempfile.TemporaryDirectory() as folder, _byte_code() as variables:
        profile = str(Path(folder, "many.toml"))
        imported(variables, ["-o", profile, *argv(200)])()
        ours = imported(variables, arguments, text)
        return pairs(ours, process([*COMMAND, "argv", profile], variables), rounds=21)


def large() -> Measured:
    """Times an import of 10,000 options against a second."""
    with _byte_code() as variables:
        return pairs(imported(variables, [], script(10_000)), lambda: 1.0, rounds=5)


def _read(text: str) -> None:
    with suppress(NoCommandError):
        command_text.read(text)


def worst_flood() -> Measured:
    """Times the text whose reading grows the most from 30,000 to 120,000 characters."""
    measured = [
        pairs(call(partial(_read, flooded(flood, 120_000))),
              call(partial(_read, flooded(flood, 30_000))), rounds=5)
        for flood in FLOODS
    ]  # fmt: skip
    return max(measured, key=lambda one: one.ratio)


ROWS = [
    Row(
        "qemutui import of 200 options as arguments, whole process",
        "qemutui argv of the profile",
        1.3,
        lambda: against_argv(argv(200)),
    ),
    Row(
        "qemutui import of 200 options as a script, whole process",
        "qemutui argv of the profile",
        1.3,
        lambda: against_argv([], script(200)),
    ),
    Row("qemutui import of 10,000 options as a script, whole process", "a second", 1, large),
    Row("reading a text of 120,000 characters, the worst of 16", "30,000 of it", 6, worst_flood),
]
