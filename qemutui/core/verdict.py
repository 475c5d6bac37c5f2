"""What QEMU itself says of a command that it was started with, paused."""

import re
import signal as signals
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qemutui.core.argument import Argument
from qemutui.core.errors import field_of
from qemutui.core.finding import RULE_OF_QEMU, Finding
from qemutui.core.keyval import Path
from qemutui.core.severity import said as said_by_qemu
from qemutui.core.severity import severity_of

_LOCKED = "Is another process using the image"
"""A line after an error that may not name the image itself."""
_OPENGL = re.compile(r"opengl|\begl\b", re.IGNORECASE)


class Accepted(NamedTuple):
    """QEMU has set up the machine."""

    seconds: float
    """From its start to its answer."""
    aside: tuple[str, ...] = ()
    """Options that were left out, so that it has said nothing of them."""


class Refused(NamedTuple):
    """QEMU has ended, or could not be started."""

    path: Path
    """The field that is to blame; empty where none is named."""
    message: str
    """What it says, without its own name and the option that it quotes. Clean it."""


class Untold(NamedTuple):
    """QEMU was not started, or has not come to a verdict."""

    reason: str
    """A sentence. Clean it."""


Verdict = Accepted | Refused | Untold


def sentence(verdict: Verdict) -> str:
    """Returns what is said of a verdict, in one line."""
    match verdict:
        case Accepted(seconds, aside):
            besides = f", {', '.join(aside)} aside" if aside else ""
            return f"QEMU accepts this command ({seconds:.2f} s{besides})."
        case Refused(_, message):
            return f"QEMU does not accept this command: {message}"
    return verdict.reason


def finding(refused: Refused) -> Finding:
    """Returns the finding of a refusal. One that names no field is about the program."""
    return Finding("error", RULE_OF_QEMU, refused.path or ("binary",), refused.message)


def of_end(
    status: int,
    said: str,
    command: tuple[Argument, ...],
    replaced: Mapping[str, str],
    hides_display: bool = False,
) -> Refused | Untold:
    """Returns the verdict of a QEMU that has ended without an answer.

    Args:
        status: As `subprocess` has it: the exit status, or a signal, negative.
        said: What it wrote to standard error.
        command: What was executed, with the field of each part.
        replaced: What was replaced in it, by what it was replaced with.
        hides_display: Whether it had no display where it was to have one.
    """
    if status == 0:
        return Untold("QEMU ended with status 0 before there was a machine: nothing was refused.")
    lines = [line for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if severity_of(line) == "error"]
    path, line = _blamed(errors, command)
    if not path:
        hints = [text for text in lines if text.startswith(_LOCKED)]
        path, _ = _blamed(hints, command)
    line = line or (lines[-1] if lines else "")
    if not errors and command[0].path == ("launch", "wrapper"):
        path = command[0].path  # which may have started no QEMU at all
    message = _without_echo(line, command)
    for new, name in replaced.items():
        message = message.replace(new, name)
    if status < 0:
        name = signals.Signals(-status).name if -status in set(signals.Signals) else str(-status)
        message = f"QEMU was killed by {name}{': ' if message else '.'}{message}"
    elif not message:
        message = f"QEMU ended with status {status} and said nothing."
    if hides_display and _OPENGL.search(message):
        return Untold(f"Without its display this cannot be told: {message}")
    return Refused(path, message)


def _blamed(errors: Iterable[str], command: tuple[Argument, ...]) -> tuple[Path, str]:
    """Returns the first field that is named, and the line that does; else the first line."""
    first = ""
    for line in errors:
        first = first or line
        if path := field_of(line, command):
            return path, line
    return (), first


def _without_echo(line: str, command: tuple[Argument, ...]) -> str:
    own = said_by_qemu(line)
    line = line if own is None else own
    echoed = [" ".join(argument.words) for argument in command if len(argument.words) > 1]
    for text in sorted(echoed, key=len, reverse=True):
        if line.startswith(f"{text}: "):
            return line[len(text) + 2 :]
    return line
