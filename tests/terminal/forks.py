"""Apps that are forked from one that is loaded: a start without its imports, most of its time.

The process that forks them runs this module. It reads a line for each: the terminal, the profile,
and what is written there once the app has left; it answers with the pid of what stands in for the
shell, whose child is the app.
"""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


class Forked:
    """The stand-in of a shell, as far as a `Terminal` asks for a process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Whether it has ended; its status is not known."""
        return None if Path(f"/proc/{self.pid}").exists() else 0

    def send_signal(self, sig: int) -> None:
        """Sends it a signal."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """Ends it."""
        self.send_signal(signal.SIGKILL)

    def wait(self) -> int:
        """Waits for its end."""
        while self.poll() is None:
            time.sleep(0.001)
        return 0


class Forks:
    """Starts apps."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def start(self, terminal: str, profile: Path, afterwards: str) -> Forked:
        """Starts the app on a profile; a shell would write `afterwards` with its status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{terminal}\t{profile}\t{afterwards}\n")
        self._process.stdin.flush()
        return Forked(int(self._process.stdout.readline()))


@contextmanager
def forks(environment: Mapping[str, str]) -> Iterator[Forks]:
    """Loads the app in an environment, for as many starts as are wanted."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with process:
        yield Forks(process)


def _serve() -> bool:
    """Forks for each line; returns True in an app, which is still to be run."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # what ends is gone
    for line in sys.stdin:
        terminal, profile, afterwards = line.rstrip("\n").split("\t")
        if os.fork() == 0:
            return _shell(terminal, profile, afterwards)
    return False


def _shell(terminal: str, profile: str, afterwards: str) -> bool:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    own = os.open(terminal, os.O_RDWR)  # the controlling one of the new session
    os.write(1, f"{os.getpid()}\n".encode())
    for descriptor in range(3):
        os.dup2(own, descriptor)
    os.close(own)
    app = os.fork()
    if app == 0:
        sys.argv = ["qemutui", profile]
        return True
    _, status = os.waitpid(app, 0)
    code = os.waitstatus_to_exitcode(status)
    os.write(1, f"{afterwards} {128 - code if code < 0 else code}\r\n".encode())
    time.sleep(60)
    os._exit(0)


if __name__ == "__main__":
    import qemutui.ui.app  # noqa: F401 - what takes the time
    from qemutui.__main__ import main

    gc.collect()
    gc.freeze()
    if _serve():
        sys.exit(main())
