"""Runs QEMU as if its command had been typed: on our terminal, and we wait for it."""

import os
import signal
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fcntl import F_GETFL, F_SETFL, fcntl
from typing import TypeAlias

from qemutui.core.events import Event, Exited, Refused, Started, Unrecorded
from qemutui.host import pids, runs
from qemutui.host.record import Record, RecordError
from qemutui.host.spawn import Launch, NotStartedError, spawn

Report: TypeAlias = Callable[[Event], None]

_KEYS = {signal.SIGINT, signal.SIGQUIT}
_RELAYED = {*_KEYS, signal.SIGTERM, signal.SIGHUP}
_WAITED = {*_RELAYED, signal.SIGCHLD}
_SI_KERNEL = 0x80
"""`si_code` of a signal that the kernel sent of itself (sigaction(2)), here for a key typed."""


@contextmanager
def terminal_kept() -> Iterator[None]:
    """Puts back the modes and flags of our standard descriptors, whatever another did to them.

    QEMU sets a terminal to raw mode and to O_NONBLOCK, and leaves it so when it is killed by
    SIGKILL. The flags belong to the terminal as opened, which the shell and we share.
    """
    modes, flags = {}, {}
    for descriptor in (0, 1, 2):
        with suppress(OSError):  # closed: there is nothing to put back
            flags[descriptor] = fcntl(descriptor, F_GETFL)
        with suppress(termios.error):  # no terminal
            modes[descriptor] = termios.tcgetattr(descriptor)
    try:
        yield
    finally:
        for descriptor, flag in flags.items():
            fcntl(descriptor, F_SETFL, flag)
        for descriptor, mode in modes.items():
            # A terminal that hung up has no modes; one that another job has now is that job's.
            with suppress(OSError, termios.error):
                if os.tcgetpgrp(descriptor) == os.getpgrp():
                    termios.tcsetattr(descriptor, termios.TCSANOW, mode)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Keeps the signals that are waited for from doing anything of themselves."""
    child = signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, it would hide the status
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _WAITED)
    try:
        yield
    finally:
        while signal.sigtimedwait(_WAITED, 0):
            pass  # meant for QEMU, which has ended
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGCHLD, child)


def _relay(pid: int, number: int, report: Report) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
    except PermissionError:
        report(Refused(f"pid {pid} belongs to another user and cannot be signalled."))


def _wait(pid: int, report: Report) -> tuple[int, int | None]:
    """Waits for our child, passing signals on; returns its wait status and the last one passed.

    Ctrl+C and Ctrl+\\ are not passed on: the kernel sends them to QEMU too, as it is in the
    foreground with us, and gdb as a wrapper would take a second one for a second key. SIGHUP of
    a terminal that closes reaches the leader of the session alone, which may be us.
    """
    relayed = None
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status, relayed
        received = signal.sigwaitinfo(_WAITED)
        if received.si_signo not in _RELAYED:
            continue
        if received.si_signo in _KEYS and received.si_code == _SI_KERNEL:
            continue
        relayed = received.si_signo
        _relay(pid, relayed, report)


def run_foreground(launch: Launch, record: Record, report: Report) -> int:
    """Runs the command on our terminal, and returns the exit status that a shell would give.

    That is its own, 128 + n after signal n, 127 if the program was not found, 126 if it could not
    be run, 1 if it did not come to that. SIGINT, SIGTERM, SIGHUP and SIGQUIT are passed on.
    `report` gets NotStarted, or Started and Exited, and Unrecorded and Refused where they apply.
    For the main thread of a program with no other threads.
    """

    def write(change: Callable[[], object]) -> None:
        try:
            change()
        except RecordError as error:
            report(Unrecorded(str(error)))

    with _signals_held(), terminal_kept():
        try:
            pid = spawn(launch, str(record.folder), None)
        except NotStartedError as error:
            event = error.event
            write(lambda: runs.finish(record, event))
            report(event)
            return event.status
        began = time.monotonic()
        write(lambda: runs.started(record, pid, pids.identify(pid)))
        report(Started(pid))
        status, relayed = _wait(pid, report)
        seconds = time.monotonic() - began
        code = os.waitstatus_to_exitcode(status)
        if successor := runs.find(record):
            # QEMU went to the background (-daemonize), or its wrapper died without it.
            write(lambda: runs.started(record, successor.pid, successor))
            if relayed is not None:
                _relay(successor.pid, relayed, report)
            return code if code >= 0 else 128 - code
        end = Exited(code, None, seconds) if code >= 0 else Exited(None, -code, seconds)
        write(lambda: runs.finish(record, end))
    report(end)
    return code if code >= 0 else 128 - code
