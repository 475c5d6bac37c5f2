"""The import of long commands: the whole process, as the user waits for it."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.measure import Measured, Row, pairs, process
from tests.benchmarks.prompt import OURS


def command(options: int) -> str:
    """A command of so many options, as a script has it."""
    lines = ["qemu-system-x86_64 -machine q35,accel=kvm:tcg -m 1G"]
    for number in range(options // 2 - 1):
        lines.append(f"-netdev user,id=n{number},hostfwd=tcp:127.0.0.1:{number}-:22")
        lines.append(f"-device virtio-net-pci,id=net{number},netdev=n{number},bus=pcie.0")
    return " \\\n  ".join(lines) + "\n"


class _Prepared(NamedTuple):
    import_it: list[str]
    print_it: list[str]
    variables: dict[str, str]


@contextmanager
def _prepared(options: int) -> Iterator[_Prepared]:
    """Writes a command and its profile. What is installed has byte code, and so has this."""
    with tempfile.TemporaryDirectory() as folder:
        script, profile = Path(folder, "vm.sh"), Path(folder, "vm.toml")
        script.write_text(command(options))
        variables = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/cache"}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        ours = [sys.executable, "-c", OURS]
        import_it = ["sh", "-c", f'exec "$@" < {script}', "sh", *ours, "import"]
        subprocess.run([*import_it, "-o", str(profile)], check=True, stderr=subprocess.DEVNULL)
        print_it = ["sh", "-c", 'exec "$@"', "sh", *ours, "argv", str(profile)]
        yield _Prepared(import_it, print_it, variables)


def against_argv() -> Measured:
    """Times the import of 200 options, and `argv` of what it makes of them."""
    with _prepared(200) as one:
        ours, theirs = process(one.import_it, one.variables), process(one.print_it, one.variables)
        return pairs(ours, theirs, rounds=41)


def against_a_second() -> Measured:
    """Times the import of 10 000 options on the processor, which others may keep busy, too."""
    with _prepared(10_000) as one:
        run = process(one.import_it, one.variables)

        def ours() -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            run()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        return pairs(ours, lambda: 1.0, rounds=5)


ROWS = [
    Row("qemutui import, 200 options, whole process", "qemutui argv of them", 1.3, against_argv),
    Row("qemutui import, 10 000 options, processor time", "one second", 1, against_a_second),
]
