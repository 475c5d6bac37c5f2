"""Becomes the program of a run. `spawn` runs this file as a script; nothing imports it.

    python -I -S become.py FIRST

FIRST is the number of the first of three descriptors: the directory to run in; the command, as
strings that end in NUL: the number of arguments, the arguments, the environment, and a dot; and
where to report. Everything below FIRST is the program's own and is left alone; nothing above is
passed on. The report is `.` when all is ready and the program is about to take over, then, if it
did not, `D` (directory) or `X` (program) and the errno.
"""

import errno
import os
import signal
import sys


def main() -> None:
    directory = int(sys.argv[1])
    command, report = directory + 1, directory + 2
    with open(command, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        count, *words, end = file.read().split(b"\0")[:-1] or (b"0", b"")
    if end != b".":  # whoever started us was killed meanwhile
        os._exit(127)
    arguments, variables = words[: int(count)], words[int(count) :]
    os.set_inheritable(report, False)
    os.closerange(report + 1, os.sysconf("SC_OPEN_MAX"))
    # Python ignores the first two; SIGINT was blocked until it no longer means a traceback.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    step = "D"
    try:
        os.fchdir(directory)
        os.close(directory)
        step = "X"
        os.write(report, b".")
        environment = dict(variable.split(b"=", 1) for variable in variables)
        os.execvpe(arguments[0], arguments, environment)  # noqa: S606 - no shell is wanted
    except OSError as error:
        os.write(report, f"{step}{error.errno}".encode())
    except ValueError:  # how Python refuses words that no program can be given
        os.write(report, f"{step}{errno.EINVAL}".encode())
    os._exit(127)


if __name__ == "__main__":
    main()
