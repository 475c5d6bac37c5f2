"""Ends a dry run whose qemutui was killed. `dry_run` runs this file as a script.

    python -I -S dry_end.py FOLDER

Standard input is a pipe from qemutui. It brings the pid of the QEMU once there is one, and a dot
when all has been put away; its end without a dot means that nobody else will: the process group is
killed, as is what has FOLDER in its environment, and FOLDER removed, in which there are no folders.
"""

import os
import signal
import sys


def kill_those_of(run: str) -> None:
    """Kills the processes of a run: qemutui may have been killed before it could tell the pid."""
    wanted = b"\0QEMUTUI_RUN=" + os.fsencode(run) + b"\0"
    for name in os.listdir("/proc"):  # noqa: PTH208 - pathlib takes longer to load than all else
        if not name.isdecimal():
            continue
        try:
            with open(f"/proc/{name}/environ", "rb") as file:  # noqa: PTH123
                if wanted in b"\0" + file.read():
                    os.kill(int(name), signal.SIGKILL)
        except OSError:  # gone meanwhile, or another user's
            pass


def main() -> None:
    """Reads the pipe to its end, and acts."""
    said = b""
    while piece := os.read(0, 64):
        said += piece
    if said.endswith(b"."):
        return
    folder = sys.argv[1]
    try:
        if said:
            os.killpg(int(said), signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    kill_those_of(folder)
    try:
        for name in os.listdir(folder):  # noqa: PTH208
            os.unlink(f"{folder}/{name}")  # noqa: PTH108
        os.rmdir(folder)  # noqa: PTH106
    except FileNotFoundError:
        pass


if __name__ == "__main__":
    main()
