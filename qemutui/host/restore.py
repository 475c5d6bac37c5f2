"""Waits for the app, and puts its terminal back if that was killed. `guard` runs it as a script.

    python -I -S restore.py MODES

It starts while the app does, so it loads next to nothing. Standard input and output are the
terminal, of which it is no job: it has a session of its own. Descriptor 3 is a pipe from the app.
A byte in it means that the app has left the terminal in order; its end without one, that it could
not. MODES are those from before the app: four flags and two speeds in decimal, then the control
characters in hexadecimal.
"""

import os
import sys
import termios

_PIPE = 3
_SEQUENCES = (
    b"\x18"  # ends a sequence that was cut off
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # the mouse
    b"\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[<u"  # focus, pasting, sizes, keyboard protocol
    b"\x1b[?7h\x1b[?25h\x1b[?1049l\x1b[0m"  # wrapping, the cursor, the screen behind, colours
)
"""Switches off what Textual's Linux driver switches on; what is off already stays so."""


def main() -> None:
    """Reads the pipe to its end, and acts."""
    if os.read(_PIPE, 1):
        return
    numbers, characters = sys.argv[1:7], bytes.fromhex(sys.argv[7])
    try:
        os.write(1, _SEQUENCES)
        # A shell that has the terminal by now has modes of its own; but none does without ISIG.
        if not termios.tcgetattr(0)[3] & termios.ISIG:
            modes = termios.tcgetattr(0)
            modes[:] = map(int, numbers)
            modes.append([characters[at : at + 1] for at in range(len(characters))])
            termios.tcsetattr(0, termios.TCSAFLUSH, modes)
    except (OSError, termios.error):
        pass  # the terminal itself has gone


if __name__ == "__main__":
    main()
