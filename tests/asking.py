"""Starts a QEMU, asks its monitor, and ends it: for tests that read back what QEMU understood."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PATIENCE = 60.0  # seconds until a QEMU that does not answer fails the test


def query(name: str, **arguments: Any) -> dict[str, Any]:
    """A command for the monitor; an underscore in an argument's name is a dash."""
    given = {key.replace("_", "-"): value for key, value in arguments.items()}
    return {"execute": name, "arguments": given}


def replies(
    command: Sequence[str], *queries: dict[str, Any], cwd: Path | None = None
) -> tuple[list[Any], str]:
    """What QEMU returns for each query, or the whole reply where it is an error; its stderr.

    The guest never runs. A QEMU that does not start gives no replies.
    """
    ends = {"execute": "quit"}
    lines = [{"execute": "qmp_capabilities"}, *queries, ends]
    run = subprocess.run(
        [*command, "-S", "-nodefaults", "-display", "none", "-qmp", "stdio"],
        input="".join(json.dumps(line) + "\n" for line in lines).encode(),
        capture_output=True,
        check=False,
        timeout=PATIENCE,
        cwd=cwd,
    )
    found = [json.loads(line) for line in run.stdout.splitlines()]
    answered = [reply for reply in found if not {"QMP", "event"} & reply.keys()]
    given = [reply.get("return", reply) for reply in answered[1:-1]]
    return given, run.stderr.decode(errors="replace")
