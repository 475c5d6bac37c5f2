"""What is said of how a run ended, the same on every screen and at the prompt."""

import signal as signals
from collections.abc import Iterable
from typing import NamedTuple

_NAMES = {number.value: number.name for number in signals.Signals}


class Ending(NamedTuple):
    """How a run ended, as far as somebody saw it."""

    status: int | None = None
    """Exit status of the process."""
    signal: int | None = None
    """The signal that ended it."""
    stopped: str = ""
    """The last thing that qemutui did to end it: `system_powerdown`, `quit` or a signal's name."""
    reason: str = ""
    """Of the event SHUTDOWN (`ShutdownCause` in `qapi/run-state.json`), such as `guest-reset`."""
    from_outside: int | None = None
    """The signal of somebody else that QEMU ended on, by its own words."""
    not_started: str = ""
    """Why there was no process at all."""
    debug_exit: bool = False
    """Whether the command has an `isa-debug-exit`."""


class Words(NamedTuple):
    """What is said: in the header, and as a sentence."""

    state: str
    sentence: str
    severity: str = ""


_BY_REASON = {
    "guest-shutdown": ("shut down", "The guest powered off."),
    "guest-reset": ("reset", "The guest reset (-no-reboot)."),
    "guest-panic": ("panicked", "The guest panicked."),
    "host-qmp-quit": ("stopped", "Told to quit over QMP."),
    "host-qmp-system-reset": ("reset", "Reset over QMP (-no-reboot)."),
    "host-ui": ("stopped", "Its window was closed."),
    "subsystem-reset": ("reset", "The guest reset (-no-reboot)."),
}


def signal_name(number: int) -> str:
    """Returns `SIGTERM` for 15."""
    return _NAMES.get(number, f"signal {number}")


def duration(seconds: float) -> str:
    """Returns a time as `00:12` or `01:02:03`."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def words(ending: Ending, seconds: float | None, blamed: str = "") -> Words:
    """Returns what is said of an end.

    Args:
        ending: How it was.
        seconds: How long the run lived; None where that is not known.
        blamed: The field that QEMU complained of, as `Devices › share › fsdev`.
    """
    lived = "" if seconds is None else f" {duration(seconds)}"
    if ending.not_started:
        return Words("not started", ending.not_started, "error")
    if ending.signal is not None:
        name = signal_name(ending.signal)
        if ending.stopped == name:
            return Words(f"stopped{lived}", f"Ended by {name}.")
        sentence = f"Killed by signal {ending.signal}, not by qemutui."
        if ending.signal == signals.SIGKILL:
            sentence += " Out of memory?"
        return Words(name, sentence, "error")
    if ending.status:
        if ending.debug_exit and ending.status % 2 and ending.status > 1:
            value = ending.status >> 1
            sentence = f"Status {ending.status}: isa-debug-exit value {value}."
            return Words(f"exited {ending.status}{lived}", sentence)
        after = "" if seconds is None else f" after {seconds:.1f} s"
        sentence = "No field could be named; QEMU's words are above."
        if blamed:
            sentence = f"QEMU refused {blamed}. Enter goes there."
        return Words(f"exit {ending.status}{after}", sentence, "error")
    return _quiet(ending, lived)


def _quiet(ending: Ending, lived: str) -> Words:
    """Returns what is said of an end with status 0, or of one that nobody saw."""
    if ending.stopped == "quit" and ending.reason in ("", "host-qmp-quit"):
        return Words(f"stopped{lived}", "QEMU quit.")
    if ending.reason in _BY_REASON:
        state, sentence = _BY_REASON[ending.reason]
        return Words(state + lived, sentence, "warning" if state == "panicked" else "")
    if ending.stopped.startswith("SIG"):
        return Words(f"stopped{lived}", f"Ended by {ending.stopped}.")
    if ending.from_outside is not None or ending.reason == "host-signal":
        name = signal_name(ending.from_outside or signals.SIGTERM)
        return Words(f"stopped{lived}", f"Ended by {name} from outside.")
    if ending.stopped == "system_powerdown":
        return Words(f"stopped{lived}", "Ended after the guest was asked to power down.")
    if ending.status is None:
        return Words(f"ended{lived}", "Ended where nobody could see how.")
    return Words(f"exited 0{lived}", "QEMU ended with status 0.")


def has_debug_exit(argv: Iterable[str]) -> bool:
    """Tells whether a command gives the guest a way to choose QEMU's exit status."""
    return any("isa-debug-exit" in word for word in argv)
