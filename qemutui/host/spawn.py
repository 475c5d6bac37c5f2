"""Starts one process, with exactly the descriptors, directory and environment it is to have.

`subprocess` cannot do it: its `pass_fds` keeps numbers, and the numbers from 3 on that QEMU is
promised are taken in this process, by the event loop among others. A `preexec_fn` that moves them
runs Python between fork and exec, which can deadlock in a program with threads.
`os.posix_spawn` moves descriptors, makes the session and resets signals safely in C, but knows no
directory and no "close everything else"; so it starts `become.py`, a few lines that do these two
and then become the program: same process, about 10 ms.
"""

import errno
import os
import signal
import stat
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from fcntl import F_DUPFD_CLOEXEC, F_GETFL, F_SETFL, fcntl
from pathlib import Path
from typing import NamedTuple

from qemutui.core.events import NotStarted
from qemutui.core.keyval import Path as FieldPath
from qemutui.host import sockets

RUN_VARIABLE = "QEMUTUI_RUN"
"""Holds the folder of the run, in the environment of all its processes, so that it is found."""

FIRST_PASSED = 3
_BECOME = Path(__file__).with_name("become.py")
_MODES = {
    "r": os.O_RDONLY,
    "w": os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
    "r+": os.O_RDWR,
    "a": os.O_WRONLY | os.O_CREAT | os.O_APPEND,
}


class PassedFile(NamedTuple):
    """A file that is opened for the program; its place in the list is its descriptor, from 3 on."""

    path: str
    """Relative to the directory of the launch."""
    mode: str = "r"
    """`r`, `w`, `r+` or `a`, as for Python's `open`."""
    off: bool = False
    """Keeps its number, but opens `/dev/null`."""


class Launch(NamedTuple):
    """What is executed, and where."""

    argv: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str] = {}
    """Added to our own environment."""
    passed_files: tuple[PassedFile, ...] = ()
    wrapper: int = 0
    """How many arguments at the head belong to a wrapper; the next is QEMU's binary."""
    monitor: str = ""
    """The unix socket of the private monitor that the command asks for; empty if for none."""

    @property
    def binary(self) -> str:
        """The QEMU of the command, as written."""
        return self.argv[self.wrapper]


class NotStartedError(Exception):
    """A program was not started; `event` says why, in one line, and which field is to blame."""

    def __init__(self, message: str, field: FieldPath = (), status: int = 1) -> None:
        super().__init__(message)
        self.event = NotStarted(message, field, status)


def _reason(number: int | None) -> str:
    text = os.strerror(number or 0)
    return text[:1].lower() + text[1:]


def _unpassable(error: ValueError) -> str:
    """Says why Python has no bytes to give the system for a text."""
    if isinstance(error, UnicodeEncodeError):
        sign = error.object[error.start]
        return f"the encoding of this locale, {error.encoding}, has no {sign!a}"
    return "it holds a NUL"


def _no_directory(path: Path, number: int | None) -> NotStartedError:
    reason = {
        errno.ENOENT: "it does not exist",
        errno.ENOTDIR: "it is not a directory",
    }.get(number or 0, _reason(number))
    return NotStartedError(f"QEMU cannot run in {path}: {reason}.", ("launch", "directory"))


def _open_directory(path: Path) -> int:
    try:
        return os.open(path, os.O_PATH | os.O_DIRECTORY)
    except OSError as error:
        raise _no_directory(path, error.errno) from error
    except ValueError as error:
        raise NotStartedError(
            f"QEMU cannot run in {path}: {_unpassable(error)}.", ("launch", "directory")
        ) from error


def _open_passed(index: int, file: PassedFile, directory: int) -> int:
    """Opens a file as the shell's redirections do, but never waits for the other end of a FIFO."""
    if file.off:
        return os.open(os.devnull, os.O_RDWR)
    if file.mode not in _MODES:
        raise NotStartedError(
            f"fd[{index}].mode: “{file.mode}” is none of r, w, r+ and a.", ("fd", index, "mode")
        )
    flags = _MODES[file.mode] | os.O_NOCTTY
    try:
        with suppress(FileNotFoundError):
            if stat.S_ISFIFO(os.stat(file.path, dir_fd=directory).st_mode):
                flags |= os.O_NONBLOCK
        opened = os.open(file.path, flags, 0o666, dir_fd=directory)
    except OSError as error:
        reason = _reason(error.errno)
        if error.errno == errno.ENXIO and flags & os.O_NONBLOCK:
            reason = "nobody reads this FIFO yet"
        raise NotStartedError(
            f"fd[{index}].path: {file.path or '“”'}: {reason}.", ("fd", index, "path")
        ) from error
    except ValueError as error:
        raise NotStartedError(
            f"fd[{index}].path: {file.path}: {_unpassable(error)}.", ("fd", index, "path")
        ) from error
    if flags & os.O_NONBLOCK:
        fcntl(opened, F_SETFL, fcntl(opened, F_GETFL) & ~os.O_NONBLOCK)
    return opened


def _program_field(launch: Launch) -> FieldPath:
    return ("launch", "wrapper") if launch.wrapper else ("binary",)


def _words(launch: Launch) -> list[bytes]:
    if not launch.argv[0]:
        field = _program_field(launch)
        place = (*field, 0) if launch.wrapper else field
        text = "launch.wrapper[0]" if launch.wrapper else "binary"
        raise NotStartedError(f"{text} is empty: it is to name a program.", place, 127)
    words = []
    for word in launch.argv:
        if "\0" in word:
            raise NotStartedError("An argument holds a NUL, which cannot be passed to a program.")
        try:
            words.append(os.fsencode(word))
        except UnicodeEncodeError as error:
            raise NotStartedError(
                f"The argument “{word}” cannot be passed: {_unpassable(error)}."
            ) from error
    return words


def _variables(launch: Launch, run: str) -> dict[bytes, bytes]:
    variables = dict(os.environb)
    for name, value in launch.environment.items():
        field = ("launch", "environment", name)
        if not name or "=" in name or "\0" in name + value:
            raise NotStartedError(
                f"launch.environment: “{name}” cannot be passed: a name has no “=”, "
                "and neither it nor its value a NUL.",
                field,
            )
        try:
            variables[os.fsencode(name)] = os.fsencode(value)
        except UnicodeEncodeError as error:
            raise NotStartedError(
                f"launch.environment: “{name}” cannot be passed: {_unpassable(error)}.", field
            ) from error
    variables[os.fsencode(RUN_VARIABLE)] = os.fsencode(run)
    return variables


def _command(launch: Launch, run: str) -> bytes:
    """Returns arguments and environment as `become.py` reads them.

    A word has the bytes that it has in the command as printed: those of the locale.
    """
    arguments = _words(launch)
    variables = [name + b"=" + value for name, value in _variables(launch, run).items()]
    return b"\0".join([str(len(arguments)).encode(), *arguments, *variables, b"."]) + b"\0"


def _exec_failure(launch: Launch, number: int) -> NotStartedError:
    """Explains why the program did not take over, in the words of a shell and a bit more."""
    program = launch.argv[0]
    field = _program_field(launch)
    found: Path | None = launch.directory / program
    if "/" not in program:
        import shutil

        path = launch.environment.get("PATH", os.environ.get("PATH", os.defpath))
        name = shutil.which(program, path=path)
        found = Path(name) if name else None
    if number == errno.ENOENT and (found is None or not found.exists()):
        text = f"{program} is not on PATH."
        if found is not None:
            where = "" if Path(program).is_absolute() else f" in {launch.directory}"
            text = f"{program} does not exist{where}."
        return NotStartedError(text, field, 127)
    reason = _reason(number)
    if number == errno.ENOENT:
        reason = "the interpreter or loader that it names does not exist"
    elif number == errno.ENOEXEC:
        reason = "it is neither a program for this computer nor a script that begins with #!"
    elif number == errno.E2BIG:
        reason = "its command and environment are too long for this system"
    elif number == errno.EACCES and found is not None and found.is_dir():
        reason = "it is a directory"
    return NotStartedError(f"{program} cannot be run: {reason}.", field, 126)


def _every_signal() -> set[int]:
    return {int(s) for s in signal.valid_signals()} - {int(signal.SIGKILL), int(signal.SIGSTOP)}


def _become(launch: Launch, run: str, stdio: tuple[int, int, int] | None) -> tuple[int, str]:
    """Starts `become.py` with its descriptors; returns the pid and what it reported."""
    command = _command(launch, run)
    with ExitStack() as ours:
        with ExitStack() as given:

            def give(descriptor: int) -> int:
                given.callback(os.close, descriptor)
                return descriptor

            directory = give(_open_directory(launch.directory))
            wanted = [
                give(_open_passed(index, file, directory))
                for index, file in enumerate(launch.passed_files)
            ]
            first = FIRST_PASSED + len(wanted)
            command_end, command_start = os.pipe()
            give(command_end)
            sink = ours.enter_context(open(command_start, "wb"))  # noqa: PTH123 - no path
            report_end, report_start = os.pipe()
            give(report_start)
            report = ours.enter_context(open(report_end, "rb"))  # noqa: PTH123 - no path
            wanted += [directory, command_end, report_start]
            targets = [*range(FIRST_PASSED, FIRST_PASSED + len(wanted))]
            if stdio is not None:
                wanted, targets = [*stdio, *wanted], [0, 1, 2, *targets]
            # Copied above all targets first: no move can then overwrite what another still needs.
            above = targets[-1] + 1
            moves = [
                (os.POSIX_SPAWN_DUP2, give(fcntl(source, F_DUPFD_CLOEXEC, above)), target)
                for source, target in zip(wanted, targets, strict=True)
            ]
            pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", str(_BECOME), str(first)],
                {**os.environb, os.fsencode(RUN_VARIABLE): os.fsencode(run)},
                file_actions=moves,
                setsid=stdio is not None,
                setsigmask=(signal.SIGINT,),
                setsigdef=() if stdio is None else _every_signal(),
            )
        with suppress(BrokenPipeError):  # the child died; its missing report tells
            sink.write(command)
            sink.flush()
        with suppress(BrokenPipeError):
            sink.close()
        return pid, report.read().decode("ascii")


def spawn(launch: Launch, run: str, stdio: tuple[int, int, int] | None) -> int:
    """Starts the program and returns its pid, once it is that program; some 10 ms.

    With `stdio`, three descriptors that become its 0, 1 and 2, it leads a session of its own,
    without a terminal and with every signal at its default. With None it shares ours: terminal,
    process group, and the signals that our parent had ignored. `run` is the value of
    `QEMUTUI_RUN`. Safe in a program with threads.

    Raises NotStartedError.
    """
    if launch.monitor:
        try:
            sockets.prepare(Path(launch.monitor))
        except sockets.SocketFolderError as error:
            raise NotStartedError(str(error), ("launch", "monitor")) from error
    try:
        pid, report = _become(launch, run, stdio)
    except OSError as error:
        reason = _reason(error.errno)
        raise NotStartedError(f"{launch.argv[0]} was not started: {reason}.") from error
    if report == ".":
        return pid
    with suppress(ChildProcessError):  # where our parent had us ignore SIGCHLD
        os.waitpid(pid, 0)
    if not report:
        raise NotStartedError(
            f"{launch.argv[0]} was not started: {sys.executable} ended before it was loaded."
        )
    number = int(report.lstrip(".DX"))
    if "X" in report:
        raise _exec_failure(launch, number)
    raise _no_directory(launch.directory, number)
