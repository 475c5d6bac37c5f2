"""What is said of each kind of end."""

import pytest

from qemutui.core.ending import Ending, duration, words

BLAMED = "Devices › share › fsdev"


@pytest.mark.parametrize(
    ("ending", "state", "sentence"),
    [
        (Ending(0, reason="guest-shutdown"), "shut down 00:12", "The guest powered off."),
        (Ending(0, reason="guest-reset"), "reset 00:12", "The guest reset (-no-reboot)."),
        (Ending(0, reason="guest-panic"), "panicked 00:12", "The guest panicked."),
        (Ending(reason="guest-shutdown"), "shut down 00:12", "The guest powered off."),
        (Ending(0, from_outside=15), "stopped 00:12", "Ended by SIGTERM from outside."),
        (Ending(0, reason="host-signal"), "stopped 00:12", "Ended by SIGTERM from outside."),
        (Ending(0, from_outside=1), "stopped 00:12", "Ended by SIGHUP from outside."),
        (Ending(0, stopped="SIGTERM", from_outside=15), "stopped 00:12", "Ended by SIGTERM."),
        (Ending(0, stopped="quit", reason="host-qmp-quit"), "stopped 00:12", "QEMU quit."),
        (Ending(0, reason="host-qmp-quit"), "stopped 00:12", "Told to quit over QMP."),
        (Ending(0, reason="host-ui"), "stopped 00:12", "Its window was closed."),
        (Ending(0, stopped="system_powerdown", reason="guest-shutdown"), "shut down 00:12",
         "The guest powered off."),
        (Ending(0), "exited 0 00:12", "QEMU ended with status 0."),
        (Ending(33, debug_exit=True), "exited 33 00:12", "Status 33: isa-debug-exit value 16."),
        (Ending(signal=9), "SIGKILL", "Killed by signal 9, not by qemutui. Out of memory?"),
        (Ending(signal=11), "SIGSEGV", "Killed by signal 11, not by qemutui."),
        (Ending(signal=9, stopped="SIGTERM"), "SIGKILL",
         "Killed by signal 9, not by qemutui. Out of memory?"),
        (Ending(signal=9, stopped="SIGKILL"), "stopped 00:12", "Ended by SIGKILL."),
        (Ending(), "ended 00:12", "Ended where nobody could see how."),
        (Ending(not_started="x cannot be run: permission denied."), "not started",
         "x cannot be run: permission denied."),
    ],
)  # fmt: skip
def test_each_end_has_its_words(ending: Ending, state: str, sentence: str) -> None:
    assert words(ending, 12.3)[:2] == (state, sentence)


def test_a_refusal_names_the_field_where_one_can_be_named() -> None:
    said = words(Ending(1), 0.21, BLAMED)
    assert said == ("exit 1 after 0.2 s", f"QEMU refused {BLAMED}. Enter goes there.", "error")
    unnamed = words(Ending(33), 0.21)
    assert unnamed[1] == "No field could be named; QEMU's words are above."


def test_times() -> None:
    assert [duration(s) for s in (0.9, 61, 3661.5)] == ["00:00", "01:01", "01:01:01"]
