"""The process: everything between the interpreter and `qemutui.cli`."""

import gc
import os
import sys
from types import TracebackType

DEBUG = "QEMUTUI_DEBUG"
"""The variable that has a failure of qemutui itself shown with its traceback."""


def main() -> int:
    """Runs the command line of this process and returns its exit status."""
    # A command that prints and ends leaves next to no garbage; looking for it, now and at the end
    # of the process, takes a tenth of its time. What lives longer switches it on again.
    gc.disable()
    sys.excepthook = _report
    _forget_coerced_locale()
    try:
        from qemutui import cli

        status = cli.main()
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        # Whoever read our output has left; what is still in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = 141
    gc.freeze()
    return status


def _forget_coerced_locale() -> None:
    """Takes back the LC_CTYPE that Python itself sets where there is no locale (PEP 538).

    QEMU is to have the environment that the user gave, and a terminal without UTF-8 is to be known
    as one.
    """
    if os.environ.get("LC_CTYPE") not in ("C.UTF-8", "C.utf8", "UTF-8"):
        return
    try:
        with open("/proc/self/environ", "rb") as file:  # noqa: PTH123 - pathlib is not loaded yet
            given = file.read().split(b"\0")
    except OSError:
        return
    if not any(variable.startswith(b"LC_CTYPE=") for variable in given):
        del os.environ["LC_CTYPE"]


def _report(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Says in one line that qemutui itself failed; it ends with 70 (EX_SOFTWARE, sysexits.h)."""
    if os.environ.get(DEBUG):
        sys.__excepthook__(kind, error, traceback)
    else:
        from qemutui.core.text import clean

        said = clean(f"{kind.__name__}: {error}"[:500])
        print(f"qemutui failed: {said}; set {DEBUG}=1 to see where.", file=sys.stderr)
    raise SystemExit(70)


if __name__ == "__main__":
    sys.exit(main())
